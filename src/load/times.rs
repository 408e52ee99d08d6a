//! Times as staff write them, to moments in UTC.
//!
//! TOML 1.1 date-times and texts such as `2026-05-04 19:00 UTC`. A time without a zone is refused with the same moment
//! and its `Z`: staff live in many zones, and a guess would publish a wrong time.

use chrono::{NaiveDate, TimeDelta, TimeZone, Utc};
use toml::value::{Datetime, Offset};

use crate::findings::{Code, Finding};
use crate::model::{Moment, midnight, rfc3339};
use crate::source::Span;

/// Why a time cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeProblem {
    /// It says no zone; the same as it would be in UTC.
    NoZone { as_utc: Moment },
    /// A date alone; the beginning of that day as an example.
    NoTime { example: Moment },
    /// A moment that no calendar has.
    Impossible { why: String },
    /// A leap second, or a moment outside 1970 to 2199.
    NotKept { why: String },
    /// Not a time at all.
    Unreadable,
}

impl TimeProblem {
    /// As a finding about the key `name`.
    pub fn finding(&self, name: &str, span: Span) -> Finding {
        match self {
            TimeProblem::NoZone { as_utc } => Finding::new(Code::NoTimeZone, span, format!("`{name}` says no time zone"))
                .help(format!("if it is UTC, write `{}`", rfc3339(*as_utc))),
            TimeProblem::NoTime { example } => Finding::new(Code::NoTimeZone, span, format!("`{name}` is a date without a time"))
                .help(format!("write the time in UTC: `{}`", rfc3339(*example))),
            TimeProblem::Impossible { why } => {
                Finding::new(Code::ImpossibleTime, span, format!("`{name}` is a time that does not exist")).help(why.clone())
            }
            TimeProblem::NotKept { why } => {
                Finding::new(Code::ImpossibleTime, span, format!("`{name}` is a time that cannot be used")).help(why.clone())
            }
            TimeProblem::Unreadable => Finding::new(Code::ImpossibleTime, span, format!("`{name}` is not a time that can be read"))
                .help("write it as `2026-05-04T19:00:00Z`, or in quotes as `\"2026-05-04 19:00 UTC\"`"),
        }
    }
}

/// Whether a moment can stand in a site: from 1970 to 2199.
pub fn is_kept(at: Moment) -> bool {
    (1970..2200).contains(&chrono::Datelike::year(&at))
}

/// A TOML date-time with an offset to UTC.
pub fn from_toml(value: &Datetime) -> Result<Moment, TimeProblem> {
    let Some(date) = value.date else { return Err(TimeProblem::Unreadable) };
    let date = NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
        .ok_or_else(|| TimeProblem::Impossible { why: "there is no such day".into() })?;
    let Some(time) = value.time else { return Err(TimeProblem::NoTime { example: midnight(date) }) };
    let second = time.second.unwrap_or(0);
    if second == 60 {
        return Err(TimeProblem::NotKept { why: "leap seconds are not kept here: write second 59".into() });
    }
    let naive = date
        .and_hms_opt(u32::from(time.hour), u32::from(time.minute), u32::from(second))
        .ok_or_else(|| TimeProblem::Impossible { why: "there is no such time of day".into() })?;
    let minutes = match value.offset {
        Some(Offset::Z) => 0,
        Some(Offset::Custom { minutes }) => i64::from(minutes),
        None => return Err(TimeProblem::NoZone { as_utc: Utc.from_utc_datetime(&naive) }),
    };
    let at = naive.checked_sub_signed(TimeDelta::minutes(minutes)).map(|utc| Utc.from_utc_datetime(&utc));
    at.filter(|at| is_kept(*at)).ok_or_else(|| TimeProblem::NotKept { why: "years from 1970 to 2199 are kept here".into() })
}

/// A text: RFC 3339, TOML's forms, and `2026-05-04 19:00 UTC`. The schema for editors describes the same.
pub fn from_text(text: &str) -> Result<Moment, TimeProblem> {
    let (time, zone) = split_zone(text.trim());
    let candidate = pad_hour(time) + &zone;
    match candidate.parse::<Datetime>() {
        Ok(value) => from_toml(&value),
        Err(_) => Err(explain(&candidate)),
    }
}

/// The moment that somebody most likely means who left the zeros of month and day out: `2026-5-4 19:00 UTC`.
pub fn likely(text: &str) -> Option<Moment> {
    let (date, time) = text.split_once([' ', 'T', 't'])?;
    let date: Vec<String> = date.split('-').map(|part| format!("{part:0>2}")).collect();
    from_text(&format!("{} {time}", date.join("-"))).ok()
}

/// The zone behind a time, as TOML writes it: `Z` for `UTC`, `+02:00` for `+0200`.
fn split_zone(text: &str) -> (&str, String) {
    if let Some(time) = ["UTC", "utc", "GMT", "Z", "z"].iter().find_map(|zone| text.strip_suffix(zone)) {
        return (time.trim_end(), "Z".to_owned());
    }
    // The dashes before belong to the date.
    let Some(sign) = text.rfind(['+', '-']).filter(|sign| *sign > 10) else { return (text, String::new()) };
    let (time, offset) = text.split_at(sign);
    let is_joined = offset.len() == 5 && offset[1..].bytes().all(|b| b.is_ascii_digit());
    (time.trim_end(), if is_joined { format!("{}:{}", &offset[..3], &offset[3..]) } else { offset.to_owned() })
}

/// `2026-05-04 9:05` with its zero.
fn pad_hour(text: &str) -> String {
    match text.get(10..13) {
        Some(part) if part.starts_with([' ', 'T', 't']) && part.ends_with(':') => format!("{}0{}", &text[..11], &text[11..]),
        _ => text.to_owned(),
    }
}

/// Tells a day or hour that does not exist from something that is no time.
fn explain(text: &str) -> TimeProblem {
    let numbers: Vec<u32> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).map_while(|part| part.parse().ok()).collect();
    let is_iso = text.len() >= 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    match numbers.as_slice() {
        [year, month, day, rest @ ..] if is_iso => {
            let day_exists = i32::try_from(*year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, *month, *day)).is_some();
            match rest {
                _ if !day_exists => TimeProblem::Impossible { why: "there is no such day".into() },
                [24, ..] => TimeProblem::Impossible { why: "write 00:00 of the next day".into() },
                [hour, minute, ..] if *hour > 24 || *minute > 59 => TimeProblem::Impossible { why: "there is no such time of day".into() },
                _ => TimeProblem::Unreadable,
            }
        }
        _ => TimeProblem::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> String {
        match from_text(text) {
            Ok(at) => rfc3339(at),
            Err(problem) => format!("{problem:?}"),
        }
    }

    #[test]
    fn every_way_of_saying_utc_is_taken() {
        for text in [
            "2026-05-04 19:00 UTC",
            "2026-05-04T19:00:00Z",
            "2026-05-04 19:00Z",
            "2026-05-04T21:00:00+02:00",
            "2026-05-04 21:00 +0200",
            "2026-05-04T21:00:00+0200",
        ] {
            assert_eq!(at(text), "2026-05-04T19:00:00Z", "{text}");
        }
        assert_eq!(at("2026-05-04 9:05 UTC"), "2026-05-04T09:05:00Z");
    }

    #[test]
    fn a_date_without_its_zeros_is_likely_the_one_with_them() {
        assert_eq!(likely("2026-5-4T9:00:00Z").map(rfc3339).as_deref(), Some("2026-05-04T09:00:00Z"));
        for text in ["2026-5-4", "2026-5-4 19:00", "2026-5-4 19:00 CET", "5-4 19:00 UTC", ""] {
            assert_eq!(likely(text), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_a_moment_says_why() {
        assert!(matches!(from_text("2026-05-04 19:00"), Err(TimeProblem::NoZone { as_utc }) if rfc3339(as_utc) == "2026-05-04T19:00:00Z"));
        assert!(matches!(from_text("2026-05-04"), Err(TimeProblem::NoTime { example }) if rfc3339(example) == "2026-05-04T00:00:00Z"));
        for text in ["2026-02-30 19:00 UTC", "2026-05-04 24:00 UTC", "2026-05-04 25:00 UTC"] {
            assert!(matches!(from_text(text), Err(TimeProblem::Impossible { .. })), "{text}: {:?}", from_text(text));
        }
        for text in ["2026-05-04T23:59:60Z", "0000-01-01T00:00:00Z", "1969-07-20T17:00:00Z", "9999-01-01T00:00:00Z"] {
            assert!(matches!(from_text(text), Err(TimeProblem::NotKept { .. })), "{text}: {:?}", from_text(text));
        }
        for text in ["04/05/2026 19:00", "tomorrow", "", "é", "2026-05-04 19.00 UTC"] {
            assert_eq!(from_text(text), Err(TimeProblem::Unreadable), "{text}");
        }
    }
}
