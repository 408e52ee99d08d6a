//! What is told of a file that is not UTF-8.

use super::draw::plural;
use super::{Code, Finding};
use crate::source::{SourceFile, Span};

/// How many lines are told one by one. A file in another encoding may have as many as it is long.
const TOLD: usize = 20;

/// Tells of every line with a byte that is not UTF-8, once; of a file that is no text at its first such byte alone.
pub fn not_utf8(file: &SourceFile) -> Vec<Finding> {
    let finding =
        |at: usize, message: String, help: &str| Finding::new(Code::NotUtf8, Span::new(&file.path, at..at + 1), message).help(help);
    let byte = |at: usize| format!("the byte 0x{:02x} at offset {at} is not UTF-8", file.bytes[at]);
    let mut places = bad_lines(&file.bytes);
    let of_no_text = match file.bytes.get(..2) {
        Some([0xff, 0xfe] | [0xfe, 0xff]) => Some("it looks like UTF-16: save it as UTF-8"),
        _ if file.bytes.contains(&0) => Some("it looks like no text at all: put the text here, saved as UTF-8"),
        _ => None,
    };
    if let Some(help) = of_no_text {
        return places.next().map(|at| finding(at, byte(at), help)).into_iter().collect();
    }
    let help = "it looks like Latin-1 or Windows-1252: save it as UTF-8";
    let mut told: Vec<Finding> = places.by_ref().take(TOLD).map(|at| finding(at, byte(at), help)).collect();
    if let Some(at) = places.next() {
        let more = plural(1 + places.count(), "more line");
        told.push(finding(at, format!("from here on, {more} with bytes that are not UTF-8"), help));
    }
    told
}

/// Of each line that is not UTF-8, where its first such byte is. No character of UTF-8 holds the byte of a line end.
fn bad_lines(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let mut next = 0;
    bytes.split_inclusive(|byte| *byte == b'\n').filter_map(move |line| {
        let start = next;
        next += line.len();
        Some(start + std::str::from_utf8(line).err()?.valid_up_to())
    })
}

#[cfg(test)]
mod tests {
    use super::super::Locator;
    use super::*;
    use crate::source::Sources;

    /// Line, column and message of each.
    fn told(bytes: &[u8]) -> Vec<(usize, usize, String)> {
        let mut sources = Sources::default();
        sources.insert("a.md", bytes.to_vec());
        let mut locator = Locator::new(&sources);
        let place = |finding: Finding| {
            let found = locator.find(&finding.span).unwrap();
            (found.line, found.column, finding.message)
        };
        not_utf8(sources.get("a.md").unwrap()).into_iter().map(place).collect()
    }

    #[test]
    fn a_line_is_told_once_at_its_first_bad_byte() {
        let found = told(b"\xef\xbb\xbfcaf\xe9 \xe9\r\ngood \xc3\xa9\n\xc3\xa9t\xe9 \xc3");
        let expected = [(1, 4, "the byte 0xe9 at offset 6 is not UTF-8"), (3, 3, "the byte 0xe9 at offset 22 is not UTF-8")];
        assert_eq!(found, expected.map(|(line, column, message)| (line, column, message.to_owned())));
    }

    #[test]
    fn of_many_lines_the_rest_is_counted() {
        let all = told(&b"\xe9\n".repeat(TOLD));
        assert_eq!((all.len(), all[TOLD - 1].0), (TOLD, TOLD));
        for (more, message) in [
            (1, "from here on, 1 more line with bytes that are not UTF-8"),
            (7, "from here on, 7 more lines with bytes that are not UTF-8"),
        ] {
            let found = told(&b"\xe9\n".repeat(TOLD + more));
            assert_eq!(found[TOLD..], [(TOLD + 1, 1, message.to_owned())]);
        }
    }

    #[test]
    fn what_is_no_text_is_told_once() {
        for bytes in [&b"\xff\xfea\0\n\0\xe9\0\n\0"[..], b"\xfe\xff\0a\0\n\0\xe9", b"\x89PNG\r\n\x1a\n\0\0\xff\n\xff"] {
            assert_eq!(told(bytes).len(), 1, "{bytes:?}");
        }
    }
}
