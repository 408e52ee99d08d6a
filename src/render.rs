//! Outputs to bytes, in parallel.
//!
//! In: the planned outputs and the theme. Out: a [`Bundle`], or each file to whoever takes it. Never decides what exists or where (that is `plan` and
//! `outputs`), never touches the disk (that is `publish`).

use std::collections::BTreeMap;
use std::convert::Infallible;

use bytes::Bytes;
use rayon::prelude::*;

use crate::findings::Findings;
use crate::outputs::Output;
use crate::plan::Plan;
use crate::theme::{TemplateProblem, Theme};

/// The built site in memory: every file by its path below the output folder (`2026/05/04/relay/index.html`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    pub files: BTreeMap<String, Bytes>,
}

/// How many files a core takes on at once.
const PORTION: usize = 16;

/// Makes every file and keeps them; what a template got wrong becomes findings.
pub fn bundle(plan: &Plan, outputs: &[Output], theme: &Theme, findings: &mut Findings) -> Bundle {
    let kept = each(plan, outputs, theme, findings, |path, bytes| Ok::<_, Infallible>((path.to_owned(), bytes)));
    let Ok(files) = kept;
    Bundle { files: files.into_iter().collect() }
}

/// Makes every file and hands it on at once, on all cores and in no order, so that a large site need not fit into memory.
/// Gives what was made of each, in the order of the outputs, without those that a template got wrong; ends early where
/// `take` fails.
pub fn each<T: Send, E: Send>(
    plan: &Plan,
    outputs: &[Output],
    theme: &Theme,
    findings: &mut Findings,
    take: impl Fn(&str, Bytes) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let make = |output: &Output| match output.bytes(plan, theme) {
        Ok(bytes) => take(&output.path, bytes).map(Ok),
        Err(problem) => Ok(Err(problem)),
    };
    // The few large ones (feeds, calendar, API) come last in the list and are begun first, and what is left is shared out in small
    // portions: else one core makes large files at the end while the others have nothing to do.
    let made: Vec<Result<T, TemplateProblem>> = outputs.par_iter().rev().with_max_len(PORTION).map(make).collect::<Result<_, E>>()?;
    let mut taken = Vec::with_capacity(made.len());
    for made in made.into_iter().rev() {
        match made {
            Ok(made) => taken.push(made),
            Err(problem) => findings.push(problem.finding()),
        }
    }
    Ok(taken)
}
