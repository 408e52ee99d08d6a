//! What an update's heading says behind its time: state, title and attributes.

use std::ops::Range;

use super::{Attribute, Heading};
use crate::findings::nearest::{did_you_mean, list, nearest};
use crate::findings::{Code, Finding, Findings};
use crate::load::fields::shown;
use crate::load::impacts::said_twice;
use crate::model::characters::is_anchor;
use crate::model::{Impact, State};
use crate::source::Span;

/// `— State`, `— State: title`, `— title`.
pub fn words(heading: &str, rest: Range<usize>, said: &mut Heading, span: &impl Fn(Range<usize>) -> Span, findings: &mut Findings) {
    let text = &heading[rest.clone()];
    let trimmed = text.trim_start();
    if !is_apart(text) {
        let start = rest.start + (text.len() - trimmed.len());
        let first = trimmed.trim_start_matches(|c: char| !c.is_alphanumeric());
        findings.push(
            Finding::new(Code::UpdateHeading, span(start..rest.end), NO_DASH).help(format!("put a dash between: `— {}`", shown(first))),
        );
        return;
    }
    let mut after = past_separators(trimmed).trim_end();
    let start = rest.start + text.find(after).unwrap_or(0);
    if let Some((words, attributes)) = attributes_without_braces(after) {
        let place = start + words.len()..start + after.len();
        let dash = if words.is_empty() { String::new() } else { format!("— {} ", shown(words)) };
        findings.push(
            Finding::new(Code::UpdateHeading, span(place), "attributes without their braces")
                .help(format!("write them last: `{dash}{{{}}}`", shown(attributes))),
        );
        after = words;
    }
    let place = start..start + after.len();
    let (first, title) = clause(after);
    if after.ends_with('}') {
        findings.push(
            Finding::new(Code::UpdateHeading, span(place), "attributes that are not opened").help("write them last: `{impact=none}`"),
        );
        return;
    }
    let candidate = plain(first);
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
    // "In -progress" is one state and not two.
    let whole = after.split([' ', '-', '–', '—', ':']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase();
    let near_whole = words.iter().copied().find(|word| strsim::osa_distance(word, &whole) <= 1);
    let near_first = nearest(&candidate, words.iter().copied())
        .filter(|near| !is_numbered && strsim::osa_distance(near, &candidate.to_lowercase()) <= 1 + length / 5);
    if let Some(near) = near_whole.or(near_first) {
        findings.push(
            Finding::new(Code::UnknownState, span(place.start..place.start + first.len()), format!("`{}` is no state", shown(first)))
                .help(format!("did you mean `{near}`? The states are {}", list(&words))),
        );
        return;
    }
    let begins = State::ALL.iter().find(|state| runs_on(first, **state));
    if let Some(state) = begins {
        let behind = first[state.word().len()..].trim_start_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
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

pub const NO_DASH: &str = "no dash between the time and the words";

/// Whether something marks the words behind a time off from it.
pub fn is_apart(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || past_separators(rest).len() < rest.len()
}

/// `Resolved (impact=none)`: the words, and the attributes behind them that lack a brace. Without any bracket, an attribute is
/// `impact=…` alone: `mitigations=none` may end a title.
pub fn attributes_without_braces(words: &str) -> Option<(&str, &str)> {
    let is_between = |c: char| c.is_whitespace() || "([{,;".contains(c);
    let inner = words.trim_end().trim_end_matches([')', ']', '}']);
    let is_closed = inner.len() < words.trim_end().len();
    let inner = inner.trim_end();
    let is_attribute = |word: &str| {
        word.split_once('=').is_some_and(|(name, impact)| {
            (is_closed || name == "impact") && !name.is_empty() && Impact::from_word(&impact.to_lowercase()).is_some()
        })
    };
    let (mut rest, mut attributes) = (inner, "");
    loop {
        let start = rest.char_indices().rev().find(|(_, c)| is_between(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        // `-impact=none}`: a key that was hit instead of the brace's.
        let word = rest[start..].trim_start_matches(|c: char| !c.is_alphanumeric());
        if !is_attribute(word) {
            break;
        }
        attributes = &inner[rest.len() - word.len()..];
        rest = rest[..start].trim_end_matches(is_between);
    }
    (!attributes.is_empty()).then_some((rest, attributes))
}

/// Without the dashes and the white space before its first word.
pub fn past_separators(text: &str) -> &str {
    text.trim_start_matches(|c: char| matches!(c, '—' | '–' | '-' | ':') || c.is_whitespace())
}

/// What stands before the first dash or colon, where a state would stand, and what behind it.
pub fn clause(words: &str) -> (&str, Option<&str>) {
    let is_end = |(at, c): &(usize, char)| matches!(c, ':' | '—' | '–') || (*c == '-' && words[..*at].ends_with(' '));
    match words.char_indices().find(is_end) {
        Some((at, c)) => (words[..at].trim(), Some(words[at + c.len_utf8()..].trim())),
        None => (words, None),
    }
}

/// As the words of states are written: `In-progress.` is `In progress`.
pub fn plain(clause: &str) -> String {
    clause.trim_end_matches(['.', '!']).replace(['-', '_'], " ")
}

/// Whether words begin with a state and go on behind it: "Resolved for everybody", "ResolvedAll well", "Completed>". "Updated" and
/// "Monitoring-System" are other words.
pub fn runs_on(words: &str, state: State) -> bool {
    let (Some(word), Some(behind)) = (words.get(..state.word().len()), words.get(state.word().len()..)) else { return false };
    if !word.eq_ignore_ascii_case(state.word()) {
        return false;
    }
    match behind.chars().next() {
        None => false,
        Some(c) if c.is_uppercase() => word.ends_with(|c: char| c.is_ascii_lowercase()),
        Some(c) if c.is_alphanumeric() || c == '-' => !matches!(state, State::Update | State::Monitoring),
        Some(_) => state != State::Update,
    }
}

pub fn attributes(heading: &str, braces: Range<usize>, said: &mut Heading, span: &impl Fn(Range<usize>) -> Span, findings: &mut Findings) {
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
    let mut id_place: Option<Range<usize>> = None;
    let mut at = braces.start + 1;
    for word in inner.split([' ', '\t', ',', ';']) {
        let range = at..at + word.len();
        at += word.len() + 1;
        if word.is_empty() {
            continue;
        }
        if let Some(id) = word.strip_prefix('#') {
            if !is_anchor(id) || id == crate::model::Update::OPENING {
                findings.push(
                    Finding::new(Code::BadName, span(range), format!("`{}` cannot be an update's id", shown(id)))
                        .help("an id is made of letters, digits, `-`, `_` and `.`, and is not `opening`"),
                );
            } else if let Some(first) = &id_place {
                findings.push(
                    said_twice("an update has one id, and here are two".to_owned(), span(range), &span(first.clone()))
                        .help("take one of the two out; where subscribers have seen the update, keep the id that it had"),
                );
            } else {
                said.id = Some(id.to_owned());
                id_place = Some(range);
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
