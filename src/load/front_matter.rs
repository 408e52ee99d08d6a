//! A post's file taken apart: the TOML between `+++` lines, and the text after it.

use std::ops::Range;

use super::keys::POST;
use super::parsed::{Parsed, TomlSource};
use super::syntax;
use crate::findings::{Code, Finding, Findings, merge_conflicts, not_utf8};
use crate::source::{SourceFile, Span};

/// What the front matter of a file says, as far as it can be read.
pub struct FrontMatter<'t> {
    pub parsed: Parsed<'t>,
    /// Whether a part of it is lost: a key that is not there may be.
    pub is_broken: bool,
    /// The text: bytes of the file.
    pub body: Range<usize>,
}

/// Reads the front matter of a file; `None` where nothing says where its text begins. `mended` is as in [`syntax::parse`].
pub fn read<'t>(file: &'t SourceFile, mended: &'t mut String, findings: &mut Findings) -> Option<FrontMatter<'t>> {
    let text = text(file, findings)?;
    let parts = split(file, text, findings);
    let is_lost = parts.is_none();
    let Parts { front, body } = parts.or_else(|| without_front(text))?;
    let offset = file.text_offset();
    let source = TomlSource { path: &file.path, offset: offset + front.start };
    let before = findings.errors();
    let parsed = syntax::parse(&text[front], mended, source, findings);
    let is_broken = is_lost || findings.errors() > before;
    Some(FrontMatter { parsed, is_broken, body: offset + body.start..offset + body.end })
}

/// The two parts of a file, as byte ranges of its decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    pub front: Range<usize>,
    pub body: Range<usize>,
}

const EXAMPLE: &str = "a post begins with `+++`, a line `title = \"…\"`, and `+++`";

/// The file's text; `None` with findings where it is not UTF-8, or holds both sides of a merge.
pub fn text<'a>(file: &'a SourceFile, findings: &mut Findings) -> Option<&'a str> {
    let text = file.text().map_err(|_| findings.extend(not_utf8(file))).ok()?;
    let conflicts = merge_conflicts(file, text);
    let is_merged = conflicts.is_empty();
    findings.extend(conflicts);
    is_merged.then_some(text)
}

/// Takes a file apart; `None` with a finding where there is no front matter.
pub fn split(file: &SourceFile, text: &str, findings: &mut Findings) -> Option<Parts> {
    let offset = file.text_offset();
    let at = |range: Range<usize>| Span::new(&file.path, range.start + offset..range.end + offset);
    let first_end = text.find('\n').unwrap_or(text.len());
    let first = text[..first_end].trim_end();
    if first != "+++" {
        let finding = if text.trim().is_empty() {
            Finding::new(Code::FrontMatter, at(0..0), "the file is empty").help(EXAMPLE)
        } else if first == "---" {
            Finding::new(Code::YamlFrontMatter, at(0..3), "front matter in YAML (`---`)")
                .help("write it in TOML: `+++` instead of `---`, `title = \"…\"` instead of `title: …`, lists as `[\"a\", \"b\"]`")
        } else if text.contains("\n+++") || text.trim_start().starts_with("+++") {
            Finding::new(Code::FrontMatter, at(0..first.len()), "there is text before the front matter")
                .help("the first line must be `+++`")
        } else {
            Finding::new(Code::FrontMatter, at(0..first.len()), "there is no front matter").help(EXAMPLE)
        };
        findings.push(finding);
        return None;
    }
    let start = (first_end + 1).min(text.len());
    let mut line_start = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end() == "+++" {
            let body = line_start + line.len()..text.len();
            findings.extend(left_behind(&text[body.clone()]).map(|line| {
                Finding::new(
                    Code::FrontMatter,
                    at(body.start + line.start..body.start + line.end),
                    "a line of front matter below the `+++` that closes it",
                )
                .help("put it above that `+++`")
            }));
            return Some(Parts { front: start..line_start, body });
        }
        line_start += line.len();
    }
    findings.push(
        Finding::new(Code::FrontMatter, at(0..3), "the front matter is not closed")
            .help("put a line `+++` between the front matter and the text"),
    );
    None
}

/// The parts of a file whose front matter cannot be told from its text, but ends where the text begins; `None` where nothing says
/// where that is.
fn without_front(text: &str) -> Option<Parts> {
    let fence = match text.lines().next()?.trim_end() {
        "+++" => return None,
        "---" => "---",
        _ if text.lines().any(|line| line.trim_end() == "+++") => "+++",
        // Keys without a fence end anywhere.
        _ => return (!text.trim().is_empty() && left_behind(text).is_none()).then_some(Parts { front: 0..0, body: 0..text.len() }),
    };
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        at += line.len();
        (line, at)
    });
    let (_, end) = lines.filter(|(line, _)| line.trim_end() == fence).nth(1)?;
    Some(Parts { front: 0..0, body: end..text.len() })
}

/// The text's first line, where it is a key of a post and its value.
pub fn left_behind(text: &str) -> Option<Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let line = text[start..].lines().next()?.trim_end();
    let (key, _) = line.split_once('=')?;
    POST.iter().any(|known| known.name == key.trim_end()).then_some(start..start + line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<(String, String), &'static str> {
        let file = SourceFile { path: "p.md".into(), bytes: text.to_owned().into() };
        let mut findings = Findings::default();
        let text = file.text().unwrap();
        match split(&file, text, &mut findings) {
            Some(parts) => Ok((text[parts.front].to_owned(), text[parts.body].to_owned())),
            None => Err(findings.iter().next().unwrap().code.name()),
        }
    }

    #[test]
    fn a_file_is_taken_apart_whatever_its_line_ends() {
        assert_eq!(parts("+++\na = 1\n+++\ntext"), Ok(("a = 1\n".into(), "text".into())));
        assert_eq!(parts("\u{feff}+++\r\na = 1\r\n+++\r\ntext\r\n"), Ok(("a = 1\r\n".into(), "text\r\n".into())));
        assert_eq!(parts("+++\n+++"), Ok((String::new(), String::new())));
    }

    #[test]
    fn the_text_behind_a_front_matter_that_cannot_be_read_is_found_where_something_ends_it() {
        let body = |text: &'static str| without_front(text).map(|parts| &text[parts.body]);
        assert_eq!(body("---\ntitle: x\n---\ntext"), Some("text"));
        assert_eq!(body("Dear all,\n+++\na = 1\n+++\ntext"), Some("text"));
        assert_eq!(body("only text\n"), Some("only text\n"));
        for text in ["", " \n", "+++\ntitle = 1\n", "---\ntitle: x\n", "a\n+++\nb", "title = \"x\"\n\ntext"] {
            assert_eq!(body(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_file_without_front_matter_says_how_it_should_begin() {
        assert_eq!(parts(""), Err("front-matter"));
        assert_eq!(parts("---\ntitle: x\n---\n"), Err("yaml-front-matter"));
        assert_eq!(parts("hello\n+++\n"), Err("front-matter"));
        assert_eq!(parts("+++\ntitle = 1\n"), Err("front-matter"));
    }
}
