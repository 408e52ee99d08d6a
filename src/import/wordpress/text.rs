//! A post's text as WordPress keeps it, made the HTML that WordPress showed: paragraphs by blank lines, blocks, shortcodes.

use std::collections::BTreeSet;

use crate::import::markdown::{MOST_UNCLOSED, Tag, is_inline, tag};

/// The HTML of a text. Shortcodes that only WordPress can fill stay as they are written, with a note.
pub fn html(text: &str, notes: &mut BTreeSet<String>) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = shortcodes(&text, notes);
    if text.contains("<!-- wp:") { of_blocks(&text, notes) } else { paragraphs(&text) }
}

/// What a block's mark begins with.
const COMMENT: &str = "<!-- ";

/// The block editor's text: what stands in blocks is HTML already, what stands between them is of the editor before it.
fn of_blocks(text: &str, notes: &mut BTreeSet<String>) -> String {
    let mut html = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut rest = text;
    loop {
        // The mark of either kind at once: to look for one that is missing would go through the rest for each of the other.
        let is_mark = |at: &usize| ["wp:", "/wp:"].iter().any(|mark| rest[at + COMMENT.len()..].starts_with(mark));
        let next = rest.match_indices(COMMENT).map(|(at, _)| at).find(is_mark);
        let between = &rest[..next.unwrap_or(rest.len())];
        if depth == 0 {
            html.push_str(&paragraphs(between));
        } else {
            html.push_str(between);
        }
        let Some(at) = next else { return html };
        let length = rest[at..].find("-->").map_or(rest.len() - at, |end| end + 3);
        let comment = &rest[at..at + length];
        if comment.starts_with("<!-- /") {
            depth = depth.saturating_sub(1);
        } else if comment.ends_with("/-->") {
            let name = comment["<!-- wp:".len()..].split([' ', '/']).next().unwrap_or("");
            if !matches!(name, "more" | "nextpage" | "separator" | "spacer") {
                notes.insert(format!("the block `{name}` has no text of its own, and is left out"));
            }
        } else {
            depth += 1;
        }
        rest = &rest[at + length..];
    }
}

/// HTML with its paragraphs: a blank line parts two, a line end is one.
fn paragraphs(text: &str) -> String {
    let mut writer = Paragraphs { html: String::with_capacity(text.len() + 64), run: String::new(), open: Vec::new(), endless: Vec::new() };
    let mut rest = text;
    let mut unclosed = 0;
    while let Some(at) = rest.find('<').filter(|_| unclosed <= MOST_UNCLOSED) {
        writer.run.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match tag(rest) {
            other @ (Tag::None | Tag::Unclosed) => {
                unclosed += usize::from(matches!(other, Tag::Unclosed));
                writer.run.push('<');
                1
            }
            Tag::Comment(length) => {
                writer.run.push_str(if rest.starts_with("<!--more") || rest.starts_with("<!--nextpage") { "\n\n" } else { "" });
                length
            }
            Tag::Element { name, length, is_end } => writer.element(&name, &rest[..length], is_end, rest),
        };
        rest = &rest[length..];
    }
    writer.run.push_str(rest);
    writer.end_run();
    writer.html
}

struct Paragraphs {
    html: String,
    /// Text and inline elements since the last block.
    run: String,
    open: Vec<String>,
    /// Elements that are ended nowhere in the rest of the text.
    endless: Vec<String>,
}

impl Paragraphs {
    /// Takes an element, or all of it where its text is kept as it is; gives how much was taken.
    fn element(&mut self, name: &str, tag: &str, is_end: bool, rest: &str) -> usize {
        let stands_in_line = is_inline(name)
            || matches!(
                name,
                "br" | "img"
                    | "iframe"
                    | "embed"
                    | "object"
                    | "param"
                    | "video"
                    | "audio"
                    | "source"
                    | "picture"
                    | "input"
                    | "map"
                    | "area"
            );
        if name == "br" {
            self.run.push_str("<br>");
            let after = &rest[tag.len()..];
            return tag.len() + usize::from(after.starts_with('\n'));
        }
        if stands_in_line {
            self.run.push_str(&tag.replace('\n', " "));
            return tag.len();
        }
        self.end_run();
        if matches!(name, "pre" | "script" | "style" | "textarea") && !is_end {
            let end = if self.endless.iter().any(|endless| endless == name) { None } else { end_of(rest, name) };
            if end.is_none() {
                self.endless.push(name.to_owned());
            }
            let length = end.unwrap_or(tag.len());
            self.html.push_str(&rest[..length]);
            return length;
        }
        if self.open.last().is_some_and(|last| last == "p") && !(is_end && name == "p") {
            self.open.pop();
        }
        if is_end {
            if let Some(at) = self.open.iter().rposition(|open| open == name) {
                self.open.truncate(at);
            }
        } else if !matches!(name, "hr" | "col" | "link" | "meta" | "base") {
            self.open.push(name.to_owned());
        }
        self.html.push_str(tag);
        tag.len()
    }

    /// Writes the run as what it is where it stands: paragraphs, a line, or the space between rows.
    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let around = self.open.last().map_or("", String::as_str);
        if matches!(around, "ul" | "ol" | "dl" | "menu" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup" | "select") {
            self.html.push_str(&run);
            return;
        }
        let is_line = matches!(
            around,
            "p" | "li"
                | "td"
                | "th"
                | "dt"
                | "dd"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "caption"
                | "figcaption"
                | "figure"
                | "summary"
        );
        let mut parts: Vec<String> = vec![String::new()];
        for line in run.trim_matches('\n').split('\n') {
            match parts.last_mut() {
                Some(part) if line.trim().is_empty() && !part.is_empty() => parts.push(String::new()),
                Some(part) => {
                    if !part.is_empty() && !part.ends_with("<br>") {
                        part.push_str("<br>");
                    }
                    part.push_str(&linked(line));
                }
                None => {}
            }
        }
        parts.retain(|part| !part.trim().is_empty());
        for part in &parts {
            match is_line && parts.len() == 1 {
                true => self.html.push_str(part),
                false => self.html.push_str(&format!("<p>{part}</p>")),
            }
        }
    }
}

/// Where an element that holds no others ends, its end tag included.
fn end_of(text: &str, name: &str) -> Option<usize> {
    let mut ends = text.match_indices("</").map(|(at, _)| at);
    let at = ends.find(|at| text[at + 2..].get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)))?;
    Some(at + text[at..].find('>')? + 1)
}

/// A line that is an address and nothing else was shown as what is there: here it is a link.
fn linked(line: &str) -> String {
    let url = line.trim();
    let is_url =
        (url.starts_with("http://") || url.starts_with("https://")) && !url.contains(|c: char| c.is_whitespace() || "<>\"'".contains(c));
    if is_url { format!("<a href=\"{url}\">{url}</a>") } else { line.to_owned() }
}

/// Shortcodes that are nothing but markup become HTML; others are noted and stay.
fn shortcodes(text: &str, notes: &mut BTreeSet<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let ended: BTreeSet<&str> = text.split("[/").skip(1).filter_map(|rest| rest.split_once(']')).map(|(name, _)| name).collect();
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some((name, length)) = shortcode(rest) else {
            out.push('[');
            rest = &rest[1..];
            continue;
        };
        let code = &rest[..length];
        match name.trim_start_matches('/') {
            "caption" | "wp_caption" => out.push_str(if name.starts_with('/') { "</figure>" } else { "<figure>" }),
            "embed" => out.push('\n'),
            bare => {
                let is_known = matches!(bare, "gallery" | "audio" | "video" | "playlist" | "contact-form" | "contact-form-7");
                if is_known || code.contains('=') || ended.contains(bare) {
                    notes.insert(format!("the shortcode `[{bare}]` is kept as text"));
                }
                out.push_str(code);
            }
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The name of a shortcode, with the slash of one that ends, and its length with its brackets.
fn shortcode(text: &str) -> Option<(&str, usize)> {
    let inside = &text[1..];
    let start = usize::from(inside.starts_with('/'));
    let length = inside[start..].find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_'))?;
    let name = &inside[..start + length];
    let is_name = inside[start..].starts_with(|c: char| c.is_ascii_lowercase());
    let end = inside.find([']', '[', '\n']).filter(|end| inside[*end..].starts_with(']'))?;
    let attributes = inside.get(name.len()..end)?;
    (is_name && (attributes.is_empty() || attributes.starts_with(' ') || attributes == "/")).then_some((name, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> (String, Vec<String>) {
        let mut notes = BTreeSet::new();
        (html(text, &mut notes), notes.into_iter().collect())
    }

    #[test]
    fn a_blank_line_parts_paragraphs_and_a_line_end_is_one() {
        for (text, expected) in [
            ("One\r\ntwo\n\nthree", "<p>One<br>two</p><p>three</p>"),
            ("a <b>b\n\nc</b> <br />\nd", "<p>a <b>b</p><p>c</b> <br>d</p>"),
            ("<ul>\n<li>a\nb</li>\n<li>c</li>\n</ul>\nd", "<ul>\n<li>a<br>b</li>\n<li>c</li>\n</ul><p>d</p>"),
            ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
            ("x\n<pre>a\n\nb</pre>\ny", "<p>x</p><pre>a\n\nb</pre><p>y</p>"),
            ("<p>a</p>\n\nb<!--more-->c", "<p>a</p><p>b</p><p>c</p>"),
            ("https://video.example/1", "<p><a href=\"https://video.example/1\">https://video.example/1</a></p>"),
            ("a <x@example.net> b < c", "<p>a <x@example.net> b < c</p>"),
        ] {
            assert_eq!(made(text), (expected.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn blocks_are_html_and_what_stands_between_them_is_not() {
        let text = "old\n\ntext\n<!-- wp:paragraph {\"a\":1} -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->\n<!-- wp:latest-posts /-->";
        let (html, notes) = made(text);
        assert!(html.starts_with("<p>old</p><p>text</p>\n<p>One\ntwo</p>\n"), "{html}");
        assert_eq!(notes, ["the block `latest-posts` has no text of its own, and is left out"]);
    }

    #[test]
    fn shortcodes_that_only_wordpress_fills_stay_and_are_told() {
        let (html, notes) = made("[caption id=\"a\" width=\"3\"]<img src=\"x.png\" /> A plan[/caption] [gallery ids=\"1,2\"] [sic] [1]");
        assert_eq!(html, "<figure><img src=\"x.png\" /> A plan</figure><p> [gallery ids=\"1,2\"] [sic] [1]</p>");
        assert_eq!(notes, ["the shortcode `[gallery]` is kept as text"]);
    }
}
