//! Locations as people count them: the line, the column, and the text of the line with what is meant in it.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use crate::source::{SourceFile, Sources, Span};

/// Where a span is in its file. Lines and columns count from 1, columns in characters; a byte-order mark is no column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLocation {
    pub line: usize,
    pub column: usize,
    /// The column behind the last character meant; equal to `column` where a point is meant. The first line only.
    pub end_column: usize,
    /// The line, fit to be shown; empty where it is too long for that.
    pub text: String,
    /// What is meant, as bytes of `text`.
    pub mark: Range<usize>,
}

/// Finds the locations of spans. Remembers where the lines of a file begin, so that only files with findings are ever looked through.
pub struct Locator<'a> {
    sources: &'a Sources,
    files: HashMap<&'a str, Lines>,
}

/// What is known of a file's lines.
struct Lines {
    /// Where they begin.
    starts: Vec<usize>,
    /// A place, and the characters before it in its line: from there the next one of the line is counted.
    counted: (usize, usize),
}

/// Bytes of a line that is still shown; a generated file may hold all its text in one.
const SHOWN: usize = 4096;

impl<'a> Locator<'a> {
    pub fn new(sources: &'a Sources) -> Locator<'a> {
        Locator { sources, files: HashMap::new() }
    }

    /// `None` where the file is not among the sources: a folder, or a file that must be there and is not.
    pub fn find(&mut self, span: &Span) -> Option<SourceLocation> {
        let file = self.sources.get(&span.path)?;
        let lines = self.files.entry(&file.path).or_insert_with(|| Lines { starts: line_starts(file), counted: (0, 0) });
        let line = lines.starts.partition_point(|start| *start <= span.start).max(1);
        let begin = lines.starts[line - 1];
        let end = lines.starts.get(line).map_or(file.bytes.len(), |next| next - 1);
        let bytes = &file.bytes[begin..end];
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let from = span.start.saturating_sub(begin).min(bytes.len());
        let to = span.end.saturating_sub(begin).clamp(from, bytes.len());

        let (place, count) = Some(lines.counted).filter(|(place, _)| (begin..=begin + from).contains(place)).unwrap_or((begin, 0));
        let count = count + characters(&bytes[place - begin..from]);
        // Within a character nothing is counted on from: its bytes are one character together.
        if bytes.get(from).is_none_or(|byte| !is_continuation(*byte)) {
            lines.counted = (begin + from, count);
        }
        let (column, end_column) = (count + 1, count + 1 + characters(&bytes[from..to]));
        if bytes.len() > SHOWN {
            return Some(SourceLocation { line, column, end_column, text: String::new(), mark: 0..0 });
        }
        let [before, meant, after] = [&bytes[..from], &bytes[from..to], &bytes[to..]].map(|part| visible(&String::from_utf8_lossy(part)));
        let mark = before.len()..before.len() + meant.len();
        Some(SourceLocation { line, column, end_column, text: before + &meant + &after, mark })
    }
}

/// Text of the user's as a terminal may show it: control characters, and those that turn the direction of writing, become visible
/// signs of one character each. A tab becomes a space, a line end a sign. Its list is wider than those of `model::characters`, which say
/// what a site may hold: here nothing is refused, only shown.
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
            '\u{7f}' => '\u{2421}',
            '\u{80}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

fn line_starts(file: &SourceFile) -> Vec<usize> {
    let breaks = file.bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    std::iter::once(file.text_offset()).chain(breaks).collect()
}

/// How many characters there are, as [`String::from_utf8_lossy`] reads them: a file that is not UTF-8 has findings too.
fn characters(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty())).sum()
}

/// Whether a byte is in the middle of a character.
fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(bytes: &[u8], range: Range<usize>) -> SourceLocation {
        let mut sources = Sources::default();
        sources.insert("a.md", bytes.to_vec());
        Locator::new(&sources).find(&Span::new(&"a.md".into(), range)).expect("the file is there")
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let found = location("één\nservers  = [\"ñc\"]\n".as_bytes(), 19..22);
        assert_eq!((found.line, found.column, found.end_column), (2, 14, 16), "{found:?}");
        assert_eq!(&found.text[found.mark.clone()], "ñc");
    }

    #[test]
    fn a_byte_order_mark_and_a_carriage_return_are_no_part_of_the_line() {
        let found = location(b"\xef\xbb\xbftitle\r\nnext", 3..8);
        assert_eq!((found.line, found.column, found.text.as_str(), found.mark), (1, 1, "title", 0..5));
        assert_eq!(location(b"\xef\xbb\xbftitle", 0..0).column, 1);
    }

    #[test]
    fn the_end_of_a_file_is_a_place_also_of_an_empty_one() {
        assert_eq!((location(b"", 0..0).line, location(b"", 0..0).column), (1, 1));
        let end = location(b"a\nb\n", 4..4);
        assert_eq!((end.line, end.column, end.text.as_str()), (3, 1, ""));
        assert_eq!(location(b"ab", 90..99).column, 3, "a place behind the end is the end");
    }

    #[test]
    fn a_place_over_several_lines_ends_with_its_first() {
        let found = location(b"one\ntwo\nthree", 5..12);
        assert_eq!((found.line, &found.text[found.mark.clone()], found.end_column), (2, "wo", 4));
    }

    #[test]
    fn a_very_long_line_is_not_shown_and_its_column_stays() {
        let line = format!("{}HERE{}", "é".repeat(5000), "b".repeat(5000));
        let found = location(line.as_bytes(), 10_000..10_004);
        assert_eq!((found.column, found.end_column, found.text.as_str()), (5001, 5005, ""));
    }

    #[test]
    fn places_of_one_line_are_the_same_in_any_order() {
        let mut line = "añ€𝄞\u{301}x".repeat(3).into_bytes();
        line.extend(b"\xe2\x82 \xff\x80 caf\xe9");
        let mut sources = Sources::default();
        sources.insert("a.md", [b"first\r\n", &*line, b"\r\nlast"].concat());
        let mut locator = Locator::new(&sources);
        let places = 0..line.len() + 12;
        for place in places.clone().chain(places.clone().rev()).chain(places.clone().step_by(7)).chain(places.rev().step_by(5)) {
            let span = Span::new(&"a.md".into(), place..place + 1);
            assert_eq!(locator.find(&span), Locator::new(&sources).find(&span), "{place}");
        }
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_left_in_a_line() {
        let found = location("a\u{1b}[31m\u{202e}\u{9b}é\0".as_bytes(), 1..2);
        assert!(found.text.chars().all(|c| !c.is_control()), "{:?}", found.text);
        assert_eq!(found.text, "a␛[31m\u{fffd}\u{fffd}é␀");
    }

    #[test]
    fn a_file_that_is_not_utf_8_has_places() {
        let found = location(b"caf\xe9 au lait", 3..4);
        assert_eq!((found.column, found.text.as_str()), (4, "caf\u{fffd} au lait"));
    }
}
