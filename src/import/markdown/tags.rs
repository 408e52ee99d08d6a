//! What is an HTML element and what only looks like one: a text in angle brackets is a text.

use std::borrow::Cow;

/// Elements of HTML, those that are out of use included (<https://html.spec.whatwg.org/#elements-3>, §16.2), in order.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "pre",
    "progress",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// Elements that end by themselves, so that many of them are not many in each other.
const SHORT: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "frame", "hr", "img", "input", "li", "link", "meta", "option", "p", "param",
    "source", "tbody", "td", "th", "thead", "tr", "track", "wbr",
];

/// How deep elements may stand in each other; browsers give up at 512.
const DEEPEST: usize = 200;

/// HTML in which every `<` begins an element or a comment; other angle brackets are escaped.
///
/// Elements deeper than any text has them are taken out, their words stay.
pub fn text_in_brackets_escaped(html: &str) -> Cow<'_, str> {
    if !html.contains('<') {
        return Cow::Borrowed(html);
    }
    let mut escaped = String::with_capacity(html.len());
    let (mut depth, mut unclosed) = (0_usize, 0);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        escaped.push_str(&rest[..at]);
        rest = &rest[at..];
        match tag(rest) {
            Tag::Comment(length) => rest = &rest[length..],
            Tag::Element { name, length, is_end } => {
                let counts = SHORT.binary_search(&name.as_str()).is_err();
                if is_end && counts {
                    depth = depth.saturating_sub(1);
                } else if counts {
                    depth += 1;
                }
                escaped.push_str(if depth > DEEPEST { " " } else { &rest[..length] });
                rest = &rest[length..];
            }
            tag => {
                unclosed += usize::from(matches!(tag, Tag::Unclosed));
                if unclosed > MOST_UNCLOSED {
                    break;
                }
                escaped.push_str("&lt;");
                rest = &rest[1..];
            }
        }
    }
    escaped.push_str(&if unclosed > MOST_UNCLOSED { Cow::Owned(rest.replace('<', "&lt;")) } else { Cow::Borrowed(rest) });
    Cow::Owned(escaped)
}

/// What stands at a `<`.
pub enum Tag {
    Element {
        name: String,
        length: usize,
        is_end: bool,
    },
    Comment(usize),
    /// An element or comment that begins and does not end.
    Unclosed,
    /// Text.
    None,
}

/// How often a text may begin what it does not end: each time its rest is looked through in vain.
pub const MOST_UNCLOSED: usize = 100;

/// Reads a tag as far as its `>`; quoted attributes may hold one.
pub fn tag(text: &str) -> Tag {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(Tag::Unclosed, |end| Tag::Comment(end + 3));
    }
    let is_end = text.starts_with("</");
    let from = if is_end { 2 } else { 1 };
    let length = text[from..].find(|c: char| !(c.is_ascii_alphanumeric())).unwrap_or(0);
    let name = text[from..from + length].to_ascii_lowercase();
    let stands = text[from + length..].starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'));
    if !stands || ELEMENTS.binary_search(&name.as_str()).is_err() {
        return Tag::None;
    }
    match end_of_tag(&text[from + length..]) {
        Some(end) => Tag::Element { name, length: from + length + end, is_end },
        None => Tag::Unclosed,
    }
}

/// How many bytes there are up to and with the `>` that is in no quotes.
fn end_of_tag(attributes: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_value = false;
    for (at, byte) in attributes.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if is_value => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
        is_value = byte == b'=' || is_value && byte.is_ascii_whitespace();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order() {
        assert!(ELEMENTS.is_sorted() && SHORT.is_sorted());
    }

    #[test]
    fn what_is_no_element_stays_a_text() {
        for (html, escaped) in [
            ("a <senderdomain.local>: b", "a &lt;senderdomain.local>: b"),
            ("<john@example.net> <http://x/> </3 <?php x ?> 1 < 2", "&lt;john@example.net> &lt;http://x/> &lt;/3 &lt;?php x ?> 1 &lt; 2"),
            ("<b>x</b><!-- y --><BR/><a title='>' href=\"<x>\">", "<b>x</b><BR/><a title='>' href=\"<x>\">"),
            ("<!-- not closed <b", "&lt;!-- not closed &lt;b"),
        ] {
            assert_eq!(text_in_brackets_escaped(html), escaped);
        }
    }

    #[test]
    fn elements_in_each_other_end_somewhere() {
        let html = format!("{}x{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let escaped = text_in_brackets_escaped(&html);
        assert_eq!(escaped.matches("<div>").count(), DEEPEST);
        assert!(escaped.contains('x'));
    }

    #[test]
    fn what_never_ends_is_given_up() {
        for never in ["<a href=\"", "<!-- ", "<b "] {
            let html = never.repeat(20_000);
            assert_eq!(text_in_brackets_escaped(&html), html.replace('<', "&lt;"));
        }
    }
}
