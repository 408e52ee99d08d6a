//! An update's heading that goes on in the line below, where Markdown reads the rest as text: the state or impact would be lost.

use super::words::{clause, past_separators, plain};
use crate::findings::{Code, Finding};
use crate::model::{Impact, State};
use crate::source::Span;

/// What a line below a heading has of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    State(State),
    Attributes,
}

/// What the line below a heading has of it; `None` where it is text. `state` and `title` are the heading's.
pub fn part(state: Option<State>, title: Option<&str>, line: &str) -> Option<Part> {
    let line = line.trim();
    if state.is_none()
        && let Some(state) = state_of(title, line)
    {
        return Some(Part::State(state));
    }
    has_attributes(line).then_some(Part::Attributes)
}

impl Part {
    /// `span` is the line's.
    pub fn finding(self, span: Span) -> Finding {
        match self {
            Part::State(state) => Finding::new(Code::UpdateHeading, span, "the state of this update stands below its heading")
                .help(format!("write it into the heading's line: `— {}`", state.word())),
            Part::Attributes => Finding::new(Code::UpdateHeading, span, "attributes below the heading that they belong to")
                .help("write them last in the heading's line: `— Monitoring {impact=degraded}`"),
        }
    }
}

/// The state that a line begins with and is nothing else, or that it makes with the end of the heading: `Com` and `pleted`.
fn state_of(title: Option<&str>, line: &str) -> Option<State> {
    let line = line.split('{').next().unwrap_or("");
    let read = |words: &str| {
        let clause = plain(clause(past_separators(words)).0.trim_end()).to_lowercase();
        // The line's end may have taken the place of a letter.
        State::ALL.into_iter().find(|state| *state != State::Update && strsim::osa_distance(&clause, state.word()) <= 1)
    };
    match title {
        None => read(line),
        Some(title) => read(&format!("{title}{line}")).or_else(|| read(&format!("{title} {line}"))),
    }
}

/// Whether a line ends with braces that hold an impact: no sentence does.
fn has_attributes(line: &str) -> bool {
    let Some(line) = line.strip_suffix('}') else { return false };
    let inner = line.rsplit_once('{').map_or(line, |(_, inner)| inner);
    inner.split([' ', ',', ';']).any(|word| word.split_once('=').is_some_and(|(_, impact)| Impact::from_word(impact).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_told(title: Option<&str>, line: &str) -> bool {
        part(None, title, line).is_some()
    }

    #[test]
    fn the_rest_of_a_heading_is_noticed() {
        for (title, line) in [
            (None, "— Completed {impact=none}"),
            (None, "Resolved"),
            (None, "Resolved."),
            (None, "Resolved: all is well"),
            (Some("Com"), "pleted {impact=none}"),
            (Some("In"), "progress"),
            (Some("Identi"), "fied: a disk"),
            (Some("a"), "disk {nc027=none}"),
            (None, "{impact=degraded}"),
            (None, "impact=degraded}"),
            (None, "n progress"),
            (Some("Resol"), "ed"),
        ] {
            assert!(is_told(title, line), "{title:?} {line}");
        }
    }

    #[test]
    fn text_is_let_be() {
        for (title, line) in [
            (None, "Resolved for everybody."),
            (None, "All is well."),
            (None, ""),
            (None, "Update"),
            (Some("Group 2 has moved"), "Resolved is what we hope for."),
            (None, "set `{a=b}`"),
            (None, "a set {a=b}"),
        ] {
            assert!(!is_told(title, line), "{title:?} {line}");
        }
    }
}
