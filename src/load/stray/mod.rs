//! Lines that read like an update's heading and are none: an update that Markdown swallows would leave the old status standing.

mod line;

use std::ops::Range;

use line::Looks;

use super::heading::suggested;
use crate::findings::{Code, Finding};
use crate::model::{Post, Update};
use crate::source::Span;

/// A line that reads like an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// From its date on, in the text.
    pub range: Range<usize>,
    looks: Looks,
    /// In a list, quote, table or footnote: it may be told again or quoted there.
    is_inside: bool,
    /// `2026-05-04`, where it begins so; and `19:02`.
    date: Option<String>,
    time: Option<String>,
}

/// What Markdown made of the lines of a text, as its bytes. Each list is in the order of the text.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Where the lines of headings begin: they are looked at as headings.
    pub headings: Vec<usize>,
    /// Code blocks and comments that are closed: examples, and what is taken out on purpose.
    pub closed: Vec<Range<usize>>,
    pub indented: Vec<Range<usize>>,
    /// The outermost lists, quotes, tables and footnotes.
    pub containers: Vec<Range<usize>>,
    /// Where paragraphs begin.
    pub paragraphs: Vec<usize>,
}

/// The lines of a text that read like updates.
pub fn strays(text: &str, blocks: &Blocks) -> Vec<Stray> {
    let mut strays = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1).chain([text.len()]) {
        let piece = &text[start..end];
        if !is_ordinary(piece.as_bytes()) {
            let mut at = start;
            for line in piece.split_inclusive(LINE_ENDS) {
                strays.extend(stray(line, at, blocks));
                at += line.len();
            }
        }
        start = end;
    }
    strays
}

/// An editor shows each of these as the end of a line.
const LINE_ENDS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Most lines of most texts: one that begins with a word, and in which no other line begins. Or one without a digit.
fn is_ordinary(piece: &[u8]) -> bool {
    let begins_a_line = |byte| matches!(byte, b'\r' | 0xb | 0xc | 0xc2 | 0xe2);
    piece.iter().take(2).all(u8::is_ascii_alphabetic) && !has(piece, begins_a_line) || !has(piece, |byte| byte.is_ascii_digit())
}

/// Without a way out of the loop, the processor looks at sixteen bytes in one step.
fn has(piece: &[u8], is_one: impl Fn(u8) -> bool) -> bool {
    piece.iter().fold(false, |has, byte| has | is_one(*byte))
}

fn stray(line: &str, at: usize, blocks: &Blocks) -> Option<Stray> {
    let begins = |starts: &[usize], range: Range<usize>| {
        let next = starts.partition_point(|start| *start < range.start);
        starts.get(next).is_some_and(|start| *start < range.end)
    };
    if begins(&blocks.headings, at..at + line.len()) {
        return None;
    }
    let line = line.trim_end();
    let read = line::read(line)?;
    let begin = at + read.begin;
    let holds = |ranges: &[Range<usize>]| {
        let next = ranges.partition_point(|range| range.end <= begin);
        ranges.get(next).is_some_and(|range| range.start <= begin)
    };
    if holds(&blocks.closed) {
        return None;
    }
    // `# 2026-05-04 19:02 started` is how a pasted script or log is commented.
    if holds(&blocks.indented) && (read.looks != Looks::Heading || read.hashes == 1 && !read.is_sure) {
        return None;
    }
    let is_inside = holds(&blocks.containers);
    if is_inside && read.is_of_a_day || read.looks == Looks::Date && (is_inside || !begins(&blocks.paragraphs, at..begin.max(at + 1))) {
        return None;
    }
    Some(Stray { range: begin..at + line.len(), looks: read.looks, is_inside, date: read.date, time: read.time })
}

/// Whether a line of prose begins like an update, and at which byte its date does: the importer writes it otherwise.
pub fn reads_like_an_update(line: &str) -> Option<usize> {
    line::read(line).map(|line| line.begin)
}

/// How a line stays what it is.
const ACCOUNT: &str = "in an account of what happened, begin with a word: `At 19:14 UTC …`";

impl Stray {
    /// What is said of it; `None` where an update of the post has its time, and nothing is lost.
    pub fn finding(&self, text: &str, post: &Post, updates: &[Update], offset: usize) -> Option<Finding> {
        let is_at = |at: crate::model::Moment| {
            self.time.as_ref().is_some_and(|time| *time == at.format("%H:%M").to_string())
                && self.date.as_ref().is_none_or(|date| *date == at.format("%Y-%m-%d").to_string())
        };
        let is_told = updates.iter().any(|update| is_at(update.at));
        let is_window = || [post.start, post.end].into_iter().flatten().any(is_at);
        if self.looks != Looks::Heading && is_told || self.looks == Looks::Date && is_window() {
            return None;
        }
        let span = Span::new(&post.path, self.range.start + offset..self.range.end + offset);
        let words = text[self.range.clone()].replace("**", "").replace("__", "");
        let words = suggested(words.split("</").next().unwrap_or("").trim());
        Some(match self.looks {
            Looks::Heading => {
                Finding::new(Code::UpdateHeading, span, "this looks like an update's heading, but Markdown does not read it as one").help(
                    format!("write {words}: from the line's beginning, with a space behind `##`, below an empty line and outside of code"),
                )
            }
            Looks::Update if self.is_inside => {
                Finding::new(Code::LooksLikeUpdate, span, "this reads like an update, and is part of a list or quote")
                    .help(format!("an update has a heading at the line's beginning: {words}; {ACCOUNT}"))
            }
            Looks::Update if self.date.is_none() => {
                Finding::new(Code::UpdateHeading, span, "this reads like an update, but has no heading with its date")
                    .help(format!("write date, time and state in one line: `## 2026-05-04 19:02 UTC — Monitoring`; {ACCOUNT}"))
            }
            Looks::Update => Finding::new(Code::UpdateHeading, span, "this reads like an update, but has no heading")
                .help(format!("write {words}; {ACCOUNT}")),
            Looks::Date => Finding::new(Code::LooksLikeUpdate, span, "a paragraph that begins with a date like an update")
                .help("an update has a heading: `## 2026-05-04 19:02 UTC — Monitoring`; in other text, begin with a word"),
        })
    }
}
