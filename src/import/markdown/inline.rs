//! The inside of a paragraph, heading or table cell: words and marks in, one piece of Markdown out that reads as these words.
//!
//! What Markdown cannot say (emphasis on half a word) is written without its mark: a text never loses a letter.

use crate::load::clean::clean;
use crate::load::heading::{is_dated, past_marks};
use crate::load::stray::reads_like_an_update;

/// What is written around words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    Strong,
    Emphasis,
    Struck,
    /// Where it leads.
    Link(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Word(String),
    Space,
    Break,
    Open(Mark),
    Close(Mark),
    Code(String),
    Image { alt: String, to: String },
}

/// Where a text stands, which decides what has a meaning in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    Paragraph,
    Heading,
    Cell,
}

/// Words and marks, as they are told. Marks are closed in the reverse order of their opening.
#[derive(Debug, Default)]
pub struct Inline {
    pieces: Vec<Piece>,
}

impl Inline {
    /// Words; white space of any length is one space, and so are line ends that only some editors know: a post would have a line there.
    pub fn text(&mut self, text: &str) {
        let is_space = |c: char| c.is_ascii_whitespace() || matches!(c, '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}');
        for (at, word) in text.split(is_space).map(|word| clean(word).text).enumerate() {
            if at > 0 {
                self.pieces.push(Piece::Space);
            }
            match self.pieces.last_mut() {
                Some(Piece::Word(before)) => before.push_str(&word),
                _ if word.is_empty() => {}
                _ => self.pieces.push(Piece::Word(word.into_owned())),
            }
        }
    }

    pub fn line_break(&mut self) {
        self.pieces.push(Piece::Break);
    }

    /// Whether the last that was told is the end of a line.
    pub fn ends_in_break(&self) -> bool {
        self.pieces.iter().rev().find(|piece| **piece != Piece::Space) == Some(&Piece::Break)
    }

    pub fn open(&mut self, mark: Mark) {
        self.pieces.push(Piece::Open(mark));
    }

    pub fn close(&mut self, mark: Mark) {
        self.pieces.push(Piece::Close(mark));
    }

    pub fn code(&mut self, code: &str) {
        let words: Vec<String> = code.split_ascii_whitespace().map(|word| clean(word).text.into_owned()).collect();
        let code = words.join(" ");
        if !code.is_empty() {
            self.pieces.push(Piece::Code(code));
        }
    }

    pub fn image(&mut self, alt: &str, to: String) {
        let alt = alt.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        self.pieces.push(Piece::Image { alt: clean(&alt).text.into_owned(), to });
    }

    /// The Markdown; empty where there is nothing to read.
    pub fn write(self, context: Context) -> String {
        // Code in a heading is words, since its date would be an update's; so is code that makes a link read as a definition (`[…]: …`).
        let plain = |piece| match piece {
            Piece::Code(code) if context == Context::Heading || code.contains("]:") => Piece::Word(code),
            piece => piece,
        };
        let mut pieces = arranged(self.pieces.into_iter().map(plain).collect(), context);
        drop_unsayable_marks(&mut pieces);
        let mut text = String::new();
        let mut is_line_start = true;
        for (at, piece) in pieces.iter().enumerate() {
            let next = pieces.get(at + 1);
            match piece {
                Piece::Word(word) => {
                    let is_followed = !matches!(next, None | Some(Piece::Space | Piece::Break));
                    text.push_str(&escaped(word, context, is_line_start, is_followed, text.chars().next_back()));
                }
                Piece::Space => text.push(' '),
                Piece::Break => text.push_str("\\\n"),
                Piece::Open(Mark::Link(_)) => text.push('['),
                Piece::Close(Mark::Link(to)) => text.push_str(&format!("]({})", destination(to))),
                Piece::Open(mark) | Piece::Close(mark) => text.push_str(delimiter(mark)),
                Piece::Code(code) => text.push_str(&code_span(code, context)),
                Piece::Image { alt, to } => text.push_str(&format!("![{}]({})", escaped(alt, context, false, true, None), destination(to))),
            }
            is_line_start = *piece == Piece::Break || is_line_start && matches!(piece, Piece::Open(_) | Piece::Close(_));
        }
        match context {
            Context::Heading => no_update_heading(&text),
            Context::Paragraph => text.split('\n').map(no_update).collect::<Vec<_>>().join("\n"),
            Context::Cell => no_update(&text).to_string(),
        }
    }
}

/// Spaces moved out of marks, empty marks taken out, no space at either end.
fn arranged(pieces: Vec<Piece>, context: Context) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut opening: Vec<Mark> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Open(mark) => opening.push(mark),
            Piece::Close(mark) => {
                if opening.pop().is_none() {
                    let spaces = out.iter().rev().take_while(|piece| matches!(piece, Piece::Space | Piece::Break)).count();
                    out.insert(out.len() - spaces, Piece::Close(mark));
                }
            }
            Piece::Space | Piece::Break => {
                let blank = if context == Context::Paragraph { piece } else { Piece::Space };
                let last = out.iter_mut().rev().find(|piece| !matches!(piece, Piece::Open(_) | Piece::Close(_)));
                match last {
                    None | Some(Piece::Break) => {}
                    Some(last @ Piece::Space) => *last = blank,
                    Some(_) => out.push(blank),
                }
            }
            content => {
                out.extend(opening.drain(..).map(Piece::Open));
                out.push(content);
            }
        }
    }
    // What is still to be opened has no words; a space at the end may stand before closing marks.
    while let Some(at) = out.iter().rposition(|piece| !matches!(piece, Piece::Close(_)))
        && matches!(out[at], Piece::Space | Piece::Break)
    {
        out.remove(at);
    }
    out
}

/// Takes out emphasis whose delimiters would not be read as such (CommonMark 6.2), and emphasis within the same; joins words
/// and code that stand side by side then.
fn drop_unsayable_marks(pieces: &mut Vec<Piece>) {
    let mut keep = vec![true; pieces.len()];
    let mut open: Vec<(usize, bool)> = Vec::new();
    for at in 0..pieces.len() {
        match &pieces[at] {
            Piece::Open(mark) => {
                let is_within = open.iter().any(|(other, kept)| *kept && pieces[*other] == Piece::Open(mark.clone()));
                let is_sayable = matches!(mark, Mark::Link(_)) || !is_within && may_open(pieces, at);
                open.push((at, is_sayable));
            }
            Piece::Close(mark) => {
                let Some((opened, is_sayable)) = open.pop() else { continue };
                if !is_sayable || !matches!(mark, Mark::Link(_)) && !may_close(pieces, at) {
                    (keep[opened], keep[at]) = (false, false);
                }
            }
            _ => {}
        }
    }
    open.iter().for_each(|(opened, _)| keep[*opened] = false);
    let mut keep = keep.into_iter();
    pieces.retain(|_| keep.next().unwrap_or(true));
    // Two pieces of code at once would be one with backticks in it, and what two pieces of a word mean they mean together: `1` and `.`
    pieces.dedup_by(|next, before| match (before, next) {
        (Piece::Code(before), Piece::Code(next)) | (Piece::Word(before), Piece::Word(next)) => {
            before.push_str(next);
            true
        }
        _ => false,
    });
}

fn is_emphasis(piece: &Piece) -> bool {
    matches!(piece, Piece::Open(mark) | Piece::Close(mark) if !matches!(mark, Mark::Link(_)))
}

fn may_open(pieces: &[Piece], at: usize) -> bool {
    let before = pieces[..at].iter().rev().find(|piece| !(matches!(piece, Piece::Open(_)) && is_emphasis(piece)));
    let after = pieces[at..].iter().find(|piece| !(matches!(piece, Piece::Open(_)) && is_emphasis(piece)));
    stands(before.map(last_char), after.map(first_char))
}

fn may_close(pieces: &[Piece], at: usize) -> bool {
    let before = pieces[..=at].iter().rev().find(|piece| !(matches!(piece, Piece::Close(_)) && is_emphasis(piece)));
    let after = pieces[at + 1..].iter().find(|piece| !is_emphasis(piece));
    stands(after.map(first_char), before.map(last_char))
}

/// Whether a delimiter stands between an outside and an inside that let it be read; `None` is the end of the text.
fn stands(outside: Option<char>, inside: Option<char>) -> bool {
    let Some(inside) = inside else { return false };
    match outside {
        None | Some(' ') => inside.is_alphanumeric() || inside.is_ascii_punctuation(),
        Some(outside) => outside.is_ascii_punctuation() && !matches!(outside, '*' | '_' | '~') && inside.is_alphanumeric(),
    }
}

fn first_char(piece: &Piece) -> char {
    match piece {
        Piece::Word(word) => word.chars().next().unwrap_or(' '),
        Piece::Space | Piece::Break => ' ',
        Piece::Open(Mark::Link(_)) => '[',
        Piece::Close(Mark::Link(_)) => ']',
        Piece::Open(_) | Piece::Close(_) => '*',
        Piece::Code(_) => '`',
        Piece::Image { .. } => '!',
    }
}

fn last_char(piece: &Piece) -> char {
    match piece {
        Piece::Word(word) => word.chars().next_back().unwrap_or(' '),
        Piece::Close(Mark::Link(_)) | Piece::Image { .. } => ')',
        other => first_char(other),
    }
}

fn delimiter(mark: &Mark) -> &'static str {
    match mark {
        Mark::Strong => "**",
        Mark::Emphasis => "*",
        _ => "~~",
    }
}

/// A text in which nothing is a mark. `before` is what stands right before it.
fn escaped(text: &str, context: Context, is_line_start: bool, is_followed: bool, before: Option<char>) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let chars: Vec<char> = text.chars().collect();
    let line_mark = if is_line_start { line_mark(text) } else { None };
    for (at, &c) in chars.iter().enumerate() {
        let previous = if at > 0 { Some(chars[at - 1]) } else { before };
        let next = chars.get(at + 1).copied();
        let is_last = at + 1 == chars.len();
        let is_inside_word = previous.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
        let has_meaning = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '|' => true,
            '_' => !is_inside_word,
            '&' => next.is_none_or(|next| next.is_ascii_alphanumeric() || next == '#'),
            '!' => is_last && is_followed,
            // Two before a time would look like an update's heading, wherever they stand.
            '#' => is_last && context == Context::Heading || next == Some('#'),
            '^' => at == 0,
            _ => false,
        };
        if has_meaning || line_mark == Some(at) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Which character of a line's first word would make the line a heading, list, quote, rule or table.
fn line_mark(word: &str) -> Option<usize> {
    let first = word.chars().next()?;
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let is_made_of = |signs: &str| word.chars().all(|c| signs.contains(c));
    match first {
        '#' | '>' => Some(0),
        '+' if word == "+" || word.starts_with("+++") => Some(0),
        '-' | ':' if is_made_of("-:") => Some(0),
        '=' if is_made_of("=") => Some(0),
        '0'..='9' if word.len() == digits + 1 && word.ends_with(['.', ')']) => Some(digits),
        _ => None,
    }
}

/// Code between enough backticks.
fn code_span(code: &str, context: Context) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    let code = if context == Context::Cell { code.replace('|', "\\|") } else { code.to_owned() };
    format!("{fence}{pad}{code}{pad}{fence}")
}

/// A URL as the destination of a link (CommonMark 6.3), which also may stand in a table.
fn destination(url: &str) -> String {
    let mut written = String::with_capacity(url.len());
    for (at, c) in url.char_indices() {
        match c {
            '&' if url[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#') => written.push_str("\\&"),
            '(' | ')' | '<' | '>' | '\\' | '"' | '|' | '`' | '{' | '}' => written.push_str(&format!("%{:02X}", u32::from(c))),
            c if c.is_whitespace() || c.is_control() => written.extend(c.to_string().bytes().map(|byte| format!("%{byte:02X}"))),
            c => written.push(c),
        }
    }
    written
}

/// A line that cannot be taken for an update: `&#50;013-05-04 19:00 UTC — Resolved` reads the same and is none.
fn no_update(line: &str) -> String {
    match reads_like_an_update(line) {
        Some(begin) => format!("{}&#{};{}", &line[..begin], line.as_bytes()[begin], &line[begin + 1..]),
        None => line.to_owned(),
    }
}

/// A heading that cannot be taken for an update's, nor for one that was meant to be, and has no attributes.
fn no_update_heading(text: &str) -> String {
    let mut heading = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let begin = reads_like_an_update(text).unwrap_or(text.len() - past_marks(text).len());
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    for (at, c) in text.char_indices() {
        match c {
            '{' => heading.push_str("&#123;"),
            '}' => heading.push_str("&#125;"),
            ':' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => heading.push_str("&#58;"),
            c if at == begin && is_dated(&text[begin..]) => heading.push_str(&format!("&#{};", u32::from(c))),
            c => heading.push(c),
        }
    }
    heading
}
