//! Conflicts that git left in a file: both sides of a merge that nobody has finished, between lines that mark them.

use std::ops::Range;

use memchr::memmem;

use super::{Code, Finding};
use crate::source::{SourceFile, Span};

/// What git left at one place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Conflict {
    /// Its first line that is still there, without the line's end.
    marker: Range<usize>,
    /// Whether its last line is there too, and both sides with it.
    is_whole: bool,
}

/// Conflicts of one file that are told.
const MOST: usize = 100;

/// Tells of every conflict in a file, whose text this is. Nobody knows which of the two sides it will say.
pub fn merge_conflicts(file: &SourceFile, text: &str) -> Vec<Finding> {
    conflicts(text).iter().take(MOST).map(|conflict| conflict.finding(file)).collect()
}

const BEGIN: &str = "<<<<<<< ";
const END: &str = ">>>>>>> ";

/// The conflicts of a text that stand outside of its fenced code: there, a conflict may be what the text is about.
fn conflicts(text: &str) -> Vec<Conflict> {
    if [BEGIN, END].iter().all(|marker| memmem::find(text.as_bytes(), marker.as_bytes()).is_none()) {
        return Vec::new();
    }
    let mut conflicts: Vec<Conflict> = Vec::new();
    let mut is_open = false;
    let mut fence: Option<&str> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let marker = start..start + line.trim_end().len();
        start += line.len();
        if let Some(open) = fence {
            fence = (!closes(line, open)).then_some(open);
        } else if is_marker(line, BEGIN) {
            conflicts.push(Conflict { marker, is_whole: false });
            is_open = true;
        } else if is_marker(line, END) {
            match conflicts.last_mut().filter(|_| is_open) {
                Some(conflict) => conflict.is_whole = true,
                None => conflicts.push(Conflict { marker, is_whole: false }),
            }
            is_open = false;
        } else if !is_open {
            // A fence that one side opens may be closed by the other.
            fence = opened(line);
        }
    }
    conflicts
}

/// As git writes it: at the line's beginning, with the name of a side behind it.
fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|name| !name.trim().is_empty())
}

/// The fence that a line opens: three or more of one character. What stands in a list has its own, further to the right.
fn opened(line: &str) -> Option<&str> {
    let text = line.trim_start_matches(' ');
    let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let behind = text.trim_start_matches(mark);
    let fence = &text[..text.len() - behind.len()];
    let is_code_in_a_line = mark == '`' && behind.contains('`');
    (line.len() - text.len() <= 3 && fence.len() >= 3 && !is_code_in_a_line).then_some(fence)
}

fn closes(line: &str, open: &str) -> bool {
    opened(line).is_some_and(|fence| fence.starts_with(open) && line.trim() == fence)
}

impl Conflict {
    fn finding(&self, file: &SourceFile) -> Finding {
        let offset = file.text_offset();
        let span = Span::new(&file.path, self.marker.start + offset..self.marker.end + offset);
        if self.is_whole {
            Finding::new(Code::MergeConflict, span, "an unfinished merge: both sides of a conflict stand here").help(
                "keep one of the two sides, or what is right of both, and take the three lines out that begin with `<<<<<<<`, `=======` \
                 and `>>>>>>>`",
            )
        } else {
            Finding::new(Code::MergeConflict, span, "an unfinished merge: a line that marks a side of a conflict")
                .help("take the line out, and see that of the two sides only one is left")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first lines of what is found, `…` behind those of whole conflicts.
    fn found(text: &str) -> Vec<String> {
        conflicts(text).into_iter().map(|c| format!("{}{}", &text[c.marker], if c.is_whole { "…" } else { "" })).collect()
    }

    #[test]
    fn every_conflict_is_found_once_at_its_first_line() {
        for (text, expected) in [
            ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\nd\n", vec!["<<<<<<< HEAD…"]),
            ("<<<<<<< HEAD\r\nb\r\n||||||| 3fa7c2e\r\n=======\r\n>>>>>>> 91b02d4 (Say more)", vec!["<<<<<<< HEAD…"]),
            ("<<<<<<< A\n=======\n>>>>>>> B\n<<<<<<< A\n=======\n>>>>>>> B\n", vec!["<<<<<<< A…", "<<<<<<< A…"]),
            // Somebody began to take the lines out.
            ("<<<<<<< HEAD\nb\n", vec!["<<<<<<< HEAD"]),
            ("b\n=======\nc\n>>>>>>> other\n", vec![">>>>>>> other"]),
            ("<<<<<<< HEAD\nb\n<<<<<<< HEAD\nc\n=======\n>>>>>>> other\n", vec!["<<<<<<< HEAD", "<<<<<<< HEAD…"]),
            // One side ends the code.
            ("```\n<<<<<<< HEAD\na\n```\n=======\nb\n>>>>>>> other\n", vec![">>>>>>> other"]),
            ("```\na\n```\n<<<<<<< HEAD\n```\n=======\n>>>>>>> other\n", vec!["<<<<<<< HEAD…"]),
            ("``` `a`\n<<<<<<< HEAD\n=======\n>>>>>>> other\n", vec!["<<<<<<< HEAD…"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_conflict_is_none() {
        for text in [
            "A heading\n=======\n",
            "|||||||\n",
            "<<<<<<<\n",
            "<<<<<<< \n",
            "<<<<<<<< HEAD\n",
            "<<<<<<<HEAD\n",
            ">>>>>> a quote\n",
            "a <<<<<<< HEAD\n    >>>>>>> other\n",
            "```text\n<<<<<<< HEAD\n=======\n>>>>>>> other\n```\n",
            "~~~~\n~~~\n```\n<<<<<<< HEAD\n>>>>>>> other\n~~~~~\n",
        ] {
            assert_eq!(conflicts(text), [], "{text}");
        }
    }
}
