//! Update headings: `2026-05-04 19:02 UTC — In progress: title {impact=none}`.

use std::ops::Range;

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::fields::shown;
use super::nearest::{did_you_mean, list, nearest};
use super::times::{self, TimeProblem};
use crate::findings::{Code, Finding, Findings};
use crate::model::characters::{is_anchor, is_hidden};
use crate::model::{Impact, Moment, State};
use crate::source::Span;

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

/// A heading that was meant to be an update's, and is not read as one: a wrong level or place, another way to write the time.
pub fn suspect(heading: &str, is_level_2: bool, is_at_top: bool, span: Span) -> Option<Finding> {
    let has_time = heading
        .as_bytes()
        .windows(5)
        .any(|w| w[0].is_ascii_digit() && w[1].is_ascii_digit() && w[2] == b':' && w[3].is_ascii_digit() && w[4].is_ascii_digit());
    let lower = heading.to_lowercase();
    let says_state = State::ALL.iter().any(|state| lower.contains(state.word()) && *state != State::Update);
    let text = past_marks(heading);
    let finding = |message: &str| Finding::new(Code::UpdateHeading, span.clone(), message);
    if is_dated(text) && (has_time || says_state) {
        let message = match (is_at_top, is_level_2) {
            (false, _) => "an update's heading must stand at the top level, not in a list or quote",
            (true, false) => "an update's heading must be of level 2",
            (true, true) => "an update's heading must start with the date itself",
        };
        let text = text.replace("**", "").replace("__", "");
        return Some(finding(message).help(format!("write `## {}` at the beginning of a line", shown(&text))));
    }
    let starts_with_number = heading.starts_with(|c: char| c.is_ascii_digit());
    (is_level_2 && has_time && (starts_with_number || says_state || heading.contains("UTC"))).then(|| {
        finding("this looks like an update's heading, but does not start with a date")
            .help("write `## 2026-05-04 19:02 UTC — Monitoring`: year, month and day first")
    })
}

/// Reads a heading that [`is_dated`]; `None` where its time cannot be used. `span` makes a span of a range of `heading`.
pub fn read(heading: &str, span: impl Fn(Range<usize>) -> Span, findings: &mut Findings) -> Option<Heading> {
    let (line, braces) = match heading.find('{') {
        Some(brace) => (heading[..brace].trim_end(), Some(brace..heading.len())),
        None => (heading, None),
    };
    let mut said = Heading { at: Moment::UNIX_EPOCH, state: None, title: None, id: None, attributes: Vec::new() };
    if let Some(braces) = braces {
        attributes(heading, braces, &mut said, &span, findings);
    }
    if let Some((clock, help)) = other_clock(line) {
        findings.push(Finding::new(Code::UpdateHeading, span(clock), "an update's time that is not in UTC with 24 hours").help(help));
        return None;
    }
    let (time, rest) = split_time(line);
    let at = match times::from_text(&heading[time.clone()]) {
        Ok(at) => Some(at),
        Err(problem) => {
            findings.push(time_finding(&problem, &heading[time.clone()], span(time)));
            None
        }
    };
    if !rest.is_empty() {
        words(heading, rest, &mut said, &span, findings);
    }
    said.at = at?;
    Some(said)
}

/// Where the time ends: `2026-05-04 19:02 UTC` is up to three words, `2026-05-04T19:02Z` one; the rest follows a separator.
fn split_time(line: &str) -> (Range<usize>, Range<usize>) {
    let mut end = 10;
    let word = |from: usize| -> Option<Range<usize>> {
        let start = from + line[from..].len() - line[from..].trim_start().len();
        let length = line[start..].find(char::is_whitespace).unwrap_or(line.len() - start);
        (length > 0).then_some(start..start + length)
    };
    if line[10..].starts_with(['T', 't']) {
        end = line.find(char::is_whitespace).unwrap_or(line.len());
    } else if let Some(time) = word(10).filter(|time| line[time.clone()].starts_with(|c: char| c.is_ascii_digit())) {
        end = 10 + line[10..time.end].trim_end_matches(':').len();
    }
    if end > 10
        && let Some(zone) = word(end)
    {
        let text = line[zone.clone()].trim_end_matches([':', '-', '–', '—']);
        let is_offset = text.starts_with(['+', '-']) && text.len() > 1 && text[1..].starts_with(|c: char| c.is_ascii_digit());
        let is_name = (2..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase()) || text == "utc" || text == "Z";
        if is_offset || is_name {
            end = zone.start + text.len();
        }
    }
    (0..end, end..line.len())
}

/// A time of twelve hours (`7:10 pm`) or with an offset in words (`19:10 UTC+2`): where it stands, and what to write instead.
fn other_clock(line: &str) -> Option<(Range<usize>, String)> {
    let date = NaiveDate::parse_from_str(line.get(..10)?, "%Y-%m-%d").ok()?;
    let rest = line[10..].trim_start_matches([' ', 'T', 't', ',']);
    let start = line.len() - rest.len();
    let digits = rest.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(rest.len());
    let mut parts = rest[..digits].split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute) = (parts.next()??, parts.next().unwrap_or(Some(0))?);
    let behind = rest[digits..].trim_start();
    let length = behind.find(char::is_whitespace).unwrap_or(behind.len());
    let word = behind[..length].to_lowercase().replace('.', "");
    let end = line.len() - behind.len() + length;
    let write = |minutes: i64| {
        let at = date.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::try_minutes(minutes)?)?;
        Some(at.format("%Y-%m-%d %H:%M UTC").to_string())
    };
    if let ("am" | "pm", 1..=12, 0..=59) = (word.as_str(), hour, minute) {
        let hours = hour % 12 + if word == "pm" { 12 } else { 0 };
        return Some((start..end, format!("if it is UTC, write `{}`", write(60 * hours + minute)?)));
    }
    let offset = word.strip_prefix("utc").or_else(|| word.strip_prefix("gmt")).filter(|offset| offset.starts_with(['+', '-']))?;
    let mut parts = offset[1..].split(':').map(|part| part.parse::<i64>().ok().filter(|part| (0..60).contains(part)));
    let ahead = 60 * parts.next()?? + parts.next().unwrap_or(Some(0))?;
    let ahead = if offset.starts_with('-') { -ahead } else { ahead };
    Some((start..end, format!("times are UTC: write `{}`", write(60 * hour.min(24) + minute.min(59) - ahead)?)))
}

fn time_finding(problem: &TimeProblem, time: &str, span: Span) -> Finding {
    let example = "2026-05-04 19:02 UTC";
    match problem {
        TimeProblem::NoZone { .. } => {
            Finding::new(Code::NoTimeZone, span, "an update's time without a zone").help(format!("if it is UTC, write `{time} UTC`"))
        }
        TimeProblem::NoTime { .. } => Finding::new(Code::UpdateHeading, span, "an update's heading needs date and time")
            .help(format!("write `## {time} 19:02 UTC — Monitoring`; a heading that is no update's must not start with a date")),
        TimeProblem::Impossible { why } => Finding::new(Code::ImpossibleTime, span, "a time that does not exist").help(why.clone()),
        TimeProblem::Unreadable => Finding::new(Code::UpdateHeading, span, "an update's time that cannot be read")
            .help(format!("times are UTC: write `{example}`")),
    }
}

/// `— State`, `— State: title`, `— title`.
fn words(heading: &str, rest: Range<usize>, said: &mut Heading, span: &impl Fn(Range<usize>) -> Span, findings: &mut Findings) {
    let text = &heading[rest.clone()];
    let trimmed = text.trim_start();
    let Some(after) = trimmed.strip_prefix(['—', '–', '-', ':']) else {
        let start = rest.start + (text.len() - trimmed.len());
        findings.push(
            Finding::new(Code::UpdateHeading, span(start..rest.end), "words right behind the time")
                .help(format!("put a dash between: `— {}`", shown(trimmed))),
        );
        return;
    };
    let after = after.trim();
    let start = heading.len() - heading[rest.start..].len() + heading[rest.clone()].find(after).unwrap_or(0);
    let place = start..start + after.len();
    let (first, title) =
        match after.char_indices().find(|(at, c)| matches!(c, ':' | '—' | '–') || (*c == '-' && after[..*at].ends_with(' '))) {
            Some((at, c)) => (after[..at].trim(), Some(after[at + c.len_utf8()..].trim())),
            None => (after, None),
        };
    let candidate = first.trim_end_matches(['.', '!']).replace(['-', '_'], " ");
    if let Some(state) = State::from_word(&candidate) {
        said.state = Some(state);
        said.title = title.filter(|title| !title.is_empty()).map(str::to_owned);
        return;
    }
    let bare = first.trim_matches(['*', '_', '`', '~', '"', '[', ']']);
    if bare != first && State::from_word(&bare.replace(['-', '_'], " ")).is_some() {
        let place = span(place.start..place.start + first.len());
        findings.push(
            Finding::new(Code::UnknownState, place, format!("`{}` is no state", shown(first)))
                .help(format!("write `{bare}`, without marks")),
        );
        return;
    }
    let words: Vec<&str> = State::ALL.iter().map(|state| state.word()).collect();
    let length = candidate.chars().count();
    // "Update 6" is how many staff number their updates, and a title.
    let is_numbered = candidate.to_lowercase().starts_with("update ");
    if !is_numbered
        && let Some(near) = nearest(&candidate, words.iter().copied())
            .filter(|near| strsim::osa_distance(near, &candidate.to_lowercase()) <= 1 + length / 5)
    {
        findings.push(
            Finding::new(Code::UnknownState, span(place.start..place.start + first.len()), format!("`{}` is no state", shown(first)))
                .help(format!("did you mean `{near}`? The states are {}", list(&words))),
        );
        return;
    }
    let lower = first.to_lowercase();
    let begins = State::ALL
        .iter()
        .find(|state| **state != State::Update && lower.strip_prefix(state.word()).is_some_and(|rest| rest.starts_with([' ', ','])));
    if let Some(state) = begins {
        let behind = first[state.word().len()..].trim_start_matches([' ', ',']);
        findings.push(
            Finding::new(Code::UnknownState, span(place), format!("a state with words behind it: `{}`", shown(first))).help(format!(
                "put a colon between state and title: `{}: {}`",
                &first[..state.word().len()],
                shown(behind)
            )),
        );
        return;
    }
    if !after.is_empty() {
        said.title = Some(after.to_owned());
    }
}

fn attributes(heading: &str, braces: Range<usize>, said: &mut Heading, span: &impl Fn(Range<usize>) -> Span, findings: &mut Findings) {
    let text = heading[braces.clone()].trim_end();
    let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
        findings.push(
            Finding::new(Code::UpdateHeading, span(braces), "attributes that are not closed at the heading's end")
                .help("write them last: `{impact=none}`"),
        );
        return;
    };
    if inner.contains(" =") || inner.contains("= ") {
        let pairs: Vec<&str> = inner.split('=').map(str::trim).collect();
        findings.push(
            Finding::new(Code::UnknownAttribute, span(braces), "spaces around `=` in the attributes")
                .help(format!("write `{{{}}}`", shown(&pairs.join("=")))),
        );
        return;
    }
    let mut at = braces.start + 1;
    for word in inner.split([' ', '\t', ',', ';']) {
        let range = at..at + word.len();
        at += word.len() + 1;
        if word.is_empty() {
            continue;
        }
        if let Some(id) = word.strip_prefix('#') {
            if is_anchor(id) && id != crate::model::Update::OPENING {
                said.id = Some(id.to_owned());
            } else {
                findings.push(
                    Finding::new(Code::BadName, span(range), format!("`{}` cannot be an update's id", shown(id)))
                        .help("an id is made of letters, digits, `-`, `_` and `.`, and is not `opening`"),
                );
            }
            continue;
        }
        let Some((name, value)) = word.split_once('=') else {
            findings.push(
                Finding::new(Code::UnknownAttribute, span(range), format!("`{}` is no attribute", shown(word)))
                    .help("write `impact=none`, `SERVER=degraded` or `#id`"),
            );
            continue;
        };
        let value = value.trim_matches(['"', '\'']);
        match Impact::from_word(&value.to_lowercase()) {
            Some(impact) => said.attributes.push(Attribute { name: name.to_owned(), impact, range: range.start..range.start + name.len() }),
            None => {
                let impacts: Vec<&str> = Impact::ALL.iter().map(|impact| impact.word()).collect();
                let start = range.start + name.len() + 1;
                findings.push(
                    Finding::new(Code::BadValue, span(start..range.end), format!("`{}` is no impact", shown(value)))
                        .help(did_you_mean(value, &impacts, "")),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::times::written;

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
        ] {
            let (heading, findings) = said(text);
            assert_eq!(findings, Vec::<String>::new(), "{text}");
            let heading = heading.unwrap();
            assert!(written(heading.at).starts_with("2026-05-04T19:02"), "{text}");
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
        assert!(suspect("04/05/2026 19:02 UTC — Resolved", true, true, span()).is_some());
        assert!(suspect("2026-05-04 19:02 UTC — Resolved", false, true, span()).is_some());
        assert!(suspect("2026-05-04 19:02 UTC — Resolved", true, false, span()).is_some());
        assert!(suspect("**2026-05-04** — Resolved", true, true, span()).is_some());
        assert!(suspect("2026-05-04", false, true, span()).is_none());
        assert!(suspect("What happened at 19:02", true, true, span()).is_none());
        assert!(suspect("Details", true, true, span()).is_none());
    }
}
