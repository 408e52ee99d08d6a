//! Update headings: `2026-05-04 19:02 UTC — In progress: title {impact=none}`.

pub mod below;
mod meant;
mod time;
mod words;

use std::ops::Range;

pub use meant::suggested;

use super::times;
use crate::findings::{Code, Finding, Findings};
use crate::model::characters::is_hidden;
use crate::model::{Impact, Moment, State};
use crate::source::Span;
use meant::{Meant, to_copy};

/// What an update heading says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub at: Moment,
    pub state: Option<State>,
    pub title: Option<String>,
    /// `{#id}`
    pub id: Option<String>,
    pub attributes: Vec<Attribute>,
}

/// `nc023=none`: the word before `=` is `impact` or a server, and where it stands in the heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub name: String,
    pub impact: Impact,
    pub range: Range<usize>,
}

/// Whether a heading starts with a date, which makes it an update's.
pub fn is_dated(heading: &str) -> bool {
    let b = heading.as_bytes();
    b.len() >= 10
        && b[..4].iter().all(u8::is_ascii_digit)
        && b[4] == b'-'
        && b[5..7].iter().all(u8::is_ascii_digit)
        && b[7] == b'-'
        && b[8..10].iter().all(u8::is_ascii_digit)
}

/// A heading without the marks before its first word: those of emphasis, links and further headings.
pub fn past_marks(heading: &str) -> &str {
    heading.trim_start_matches(|c: char| c.is_whitespace() || is_hidden(c) || "#*_[<>".contains(c))
}

/// Where a heading stands in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub is_level_2: bool,
    /// Not in a list or quote.
    pub is_at_top: bool,
}

impl Place {
    /// Whether an update's heading may stand there.
    pub fn is_an_updates(self) -> bool {
        self.is_level_2 && self.is_at_top
    }
}

/// A heading that was meant to be an update's, and is not read as one: a wrong level or place, another way to write the time.
pub fn suspect(heading: &str, place: Place, span: Span) -> Option<Finding> {
    let has_time = heading
        .as_bytes()
        .windows(5)
        .any(|w| w[0].is_ascii_digit() && w[1].is_ascii_digit() && w[2] == b':' && w[3].is_ascii_digit() && w[4].is_ascii_digit());
    let lower = heading.to_lowercase();
    let says_state = State::ALL.iter().any(|state| lower.contains(state.word()) && *state != State::Update);
    let text = past_marks(heading);
    let finding = |message: &str| Finding::new(Code::UpdateHeading, span.clone(), message);
    if is_dated(text) && (has_time || says_state) {
        let message = match place {
            Place { is_at_top: false, .. } => "an update's heading must stand at the top level, not in a list or quote",
            Place { is_level_2: false, .. } => "an update's heading must be of level 2",
            _ => "an update's heading must start with the date itself",
        };
        let text = text.replace("**", "").replace("__", "");
        return Some(finding(message).help(format!("write {} at the beginning of a line", suggested(&text))));
    }
    let starts_with_number = heading.starts_with(|c: char| c.is_ascii_digit());
    (place.is_level_2 && has_time && (starts_with_number || says_state || heading.contains("UTC"))).then(|| {
        finding("this looks like an update's heading, but does not start with a date")
            .help("write `## 2026-05-04 19:02 UTC — Monitoring`: year, month and day first")
    })
}

/// The state that a heading says and nothing else, if it is one that would change where an event stands.
pub fn bare_state(heading: &str) -> Option<State> {
    let words = heading.split('{').next().unwrap_or("").trim_matches(|c: char| !c.is_alphanumeric());
    State::from_word(&words::plain(words)).filter(|state| state.changes_event())
}

/// Whether a heading of the underlined form has more lines than one: Markdown takes the whole paragraph above `---` for it.
pub fn goes_on(heading: &str) -> bool {
    !heading.trim_start().starts_with('#') && heading.trim_end().lines().count() > 2
}

/// Of a dated heading that [`goes_on`]; `line` is its first.
pub fn too_long(line: &str, span: Span) -> Finding {
    Finding::new(Code::UpdateHeading, span, "an update's heading of several lines: all text down to `---` is in it")
        .help(format!("write {}, and leave a line empty above `---`", suggested(line)))
}

/// Reads a heading that [`is_dated`]; `None` where its time cannot be used. `span` makes a span of a range of `heading`.
pub fn read(heading: &str, span: impl Fn(Range<usize>) -> Span, findings: &mut Findings) -> Option<Heading> {
    let (line, braces) = match heading.find('{') {
        Some(brace) => (heading[..brace].trim_end(), Some(brace..heading.len())),
        None => (heading, None),
    };
    let mut said = Heading { at: Moment::UNIX_EPOCH, state: None, title: None, id: None, attributes: Vec::new() };
    if let Some(braces) = braces {
        words::attributes(heading, braces, &mut said, &span, findings);
    }
    if let Some((clock, help)) = time::other_clock(line) {
        findings.push(Finding::new(Code::UpdateHeading, span(clock), "an update's time that is not in UTC with 24 hours").help(help));
        return None;
    }
    let (time, rest) = time::split_time(line);
    let at = times::from_text(&heading[time.clone()]);
    let is_apart = words::is_apart(&heading[rest.clone()]);
    if (at.is_err() || !is_apart)
        && let Some(Meant { text, said: meant }) = meant::meant(heading)
    {
        let words = heading[rest].trim_start();
        let (start, message) = match at {
            Ok(_) => (line.len() - words.len(), words::NO_DASH),
            Err(_) => (time.start, "an update's time that cannot be read"),
        };
        findings.push(Finding::new(Code::UpdateHeading, span(start..line.len()), message).help(format!("write `## {}`", to_copy(&text))));
        return Some(Heading { id: said.id, attributes: said.attributes, ..meant });
    }
    let at = match at {
        Ok(at) => Some(at),
        Err(problem) => {
            findings.push(time::finding(&problem, &heading[time.clone()], span(time)));
            None
        }
    };
    // Where the time is not clear, neither is what belongs to the words.
    if !rest.is_empty() && (at.is_some() || is_apart) {
        words::words(heading, rest, &mut said, &span, findings);
    }
    said.at = at?;
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rfc3339;

    fn said(heading: &str) -> (Option<Heading>, Vec<String>) {
        let mut findings = Findings::default();
        let path = "p.md".into();
        let heading = read(heading, |range| Span::new(&path, range), &mut findings);
        (
            heading,
            findings
                .iter()
                .map(|finding| format!("{}: {} ({})", finding.code.name(), finding.message, finding.help.clone().unwrap_or_default()))
                .collect(),
        )
    }

    #[test]
    fn the_forms_of_the_contract_are_read() {
        for (text, state, title) in [
            ("2026-05-04 19:02 UTC", None, None),
            ("2026-05-04 19:02 UTC — In progress", Some(State::InProgress), None),
            ("2026-05-04 19:02 UTC – resolved: all well", Some(State::Resolved), Some("all well")),
            ("2026-05-04 19:02 UTC - Monitoring {impact=degraded}", Some(State::Monitoring), None),
            ("2026-05-04 19:02 UTC: Completed", Some(State::Completed), None),
            ("2026-05-04 19:02:31 UTC — Group 2 has moved", None, Some("Group 2 has moved")),
            ("2026-05-04T19:02Z — In-progress", Some(State::InProgress), None),
            ("2026-05-04 19:02 UTC — Update 6", None, Some("Update 6")),
            ("2026-05-04 19:02 UTC- Resolved", Some(State::Resolved), None),
            ("2026-05-04 19:02 UTC -- Resolved", Some(State::Resolved), None),
            ("2026-05-04 19:02 UTC: — Resolved: all well", Some(State::Resolved), Some("all well")),
            ("2026-05-04 19:02 UTC — Monitoring-System replaced", None, Some("Monitoring-System replaced")),
            ("2026-05-04 19:02 UTC — Updated firmware", None, Some("Updated firmware")),
        ] {
            let (heading, findings) = said(text);
            assert_eq!(findings, Vec::<String>::new(), "{text}");
            let heading = heading.unwrap();
            assert!(rfc3339(heading.at).starts_with("2026-05-04T19:02"), "{text}");
            assert_eq!((heading.state, heading.title.as_deref()), (state, title), "{text}");
        }
    }

    #[test]
    fn attributes_are_impacts_and_an_id() {
        let (heading, findings) = said("2026-05-04 19:02 UTC — Identified {#second nc023=none, nc027=degraded}");
        assert_eq!(findings, Vec::<String>::new());
        let heading = heading.unwrap();
        assert_eq!(heading.id.as_deref(), Some("second"));
        assert_eq!(
            heading.attributes.iter().map(|a| (a.name.as_str(), a.impact)).collect::<Vec<_>>(),
            [("nc023", Impact::None), ("nc027", Impact::Degraded)]
        );
    }

    #[test]
    fn each_slip_of_a_heading_has_its_finding() {
        for (text, code) in [
            ("2026-05-04 19:02 — Resolved", "no-time-zone"),
            ("2026-05-04 19:02 CAT — Resolved", "update-heading"),
            ("2026-05-04 — Resolved", "update-heading"),
            ("2026-02-30 19:02 UTC — Resolved", "impossible-time"),
            ("2026-05-04 19:02 UTC — **Resolved**", "unknown-state"),
            ("2026-05-04 19:02 UTC — Resovled", "unknown-state"),
            ("2026-05-04 19:02 UTC — Resolved for everybody", "unknown-state"),
            ("2026-05-04 19:02 UTC — ResolvedAll is well", "unknown-state"),
            ("2026-05-04 19:02 UTC — Resolvedx", "unknown-state"),
            ("2026-05-04 19:02 UTC — Investigating\tWe look at it", "unknown-state"),
            ("2026-05-04 19:02 UTC — UpdateWe look at it", "unknown-state"),
            ("2026-05-04 19:02 UTC Resolved", "update-heading"),
            ("2026-05-04 19:02 UTC — Resolved {impact=nnone}", "bad-value"),
            ("2026-05-04 19:02 UTC — Resolved {impact}", "unknown-attribute"),
            ("2026-05-04 19:02 UTC — Resolved {impact=none", "update-heading"),
            ("2026-05-04 19:02 UTC — Resolved {impact = none}", "unknown-attribute"),
        ] {
            let (_, findings) = said(text);
            assert_eq!(findings.len(), 1, "{text}: {findings:?}");
            assert!(findings[0].starts_with(code), "{text}: {findings:?}");
        }
    }

    #[test]
    fn another_clock_is_told_as_utc() {
        for (time, utc) in [
            ("7:10 pm UTC", "2026-05-04 19:10"),
            ("12:10AM", "2026-05-04 00:10"),
            ("7 p.m. UTC", "2026-05-04 19:00"),
            ("19:10 UTC+2", "2026-05-04 17:10"),
            ("19:10 GMT-5:30", "2026-05-05 00:40"),
        ] {
            let (heading, findings) = said(&format!("2026-05-04 {time} — Resolved"));
            assert!(heading.is_none() && findings.len() == 1, "{time}: {findings:?}");
            assert!(findings[0].contains(&format!("write `{utc} UTC`")), "{time}: {findings:?}");
        }
    }

    #[test]
    fn a_heading_that_was_meant_to_be_an_updates_is_noticed() {
        let span = || Span::whole_file(&"p.md".into());
        let right = Place { is_level_2: true, is_at_top: true };
        let deeper = Place { is_level_2: false, ..right };
        let in_a_list = Place { is_at_top: false, ..right };
        assert!(suspect("04/05/2026 19:02 UTC — Resolved", right, span()).is_some());
        assert!(suspect("2026-05-04 19:02 UTC — Resolved", deeper, span()).is_some());
        assert!(suspect("2026-05-04 19:02 UTC — Resolved", in_a_list, span()).is_some());
        assert!(suspect("**2026-05-04** — Resolved", right, span()).is_some());
        assert!(suspect("2026-05-04", deeper, span()).is_none());
        assert!(suspect("What happened at 19:02", right, span()).is_none());
        assert!(suspect("Details", right, span()).is_none());
    }
}
