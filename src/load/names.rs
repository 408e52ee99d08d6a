//! Names that become addresses: file names, slugs, ids, old addresses.

use std::ops::Range;

use chrono::{NaiveDate, NaiveTime, TimeZone, Utc};

use super::times::is_kept;
use crate::model::address::decode_path;
use crate::model::characters::{ADDRESS_BYTES, NAME_BYTES, is_address_char, is_dots, is_hidden, is_name_char, windows_device};
use crate::model::{Address, Moment, midnight};

/// What a post's file name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName<'a> {
    /// The name without `.md`.
    pub stem: &'a str,
    pub date: Option<NaiveDate>,
    pub time: Option<NaiveTime>,
    /// The rest, which is the slug unless the post says another.
    pub slug: &'a str,
}

/// Reads `2026-05-04-slug.md`, `2026-05-04-1900-slug.md` and `slug.md`; the error is a date that no calendar has, or none of the years that are kept.
pub fn file_name(path: &str) -> Result<FileName<'_>, &str> {
    let stem = stem(path);
    let Some(date) = stem.get(..10).filter(|_| super::heading::is_dated(stem) && matches!(stem.as_bytes().get(10), None | Some(b'-')))
    else {
        return Ok(FileName { stem, date: None, time: None, slug: stem });
    };
    let number = |digits: &str| digits.parse().unwrap_or(0);
    let day = NaiveDate::from_ymd_opt(date[..4].parse().unwrap_or(0), number(&date[5..7]), number(&date[8..]));
    let date = day.filter(|day| is_kept(midnight(*day))).ok_or(date)?;
    let rest = stem.get(11..).unwrap_or("");
    let time =
        rest.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()) && matches!(rest.as_bytes().get(4), None | Some(b'-')));
    let time = time.and_then(|digits| NaiveTime::from_hms_opt(digits[..2].parse().ok()?, digits[2..].parse().ok()?, 0));
    let slug = if time.is_some() { rest.get(5..).unwrap_or("") } else { rest };
    Ok(FileName { stem, date: Some(date), time, slug })
}

/// A file's name without `.md`.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name)
}

impl FileName<'_> {
    /// The moment that the name gives, midnight where it has no time.
    pub fn moment(&self) -> Option<Moment> {
        self.date.map(|date| Utc.from_utc_datetime(&date.and_time(self.time.unwrap_or_default())))
    }
}

/// How to mend a post's file name that gives no usable `key`, which is its slug or id.
pub fn rename(name: &FileName<'_>, key: &str) -> String {
    match hyphenated(name.stem) {
        Some(better) if gains_date(name) => format!("rename the file to `{better}.md`"),
        Some(better) => format!("rename the file to `{better}.md`, or set `{key}`"),
        None => format!("rename the file, or set `{key}`"),
    }
}

/// Whether hyphens for its white space give a name the date that it lacks: `2026-05-04 relay`.
pub fn gains_date(name: &FileName<'_>) -> bool {
    name.date.is_none() && hyphenated(name.stem).is_some_and(|better| file_name(&better).is_ok_and(|better| better.date.is_some()))
}

/// A name with hyphens for its white space, if that is all it takes.
fn hyphenated(stem: &str) -> Option<String> {
    let words: Vec<&str> = stem.split_whitespace().filter(|word| *word != "-").collect();
    let better = words.join("-");
    let is_fine = better != stem && problem(&better).is_none() && file_name(&better).is_ok_and(|name| problem(name.slug).is_none());
    is_fine.then_some(better)
}

/// Why a name cannot be a folder on a disk or a part of an address; `None` where it can.
pub fn problem(name: &str) -> Option<String> {
    let allowed = "letters, digits, `-`, `_` and `.` are allowed";
    if name.is_empty() {
        return Some(format!("it is empty; {allowed}"));
    }
    // What `new_url` offers, left as it was: it would be the post's id for ever.
    if name.starts_with("YYYY") {
        return Some("it still has letters where the date belongs: write the day and time in UTC, as in `2026-05-04-1900-name`".to_owned());
    }
    if let Some(wrong) = name.chars().find(|c| !is_name_char(*c)) {
        return Some(format!("{}; {allowed}", cannot_stand(wrong)));
    }
    if name.starts_with(['-', '.']) || name.ends_with('.') {
        return Some("it may not begin with `-` or `.`, nor end with `.`".to_owned());
    }
    if name.len() > NAME_BYTES {
        return Some(format!("it is longer than {NAME_BYTES} bytes"));
    }
    device(name)
}

/// Why a file of the user's cannot be published under its name, or that of a folder: some disk could not hold it. `None` where it can.
pub fn asset_problem(name: &str) -> Option<String> {
    if let Some(wrong) = name.chars().find(|c| !is_address_char(*c) || *c == '?') {
        return Some(cannot_stand(wrong));
    }
    if name.ends_with(['.', ' ']) {
        return Some("it may not end with a dot or a space".to_owned());
    }
    device(name)
}

fn cannot_stand(wrong: char) -> String {
    if wrong.is_control() || is_hidden(wrong) || wrong.is_whitespace() && wrong != ' ' {
        format!("`U+{:04X}` cannot stand in it", u32::from(wrong))
    } else {
        format!("`{wrong}` cannot stand in it")
    }
}

fn device(name: &str) -> Option<String> {
    windows_device(name).map(|device| format!("`{device}` is a device on Windows"))
}

/// An old address as the user writes it: absolute, decoded; one without an extension is a folder.
pub fn old_address(written: &str) -> Result<Address, &'static str> {
    if !written.starts_with('/') || written.starts_with("//") {
        return Err("write it from the site's root: `/2013/05/old-name/`");
    }
    if written.contains(['?', '#']) {
        return Err("a static host knows no query and no fragment: write the path alone");
    }
    let decoded = decode_path(written);
    if decoded.split('/').any(is_dots) || !decoded.chars().all(is_address_char) || decoded.contains("//") {
        return Err("it has a part that no file may be called");
    }
    let parts = || decoded.split('/').filter(|part| !part.is_empty());
    // A folder `.git` would make the site look like a repository, and `.signalpost` is where the program remembers what it wrote.
    if parts().enumerate().any(|(at, part)| part.starts_with('.') && !(at == 0 && part == ".well-known")) {
        return Err("a part of it begins with a dot: hosts hide such files, or take them for settings");
    }
    if parts().any(|part| part.ends_with(['.', ' '])) {
        return Err("a part of it ends with a dot or space, which some disks cannot hold");
    }
    if parts().any(|part| part.len() > NAME_BYTES) || decoded.len() > ADDRESS_BYTES {
        return Err("it is longer than a file's name can be: at most 200 bytes between two slashes, and 1000 in all");
    }
    if decoded == "/" {
        return Err("the front page is no old address");
    }
    let last = decoded.rsplit('/').next().unwrap_or("");
    Ok(Address::new(if last.is_empty() || last.contains('.') { decoded } else { decoded + "/" }))
}

/// The beginning of a file, where what its name says is pointed at.
pub const NAME: Range<usize> = 0..0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_tells_date_time_and_slug() {
        let told = |path| file_name(path).map(|name| (name.moment().map(|at| at.to_rfc3339()), name.slug.to_owned()));
        assert_eq!(told("content/posts/2026-05-04-relay.md"), Ok((Some("2026-05-04T00:00:00+00:00".into()), "relay".into())));
        assert_eq!(told("2026-05-04-1902-relay.md"), Ok((Some("2026-05-04T19:02:00+00:00".into()), "relay".into())));
        assert_eq!(told("2026-05-04-9999-relay.md"), Ok((Some("2026-05-04T00:00:00+00:00".into()), "9999-relay".into())));
        assert_eq!(told("relay.md"), Ok((None, "relay".into())));
        assert_eq!(told("2026-02-30-relay.md"), Err("2026-02-30"));
        assert_eq!(told("0001-01-01-relay.md"), Err("0001-01-01"));
        assert_eq!(told("2026-05-04.md"), Ok((Some("2026-05-04T00:00:00+00:00".into()), String::new())));
    }

    #[test]
    fn names_that_some_disk_refuses_are_refused() {
        for name in
            ["YYYY-MM-DD-HHMM-what-is-wrong", "", "a/b", "a b", "..", ".hidden", "-x", "x.", "con", "NUL.txt", "a\0", "a\u{202e}b", "a\\b"]
        {
            assert!(problem(name).is_some(), "{name:?}");
        }
        assert!(problem(&"x".repeat(201)).is_some());
        for name in ["relay", "störung", "2.0-release", "A_b"] {
            assert_eq!(problem(name), None, "{name}");
        }
    }

    #[test]
    fn a_published_file_has_a_name_that_every_disk_holds() {
        for name in ["CON", "aux.png", "a:b", "a?b", "x.", "tr ", "a\nb", "a\\b", "a|b"] {
            assert!(asset_problem(name).is_some(), "{name:?}");
        }
        for name in ["logo.svg", "Bericht März (2).pdf", "-x", "a+b", "console.js", ".well-known"] {
            assert_eq!(asset_problem(name), None, "{name}");
        }
    }

    #[test]
    fn an_old_address_is_absolute() {
        assert_eq!(old_address("/2013/old").unwrap().as_str(), "/2013/old/");
        assert_eq!(old_address("/old.html").unwrap().as_str(), "/old.html");
        for wrong in ["old/", "/?p=12", "/../x/", "//x/", "/", "/.git/x/", "/a/.well-known/", "/.signalpost/x", "/a./", "/%2egit/"] {
            assert!(old_address(wrong).is_err(), "{wrong}");
        }
        assert!(old_address(&format!("/{}/", "x".repeat(201))).is_err() && old_address(&"/x".repeat(501)).is_err());
        assert!(old_address("/.well-known/x").is_ok());
    }
}
