//! Lines that read like an update's heading and are none: an update that Markdown swallows would leave the old status standing.

use std::ops::Range;

use super::fields::shown;
use super::heading::is_dated;
use super::nearest::nearest;
use crate::findings::{Code, Finding};
use crate::model::characters::is_hidden;
use crate::model::{Post, State, Update};
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looks {
    /// `##2026-05-04 19:14 UTC`: it has the marks of a heading.
    Heading,
    /// `**2026-05-04 19:14 UTC — Resolved**`, or the same without marks: it says a state.
    Update,
    /// `**2026-05-04 19:14 UTC** We replace a disk`: maybe an update without a state, maybe ordinary words.
    Date,
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
    if blocks.headings.binary_search(&at).is_ok() {
        return None;
    }
    let line = line.trim_end();
    let read = read(line)?;
    let line_range = at..at + line.len();
    let begins_in_line = |starts: &[usize]| {
        let next = starts.partition_point(|start| *start < line_range.start);
        starts.get(next).is_some_and(|start| *start < line_range.start + read.begin.max(1))
    };
    let holds = |ranges: &[Range<usize>]| {
        let next = ranges.partition_point(|range| range.end <= line_range.start + read.begin);
        ranges.get(next).is_some_and(|range| range.start <= line_range.start + read.begin)
    };
    if begins_in_line(&blocks.headings) || holds(&blocks.closed) {
        return None;
    }
    // `# 2026-05-04 19:02 started` is how a pasted script or log is commented.
    if holds(&blocks.indented) && (read.looks != Looks::Heading || read.hashes == 1 && !read.is_sure) {
        return None;
    }
    let is_inside = holds(&blocks.containers);
    if is_inside && read.is_of_a_day || read.looks == Looks::Date && (is_inside || !begins_in_line(&blocks.paragraphs)) {
        return None;
    }
    Some(Stray { range: line_range.start + read.begin..line_range.end, looks: read.looks, is_inside, date: read.date, time: read.time })
}

/// Whether a line of prose begins like an update, and at which byte its date does: the importer writes it otherwise.
pub fn reads_like_an_update(line: &str) -> Option<usize> {
    read(line).map(|read| read.begin)
}

struct Read {
    begin: usize,
    looks: Looks,
    hashes: usize,
    /// It says a state and UTC.
    is_sure: bool,
    /// Without a mark or a whole date: in a list it is a line of an account.
    is_of_a_day: bool,
    date: Option<String>,
    time: Option<String>,
}

/// What stands before the first word of a line.
#[derive(Default)]
struct Marks {
    length: usize,
    hashes: usize,
    is_heading: bool,
    is_strong: bool,
}

fn read(line: &str) -> Option<Read> {
    let mut marks = marks(line);
    marks.pass_slip(&line[marks.length..]);
    let text = &line[marks.length..];
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_dated = is_dated(text);
    let is_marked = marks.is_heading || marks.is_strong;
    let time = time_of_day(text, if is_dated { 10..18 } else { 0..28 });
    let is_utc = time.as_ref().is_some_and(|time| is_utc(&text[time.end..]));
    // `19:14 — Resolved` and `04/05/2026 19:14` are dates to those who write them, but not without any mark.
    let time = time.filter(|_| is_dated || is_marked || is_utc);
    let says_state = match &time {
        Some(time) => says_state(without_zone(&text[time.end..]), is_marked),
        None => is_dated && says_state(&text[10..], is_marked),
    };
    // `26-05-04 19:14 UTC`: the rest of a heading that was broken into two lines.
    let is_rest = time.as_ref().is_some_and(|time| !is_dated && is_utc && is_rest(&text[..time.start], &text[time.end..]));
    let looks = match () {
        () if marks.is_heading && (time.is_some() || says_state) => Looks::Heading,
        () if says_state || is_rest => Looks::Update,
        () if marks.is_strong && is_dated => Looks::Date,
        () => return None,
    };
    Some(Read {
        begin: marks.length,
        looks,
        hashes: marks.hashes,
        is_sure: says_state && is_utc,
        is_of_a_day: !is_dated && !is_marked,
        date: is_dated.then(|| text[..10].to_owned()),
        time: time.map(|time| format!("{:0>5}", &text[time])),
    })
}

/// Whether a time is said to be UTC, seconds or not.
fn is_utc(behind: &str) -> bool {
    let zone = behind.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':').trim_start();
    zone.starts_with("UTC") || zone.starts_with('Z')
}

/// Whether what stands around a time of UTC is the end of a date, and nothing.
fn is_rest(before: &str, behind: &str) -> bool {
    let is_of_date = |c: char| c.is_ascii_digit() || c == '-' || c == ' ';
    before.len() > 1 && before.chars().all(is_of_date) && without_zone(behind).trim().is_empty()
}

/// Where `19:02` stands, if it begins within these bytes.
fn time_of_day(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let colon = within.into_iter().find(|at| text.as_bytes().get(at + 1) == Some(&b':') && is_digit(*at))? + 1;
    let start = if colon >= 2 && is_digit(colon - 2) { colon - 2 } else { colon - 1 };
    (is_digit(colon + 1) && is_digit(colon + 2)).then_some(start..colon + 3)
}

/// What stands behind a time, without its seconds and its zone.
fn without_zone(text: &str) -> &str {
    let seconds = text.strip_prefix(':').filter(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    let text = seconds.unwrap_or(text).trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let is_of_offset = |c: char| c.is_ascii_digit() || c == ':';
    let zone = match text.strip_prefix(['+', '-']).filter(|offset| offset.starts_with(is_of_offset)) {
        Some(offset) => text.len() - offset.trim_start_matches(is_of_offset).len(),
        None => text.len() - text.trim_start_matches(|c: char| c.is_ascii_uppercase()).len(),
    };
    // The capital of the next word is none.
    if text[zone..].starts_with(|c: char| c.is_ascii_lowercase()) { text } else { &text[zone..] }
}

impl Marks {
    /// Passes a key that was hit between the marks and the date: `x## 2026-05-04`, `##x 2026-05-04`, `#"# 2026-05-04`.
    fn pass_slip(&mut self, rest: &str) {
        // `-05-04 19:14 UTC`: the rest of a date.
        if rest.starts_with('-') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) && !is_dated(&rest[1..]) {
            self.length += 1;
            return;
        }
        let Some(length) = rest.find(|c: char| c.is_ascii_digit()).filter(|length| *length <= 6 && is_dated(&rest[*length..])) else {
            return;
        };
        let slip = &rest[..length];
        // "On 2026-05-04" is a word; `\##` and a piece of code are texts on purpose.
        let is_code = slip.contains('`') && rest[length..].contains('`');
        if is_code || slip.contains('\\') || slip.chars().filter(|c| c.is_alphabetic()).count() > 1 {
            return;
        }
        self.length += length;
        let hashes = slip.matches('#').count();
        self.hashes += hashes;
        self.is_heading |= hashes > 0;
    }
}

/// Marks of quotes, lists, headings and emphasis, in any order, with what is between them and not seen.
fn marks(line: &str) -> Marks {
    let mut marks = Marks::default();
    loop {
        let rest = &line[marks.length..];
        let Some(first) = rest.chars().next() else { return marks };
        let same = rest.len() - rest.trim_start_matches(first).len();
        let is_mark_of_item = rest[first.len_utf8()..].starts_with([' ', '\t']);
        marks.length += match first {
            '#' | '＃' => {
                marks.hashes += same / first.len_utf8();
                marks.is_heading = true;
                same
            }
            '-' | '+' | '*' if is_mark_of_item => 1,
            '*' | '_' => {
                marks.is_strong = true;
                same
            }
            '>' => same,
            '<' => match tag(rest) {
                Some((name, length)) => {
                    let is_heading = name.len() == 2 && name.starts_with(['h', 'H']) && name.ends_with(|c: char| c.is_ascii_digit());
                    marks.is_heading |= is_heading;
                    marks.is_strong |= !is_heading;
                    length
                }
                None => return marks,
            },
            '0'..='9' => match number_of_item(rest) {
                Some(length) => length,
                None => return marks,
            },
            c if c.is_whitespace() || is_hidden(c) => same,
            _ => return marks,
        };
    }
}

/// `<h2>` and `<b>`: the name, and the length of the whole.
fn tag(text: &str) -> Option<(&str, usize)> {
    let name = text.get(1..1 + text[1..].find('>')?)?;
    (name.len() <= 8 && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| (name, name.len() + 2))
}

/// `12. `
fn number_of_item(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_item = digits <= 9 && text[digits..].starts_with(['.', ')']) && text[digits + 1..].starts_with([' ', '\t']);
    is_item.then_some(digits + 2)
}

/// Whether words behind a time begin with a state. Where nothing marks the line, a dash must stand before it.
fn says_state(behind: &str, is_marked: bool) -> bool {
    let is_between = |c: char| c.is_whitespace() || "—–-:|(*_<>/".contains(c);
    // `**2026-05-04 19:14 UTC</b> Resolved`
    let behind = behind.trim_start().trim_start_matches("</b>").trim_start_matches("</strong>");
    let words = behind.trim_start_matches(is_between);
    if !is_marked && !behind[..behind.len() - words.len()].contains(['—', '–', '-', ':']) {
        return false;
    }
    let is_end = |c: char| "—–:.,;!(){}<*_".contains(c);
    let clause = words.split(is_end).next().unwrap_or("").split(" - ").next().unwrap_or("").trim().replace('-', " ");
    if State::from_word(&clause).is_some() {
        return true;
    }
    if !is_marked {
        return false;
    }
    let all = || State::ALL.iter().map(|state| state.word());
    // "Resolved for everybody": of the words that end an event, one at the beginning is enough.
    let first = clause.split(' ').next().unwrap_or("").to_lowercase();
    let ends = State::ALL.iter().any(|state| state.is_final() && state.word() == first);
    ends || clause.len() <= 16 && nearest(&clause, all()).is_some_and(|near| strsim::osa_distance(near, &clause.to_lowercase()) <= 2)
}

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
        let words = shown(words.split("</").next().unwrap_or("").trim());
        Some(match self.looks {
            Looks::Heading => {
                Finding::new(Code::UpdateHeading, span, "this looks like an update's heading, but Markdown does not read it as one").help(
                    format!(
                        "write `## {words}`: from the line's beginning, with a space behind `##`, below an empty line and outside of code"
                    ),
                )
            }
            Looks::Update if self.is_inside => {
                Finding::new(Code::LooksLikeUpdate, span, "this reads like an update, and is part of a list or quote")
                    .help(format!("an update has a heading at the line's beginning: `## {words}`"))
            }
            Looks::Update if self.date.is_none() => {
                Finding::new(Code::UpdateHeading, span, "this reads like an update, but has no heading with its date").help(
                    "write date, time and state in one line: `## 2026-05-04 19:02 UTC — Monitoring`; in an account of what happened, make it an \
                     item of a list: `- …`",
                )
            }
            Looks::Update => Finding::new(Code::UpdateHeading, span, "this reads like an update, but has no heading")
                .help(format!("write `## {words}`; in an account of what happened, make it an item of a list: `- …`")),
            Looks::Date => Finding::new(Code::LooksLikeUpdate, span, "a paragraph that begins with a date like an update")
                .help("an update has a heading: `## 2026-05-04 19:02 UTC — Monitoring`; in other text, begin with a word"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(line: &str) -> Option<Looks> {
        read(line).map(|read| read.looks)
    }

    #[test]
    fn marks_of_a_heading_before_a_date_are_noticed() {
        for line in [
            "##2026-05-04 19:14 UTC — Resolved",
            "##\u{a0}2026-05-04 19:14 UTC — Resolved",
            "    ## 2026-05-04 19:14 UTC",
            "\u{feff}## 2026-05-04 — Resolved",
            "# # 2026-05-04 19:14 UTC",
            "> - ## **2026-05-04 19:14 UTC**",
            "＃＃ 2026-05-04 19:14 UTC — Resolved",
            "<h2>2026-05-04 19:14 UTC — Resolved</h2>",
            "##04/05/2026 19:14 UTC — Resolved",
            "##19:14 UTC: Resolved",
            "x## 2026-05-04 19:14 UTC — Resolved",
            "##x 2026-05-04 19:14 UTC",
            "#\"# 2026-05-04 19:14 UTC",
            "`## 2026-05-04 19:14 UTC",
            "##-2026-05-04 19:14 UTC",
        ] {
            assert_eq!(looks(line), Some(Looks::Heading), "{line}");
        }
    }

    #[test]
    fn a_state_behind_a_date_makes_an_update() {
        for line in [
            "**2026-05-04 19:14 UTC — Resolved**",
            "**2026-05-04 19:14 UTC** — Resolved",
            "**2026-05-04 19:14 UTC:** Resolved. The disk is replaced",
            "**2026-05-04 19:14 UTC** Resolved for everybody",
            "**2026-05-04 19:14 UTC — Resovled**",
            "**2026-05-04 19:14:30 +00:00 — resolved**",
            "**2026-05-04, 19:14 UTC — Resolved**",
            "**2026-05-04 — Resolved**",
            "**2026-05-04T19:14Z: In progress** {impact=none}",
            "**19:14 UTC — Resolved**",
            "**4 May 2026, 9:14 UTC — Resolved**",
            "__2026-05-04 19:14 UTC — Resolved__",
            "*2026-05-04 19:14 UTC — Resolved*",
            "<b>2026-05-04 19:14 UTC</b> — Resolved",
            "2026-05-04 19:14 UTC — Resolved",
            "2026-05-04 19:14 - Resolved: all well",
            "- 2026-05-04 19:14 UTC: Identified",
            "12. 2026-05-04 19:14 UTC: Identified",
            "19:14 UTC — Resolved",
            "6-05-04 19:14 UTC — Resolved",
            "26-05-04 19:14 UTC",
            "-05-04 19:14 UTC — Resolved",
            "x 2026-05-04 19:14 UTC — Resolved",
        ] {
            assert_eq!(looks(line), Some(Looks::Update), "{line}");
        }
    }

    #[test]
    fn ordinary_words_with_dates_are_let_be() {
        for line in [
            "We resolved it on **2026-05-04 19:14 UTC**.",
            "2026-05-04 19:14 UTC is when it was resolved",
            "2026-05-04 19:14 UTC postfix/smtp[12]: resolved mx",
            "- 2026-05-04 19:14 UTC: the queue is empty",
            "### 2026-05-04",
            "19:14 — Resolved",
            "19:14 UTC: the queue is empty",
            "At 2026-05-04 19:14 UTC — Resolved",
            "\\## 2026-05-04 19:14 UTC — Resolved",
            "`## 2026-05-04 19:14 UTC — Resolved` ends it",
            "(2026-05-04 19:14 UTC) is when it was resolved",
            "26-05-04 19:14 UTC is when it was resolved",
            "# 3 disks",
            "**2 servers** are down",
            "| 2026-05-04 19:14 UTC | Resolved |",
            "[2026-05-04 19:14 UTC — Resolved](x.md)",
            "&#50;026-05-04 19:14 UTC — Resolved",
            "",
        ] {
            assert_eq!(looks(line), None, "{line}");
        }
        for line in ["**2026-05-04 19:00 UTC**: scheduled work on NC023", "**2026-05-04** is a holiday"] {
            assert_eq!(looks(line), Some(Looks::Date), "{line}");
        }
    }
}
