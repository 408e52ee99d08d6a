//! The `+++` block of a post: values written as TOML, one key set and the rest left alone.

use std::ops::Range;

use thiserror::Error;
use toml::de::DeTable;

use crate::load::times::written;
use crate::model::Moment;

/// A file whose front matter cannot be changed, because it cannot be read; `check` tells where and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("its front matter cannot be read")]
pub struct Broken;

/// The text of a post with `end` set to a moment: the value replaced where the key is there, else a line below `start`.
pub fn set_end(post: &str, end: Moment) -> Result<String, Broken> {
    let block = block(post).ok_or(Broken)?;
    let toml = &post[block.clone()];
    let parsed = DeTable::parse(toml).map_err(|_| Broken)?;
    let keys = parsed.get_ref();
    let value = written(end);
    if let Some(old) = keys.get("end") {
        let old = block.start + old.span().start..block.start + old.span().end;
        return Ok(format!("{}{value}{}", &post[..old.start], &post[old.end..]));
    }
    let Some((key, above)) = keys.get_key_value("start").or_else(|| keys.get_key_value("title")) else { return Err(Broken) };
    let line_end = toml[above.span().end..].find('\n').map_or(toml.len(), |end| above.span().end + end + 1);
    let line = format!("{}= {value}{}", padded("end", &toml[key.span().start..above.span().start]), newline(post));
    let at = block.start + line_end;
    Ok(format!("{}{line}{}", &post[..at], &post[at..]))
}

/// A key followed by blanks up to where its neighbour has its `=`.
fn padded(key: &str, neighbour: &str) -> String {
    let width = neighbour.find('=').unwrap_or(0).max(key.len() + 1);
    format!("{key:width$}")
}

/// The bytes between the two `+++` lines.
fn block(post: &str) -> Option<Range<usize>> {
    let mut lines = post.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_start_matches('\u{feff}').trim_end() == "+++")?;
    let mut at = first.len();
    for line in lines {
        if line.trim_end() == "+++" {
            return Some(first.len()..at);
        }
        at += line.len();
    }
    None
}

/// The line ending that a file uses.
pub(super) fn newline(post: &str) -> &'static str {
    if post.contains("\r\n") { "\r\n" } else { "\n" }
}

/// A TOML basic string, quotes included (<https://toml.io/en/v1.0.0#string>).
pub fn toml_string(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text as it stands between the quotes of a TOML basic string.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            c if c.is_control() => escaped.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn an_end_is_written_below_the_start_and_in_its_column() {
        let post = "+++\ntitle   = \"x\"\nstart   = 2026-05-04T19:00:00Z # by the log\n\n[impact]\na = \"none\"\n+++\nText.\n";
        let expected = post.replace("log\n", "log\nend     = 2026-05-04T19:14:00Z\n");
        assert_eq!(set_end(post, at("2026-05-04T19:14:00Z")), Ok(expected));
    }

    #[test]
    fn an_end_that_is_there_is_replaced_and_nothing_else() {
        let post = "+++\r\ntitle=\"x\"\r\n\"end\" = \"2026-05-04 19:30 UTC\" # planned\r\n+++\r\nend = 1\r\n";
        let expected = post.replace("\"2026-05-04 19:30 UTC\"", "2026-05-04T19:14:00Z");
        assert_eq!(set_end(post, at("2026-05-04T19:14:00Z")), Ok(expected));
    }

    #[test]
    fn without_a_start_the_end_stands_below_the_title() {
        let post = "\u{feff}+++\ntitle = '''two\nlines'''\nkind = \"incident\"\n+++\n";
        let expected = "\u{feff}+++\ntitle = '''two\nlines'''\nend   = 2026-05-04T19:14:00Z\nkind = \"incident\"\n+++\n";
        assert_eq!(set_end(post, at("2026-05-04T19:14:00Z")).as_deref(), Ok(expected));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_left_alone() {
        for post in ["", "text", "+++\ntitle = \"x\"\n", "+++\ntitle = \n+++\n", "+++\nkind = \"notice\"\n+++\n", "---\ntitle: x\n---\n"] {
            assert_eq!(set_end(post, at("2026-05-04T19:14:00Z")), Err(Broken), "{post:?}");
        }
    }

    #[test]
    fn any_text_survives_being_written_as_toml() {
        for text in ["", "plain", "a \"b\" \\ c", "tab\t nul\0 del\u{7f} nel\u{85}", "two\nlines\r\n", "\u{1f600} Zażółć"] {
            let table: toml::Table = format!("key = {}", toml_string(text)).parse().unwrap();
            assert_eq!(table["key"].as_str(), Some(text));
        }
    }
}
