//! The user's own files, `content/static/**`, which are published under their names.

use super::STATIC;
use super::fields::shown;
use super::names;
use crate::findings::{Code, Finding, Findings};
use crate::source::{SourceFile, Sources, Span};

/// The files by their paths below the output folder. A name that some disk cannot hold is told.
pub fn read(sources: &Sources, findings: &mut Findings) -> Vec<(String, SourceFile)> {
    let mut assets = Vec::new();
    for file in sources.under(STATIC) {
        let path = &file.path[STATIC.len()..];
        if let Some((part, why)) = path.split('/').find_map(|part| Some((part, names::asset_problem(part)?))) {
            let message = format!("no file can be published under the name `{}` everywhere", shown(part));
            findings.push(Finding::new(Code::BadName, Span::whole_file(&file.path), message).help(format!("rename it: {why}")));
        }
        assets.push((path.to_owned(), file.clone()));
    }
    assets
}
