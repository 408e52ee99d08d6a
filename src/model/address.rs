//! Addresses inside the site, and the words that they are made of.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::characters::{is_dots, windows_device};
use super::moment;

/// The address of a page or file inside the site, decoded, from the site's own root: `/2026/05/04/relay/`, `/feed.xml`.
///
/// It says nothing of host or base path: [`BaseUrl`] adds those.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

impl Address {
    /// `address` starts with `/` and is decoded.
    pub fn new(address: impl Into<Arc<str>>) -> Address {
        let address = address.into();
        debug_assert!(address.starts_with('/'), "an address starts with a slash: {address}");
        Address(address)
    }

    /// The page of a post: `/2026/05/04/relay/`.
    pub fn of_post(day: NaiveDate, slug: &str) -> Address {
        Address(["/", &moment::day(day, "/"), "/", slug, "/"].concat().into())
    }

    /// The archive of a year: `/2026/`.
    pub fn of_year(year: i32) -> Address {
        Address(format!("/{year}/").into())
    }

    /// The archive of a month: `/2026/05/`.
    pub fn of_month(year: i32, month: u32) -> Address {
        Address(format!("/{year}/{month:02}/").into())
    }

    /// The posts with a tag: `/tag/mail-relay/`.
    pub fn of_tag(slug: &str) -> Address {
        Address(["/tag/", slug, "/"].concat().into())
    }

    /// The posts of a category: `/category/network/`.
    pub fn of_category(slug: &str) -> Address {
        Address(["/category/", slug, "/"].concat().into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file that a static host answers with: `2026/05/04/relay/index.html` for a folder, else the address without its slash.
    pub fn file(&self) -> String {
        let path = &self.0[1..];
        if path.is_empty() || path.ends_with('/') { [path, "index.html"].concat() } else { path.to_owned() }
    }

    /// An address below this one: `/server/nc023/` and `feed.xml` give `/server/nc023/feed.xml`.
    pub fn join(&self, below: &str) -> Address {
        Address([&self.0, below].concat().into())
    }

    /// Percent-encoded for a link; slashes stay.
    pub fn encoded(&self) -> String {
        encode_path(&self.0)
    }
}

/// Two paths with the same key are one place on some host: case and Unicode form are folded.
pub fn collision_key(path: &str) -> Cow<'_, str> {
    match path {
        usual if usual.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) => Cow::Borrowed(usual),
        other => Cow::Owned(other.to_lowercase().nfc().collect()),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Where the site is published: `https://example.net/status` is the origin `https://example.net` and the path `/status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Scheme, host and port, without a final slash.
    pub origin: String,
    /// Empty, or `/` and the folder, without a final slash.
    pub path: String,
}

impl BaseUrl {
    /// Takes an `http` or `https` URL without query and fragment; `None` for anything else.
    pub fn parse(url: &str) -> Option<BaseUrl> {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let scheme = &url[..url.len() - rest.len()];
        let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let host_is_fine = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c));
        let path_is_fine =
            path.chars().all(|c| c.is_ascii_graphic() && !"?#\\\"<>".contains(c)) && !path.contains("//") && !path.split('/').any(is_dots);
        (host_is_fine && path_is_fine).then(|| BaseUrl { origin: format!("{scheme}{host}"), path: path.trim_end_matches('/').to_owned() })
    }

    /// Stands in for one that cannot be read, so that the rest of the site can be checked: nobody has that host (RFC 2606).
    pub fn unknown() -> BaseUrl {
        BaseUrl { origin: "https://site.invalid".to_owned(), path: String::new() }
    }

    /// Host and port: `status.example.net`.
    pub fn host(&self) -> &str {
        self.origin.split_once("://").map_or(&self.origin, |(_, host)| host)
    }

    /// The host without its port.
    pub fn host_name(&self) -> &str {
        let host = self.host();
        let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(name, _)| name)
    }

    /// A link from a page of the site: base path and encoded address.
    pub fn href(&self, address: &Address) -> String {
        with_encoded(&[&self.path], &address.0)
    }

    /// The full URL, for feeds, API and sitemap.
    pub fn absolute(&self, address: &Address) -> String {
        with_encoded(&[&self.origin, &self.path], &address.0)
    }

    /// The full URL of the site's front page, with a final slash.
    pub fn home(&self) -> String {
        format!("{}{}/", self.origin, self.path)
    }
}

/// A word as it stands in an address: `Mail relay` is `mail-relay`, `Zażółć` is `zazolc`, `Почта` stays `почта`.
///
/// Latin and Greek letters lose their marks, as people type such words without; in other scripts a mark makes another letter.
/// Empty where the word has neither letter nor digit. What Windows would take for a device gets a hyphen, which no other slug ends with:
/// `Aux` is `aux-`.
pub fn slug(word: &str) -> String {
    let mut slug = if word.is_ascii() { ascii_slug(word) } else { unicode_slug(word) };
    // Devices have short names: most words are not looked up.
    if matches!(slug.len(), 3 | 4) && windows_device(&slug).is_some() {
        slug.push('-');
    }
    slug
}

fn unicode_slug(word: &str) -> String {
    let mut slug = String::with_capacity(word.len());
    let mut keeps_marks = false;
    for c in word.nfkd().flat_map(char::to_lowercase) {
        if is_combining_mark(c) {
            slug.extend(keeps_marks.then_some(c));
            continue;
        }
        // Of the scripts that have letters with marks once they are taken apart, Latin and Greek come first.
        keeps_marks = c.is_alphabetic() && c >= '\u{400}';
        match c {
            'ł' => slug.push('l'),
            'ø' => slug.push('o'),
            'ß' => slug.push_str("ss"),
            'æ' => slug.push_str("ae"),
            '\'' | '’' => {}
            c if c.is_alphanumeric() => slug.push(c),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    while slug.ends_with('-') {
        slug.pop();
    }
    slug.nfc().collect()
}

/// The same for the usual word, which needs no decomposition.
fn ascii_slug(word: &str) -> String {
    let mut slug = String::with_capacity(word.len());
    for c in word.chars().filter(|c| *c != '\'') {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Percent-encodes what may not stand in the path of a URL (RFC 3986); slashes stay.
pub fn encode_path(path: &str) -> String {
    with_encoded(&[], path)
}

/// The same behind what stands before the path.
fn with_encoded(before: &[&str], path: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    const STANDS: [bool; 256] = bytes_that_stand();
    let stands = |byte: u8| STANDS[usize::from(byte)];
    // Most paths are as they should be up to their end.
    let fine = path.bytes().position(|byte| !stands(byte)).unwrap_or(path.len());
    let room = before.iter().map(|part| part.len()).sum::<usize>() + path.len() + 2 * (path.len() - fine);
    let mut encoded = String::with_capacity(room);
    before.iter().for_each(|part| encoded.push_str(part));
    encoded.push_str(&path[..fine]);
    for byte in path[fine..].bytes() {
        if stands(byte) {
            encoded.push(byte as char);
        } else {
            encoded.extend(['%', HEX[usize::from(byte >> 4)] as char, HEX[usize::from(byte & 15)] as char]);
        }
    }
    encoded
}

/// What need not be encoded: letters, digits and some signs.
const fn bytes_that_stand() -> [bool; 256] {
    let (mut stands, signs) = ([false; 256], b"/-_.~@+,");
    let mut byte = 0;
    while byte < 128 {
        stands[byte as usize] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut sign = 0;
    while sign < signs.len() {
        stands[signs[sign] as usize] = true;
        sign += 1;
    }
    stands
}

/// Undoes percent-encoding; bytes that are no UTF-8 afterwards are left encoded.
pub fn decode_path(path: &str) -> String {
    if !path.contains('%') {
        return path.to_owned();
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, escaped_byte(tail)) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

/// The byte that a percent sign and what comes behind it stand for; `None` where those are no two hexadecimal digits.
pub fn escaped_byte(behind: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*behind.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_letters_digits_and_single_hyphens() {
        for (word, expected) in [
            ("Mail relay", "mail-relay"),
            ("  DoS -- attack! ", "dos-attack"),
            ("Zażółć gęślą", "zazolc-gesla"),
            ("Почта", "почта"),
            ("C++", "c"),
            ("++", ""),
            ("client’s", "clients"),
            ("cafe\u{301}", "cafe"),
            ("Ἀθῆναι", "αθηναι"),
            ("трамвай", "трамвай"),
            ("Ёлка", "ёлка"),
            ("ガス", "ガス"),
            ("カス", "カス"),
            ("ｶﾞｽ", "ガス"),
            ("काम", "काम"),
            ("कम", "कम"),
            ("हिन्दी", "हिन्दी"),
            ("한국어", "한국어"),
            ("1\u{fe0f}\u{20e3} ❤\u{fe0f}", "1"),
            ("AUX", "aux-"),
            ("com1", "com1-"),
            ("ＣＯＮ", "con-"),
            ("con 1", "con-1"),
        ] {
            assert_eq!(slug(word), expected, "{word}");
        }
    }

    #[test]
    fn a_percent_sign_is_decoded_before_two_hexadecimal_digits_only() {
        for (path, decoded) in
            [("/caf%C3%A9/%2e", "/café/."), ("/sale-50%+5-off/", "/sale-50%+5-off/"), ("/%-1/%4/%", "/%-1/%4/%"), ("/%ff/", "/%ff/")]
        {
            assert_eq!(decode_path(path), decoded);
        }
    }

    #[test]
    fn a_base_url_may_have_a_path_and_nothing_else() {
        let base = BaseUrl::parse("https://example.net/status/").unwrap();
        assert_eq!(base.absolute(&Address::new("/a b/")), "https://example.net/status/a%20b/");
        assert_eq!(base.href(&Address::new("/")), "/status/");
        assert_eq!((base.host(), base.home().as_str()), ("example.net", "https://example.net/status/"));
        for wrong in ["example.net", "ftp://example.net", "https://", "https://x/?q=1", "https://x/../y", "https://u@x/"] {
            assert_eq!(BaseUrl::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn addresses_that_differ_by_case_or_form_collide() {
        assert_eq!(collision_key("/Caf\u{e9}/"), collision_key("/cafe\u{301}/"));
    }
}
