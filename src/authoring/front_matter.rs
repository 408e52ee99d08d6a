//! The `+++` block of a post: values written as TOML, one key set and the rest left alone.

use std::ops::Range;

use thiserror::Error;
use toml::de::DeTable;

use crate::findings::Findings;
use crate::load::front_matter;
use crate::load::times::written;
use crate::model::Moment;
use crate::source::SourceFile;

/// A file whose front matter cannot be changed, because it cannot be read; `check` tells where and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("its front matter cannot be read")]
pub struct Broken;

/// The text of a post with `start` set to a moment: the value replaced where the key is there, else a line below `title`.
pub fn set_start(post: &SourceFile, start: Moment) -> Result<String, Broken> {
    set_moment(post, "start", start)
}

/// The same with `end`, whose line comes below `start` where there is one.
pub fn set_end(post: &SourceFile, end: Moment) -> Result<String, Broken> {
    set_moment(post, "end", end)
}

fn set_moment(post: &SourceFile, key: &str, moment: Moment) -> Result<String, Broken> {
    edited(post, |front, keys| {
        let value = written(moment);
        if let Some(old) = keys.get(key) {
            return Ok((old.span(), value));
        }
        let (neighbour, above) = keys.get_key_value("start").or_else(|| keys.get_key_value("title")).ok_or(Broken)?;
        let below = line_end(front, above.span().end);
        let key = padded(key, &front[neighbour.span().start..above.span().start]);
        Ok((below..below, format!("{key}= {value}\n")))
    })
}

/// The text of a post without its line `end`. A line that holds more than the key and its value stays: nothing written is lost.
pub fn without_end(post: &SourceFile) -> Result<String, Broken> {
    edited(post, |front, keys| {
        let line = keys.get_key_value("end").and_then(|(key, value)| {
            let start = front[..key.span().start].rfind('\n').map_or(0, |newline| newline + 1);
            let end = line_end(front, value.span().end);
            let has_more = !front[start..key.span().start].trim().is_empty() || !front[value.span().end..end].trim().is_empty();
            (!has_more).then_some(start..end)
        });
        Ok((line.unwrap_or(0..0), String::new()))
    })
}

/// The text of a post with a part of its front matter replaced; `\n` becomes the file's own line ending.
fn edited(post: &SourceFile, edit: impl FnOnce(&str, &DeTable<'_>) -> Result<(Range<usize>, String), Broken>) -> Result<String, Broken> {
    let text = post.text().map_err(|_| Broken)?;
    let parts = front_matter::split(post, text, &mut Findings::default()).ok_or(Broken)?;
    let front = &text[parts.front.clone()];
    let parsed = DeTable::parse(front).map_err(|_| Broken)?;
    let (place, replacement) = edit(front, parsed.get_ref())?;
    let begin = post.text_offset() + parts.front.start;
    let mut whole = String::from_utf8(post.bytes.to_vec()).map_err(|_| Broken)?;
    whole.replace_range(begin + place.start..begin + place.end, &replacement.replace('\n', newline(text)));
    Ok(whole)
}

/// Where the line of a place ends, its ending included.
fn line_end(text: &str, place: usize) -> usize {
    text[place..].find('\n').map_or(text.len(), |end| place + end + 1)
}

/// A key followed by blanks up to where its neighbour has its `=`.
fn padded(key: &str, neighbour: &str) -> String {
    let width = neighbour.find('=').unwrap_or(0).max(key.len() + 1);
    format!("{key:width$}")
}

/// The line ending that a file uses.
pub(super) fn newline(post: &str) -> &'static str {
    if post.contains("\r\n") { "\r\n" } else { "\n" }
}

/// A TOML basic string, quotes included (<https://toml.io/en/v1.0.0#string>).
pub fn toml_string(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A TOML array of strings; `None` for an empty one.
pub(super) fn toml_list<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let words: Vec<String> = words.map(toml_string).collect();
    (!words.is_empty()).then(|| format!("[{}]", words.join(", ")))
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

    fn end_set(post: &str) -> Result<String, Broken> {
        let file = SourceFile { path: "content/posts/p.md".into(), bytes: post.to_owned().into() };
        set_end(&file, "2026-05-04T19:14:00Z".parse().unwrap())
    }

    #[test]
    fn an_end_is_written_below_the_start_and_in_its_column() {
        let post = "+++\ntitle   = \"x\"\nstart   = 2026-05-04T19:00:00Z # by the log\n\n[impact]\na = \"none\"\n+++\nText.\n";
        let expected = post.replace("log\n", "log\nend     = 2026-05-04T19:14:00Z\n");
        assert_eq!(end_set(post), Ok(expected));
    }

    #[test]
    fn an_end_that_is_there_is_replaced_and_nothing_else() {
        let post = "+++\r\ntitle=\"x\"\r\n\"end\" = \"2026-05-04 19:30 UTC\" # planned\r\n+++\r\nend = 1\r\n";
        let expected = post.replace("\"2026-05-04 19:30 UTC\"", "2026-05-04T19:14:00Z");
        assert_eq!(end_set(post), Ok(expected));
    }

    #[test]
    fn an_end_is_taken_out_with_its_line_unless_more_stands_there() {
        let file = |post: &str| SourceFile { path: "content/posts/p.md".into(), bytes: post.to_owned().into() };
        let without = |post: &str| without_end(&file(post));
        let post = "\u{feff}+++\r\ntitle = \"x\"\r\nend   = 2026-05-04T19:14:00Z\r\ntags = [\"a\"]\r\n+++\r\nend = 1\r\n";
        assert_eq!(without(post), Ok(post.replace("end   = 2026-05-04T19:14:00Z\r\n", "")));
        for kept in ["+++\ntitle = 'x'\n+++\n", "+++\nend = 2026-05-04T19:14:00Z # it was short\n+++\n"] {
            assert_eq!(without(kept).as_deref(), Ok(kept));
        }
        assert_eq!(without("+++\nend = \n+++\n"), Err(Broken));
    }

    #[test]
    fn without_a_start_the_end_stands_below_the_title() {
        let post = "\u{feff}+++\ntitle = '''two\nlines'''\nkind = \"incident\"\n+++\n";
        let expected = "\u{feff}+++\ntitle = '''two\nlines'''\nend   = 2026-05-04T19:14:00Z\nkind = \"incident\"\n+++\n";
        assert_eq!(end_set(post).as_deref(), Ok(expected));
    }

    #[test]
    fn a_start_is_replaced_or_written_below_the_title() {
        let set = |post: &str| {
            set_start(
                &SourceFile { path: "content/posts/p.md".into(), bytes: post.to_owned().into() },
                "2026-05-04T19:14:00Z".parse().unwrap(),
            )
        };
        let post = "+++\ntitle = \"x\"\nstart = 2026-05-04T19:00:00+02:00 # moved once\nend   = 2026-05-04T20:00:00Z\n+++\n";
        assert_eq!(set(post), Ok(post.replace("2026-05-04T19:00:00+02:00", "2026-05-04T19:14:00Z")));
        let without = "+++\ntitle  = \"x\"\nend    = 2026-05-04T20:00:00Z\n+++\n";
        assert_eq!(set(without), Ok(without.replace("\nend", "\nstart  = 2026-05-04T19:14:00Z\nend")));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_left_alone() {
        for post in ["", "text", "+++\ntitle = \"x\"\n", "+++\ntitle = \n+++\n", "+++\nkind = \"notice\"\n+++\n", "---\ntitle: x\n---\n"] {
            assert_eq!(end_set(post), Err(Broken), "{post:?}");
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
