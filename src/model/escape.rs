//! Text as HTML and XML show it: the one escaper, and the names that it writes, which [`super::plain`] reads back.

use std::borrow::Cow;

/// Text for HTML, XML and quoted attributes of either. The apostrophe gets its number: its name, `&apos;`, is XML's and not HTML 4's,
/// and mail programs show it as it is.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 32);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// The character that HTML begins with by a name that [`escape`] writes, and the name.
pub fn named(html: &str) -> Option<(&'static str, &'static str)> {
    let names = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
    ["&", "<", ">", "\"", "'"].into_iter().zip(names).find(|(_, name)| html.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plain::words;

    #[test]
    fn what_is_escaped_is_read_back_by_whoever_wants_the_words() {
        for text in ["O'Brien mail", "it's <b>\"better\"</b> & &amp; &apos; &#39;", "'", "Störung – „Relais“", ""] {
            assert_eq!(words(&escape(text), usize::MAX), text);
            assert_eq!(words(&format!("<img src=\"x\" alt=\"{}\">", escape(text)), usize::MAX), text);
            assert!(!escape(text).contains(['<', '>', '"', '\'']), "{text}");
        }
    }
}
