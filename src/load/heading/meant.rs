//! The heading that was meant by one that cannot be read: what staff copy from a finding's help must be right.

use super::Heading;
use super::time::{other_clock, split_time};
use super::words::{attributes_without_braces, plain, runs_on};
use crate::findings::{Findings, visible};
use crate::load::fields::shown;
use crate::load::times::{self, TimeProblem};
use crate::model::State;
use crate::source::Span;

/// A heading in the form that is read, and what it says.
pub struct Meant {
    pub text: String,
    pub said: Heading,
}

/// What a heading that starts with a date was meant to be; `None` where its time, zone or words do not tell.
pub fn meant(heading: &str) -> Option<Meant> {
    let (date, rest) = heading.split_at(10);
    let (time, rest) = time_of_day(rest)?;
    let rest = behind_utc(rest)?;
    let time = format!("{date} {time} UTC");
    // With a time that can be read, what is made here is read as it stands.
    times::from_text(&time).ok()?;
    let (rest, braces) = match rest.find('{') {
        Some(brace) => (&rest[..brace], Some(rest[brace..].trim_end().to_owned())),
        None => match attributes_without_braces(rest) {
            Some((rest, attributes)) => (rest, Some(format!("{{{attributes}}}"))),
            None => (rest, None),
        },
    };
    let words = words(rest);
    let text = if words.is_empty() { time } else { format!("{time} — {words}") };
    let mut findings = Findings::default();
    let said = super::read(&text, |range| Span::new(&"".into(), range), &mut findings)?;
    let text = braces.map_or(text.clone(), |braces| format!("{text} {braces}"));
    findings.is_empty().then_some(Meant { text, said })
}

/// What a help tells to write for a text that is no heading yet: a heading that is read as it was meant, with a word on what nobody but its
/// author knows.
pub fn suggested(text: &str) -> String {
    let heading = |text: &str| format!("`## {}`", to_copy(text));
    if !super::is_dated(text) {
        return format!("{} (year, month and day first)", heading("2026-05-04 19:02 UTC — Monitoring"));
    }
    if let Some(right) = readable(text) {
        return heading(&right);
    }
    let (date, rest) = text.split_at(10);
    let plain = time_of_day(rest).map_or_else(|| text.to_owned(), |(time, rest)| format!("{date} {time}{rest}"));
    let (time, rest) = split_time(&plain);
    let (time, rest) = (&plain[time], &plain[rest]);
    match times::from_text(time) {
        Err(TimeProblem::NoZone { .. }) if other_clock(&plain).is_none() => {
            let right = readable(&format!("{time} UTC{rest}"));
            right.map(|right| format!("{} (if that is UTC)", heading(&right)))
        }
        Err(TimeProblem::NoTime { .. }) => {
            let right = readable(&format!("{date} 00:00 UTC{rest}"));
            right.map(|right| format!("{} (with its time in UTC)", heading(&right.replacen("00:00", "HH:MM", 1))))
        }
        Err(_) => Some(format!("{} (with its time in UTC)", heading(text))),
        Ok(_) => None,
    }
    .unwrap_or_else(|| heading(text))
}

/// A dated text that is read as a heading: as it stands, or as it was meant.
fn readable(text: &str) -> Option<String> {
    let mut findings = Findings::default();
    let is_right = super::read(text, |range| Span::new(&"".into(), range), &mut findings).is_some() && findings.is_empty();
    if is_right { Some(text.to_owned()) } else { meant(text).map(|meant| meant.text) }
}

/// A heading as a help shows it: whole, since what is copied without its end has lost its attributes. Only what begins a whole
/// paragraph is cut off.
pub fn to_copy(heading: &str) -> String {
    if heading.chars().count() <= LONGEST { visible(heading) } else { shown(heading) }
}

/// Characters of the longest heading that is shown whole.
const LONGEST: usize = 160;

/// `19:02`, whatever marks it off from the date, and what stands behind it.
fn time_of_day(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let text = text.strip_prefix(['T', 't']).or_else(|| text.strip_prefix("at ")).unwrap_or(text);
    let length = text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(text.len());
    let time = text[..length].trim_end_matches(':');
    time.contains(':').then(|| (time, &text[time.len()..]))
}

/// What stands behind `UTC`, `(UTC)` or `, UTC`; `None` where that is not the zone.
fn behind_utc(text: &str) -> Option<&str> {
    let zone = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_offset = |text: &str| text.contains(['+', '-', '−']) && !text.ends_with(char::is_whitespace);
    if is_offset(&text[..text.len() - zone.len()]) {
        return None;
    }
    let behind = ["UTC", "utc", "GMT", "Z"].iter().find_map(|name| zone.strip_prefix(name))?;
    let mut next = behind.chars();
    let is_longer = match next.next() {
        Some('+' | '-' | '−') => next.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_alphanumeric(),
        None => false,
    };
    (!is_longer).then_some(behind)
}

/// What may stand between the parts of a heading.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "—–―‒−-:,;.|/•·→=<>])*_~".contains(c)
}

/// The words behind a time as they are read: state and title, or a title.
fn words(text: &str) -> String {
    let text = text.trim_start_matches(is_between).trim_end_matches(|c: char| c.is_whitespace() || c == '|');
    let bare = text.trim_start_matches(['(', '[', '*', '_', '`', '"']);
    let first = bare.find([',', ':', ';', '.', '—', '–', '―', '|', '(', ')', '[', ']', '*', '_', '`', '"']).unwrap_or(bare.len());
    let first = first.min(bare.find(" - ").unwrap_or(first));
    if State::from_word(plain(&bare[..first]).trim()).is_some() {
        return with_title(bare[..first].trim(), &bare[first..]);
    }
    if let Some(state) = State::ALL.iter().find(|state| runs_on(&bare[..first], **state)) {
        let (state, behind) = bare.split_at(state.word().len());
        return with_title(state, behind);
    }
    // `(05:10 CAT) — Resolved`
    let mut at = 0;
    for piece in text.split_inclusive(['—', '–', '―', '|']) {
        let clause = piece.trim_matches(is_between);
        if State::from_word(&plain(clause)).is_some() {
            let behind = text[at + piece.len()..].trim_start_matches(is_between);
            let before = text[..at].trim_matches(|c| is_between(c) || c == '(' || c == '[');
            let title = if behind.is_empty() { before.to_owned() } else { format!("{before}, {behind}") };
            return with_title(clause, &title);
        }
        at += piece.len();
    }
    closed(text).to_owned()
}

fn with_title(state: &str, title: &str) -> String {
    let title = closed(title.trim_start_matches(|c| is_between(c) || "([`\"".contains(c)));
    if title.is_empty() { state.to_owned() } else { format!("{state}: {title}") }
}

/// Without a bracket that nothing opens.
fn closed(text: &str) -> &str {
    let text = text.trim_end();
    let is_open = |open: char| text.contains(open);
    match text.chars().next_back() {
        Some(')') if !is_open('(') => text[..text.len() - 1].trim_end(),
        Some(']') if !is_open('[') => text[..text.len() - 1].trim_end(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Finding;
    use crate::load::heading::{Place, is_dated, read, suspect};
    use crate::model::rfc3339;

    fn found(heading: &str) -> (Option<Heading>, Vec<Finding>) {
        let path = "p.md".into();
        let mut findings = Findings::default();
        if !is_dated(heading) {
            findings.extend(suspect(heading, Place { is_level_2: true, is_at_top: true }, Span::whole_file(&path)));
            return (None, findings.into_iter().collect());
        }
        let said = read(heading, |range| Span::new(&path, range), &mut findings);
        (said, findings.into_iter().collect())
    }

    /// What a help says to write, in the place of what it is about.
    fn followed(heading: &str, help: &str) -> String {
        let (_, written) = help.split_once('`').unwrap();
        let (written, _) = written.rsplit_once('`').unwrap();
        match written.strip_prefix("## ") {
            Some(heading) => heading.to_owned(),
            None => format!("{} {written}", heading.split_inclusive("UTC").next().unwrap()),
        }
    }

    #[test]
    fn who_writes_what_the_help_says_has_said_what_was_meant() {
        for (heading, state, title) in [
            ("2026-05-04 03:10 (UTC) — Resolved", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC, Resolved", Some(State::Resolved), None),
            ("2026-05-04 03:10, UTC: Resolved", Some(State::Resolved), None),
            ("2026-05-04, 03:10 UTC — Resolved", Some(State::Resolved), None),
            ("2026-05-04 at 03:10 UTC — Resolved", Some(State::Resolved), None),
            ("2026-05-04 — 03:10 UTC — Resolved", Some(State::Resolved), None),
            ("2026-05-04 (03:10 UTC) Resolved", Some(State::Resolved), None),
            ("[2026-05-04 03:10 UTC] Resolved", Some(State::Resolved), None),
            ("[2026-05-04 03:10 UTC — Resolved]", Some(State::Resolved), None),
            ("[2026-05-04 03:10 UTC] — Resolved {impact=none}", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC | Resolved", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC | In progress | Group 2", Some(State::InProgress), Some("Group 2")),
            ("2026-05-04 03:10 UTC ― Resolved", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC. Resolved.", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC (Resolved)", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC **Resolved**: all is well", Some(State::Resolved), Some("all is well")),
            ("2026-05-04 03:10 UTC (05:10 CAT) — Resolved", Some(State::Resolved), Some("05:10 CAT")),
            ("2026-05-04 03:10 UTC Resolved for everybody", Some(State::Resolved), Some("for everybody")),
            ("2026-05-04 03:10 UTC, disk (sda) replaced", None, Some("disk (sda) replaced")),
            ("2026-05-04 03:10 UTC — Resolved (impact=none)", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC — Resolved [nc023=none, impact=degraded]", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC — Resolved impact=none", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC — Resolved impact=none}", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC — Resolved -impact=none}", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC — Resolved: all is well (impact=none)", Some(State::Resolved), Some("all is well")),
            ("2026-05-04 03:10 UTC, Resolved (impact=none)", Some(State::Resolved), None),
            ("2026-05-04 03:10 UTC — (impact=none)", None, None),
            (
                "[2026-05-04 03:10 UTC] Resolved: the disk is replaced, and all queues are empty {impact=none}",
                Some(State::Resolved),
                Some("the disk is replaced, and all queues are empty"),
            ),
        ] {
            let (_, findings) = found(heading);
            assert_eq!(findings.len(), 1, "{heading}: {findings:?}");
            let right = followed(heading, findings[0].help.as_deref().unwrap());
            let (said, findings) = found(&right);
            let said = said.unwrap();
            assert_eq!(findings, [], "{heading}: {right}");
            assert_eq!((said.state, said.title.as_deref()), (state, title), "{heading}: {right}");
            assert_eq!(rfc3339(said.at), "2026-05-04T03:10:00Z", "{heading}: {right}");
            assert_eq!(!said.attributes.is_empty(), heading.contains('='), "{heading}: {right}");
        }
    }

    #[test]
    fn nothing_is_guessed_of_another_zone_or_a_wrong_time() {
        for heading in [
            "2026-05-04 03:10 (CAT) — Resolved",
            "2026-05-04 03:10 (UTC+2) — Resolved",
            "2026-05-04 03:10 +02:00, Resolved",
            "2026-05-04 03:10 — Resolved",
            "2026-05-04 25:10 (UTC) — Resolved",
            "2026-05-04, Resolved",
            "2026-05-04 03:10 UTC, Resovled",
        ] {
            assert!(meant(heading).is_none(), "{heading}");
            let (_, findings) = found(heading);
            assert_eq!(findings.len(), 1, "{heading}: {findings:?}");
        }
    }

    #[test]
    fn what_is_meant_is_kept_for_the_rest_of_the_checks() {
        let (said, findings) = found("2026-05-04 03:10 (UTC) — Resolved {impact=none}");
        let said = said.unwrap();
        assert_eq!((findings.len(), said.state, said.attributes.len()), (1, Some(State::Resolved), 1));
    }

    #[test]
    fn a_text_that_can_be_read_is_suggested_as_it_is() {
        for text in ["2026-05-04T03:10Z — Resolved", "2026-05-04 03:10 +02:00 — Group 2 — Resolved"] {
            assert_eq!(suggested(text), format!("`## {text}`"));
        }
        assert_eq!(suggested("2026-05-04 03:10 UTC Resolved: all well."), "`## 2026-05-04 03:10 UTC — Resolved: all well.`");
    }

    #[test]
    fn what_only_the_author_knows_is_asked_for() {
        for (text, expected) in [
            ("2026-05-04 03:10", "`## 2026-05-04 03:10 UTC` (if that is UTC)"),
            ("2026-05-04, 3:10 — Resolved", "`## 2026-05-04 3:10 UTC — Resolved` (if that is UTC)"),
            ("2026-05-04 03:10 Resolved {impact=none}", "`## 2026-05-04 03:10 UTC — Resolved {impact=none}` (if that is UTC)"),
            ("2026-05-04 — Resolved", "`## 2026-05-04 HH:MM UTC — Resolved` (with its time in UTC)"),
            ("2026-05-04: Resolved", "`## 2026-05-04 HH:MM UTC: Resolved` (with its time in UTC)"),
            ("2026-05-04", "`## 2026-05-04 HH:MM UTC` (with its time in UTC)"),
            ("2026-05-04 03:10 CAT — Resolved", "`## 2026-05-04 03:10 CAT — Resolved` (with its time in UTC)"),
            ("2026-05-04 3:10 pm — Resolved", "`## 2026-05-04 3:10 pm — Resolved` (with its time in UTC)"),
            ("2026-05-04 03:10 UTC — Resovled", "`## 2026-05-04 03:10 UTC — Resovled`"),
            ("03:10 UTC — Resolved", "`## 2026-05-04 19:02 UTC — Monitoring` (year, month and day first)"),
        ] {
            assert_eq!(suggested(text), expected);
        }
    }
}
