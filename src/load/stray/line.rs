//! One line of a text: what stands before its first word, and whether it says a date, a time and a state behind that.

use std::ops::Range;

use crate::findings::nearest::nearest;
use crate::load::heading::is_dated;
use crate::model::State;
use crate::model::characters::is_hidden;

/// What a line is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// `##2026-05-04 19:14 UTC`: it has the marks of a heading.
    Heading,
    /// `**2026-05-04 19:14 UTC — Resolved**`, or the same without marks: it says a state.
    Update,
    /// `**2026-05-04 19:14 UTC** We replace a disk`: maybe an update without a state, maybe ordinary words.
    Date,
}

/// A line that reads like an update.
pub struct Line {
    /// The byte at which its date begins, behind all marks.
    pub begin: usize,
    pub looks: Looks,
    /// How many `#` stand before it.
    pub hashes: usize,
    /// It says a state and UTC.
    pub is_sure: bool,
    /// Without a mark or a whole date: in a list it is a line of an account.
    pub is_of_a_day: bool,
    /// `2026-05-04`, where it begins so.
    pub date: Option<String>,
    /// `19:02`
    pub time: Option<String>,
}

/// What stands before the first word of a line.
#[derive(Default)]
struct Marks {
    length: usize,
    hashes: usize,
    is_heading: bool,
    is_strong: bool,
}

/// Reads a line without its end; `None` where it is ordinary text.
pub fn read(line: &str) -> Option<Line> {
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
    Some(Line {
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
