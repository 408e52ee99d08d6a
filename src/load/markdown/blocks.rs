//! Code blocks, comments and raw HTML: where they end, and what stands in them.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Tag};

use super::Writer;
use crate::findings::{Code, Finding, Findings};
use crate::load::links;
use crate::source::Span;

impl<'a> Writer<'a> {
    /// Remembers where a block stands; one that is not closed is a finding.
    pub(super) fn note(&mut self, tag: &Tag<'a>, range: &Range<usize>, depth: usize, findings: &mut Findings) {
        match tag {
            Tag::Paragraph if depth == 0 => self.blocks.paragraphs.push(range.start),
            Tag::List(_) | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) | Tag::Table(_) if depth == 0 => {
                self.blocks.containers.push(range.clone());
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => self.blocks.indented.push(range.clone()),
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => match Fence::of(&self.markdown[range.clone()], depth > 0) {
                Fence::Closed => self.blocks.closed.push(range.clone()),
                Fence::HoldsAnother => {}
                Fence::Open { sign } => {
                    let start = range.start + self.context.offset;
                    let finding = Finding::new(
                        Code::UnclosedBlock,
                        Span::new(self.context.path, start..start + sign.len()),
                        "a block of code that is not closed",
                    );
                    let signs = if sign.starts_with('~') { "tildes" } else { "backticks" };
                    findings.push(finding.help(format!("end it with a line of {} {signs}: all below is code until then", sign.len())));
                    self.blocks.closed.push(range.clone());
                }
            },
            _ => {}
        }
    }

    /// Raw HTML is text; comments are left out.
    pub(super) fn html_block(&mut self, block: &str, range: &Range<usize>, findings: &mut Findings) {
        let kept = without_comments(block, |_, _| {}).trim().to_owned();
        match own_closer(block.trim_start()).filter(|(_, closer)| !block.contains(closer)) {
            Some((sign, closer)) => self.unclosed_tag(sign, closer, range, findings),
            None => self.comments(range, findings),
        }
        if !kept.is_empty() {
            self.raw("<p>");
            self.text(kept.into());
            self.raw("</p>\n");
        }
    }

    /// Markdown shows such a block as it is, with every update below it.
    fn unclosed_tag(&mut self, sign: &str, closer: &str, range: &Range<usize>, findings: &mut Findings) {
        let block = &self.markdown[range.clone()];
        let start = self.context.offset + range.end - block.trim_start().len();
        let span = Span::new(self.context.path, start..start + sign.len());
        findings.push(
            Finding::new(Code::UnclosedBlock, span, format!("a `{sign}` that is not closed"))
                .help(format!("end it with `{closer}`, or write `&lt;` for its `<`: no update below is read until then")),
        );
        self.blocks.closed.push(range.clone());
    }

    /// Remembers where comments stand; one that is not closed is a finding.
    fn comments(&mut self, range: &Range<usize>, findings: &mut Findings) {
        // On the text itself, where the places are.
        let (mut closed, mut open) = (Vec::new(), None);
        without_comments(&self.markdown[range.clone()], |comment, is_closed| match is_closed {
            true => closed.push(links::moved(&comment, range.start)),
            false => open = Some(links::moved(&comment, range.start)),
        });
        // A comment that holds the beginning of another was to end before it.
        let text = self.markdown;
        self.blocks.closed.extend(closed.into_iter().filter(|comment| !text[comment.clone()][4..].contains("<!--")));
        if let Some(open) = open {
            let start = open.start + self.context.offset;
            findings.push(
                Finding::new(Code::UnclosedBlock, Span::new(self.context.path, start..start + 4), "a comment that is not closed")
                    .help("end it with `-->`: all below is left out until then"),
            );
            self.blocks.closed.push(open);
        }
    }
}

/// What a block of raw HTML begins with, and the only thing that ends it: an empty line does not (CommonMark 4.6, kinds 1 and 3 to 5).
/// The parser knows the closing tags in lower case alone.
fn own_closer(block: &str) -> Option<(&str, &'static str)> {
    const TAGS: [(&str, &str); 4] = [("<pre", "</pre>"), ("<script", "</script>"), ("<style", "</style>"), ("<textarea", "</textarea>")];
    for (tag, closer) in TAGS {
        let Some((sign, rest)) = block.split_at_checked(tag.len()) else { continue };
        let is_whole = rest.chars().next().is_none_or(|next| next == '>' || next.is_whitespace());
        if is_whole && sign.eq_ignore_ascii_case(tag) {
            return Some((sign, closer));
        }
    }
    let signs = [("<?", "?>"), ("<![CDATA[", "]]>")];
    let sign = signs.into_iter().find(|(sign, _)| block.starts_with(sign));
    let is_declaration = || block.strip_prefix("<!").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()));
    sign.or_else(|| is_declaration().then_some(("<!", ">")))
}

/// A text without its comments; each is told, and whether it is closed.
fn without_comments(text: &str, mut tell: impl FnMut(Range<usize>, bool)) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(start) = text[at..].find("<!--").map(|start| at + start) {
        kept.push_str(&text[at..start]);
        let end = text[start..].find("-->").map(|end| start + end + 3);
        at = end.unwrap_or(text.len());
        tell(start..at, end.is_some());
    }
    kept.push_str(&text[at..]);
    kept
}

/// How a fenced block ends.
enum Fence<'a> {
    Closed,
    /// By the end of another that begins inside: a fence was forgotten.
    HoldsAnother,
    Open {
        sign: &'a str,
    },
}

impl Fence<'_> {
    fn of(block: &str, is_inside: bool) -> Fence<'_> {
        // Inside a quote or list, each line begins with its mark; elsewhere four spaces make code of a fence (CommonMark 4.5).
        let without_lead = |line: &'_ str| match is_inside {
            true => line.len() - line.trim_start_matches([' ', '\t', '>']).len(),
            false => line.bytes().take(3).take_while(|byte| *byte == b' ').count(),
        };
        let mut lines = block.trim_end_matches(['\n', '\r']).split(['\n', '\r']);
        let first = lines.next().unwrap_or_default();
        let first = &first[without_lead(first)..];
        let mark = if first.starts_with('~') { '~' } else { '`' };
        let sign = &first[..first.len() - first.trim_start_matches(mark).len()];
        let last = lines.next_back();
        let rest_of = |line: &'_ str| -> Option<bool> {
            let rest = line[without_lead(line)..].strip_prefix(sign)?.trim_start_matches(mark);
            Some(rest.trim_matches([' ', '\t']).is_empty())
        };
        match last.and_then(rest_of) {
            Some(true) if lines.any(|line| rest_of(line) == Some(false)) => Fence::HoldsAnother,
            Some(true) => Fence::Closed,
            _ => Fence::Open { sign },
        }
    }
}
