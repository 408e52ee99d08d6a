//! TOML that cannot be read, said so that staff can mend it: one finding a line, in words that fit the slip.
//!
//! The parser goes on behind most slips. Where it would lose the rest of the file, behind a `key: value`, the colon is taken for
//! the `=` that was meant, so that everything else wrong with the file is found in the same run.

use std::ops::Range;

use toml::de::{DeTable, Error};

use super::fields::shown;
use super::parsed::{Parsed, TomlSource};
use super::times::{self, TimeProblem};
use crate::findings::{Code, Finding, Findings};
use crate::model::rfc3339;

/// Reads TOML as far as it goes. `mended` is where the text is kept if something must be mended in it.
pub fn parse<'t>(text: &'t str, mended: &'t mut String, source: TomlSource<'t>, findings: &mut Findings) -> Parsed<'t> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Parsed { table, source, broken: Vec::new(), headless: Vec::new() };
    }
    let mut broken: Vec<Range<usize>> = Vec::new();
    mended.push_str(text);
    // Behind a colon, the parser may have lost the next: until no more are found.
    while broken.len() < MOST {
        let colons = colons_for_equals(mended, MOST - broken.len());
        if colons.is_empty() {
            break;
        }
        for colon in colons {
            let line = line_at(mended, colon);
            let key = shown(mended[line.start..colon].trim());
            findings.push(
                Finding::new(Code::Toml, source.span(colon..colon + 1), "a colon where TOML has `=`")
                    .help(format!("write `{key} = …`, and text in quotes")),
            );
            broken.push(line);
            mended.replace_range(colon..colon + 1, "=");
        }
    }
    // The parser takes the next heading for a part of one that is not closed: it becomes a comment.
    let mut headless: Vec<Range<usize>> = Vec::new();
    while headless.len() < MOST {
        let headings = broken_headings(mended);
        if headings.is_empty() {
            break;
        }
        for line in headings.into_iter().take(MOST - headless.len()) {
            let help = "write `[name]` for a table, and `[[name]]` for one of several";
            findings.push(Finding::new(Code::Toml, source.span(line.clone()), "a table's heading that cannot be read").help(help));
            headless.push(line.start..next_heading(mended, line.end));
            mended.replace_range(line.start..line.start + 1, "#");
        }
    }
    let mended = mended.as_str();
    let (table, mut errors) = DeTable::parse_recoverable(mended);
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    for error in errors {
        if broken.len() + headless.len() >= MOST {
            break;
        }
        let range = error.span().unwrap_or_else(|| longest_key(mended));
        let line = line_at(mended, range.start);
        if broken.contains(&line) || headless.iter().any(|lines| lines.contains(&line.start)) {
            continue;
        }
        let is_open = error.message().starts_with("missing comma") || error.message().starts_with("unclosed");
        findings.push(finding(mended, &line, &error, range, source));
        broken.push(line);
        // Behind a list that is not closed, everything looks like a part of it.
        if is_open {
            break;
        }
    }
    Parsed { table, source, broken, headless }
}

/// Findings of one text: whoever has made more slips than that has made one slip many times.
const MOST: usize = 100;

/// The colons behind bare keys where the parser misses an `=`, at most so many.
fn colons_for_equals(text: &str, most: usize) -> Vec<usize> {
    let (_, errors) = DeTable::parse_recoverable(text);
    let missing = errors.iter().filter(|error| error.message().starts_with("key with no value"));
    let colons = missing.filter_map(|error| {
        let line = line_at(text, error.span()?.start);
        let (key, _) = text[line.clone()].split_once(':')?;
        let is_key = !key.trim().is_empty() && key.trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        is_key.then_some(line.start + key.len())
    });
    // Two errors may be of one line.
    let mut colons: Vec<usize> = colons.collect();
    colons.sort_unstable();
    colons.dedup();
    colons.truncate(most);
    colons
}

fn finding(text: &str, line: &Range<usize>, error: &Error, range: Range<usize>, source: TomlSource<'_>) -> Finding {
    let said = error.message().lines().collect::<Vec<_>>().join(", ");
    let written = text.get(range.clone()).unwrap_or_default();
    let key = shown(text[line.clone()].split('=').next().unwrap_or_default().trim());
    let toml = |range: Range<usize>, message: String| Finding::new(Code::Toml, source.span(range), message);
    if let Some(at) = text[line.clone()].find(['“', '”', '„', '‘', '’']) {
        let at = line.start + at;
        let width = text[at..].chars().next().map_or(1, char::len_utf8);
        return toml(at..at + width, "quotes that TOML does not know".into()).help("use straight quotes: `\"` instead of `“` and `”`");
    }
    if is_about_time(&said) {
        return time(text, line, &key, &said, source);
    }
    match said.as_str() {
        "duplicate key" => toml(range, format!("the key `{}` stands twice", shown(written))).help("join the two, or take one out"),
        said if said.starts_with("string values must be quoted")
            || said.starts_with("invalid float")
            || said.starts_with("invalid bool") =>
        {
            match written.trim() {
                "" => toml(range, format!("`{key}` has no value")).help(format!("write `{key} = …`, or take the line out")),
                word if ["yes", "no", "on", "off", "true", "false"].contains(&word.to_lowercase().as_str()) => {
                    toml(range, format!("`{}` is no value", shown(word))).help("write `true` or `false`, in lower case and without quotes")
                }
                word if word.starts_with(|c: char| c.is_ascii_digit()) => toml(range, format!("`{}` cannot be read", shown(word)))
                    .help("write a time as `2026-05-04T19:00:00Z`, and text in quotes"),
                _ => toml(range, "a text without quotes".into()).help(format!("write `{key} = \"…\"`")),
            }
        }
        said if said.starts_with("key with no value") => {
            toml(line.start..range.start.max(line.start), "a key without a value".into()).help("write `key = value`, and text in quotes")
        }
        said if said.starts_with("invalid basic string") || said.starts_with("invalid literal string") => {
            toml(range, "a text whose quotes are not closed".into()).help("end it with the quote that it begins with, in the same line")
        }
        said if said.starts_with("missing comma") || said.starts_with("unclosed") => {
            toml(range, "a list or table that is not closed".into()).help("end it with its bracket, and put a comma between its items")
        }
        said if said.starts_with("unexpected key or value") => {
            toml(range, "something stands behind the value".into()).help("write one key a line; a quote inside a text is `\\\"`")
        }
        said if said.starts_with("missing escaped value") => toml(range, "a backslash in a text that means nothing".into())
            .help("write `\\\\` for a backslash, or put the text in single quotes"),
        said if said.contains("recurs") => toml(range, "keys, lists or tables nested too deep".into()).help("write them flat"),
        said => toml(range, format!("this is no valid TOML: {said}")),
    }
}

fn is_about_time(said: &str) -> bool {
    ["invalid date", "invalid time", "invalid offset", "invalid date-time", "invalid datetime"]
        .contains(&said.split(", ").next().unwrap_or(said))
}

/// A value that begins like a time. Most of them are right in quotes, where a time may be written as in an update's heading.
fn time(text: &str, line: &Range<usize>, key: &str, said: &str, source: TomlSource<'_>) -> Finding {
    let equals = text[line.clone()].find('=').map_or(line.start, |equals| line.start + equals + 1);
    let behind = text[equals..line.end].split('#').next().unwrap_or_default();
    let value = behind.trim();
    let start = equals + (behind.len() - behind.trim_start().len());
    let finding = |message: String| Finding::new(Code::ImpossibleTime, source.span(start..start + value.len()), message);
    let why = said.split_once(", ");
    match (times::from_text(value), times::likely(value)) {
        (Ok(at), _) => finding(format!("`{}` is no time without quotes", shown(value)))
            .help(format!("write `{key} = {}`, or put it in quotes", rfc3339(at))),
        (_, Some(at)) => {
            finding(format!("`{}` is not a time that can be read", shown(value))).help(format!("write `{key} = {}`", rfc3339(at)))
        }
        (Err(TimeProblem::Impossible { .. } | TimeProblem::NotKept { .. }), _) => {
            let what = why.map_or("time", |(what, _)| what.trim_start_matches("invalid "));
            let why = why.map_or_else(String::new, |(_, why)| format!(": {why}"));
            finding(format!("a {what} that does not exist{why}"))
                .help("write a time as `2026-05-04T19:00:00Z`; midnight is 00:00 of the next day")
        }
        _ => finding(format!("`{}` cannot be read", shown(value))).help(
            "write a time with its day, in UTC, as `2026-05-04T19:00:00Z`, or with its offset, as `2026-05-04T21:00:00+02:00`; \
             write text in quotes",
        ),
    }
}

/// Whether a line names a table, with whatever brackets.
fn is_heading(line: &str) -> bool {
    let line = line.split('#').next().unwrap_or_default().trim_end();
    line.starts_with('[') && line.chars().all(|c| c.is_ascii_alphanumeric() || "[]-_. ".contains(c))
}

/// The lines of headings that lack a bracket or have one too many.
fn broken_headings(text: &str) -> Vec<Range<usize>> {
    let (_, errors) = DeTable::parse_recoverable(text);
    let places = errors.iter().filter(|error| !error.message().starts_with("duplicate key")).filter_map(Error::span);
    let lines = places.map(|place| line_at(text, place.start)).filter(|line| is_heading(&text[line.clone()]));
    let mut lines: Vec<Range<usize>> = lines.collect();
    lines.sort_unstable_by_key(|line| line.start);
    lines.dedup();
    lines
}

fn next_heading(text: &str, from: usize) -> usize {
    let mut at = from;
    let lines = text[from..].split_inclusive('\n').map(|line| {
        at += line.len();
        (at - line.len(), line)
    });
    lines.into_iter().find(|(_, line)| is_heading(line)).map_or(text.len(), |(start, _)| start)
}

/// The key with the most dots: the parser does not say where it lost count of them.
fn longest_key(text: &str) -> Range<usize> {
    let mut at = 0;
    let keys = text.split_inclusive('\n').map(|line| {
        at += line.len();
        let key = line.split('=').next().unwrap_or_default();
        (key.matches('.').count(), at - line.len()..at - line.len() + key.trim_end().len())
    });
    // The first of several.
    keys.max_by_key(|(dots, key)| (*dots, std::cmp::Reverse(key.start))).map_or(0..0, |(_, key)| key)
}

/// The line that a place stands in, without its end.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let at = at.min(text.len());
    let before = text.as_bytes()[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let after = text.as_bytes()[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |newline| at + newline);
    before..after
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn found(text: &str) -> Vec<String> {
        let path: Arc<str> = "site.toml".into();
        let source = TomlSource { path: &path, offset: 0 };
        let mut findings = Findings::default();
        parse(text, &mut String::new(), source, &mut findings);
        findings.iter().map(|finding| format!("{}: {}", finding.span.start, finding.message)).collect()
    }

    #[test]
    fn a_slip_gets_one_finding_in_its_own_words() {
        for (text, expected) in [
            ("title: \"Relay down\"", "5: a colon where TOML has `=`"),
            ("title = Relay down", "8: a text without quotes"),
            ("server = nc023", "9: a text without quotes"),
            ("title = “Relay down”", "8: quotes that TOML does not know"),
            ("title = \"Relay down", "19: a text whose quotes are not closed"),
            ("title = 'x'\ntitle = 'y'", "12: the key `title` stands twice"),
            ("draft = yes", "8: `yes` is no value"),
            ("draft = True", "8: `True` is no value"),
            ("start = 04/05/2026", "8: `04/05/2026` cannot be read"),
            ("start = ", "8: `start` has no value"),
            ("title", "0: a key without a value"),
            ("tags = [\"a\"\nb = 3\nc = 4", "12: a list or table that is not closed"),
            ("title = \"a\"b\"", "11: something stands behind the value"),
            ("title = \"a\\q\"", "11: a backslash in a text that means nothing"),
            ("start = 2026-02-30T19:00:00Z", "8: a date that does not exist: expected day between 01 and 28"),
            ("start = 2026-10-01 10:00 UTC # today", "8: `2026-10-01 10:00 UTC` is no time without quotes"),
            ("start = 2026-10-1 10:00 UTC", "8: `2026-10-1 10:00 UTC` is not a time that can be read"),
            ("start = 2026-10-01 10:00 CET", "8: `2026-10-01 10:00 CET` cannot be read"),
            ("start = 10:00 UTC", "8: `10:00 UTC` cannot be read"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_stands_below_a_heading_that_cannot_be_read_is_no_slip() {
        let found = found("[[server]\nid = 3\nid = 4\n[[server]]\nid = nc027");
        assert_eq!(found, ["0: a table's heading that cannot be read", "40: a text without quotes"]);
    }

    #[test]
    fn a_key_of_too_many_parts_is_told_where_it_stands() {
        assert_eq!(found(&format!("title = 'x'\n{}a = 1\n", "a.".repeat(200))), ["12: keys, lists or tables nested too deep"]);
    }

    #[test]
    fn of_thousands_of_slips_the_first_hundred_are_said() {
        for line in ["key: 1\n", "a = b\n", "x\n", "a = 1\na = 2\n", "a: 1\nb = c\n"] {
            let lines: String = (0..20_000).map(|n| line.replace('a', &format!("a{n}")).replace("key", &format!("key{n}"))).collect();
            assert_eq!(found(&lines).len(), MOST, "{line}");
        }
    }

    #[test]
    fn what_stands_behind_a_slip_is_read_all_the_same() {
        assert_eq!(
            found("title: \"x\"\nserver = nc023\nend: 5\ntitel = 3\ntags = [“a”]"),
            [
                "5: a colon where TOML has `=`",
                "20: a text without quotes",
                "29: a colon where TOML has `=`",
                "51: quotes that TOML does not know"
            ]
        );
    }
}
