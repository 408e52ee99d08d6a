//! Rules that need the whole plan: collisions, broken links, stale and contradictory incidents.
//!
//! In: the plan and the outputs. Out: findings. Never changes the site.

pub mod against;
mod collisions;
mod incidents;
mod links;

use crate::findings::Findings;
use crate::outputs::Output;
use crate::plan::Plan;

/// Every rule, in no particular order: findings sort themselves.
pub fn run(plan: &Plan, outputs: &[Output], findings: &mut Findings) {
    let mut others = Findings::default();
    rayon::join(
        || collisions::check(plan, outputs, findings),
        || {
            links::check(plan, outputs, &mut others);
            incidents::check(plan, &mut others);
        },
    );
    findings.extend(others);
}
