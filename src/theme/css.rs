//! What a style sheet of the site loads from beside it: `url(img/bg.png)` and `@import "other.css"`, by the published names.
//!
//! Files of a theme are published under names that change with their content, so what a style sheet says must change with them.
//! Addresses with a scheme, those from the root, those that leave the folder and those within the page (`#mark`) stay as they are.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::address::decode_path;

/// A place where a style sheet names a file.
#[derive(Debug, PartialEq)]
pub struct Reference {
    /// The address as it is written, without its quotation marks.
    pub range: Range<usize>,
    /// What is behind the file's name: `?#iefix`.
    pub tail: String,
    /// The file, by its name below `static/`.
    pub name: String,
}

/// The files that the style sheet `name` (`css/acme.css`) names by a relative address, in the order of the text.
pub fn references(name: &str, text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    // Whether what stands here is what `@import` brings in, of which a string is an address.
    let mut is_import = false;
    while at < text.len() {
        let rest = &text[at..];
        let first = rest.as_bytes()[0];
        if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if first == b'"' || first == b'\'' {
            let string = string(text, at);
            if std::mem::take(&mut is_import) {
                found.extend(reference(name, text, string.clone()));
            }
            at = string.end + 1;
        } else if is_name_byte(first) || first == b'@' || first == b'\\' {
            let word = word(rest);
            at += word;
            is_import = rest[..word].eq_ignore_ascii_case("@import");
            if rest[..word].eq_ignore_ascii_case("url") && rest[word..].starts_with('(') {
                let start = at + 1 + blank(&text[at + 1..]);
                let range = match text[start..].bytes().next() {
                    Some(b'"' | b'\'') => string(text, start),
                    _ => start..start + bare(&text[start..]),
                };
                at = text[range.end..].find(')').map_or(text.len(), |end| range.end + end + 1);
                found.extend(reference(name, text, range));
            }
        } else {
            is_import &= first.is_ascii_whitespace();
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// The style sheet with the published address of each file that it names, from where it stands itself.
pub fn rewritten(name: &str, text: &str, references: &[Reference], published: &BTreeMap<String, String>) -> String {
    let mut written = String::with_capacity(text.len() + 16 * references.len());
    let up = "../".repeat(name.matches('/').count());
    let mut done = 0;
    for reference in references {
        let Some(address) = published.get(&reference.name) else { continue };
        written.push_str(&text[done..reference.range.start]);
        written.extend([up.as_str(), address, &reference.tail]);
        done = reference.range.end;
    }
    written + &text[done..]
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || byte >= 0x80
}

/// The length of a name, `@import` or `url`, with its escapes.
fn word(text: &str) -> usize {
    let mut end = usize::from(text.starts_with('@'));
    loop {
        match text.as_bytes().get(end) {
            Some(b'\\') => end += 1 + text[end + 1..].chars().next().map_or(0, char::len_utf8),
            Some(byte) if is_name_byte(*byte) => end += 1,
            _ => return end.max(1),
        }
    }
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_ascii_start().len()
}

/// The inside of the string that begins at `at`; one that is not closed ends with its line.
fn string(text: &str, at: usize) -> Range<usize> {
    let quote = text.as_bytes()[at];
    let mut end = at + 1;
    while let Some(byte) = text.as_bytes().get(end).filter(|byte| **byte != quote && **byte != b'\n') {
        end += if *byte == b'\\' { 2 } else { 1 };
    }
    at + 1..end.min(text.len())
}

/// The length of an address without quotation marks.
fn bare(text: &str) -> usize {
    let mut end = 0;
    while let Some(byte) = text.as_bytes().get(end).filter(|byte| !byte.is_ascii_whitespace() && **byte != b')') {
        end += if *byte == b'\\' { 2 } else { 1 };
    }
    end.min(text.len())
}

/// The file that an address names; `None` for one that leads elsewhere.
fn reference(sheet: &str, text: &str, range: Range<usize>) -> Option<Reference> {
    let address = unescaped(text.get(range.clone())?);
    let has_scheme = address.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '?', '#']));
    let (path, tail) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    if path.is_empty() || path.starts_with('/') || has_scheme {
        return None;
    }
    let mut parts: Vec<&str> = sheet.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(Reference { range, tail: tail.to_owned(), name: decode_path(&parts.join("/")) })
}

/// Takes out the escapes: `\26 ` is `&`, `\(` is `(`.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escaped)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = escaped.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if let Some(letter) = u32::from_str_radix(&escaped[..digits], 16).ok().and_then(char::from_u32) {
            plain.push(letter);
            rest = escaped[digits..].strip_prefix([' ', '\t', '\n']).unwrap_or(&escaped[digits..]);
        } else {
            let mut letters = escaped.chars();
            plain.extend(letters.next().filter(|letter| *letter != '\n'));
            rest = letters.as_str();
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sheet: &str, text: &str) -> Vec<String> {
        references(sheet, text).into_iter().map(|reference| reference.name + &reference.tail).collect()
    }

    #[test]
    fn files_are_named_by_url_and_import() {
        let text = "@import \"a.css\"; @IMPORT url( b.css ) screen;\nb { background: URL('img/x y.png'), url(fonts/f.woff2?#iefix) }";
        assert_eq!(names("acme.css", text), ["a.css", "b.css", "img/x y.png", "fonts/f.woff2?#iefix"]);
        assert_eq!(names("css/a.css", "a{b:url(../img/./x.png) url(y%20z.png) url(../../z.png)}"), ["img/x.png", "css/y z.png"]);
        assert_eq!(names("a.css", "a{b:url(x\\(1\\).png) url(\"\\26 y.png\")}"), ["x(1).png", "&y.png"]);
    }

    #[test]
    fn what_is_no_file_beside_it_stays() {
        for text in [
            "/* url(x.png) @import \"a.css\"; */",
            "a::before { content: \"url(x.png)\" } b { content: '\\'url(x.png)' }",
            "a { b: url(data:image/png;base64,AA) url(https://e.example/x) url(//e.example/x) url(/logo.svg) url(#mark) url() }",
            "a { b: my-url(x.png) curl(x.png) }",
            "@import-it \"a.css\"; @charset \"utf-8\"; a[href=\"x.css\"] {}",
            "a { b: url(",
            "a { b: \"",
            "a { b: url(\"\\",
            "\\",
        ] {
            assert_eq!(names("a.css", text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_sheet_is_rewritten_from_where_it_stands() {
        let text = "a { b: url('../img/x.png') url(none.png) }";
        let published = BTreeMap::from([("img/x.png".to_owned(), "img/x.12.png".to_owned())]);
        let written = rewritten("css/a.css", text, &references("css/a.css", text), &published);
        assert_eq!(written, "a { b: url('../img/x.12.png') url(none.png) }");
    }
}
