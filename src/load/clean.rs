//! Texts without the characters that no page, feed or calendar may hold, and names that read as others.

use std::borrow::Cow;
use std::sync::Arc;

use crate::findings::{Code, Finding, Findings};
use crate::model::characters::{is_forbidden, is_hidden};
use crate::source::Span;

/// A text without control characters, and the first that was found.
pub struct Cleaned<'a> {
    pub text: Cow<'a, str>,
    pub control: Option<char>,
}

/// Takes out what no text may hold, see [`is_forbidden`]; tab and newlines stay.
pub fn clean(text: &str) -> Cleaned<'_> {
    // U+FFFE and U+FFFF begin with 0xEF in UTF-8, the C1 controls with 0xC2; texts without these bytes are the rule.
    let suspicious = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || matches!(byte, 0x7f | 0xc2 | 0xef);
    // Without a way out of the inner loop it compiles to a few wide instructions; every text of a site comes through here.
    let has_suspicious = |bytes: &[u8]| bytes.iter().fold(false, |found, byte| found | suspicious(*byte));
    if !text.as_bytes().chunks(64).any(has_suspicious) {
        return Cleaned { text: Cow::Borrowed(text), control: None };
    }
    match text.chars().find(|c| is_forbidden(*c)) {
        None => Cleaned { text: Cow::Borrowed(text), control: None },
        control => Cleaned { text: Cow::Owned(text.chars().filter(|c| !is_forbidden(*c)).collect()), control },
    }
}

/// Where what stands at a place of the cleaned text stands in the text itself.
pub fn place_in(text: &str, cleaned: usize) -> usize {
    let mut kept = 0;
    let left_out = text.chars().take_while(|c| {
        kept += if is_forbidden(*c) { 0 } else { c.len_utf8() };
        kept <= cleaned
    });
    left_out.filter(|c| is_forbidden(*c)).map(char::len_utf8).sum::<usize>() + cleaned
}

/// Tells of the control characters in a text, at most a hundred.
pub fn report_controls(path: &Arc<str>, offset: usize, text: &str, findings: &mut Findings) {
    findings.extend(text.char_indices().filter(|(_, c)| is_forbidden(*c)).take(100).map(|(at, control)| {
        let span = Span::new(path, offset + at..offset + at + control.len_utf8());
        Finding::new(Code::ControlCharacter, span, format!("a control character U+{:04X} in the text", u32::from(control)))
            .help("it is left out; take it out of the file as well")
    }));
}

/// A text in one line: line ends and tabs become a space, with the white space around them. Other white space stays, since a
/// no-break space has its reason.
pub fn one_line(text: String) -> String {
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if !text.contains(is_break) && text.trim().len() == text.len() {
        return text;
    }
    let pieces: Vec<&str> = text.split(is_break).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    pieces.join(" ")
}

/// What can make a name read as another: a character that nobody sees, or a letter of another script inside a Latin word.
///
/// Joiners are part of how some scripts and emoji are written, and are let through between two characters of such.
pub fn deceptive(name: &str) -> Option<Deceptive> {
    let chars: Vec<char> = name.chars().collect();
    let is_joined = |at: usize| {
        let beside = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| !c.is_ascii());
        beside(at.checked_sub(1)) && beside(Some(at + 1))
    };
    let hidden = chars.iter().enumerate().find(|(at, c)| is_hidden(**c) && !(matches!(c, '\u{200c}' | '\u{200d}') && is_joined(*at)));
    if let Some((_, hidden)) = hidden {
        return Some(Deceptive::Hidden(*hidden));
    }
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.contains(|c: char| c.is_ascii_alphabetic()));
    words.flat_map(str::chars).find(|c| matches!(c, '\u{370}'..='\u{52f}') && c.is_alphabetic()).map(Deceptive::OtherScript)
}

/// A character that makes a name read as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deceptive {
    Hidden(char),
    /// A Greek or Cyrillic letter among Latin ones.
    OtherScript(char),
}

/// Whether a title shows anything at all.
pub fn is_visible(text: &str) -> bool {
    text.chars()
        .any(|c| !c.is_whitespace() && !is_hidden(c) && !matches!(c, '\u{3164}' | '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{ffa0}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_is_taken_out_and_named() {
        let cleaned = clean("a\u{8}b\u{fffe}c\td");
        assert_eq!((cleaned.text.as_ref(), cleaned.control), ("abc\td", Some('\u{8}')));
        assert_eq!(clean("plain — text").control, None);
    }

    #[test]
    fn a_place_of_a_cleaned_text_is_found_in_the_text_itself() {
        let text = "a\u{8}—\u{fffe}b";
        assert_eq!([0, 1, 4, 5].map(|at| place_in(text, at)), [0, 2, 8, 9]);
    }

    #[test]
    fn a_text_of_lines_becomes_one_line_and_keeps_its_other_white_space() {
        assert_eq!(one_line("Mail\nis slow".into()), "Mail is slow");
        assert_eq!(one_line(" Mail \r\n\t is\u{2028}slow\n".into()), "Mail is slow");
        assert_eq!(one_line("10\u{a0}km,  a line".into()), "10\u{a0}km,  a line");
    }

    #[test]
    fn names_that_read_as_others_are_noticed() {
        assert_eq!(deceptive("a\u{202e}b"), Some(Deceptive::Hidden('\u{202e}')));
        assert_eq!(deceptive("pay\u{200d}pal"), Some(Deceptive::Hidden('\u{200d}')));
        assert_eq!(deceptive("N\u{421}023"), Some(Deceptive::OtherScript('\u{421}')));
        for fine in ["NC023: störung", "Сервер NC023", "می\u{200c}شود", "👩\u{200d}💻", "5 µs", "NC023-Ω"] {
            assert_eq!(deceptive(fine), None, "{fine}");
        }
    }

    #[test]
    fn a_title_of_spaces_and_zero_widths_shows_nothing() {
        assert!(!is_visible(" \u{200b}\u{2800}"));
        assert!(is_visible("a"));
    }
}
