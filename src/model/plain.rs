//! The words of HTML without its marks, for summaries, previews and the search.

use memchr::{memchr, memchr2, memchr3, memchr3_iter, memmem};

use super::escape::named;

/// The words of HTML that `load` made, white space folded to single spaces, none at the ends. Numbers of footnotes and the
/// boxes of tasks are no words; an image's are its text alternative.
///
/// Ends with the piece in which it passes `enough` characters: to summarise a long text is as quick as a short one.
pub fn words(html: &str, enough: usize) -> String {
    read(html, enough, false)
}

/// The same without tables and code, which no summary can show; nothing where there is nothing else.
pub fn prose(html: &str, enough: usize) -> String {
    read(html, enough, true)
}

/// The words of HTML of ours, with an empty line between its blocks.
pub fn paragraphs(html: &str) -> String {
    const ENDS: [&str; 11] = ["</p>", "</li>", "</pre>", "</tr>", "</blockquote>", "</h1>", "</h2>", "</h3>", "</h4>", "</h5>", "</h6>"];
    // HTML holds no NUL.
    let marked = ENDS.iter().fold(html.to_owned(), |html, end| html.replace(end, "\0"));
    let blocks: Vec<String> = marked.split('\0').map(|block| words(block, usize::MAX)).filter(|block| !block.is_empty()).collect();
    blocks.join("\n\n")
}

fn read(html: &str, enough: usize, only_prose: bool) -> String {
    let text = String::with_capacity(html.len().min(enough.saturating_mul(4)));
    let mut words = Words { text, is_apart: false, may_have_gaps: has_gaps(html.as_bytes()), only_prose };
    let mut done = 0;
    for at in memchr3_iter(b'<', b'&', b'\n', html.as_bytes()) {
        if at < done {
            continue; // within a mark
        }
        words.add(&html[done..at]);
        let rest = &html[at..];
        done = at
            + match rest.as_bytes()[0] {
                b'<' if words.has(enough) => return words.text,
                b'<' => words.mark(rest),
                b'&' => words.character(rest),
                _ => words.line_end(),
            };
    }
    words.add(&html[done..]);
    words.text
}

/// Words as they are put together.
struct Words {
    text: String,
    /// Whether what comes next does not touch what is there.
    is_apart: bool,
    /// Whether white space may have to be folded within a line. In most texts there is none, and to know that of the whole is
    /// faster than to take it apart.
    may_have_gaps: bool,
    /// Whether tables and code are passed over.
    only_prose: bool,
}

impl Words {
    /// Whether there are more characters than that.
    fn has(&self, enough: usize) -> bool {
        self.text.len() > enough && self.text.chars().count() > enough
    }

    /// Passes a mark and what it hides; how many bytes that are.
    fn mark(&mut self, html: &str) -> usize {
        // In attributes `<` and `>` are escaped: the next one ends the mark.
        let Some(end) = memchr(b'>', html.as_bytes()) else { return html.len() };
        let (mark, rest) = (&html[1..end], &html[end + 1..]);
        let (is_end, name) = mark.strip_prefix('/').map_or((false, mark), |name| (true, name));
        let name = &name[..name.bytes().position(|byte| matches!(byte, b' ' | b'/')).unwrap_or(name.len())];
        let mut hidden = 0;
        match name {
            // What these hold is not apart from what is around it.
            "a" | "code" | "del" | "em" | "span" | "strong" => {}
            "img" => self.alternative(mark),
            "sup" if is_end => {}
            "sup" => hidden = rest.find("</sup>").unwrap_or(rest.len()),
            "li" => {
                self.is_apart = true;
                hidden = ["☑ ", "☐ "].iter().find(|task| rest.starts_with(**task)).map_or(0, |task| task.len());
            }
            "table" | "pre" if self.only_prose && !is_end => {
                self.is_apart = true;
                let close = if name == "pre" { "</pre>" } else { "</table>" };
                hidden = memmem::find(rest.as_bytes(), close.as_bytes()).unwrap_or(rest.len());
            }
            _ => self.is_apart = true,
        }
        end + 1 + hidden
    }

    /// The text alternative of an image.
    fn alternative(&mut self, mark: &str) {
        let text = mark.split_once(" alt=\"").and_then(|(_, text)| text.split_once('"')).map_or("", |(text, _)| text);
        let (mut rest, mut next) = (text, text.find('&'));
        while let Some(at) = next {
            self.add(&rest[..at]);
            rest = &rest[at + self.character(&rest[at..])..];
            next = rest.find('&');
        }
        self.add(rest);
    }

    /// Adds the character that stands behind HTML's name for it; how long the name is.
    fn character(&mut self, html: &str) -> usize {
        let (character, name) = named(html).unwrap_or(("&", "&"));
        self.push(character);
        name.len()
    }

    fn line_end(&mut self) -> usize {
        self.is_apart = true;
        1
    }

    /// Adds text of one line.
    fn add(&mut self, line: &str) {
        if line.is_empty() {
            return;
        }
        if self.may_have_gaps {
            self.is_apart |= line.starts_with(char::is_whitespace);
            for word in line.split_whitespace() {
                self.push(word);
                self.is_apart = true;
            }
            self.is_apart = line.ends_with(char::is_whitespace);
        } else {
            self.is_apart |= line.starts_with(' ');
            let (words, ends_apart) = line.strip_suffix(' ').map_or((line, false), |words| (words, true));
            self.push(words.strip_prefix(' ').unwrap_or(words));
            self.is_apart |= ends_apart;
        }
    }

    fn push(&mut self, words: &str) {
        if words.is_empty() {
            return;
        }
        if self.is_apart && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.is_apart = false;
        self.text.push_str(words);
    }
}

/// Whether there may be white space that is neither a single space nor a line's end: a control character, a character that
/// begins with one of these bytes in UTF-8, or two spaces.
fn has_gaps(text: &[u8]) -> bool {
    memchr3(b'\t', b'\r', 0xc2, text).is_some()
        || memchr3(0xe1, 0xe2, 0xe3, text).is_some()
        || memchr2(0x0b, 0x0c, text).is_some()
        || memmem::find(text, b"  ").is_some()
}

/// Where the first `limit` characters end; `None` where there are no more than these.
fn end_of(text: &str, limit: usize) -> Option<usize> {
    let is_short = text.as_bytes().get(..limit).is_none_or(<[u8]>::is_ascii);
    if is_short { (limit < text.len()).then_some(limit) } else { text.char_indices().nth(limit).map(|(at, _)| at) }
}

/// At most `limit` characters, cut at a word, with an ellipsis where something was cut.
pub fn shorten(text: &str, limit: usize) -> String {
    let Some(cut) = end_of(text, limit) else { return text.to_owned() };
    let head = &text[..cut];
    let head = if text[cut..].starts_with(char::is_whitespace) {
        head
    } else {
        head.rfind(char::is_whitespace).map_or(head, |space| &head[..space])
    };
    [head.trim_end_matches(|c: char| c.is_whitespace() || ",;:–—-".contains(c)), "…"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_words_and_blocks_stand_apart() {
        for (html, expected) in [
            ("", ""),
            ("<p>One</p>\n<p>two</p>", "One two"),
            ("<p>re<em>lay</em>s <strong>down</strong></p><ul><li>a</li><li>b</li></ul>", "relays down a b"),
            ("<h3 id=\"x\">Title</h3>text<br />more", "Title text more"),
            ("<table><tbody><tr><td>1</td><td class=\"right\">2</td></tr></tbody></table>", "1 2"),
            ("<p>a &amp;lt; b &lt;c&gt; &quot;d&quot; &#39;e&#39; &nbsp;</p>", "a &lt; b <c> \"d\" 'e' &nbsp;"),
            ("<p>see <img src=\"/x.png\" alt=\"a &lt;graph&gt;\"> here</p>", "see a <graph> here"),
            ("<p>known<sup id=\"ref-1\"><a href=\"#fn-1\">1</a></sup>.</p>", "known."),
            ("<ul>\n<li class=\"task\">☑ disk</li>\n<li class=\"task\">☐ fan</li></ul>", "disk fan"),
            ("<p>never closed <é", "never closed"),
        ] {
            assert_eq!(words(html, usize::MAX), expected, "{html}");
        }
    }

    #[test]
    fn prose_leaves_out_tables_and_code() {
        let html = "<p>Before</p><div class=\"scroll\"><table><tr><td>1</td></tr></table></div><p>between <code>x</code></p><pre><code>y</code></pre><p>after</p>";
        assert_eq!(prose(html, usize::MAX), "Before between x after");
        assert_eq!(words(html, usize::MAX), "Before 1 between x y after");
        assert_eq!(prose("<pre>never closed", usize::MAX), "");
    }

    #[test]
    fn white_space_is_folded_as_if_the_words_were_set_anew() {
        for text in [
            "",
            " ",
            "one line",
            " one  line \n\n and\tanother ",
            "a\u{a0}b\u{2003}c\u{3000} d\u{85}e",
            "Störung – „Relais“\r\nweg ",
            "a\n \nb",
            "x\u{2028}y\u{1680}z",
        ] {
            let expected = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words(text, usize::MAX), expected, "{text:?}");
            assert_eq!(words(&format!("<p>{text}</p>"), usize::MAX), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_read_as_far_as_it_is_wanted() {
        let html = "<p>ten letters</p>".repeat(1000);
        let some = words(&html, 30);
        assert!(some.chars().count() > 30 && some.len() < 60, "{some}");
        assert!(words(&html, usize::MAX).starts_with(&some));
    }
}
