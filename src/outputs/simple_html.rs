//! A text's HTML for readers that are no browsers: mail programs, chat services, programs that take a text apart.
//!
//! In: HTML that `load` made, with full URLs. Out: paragraphs, lists, quotes, code, tables, emphasis and links, without attributes but
//! addresses, languages and a list's first number; or for those that know one paragraph only, its lines in that. What is none of
//! these is written in words or signs, so that nothing of the text is lost.

use std::fmt::Write as _;

/// The HTML in the simplest elements.
pub fn simple(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut is_in_link = false;
    for piece in pieces(html) {
        let (name, is_end, attributes) = match piece {
            Piece::Text(text) => {
                out.push_str(text);
                continue;
            }
            Piece::Tag { name, is_end, attributes } => (name, is_end, attributes),
        };
        let slash = if is_end { "/" } else { "" };
        match name {
            "a" | "blockquote" | "br" | "code" | "em" | "li" | "ol" | "p" | "pre" | "strong" | "table" | "tbody" | "td" | "th"
            | "thead" | "tr" | "ul" => {
                is_in_link = if name == "a" { !is_end } else { is_in_link };
                let _ = write!(out, "<{slash}{name}");
                for (name, value) in self::attributes(attributes).filter(|(name, _)| STAY.contains(name)) {
                    let _ = write!(out, " {name}=\"{value}\"");
                }
                out.push('>');
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => out.push_str(if is_end { "</strong></p>" } else { "<p><strong>" }),
            // As they are written in Markdown: who reads `14:00 15:00` would not know which of them holds.
            "del" => out.push_str("~~"),
            "hr" => out.push_str("<p>* * *</p>"),
            // A footnote's number.
            "sup" => out.push(if is_end { ']' } else { '[' }),
            "img" => {
                let value = |wanted| self::attributes(attributes).find(|(name, _)| *name == wanted).map_or("", |(_, value)| value);
                let (address, words) = (value("src"), value("alt"));
                match (if words.is_empty() { address } else { words }, is_in_link) {
                    (words, true) => out.push_str(words),
                    (words, false) => {
                        let _ = write!(out, "<a href=\"{address}\">{words}</a>");
                    }
                }
            }
            // Frames say nothing.
            _ => {}
        }
    }
    out
}

/// The same as the inside of one paragraph: line ends instead of blocks, and no `strong`, for there it marks a state.
pub fn one_paragraph(html: &str) -> String {
    let simple = simple(html);
    let mut lines = Lines::default();
    for piece in pieces(&simple) {
        match piece {
            Piece::Text(text) => lines.text(text),
            Piece::Tag { name, is_end, attributes } => lines.tag(name, is_end, attributes),
        }
    }
    lines.html
}

/// Attributes that say something where there is no style and no script.
const STAY: [&str; 5] = ["href", "title", "start", "lang", "dir"];

enum Piece<'a> {
    Text(&'a str),
    Tag { name: &'a str, is_end: bool, attributes: &'a str },
}

/// Takes HTML of ours apart: `<` and `>` are escaped in its texts and attributes.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    html.split_inclusive('>').flat_map(|part| {
        let (text, tag) = part.split_once('<').map_or((part, None), |(text, tag)| (text, Some(tag.trim_end_matches('>'))));
        let tag = tag.map(|tag| {
            let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
            let (name, attributes) = tag.split_at(tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len()));
            Piece::Tag { name, is_end, attributes }
        });
        Some(Piece::Text(text)).filter(|_| !text.is_empty()).into_iter().chain(tag)
    })
}

/// Names and values; `text` is what stands between a tag's name and its end.
fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        rest = after;
        Some((name.rsplit(char::is_whitespace).next().unwrap_or_default(), value))
    })
}

/// Lines as they are put together.
#[derive(Default)]
struct Lines {
    html: String,
    /// Line ends before what comes next.
    gap: usize,
    /// What the next line begins with: an item's mark.
    mark: String,
    /// The lists that are open, and the next number of each that counts.
    lists: Vec<Option<u64>>,
    is_in_code_block: bool,
}

impl Lines {
    fn text(&mut self, text: &str) {
        if self.is_in_code_block {
            self.begin();
            self.html.push_str(&text.trim_end_matches('\n').replace('\n', "<br>"));
        } else if self.gap == 0 && self.mark.is_empty() && !self.html.is_empty() {
            self.html.push_str(text);
        } else if !text.trim().is_empty() {
            self.begin();
            self.html.push_str(text.trim_start());
        }
    }

    fn tag(&mut self, name: &str, is_end: bool, attributes: &str) {
        match name {
            "a" | "code" | "em" | "strong" => {
                if !is_end {
                    self.begin();
                }
                let name = if name == "strong" { "b" } else { name };
                let _ = write!(self.html, "<{}{name}{attributes}>", if is_end { "/" } else { "" });
            }
            "br" => self.end_line(1),
            "ol" | "ul" => {
                self.end_line(1);
                if is_end {
                    self.lists.pop();
                } else {
                    let start = self::attributes(attributes).find(|(name, _)| *name == "start").and_then(|(_, start)| start.parse().ok());
                    self.lists.push((name == "ol").then(|| start.unwrap_or(1)));
                }
            }
            "li" | "tr" => {
                self.end_line(1);
                self.mark = if name == "li" && !is_end { self.item() } else { String::new() };
            }
            "td" | "th" if is_end => self.mark = " | ".to_owned(),
            // The first paragraph of an item stands behind its mark.
            "blockquote" | "p" | "pre" | "table" if self.mark.is_empty() => self.end_line(2),
            _ => {}
        }
        self.is_in_code_block = if name == "pre" { !is_end } else { self.is_in_code_block };
    }

    /// The mark of the next item.
    fn item(&mut self) -> String {
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "• ".to_owned(),
        }
    }

    fn end_line(&mut self, gap: usize) {
        self.gap = self.gap.max(gap);
    }

    fn begin(&mut self) {
        if self.gap > 0 && !self.html.is_empty() {
            self.html.truncate(self.html.trim_end().len());
            self.html.extend(std::iter::repeat_n("<br>", self.gap));
        }
        self.gap = 0;
        self.html.push_str(&std::mem::take(&mut self.mark));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Findings;
    use crate::load::markdown::testing::in_context;
    use crate::load::markdown::text;
    use crate::model::config::RemoteImages;

    /// Everything that Markdown can make.
    const MARKDOWN: &str = "# One\n\n## Two {#two}\n\nA *word*, a **strong** one, ~~gone~~, `code` & a note[^1].\\\nNext [line](https://example.net/?a=1&b=2 \"Title\").\n\n\
        - item\n- [x] task\n\n7. seven\n\n   more\n8. eight\n   - inner\n\n> Quote\n\n```sh\nls <a>\ncd\n```\n\n---\n\n\
        | A | B |\n|---|--:|\n| 1 | 2 |\n\n![a graph](/graph.png) [![linked](/x.png)](https://example.net/)\n\n![far](https://example.org/y.png)\n\n[^1]: The note.\n";

    fn html(markdown: &str) -> String {
        let html = in_context("en", RemoteImages::Allow, |context| text(markdown, context, &mut Findings::default()));
        html.with_prefix("https://status.example.net", "https://status.example.net/x/").into_owned()
    }

    #[test]
    fn all_that_markdown_makes_becomes_simple_elements() {
        let html = html(MARKDOWN);
        for element in ["<h2", "<h3", "<del>", "<hr", "<sup", "<img", "<div", "class=", "id=", "tabindex", "role="] {
            assert!(html.contains(element), "{element} is not tried: {html}");
        }
        let simple = simple(&html);
        for piece in pieces(&simple) {
            let Piece::Tag { name, is_end, attributes } = piece else { continue };
            let allowed = "a blockquote br code em li ol p pre strong table tbody td th thead tr ul";
            assert!(allowed.split(' ').any(|allowed| allowed == name), "{name}: {simple}");
            assert!(is_end || self::attributes(attributes).all(|(name, _)| STAY.contains(&name)), "{attributes}: {simple}");
        }
        for kept in [
            "<p><strong>One</strong></p>",
            "~~gone~~",
            "[<a href=\"https://status.example.net/x/#x-fn-1\">1</a>]",
            "[1] \n<p>The note.</p>",
            "<a href=\"https://example.net/?a=1&amp;b=2\" title=\"Title\">line</a>",
            "<ol start=\"7\">",
            "<li>☑ task</li>",
            "<p>* * *</p>",
            "<td>1</td><td>2</td>",
            "<a href=\"https://status.example.net/graph.png\">a graph</a> <a href=\"https://example.net/\">linked</a>",
            "<a href=\"https://example.org/y.png\">far</a>",
            "ls &lt;a&gt;\ncd\n",
        ] {
            assert!(simple.contains(kept), "{kept}\n{simple}");
        }
    }

    #[test]
    fn one_paragraph_holds_all_lines() {
        assert_eq!(
            one_paragraph(&html(MARKDOWN)),
            "<b>One</b><br><br><b>Two</b><br><br>\
             A <em>word</em>, a <b>strong</b> one, ~~gone~~, <code>code</code> &amp; a note[<a href=\"https://status.example.net/x/#x-fn-1\">1</a>].<br>\
             Next <a href=\"https://example.net/?a=1&amp;b=2\" title=\"Title\">line</a>.<br><br>\
             • item<br>• ☑ task<br>7. seven<br><br>more<br><br>8. eight<br><br>• inner<br><br>Quote<br><br><code>ls &lt;a&gt;<br>cd</code><br><br>\
             * * *<br><br>A | B<br>1 | 2<br><br>\
             <a href=\"https://status.example.net/graph.png\">a graph</a> <a href=\"https://example.net/\">linked</a><br><br>\
             <a href=\"https://example.org/y.png\">far</a><br><br>[1]<br><br>The note."
        );
    }
}
