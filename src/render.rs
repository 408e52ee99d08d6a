//! Outputs to bytes, in parallel.
//!
//! In: the planned outputs and the theme. Out: a [`Bundle`]. Never decides what exists or where (that is `plan` and
//! `outputs`), never touches the disk (that is `publish`).

use std::collections::BTreeMap;

use bytes::Bytes;
use rayon::prelude::*;

use crate::findings::Findings;
use crate::outputs::Output;
use crate::plan::Plan;
use crate::theme::Theme;

/// The built site in memory: every file by its path below the output folder (`2026/05/04/relay/index.html`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    pub files: BTreeMap<String, Bytes>,
}

/// Makes every file; what a template got wrong becomes findings.
pub fn bundle(plan: &Plan, outputs: &[Output], theme: &Theme, findings: &mut Findings) -> Bundle {
    let made: Vec<_> = outputs.par_iter().map(|output| output.bytes(plan, theme)).collect();
    let mut files = Vec::with_capacity(outputs.len());
    for (output, bytes) in outputs.iter().zip(made) {
        match bytes {
            Ok(bytes) => files.push((output.path.clone(), bytes)),
            Err(problem) => findings.push(problem.finding()),
        }
    }
    Bundle { files: files.into_iter().collect() }
}
