//! Which characters a text, a name, an id and a path may hold: the lists that reading, importing, rendering and publishing share.
//!
//! Three kinds of name, from the strictest: an id is ASCII; a name that becomes an address here ([`is_name_char`]) has letters and
//! digits of any script; an old address ([`is_address_char`]) has whatever a file may be called on every system. The paths of a site's
//! files, which may be a user's own in `content/static`, must only be paths ([`is_path_char`]).

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Bytes of a file's or folder's name. File systems hold 255; an extension and the name of a temporary file must fit as well.
pub const NAME_BYTES: usize = 200;
/// Bytes of a whole address, slashes included.
pub const ADDRESS_BYTES: usize = 1000;
/// Bytes of a name that the file systems of today hold.
pub const FILE_SYSTEM_BYTES: usize = 255;
/// Bytes of an id: of a server, of an update.
pub const ID_BYTES: usize = 64;

/// What XML 1.0 cannot hold (production 2, `Char`), not even escaped. Tab and line ends are fine.
pub fn is_forbidden_in_xml(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// What no text of a site may hold: what XML forbids, and the other control characters (DEL, C1) except U+0085, which is a line end.
pub fn is_forbidden(c: char) -> bool {
    is_forbidden_in_xml(c) || matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}')
}

/// The explicit directional formatting of Unicode's bidirectional algorithm: text after it may be shown in another order.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character changes how its neighbours read without being seen: bidirectional controls and zero-width signs.
pub fn is_hidden(c: char) -> bool {
    is_bidi_control(c) || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{180e}')
}

/// What a slug, a post's id or the name of a page's file may hold.
pub fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.') || is_combining_mark(c)
}

/// What an old address may hold, slashes aside: all but what Windows has in no file's name. `?` is not named here, since a query is
/// refused with words of its own.
pub fn is_address_char(c: char) -> bool {
    !c.is_control() && !matches!(c, '\\' | '*' | '<' | '>' | '"' | '|' | ':')
}

/// What a part of a published path may hold: no other separator, no end of a line in the manifest.
pub fn is_path_char(c: char) -> bool {
    !matches!(c, '\\' | '\0' | '\n' | '\r')
}

/// A name in the form that people type (NFC), in which names are compared: in file names of old Macs and of archives a letter and its
/// mark can be two characters (NFD).
pub fn composed(name: &str) -> Cow<'_, str> {
    if name.is_ascii() || is_nfc(name) { Cow::Borrowed(name) } else { Cow::Owned(name.nfc().collect()) }
}

/// `.` and `..` lead elsewhere.
pub fn is_dots(part: &str) -> bool {
    matches!(part, "." | "..")
}

/// Whether a text can be a server's id: lower case, since two ids that differ in case alone would share a folder, and no device of
/// Windows, which can be no folder.
pub fn is_server_id(id: &str) -> bool {
    id.len() <= ID_BYTES
        && windows_device(id).is_none()
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
}

/// Whether a text can be an update's id, which is an anchor in its page.
pub fn is_anchor(id: &str) -> bool {
    id.len() <= ID_BYTES
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// The device of Windows that a name would open, whatever its extension: `con` for `CON.txt`.
pub fn windows_device(name: &str) -> Option<String> {
    let stem = name.split('.').next().unwrap_or("").to_ascii_lowercase();
    let is_numbered = |stem: &str| {
        let number = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
        number.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
    };
    (matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || is_numbered(&stem)).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_of_windows_are_known_by_their_stem() {
        for (name, device) in [
            ("con", Some("con")),
            ("NUL.txt", Some("nul")),
            ("lpt9.tar.gz", Some("lpt9")),
            ("com0", None),
            ("com10", None),
            ("console", None),
        ] {
            assert_eq!(windows_device(name).as_deref(), device, "{name}");
        }
    }

    #[test]
    fn a_name_has_one_form_and_the_usual_one_is_not_copied() {
        assert_eq!(composed("sto\u{308}rung"), "st\u{f6}rung");
        for usual in ["relay", "st\u{f6}rung", "трамвай"] {
            assert!(matches!(composed(usual), Cow::Borrowed(_)), "{usual}");
        }
    }

    #[test]
    fn what_a_name_may_hold_an_old_address_and_a_path_may_hold_too() {
        for c in (0..=0x0001_0fff).filter_map(char::from_u32) {
            assert!(!is_name_char(c) || is_address_char(c), "{c:?}");
            assert!(!is_address_char(c) || is_path_char(c), "{c:?}");
            assert!(!is_name_char(c) || !is_forbidden(c), "{c:?}");
        }
    }

    #[test]
    fn ids_are_short_and_ascii() {
        assert!(is_server_id("nc-023_b") && !is_server_id("con") && !is_server_id("NC023") && !is_server_id("-a") && !is_server_id(""));
        assert!(is_anchor("20260504T1902Z") && is_anchor("a.b") && !is_anchor("é") && !is_anchor(""));
        assert!(is_anchor(&"a".repeat(ID_BYTES)) && !is_anchor(&"a".repeat(ID_BYTES + 1)) && !is_server_id(&"a".repeat(ID_BYTES + 1)));
    }
}
