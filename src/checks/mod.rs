//! Rules that need the whole plan: collisions, broken links, stale and contradictory incidents, templates that nothing uses or that
//! cannot be filled.
//!
//! In: the plan, the outputs and the theme. Out: findings. Never changes the site.

pub mod against;
mod collisions;
mod ids;
mod incidents;
mod links;
pub(crate) mod record;
pub mod sample;
mod templates;

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashMapExt};

use crate::findings::Findings;
use crate::model::address::collision_key;
use crate::outputs::Output;
use crate::plan::Plan;
use crate::theme::Theme;

/// The paths of a site's files, for looking up.
struct Paths<'a> {
    /// By what hosts take for the same.
    by_key: HashMap<Cow<'a, str>, &'a str>,
    /// Those whose key another has already: that one, and the file.
    doubles: Vec<(&'a str, &'a str)>,
}

impl<'a> Paths<'a> {
    fn of(outputs: &'a [Output]) -> Paths<'a> {
        let mut paths = Paths { by_key: HashMap::with_capacity(outputs.len()), doubles: Vec::new() };
        for path in outputs.iter().map(|output| output.path.as_str()) {
            match paths.by_key.entry(collision_key(path)) {
                Entry::Occupied(first) => paths.doubles.push((first.get(), path)),
                Entry::Vacant(place) => {
                    place.insert(path);
                }
            }
        }
        paths
    }

    /// The file that some hosts would take for this one.
    fn like(&self, path: &str) -> Option<&'a str> {
        self.by_key.get(&collision_key(path)).copied()
    }

    fn has(&self, path: &str) -> bool {
        self.like(path) == Some(path) || self.doubles.iter().any(|(_, other)| *other == path)
    }
}

/// Every rule, in no particular order: findings sort themselves.
pub fn run(plan: &Plan, outputs: &[Output], theme: &Theme, findings: &mut Findings) {
    let mut of_incidents = Findings::default();
    let events = |findings: &mut Findings| {
        incidents::check(plan, findings);
        record::check(&plan.site, findings);
    };
    let (paths, ()) = rayon::join(|| Paths::of(outputs), || events(&mut of_incidents));
    findings.extend(of_incidents);
    let mut of_links = Findings::default();
    let others = |findings: &mut Findings| {
        collisions::check(plan, &paths, findings);
        ids::check(&plan.site, findings);
        templates::check(theme, findings);
    };
    rayon::join(|| links::check(plan, &paths, &mut of_links), || others(findings));
    findings.extend(of_links);
}
