//! Problems in the user's files, as data, and how they are drawn.
//!
//! In: what `load`, `theme`, `checks` and `render` noticed. Out: an ordered list, and texts of it for people and machines.
//! Never prints; a failure of the machine is never a finding.

mod code;
mod conflicts;
mod draw;
mod explain;
mod location;
pub mod nearest;
mod not_utf8;

use std::collections::BTreeSet;
use std::iter;

pub use code::Code;
pub use conflicts::merge_conflicts;
pub use draw::{Drawing, Format, count, draw, json_list};
pub use explain::{Example, Verdict};
pub use location::{Locator, SourceLocation, visible};
pub use not_utf8::not_utf8;

use crate::source::Span;

/// Whether it stops the site from being published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One problem at one place.
///
/// Wording: lower case, no full stop, names in backticks. The message says what is wrong, the label why here, the help what to write.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub span: Span,
    pub code: Code,
    pub message: String,
    pub label: Option<String>,
    pub help: Option<String>,
    /// Other places that it is about: the second of two files at one address.
    pub related: Vec<(Span, String)>,
}

impl Finding {
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Finding {
        Finding { span, code, message: message.into(), label: None, help: None, related: Vec::new() }
    }

    pub fn label(mut self, label: impl Into<String>) -> Finding {
        self.label = Some(label.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }

    pub fn related(mut self, span: Span, label: impl Into<String>) -> Finding {
        self.related.push((span, label.into()));
        self
    }

    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// All findings of a run, in the order of files and places, none twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    list: BTreeSet<Finding>,
}

impl Findings {
    pub fn push(&mut self, finding: Finding) {
        if !self.has_told(&finding) {
            self.list.insert(finding);
        }
    }

    pub fn extend(&mut self, other: impl IntoIterator<Item = Finding>) {
        other.into_iter().for_each(|finding| self.push(finding));
    }

    /// Whether a slip in a template is told already, of another page that it fills: there other names may be at hand.
    fn has_told(&self, finding: &Finding) -> bool {
        let first = || Finding::new(finding.code, finding.span.clone(), finding.message.clone());
        let is_same = |told: &&Finding| (&told.span, told.code, &told.message) == (&finding.span, finding.code, &finding.message);
        finding.code == Code::Template && self.list.range(first()..).next().filter(is_same).is_some()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// The files that there is anything to say of.
    pub fn files(&self) -> BTreeSet<&str> {
        self.iter()
            .flat_map(|finding| iter::once(&finding.span).chain(finding.related.iter().map(|(span, _)| span)))
            .map(|span| &*span.path)
            .collect()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn errors(&self) -> usize {
        self.list.iter().filter(|finding| finding.severity() == Severity::Error).count()
    }

    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|finding| finding.severity() == Severity::Error)
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::collections::btree_set::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
