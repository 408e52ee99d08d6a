//! Date forms: patterns and month names of a language, ready for use. 24 hours a day, and UTC always by name.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone};
use chrono_tz::{OffsetName, Tz};

use super::pattern::Pattern;
use crate::model::Moment;
use crate::model::moment::{push_clock, two};

/// How a language writes dates; fields are the texts under `date.` in its file.
#[derive(Debug)]
pub struct Dates {
    months: Vec<String>,
    months_short: Vec<String>,
    first: String,
    day: Pattern,
    day_short: Pattern,
    month: Pattern,
    time: Pattern,
    date_time: Pattern,
    window: Pattern,
    span: Pattern,
    zone_time: Pattern,
    zone_times: Pattern,
    zone_day: Pattern,
}

impl Dates {
    pub fn of(texts: &BTreeMap<String, String>) -> Dates {
        let text = |key: &str| texts.get(&format!("date.{key}")).cloned().unwrap_or_default();
        let names = |key: &str| text(key).split_whitespace().map(str::to_owned).collect();
        Dates {
            months: names("months"),
            months_short: names("months_short"),
            first: text("first"),
            day: Pattern::of(&text("day")),
            day_short: Pattern::of(&text("day_short")),
            month: Pattern::of(&text("month")),
            time: Pattern::of(&text("time")),
            date_time: Pattern::of(&text("date_time")),
            window: Pattern::of(&text("window")),
            span: Pattern::of(&text("span")),
            zone_time: Pattern::of(&text("zone_time")),
            zone_times: Pattern::of(&text("zone_times")),
            zone_day: Pattern::of(&text("zone_day")),
        }
    }

    pub fn day(&self, date: NaiveDate) -> String {
        written(|text| self.write_day(text, date))
    }

    pub fn month(&self, year: i32, month: u32) -> String {
        match name(&self.months, month) {
            "" => String::new(),
            month => self.month.fill(&[("month", month), ("year", &year.to_string())]),
        }
    }

    pub fn month_name(&self, month: u32) -> &str {
        name(&self.months, month)
    }

    pub fn time(&self, at: Moment) -> String {
        written(|text| self.write_time(text, at))
    }

    pub fn date_time(&self, at: Moment) -> String {
        written(|text| {
            self.date_time.write(text, |text, place| match place {
                "day" => self.write_day(text, at.date_naive()),
                "time" => self.write_time(text, at),
                _ => false,
            })
        })
    }

    fn write_day(&self, text: &mut String, date: NaiveDate) -> bool {
        self.day.write(text, |text, place| match place {
            "d" => self.write_day_number(text, date.day()),
            "month" => add(text, name(&self.months, date.month())),
            "year" => add_year(text, date.year()),
            _ => false,
        })
    }

    fn write_time(&self, text: &mut String, at: Moment) -> bool {
        self.time.write(text, |text, place| place == "time" && add_clock(text, &at))
    }

    fn write_day_number(&self, text: &mut String, day: u32) -> bool {
        if day == 1 { add(text, &self.first) } else { add(text, two(day).trim_start_matches('0')) }
    }

    pub fn window(&self, start: Moment, end: Option<Moment>) -> String {
        match end {
            Some(end) if end.date_naive() == start.date_naive() => {
                self.window.fill(&[("day", &self.day(start.date_naive())), ("start", &clock(&start)), ("end", &clock(&end))])
            }
            Some(end) => self.span(&self.date_time(start), &self.date_time(end)),
            None => self.date_time(start),
        }
    }

    pub fn window_in(&self, start: Moment, end: Option<Moment>, zone: Tz) -> String {
        let utc_day = start.date_naive();
        let local = start.with_timezone(&zone);
        let zone_then = abbreviation(&local);
        let start_time = self.zone_time(&local, &zone_then);
        let Some(end) = end else {
            return if local.date_naive() == utc_day { start_time } else { self.zone_day(&local, &start_time) };
        };
        let local_end = end.with_timezone(&zone);
        let zone_at_end = abbreviation(&local_end);
        let end_time = self.zone_time(&local_end, &zone_at_end);
        if local.date_naive() != local_end.date_naive() {
            // Where both times stand in the same zone, naming it once is enough.
            let start_time = if zone_then == zone_at_end { clock(&local) } else { start_time };
            return self.span(&self.zone_day(&local, &start_time), &self.zone_day(&local_end, &end_time));
        }
        let times = if zone_then == zone_at_end {
            self.zone_times.fill(&[("start", &clock(&local)), ("end", &clock(&local_end)), ("zone", &zone_then)])
        } else {
            self.span(&start_time, &end_time)
        };
        let one_day = local.date_naive() == utc_day && end.date_naive() == utc_day;
        if one_day { times } else { self.zone_day(&local, &times) }
    }

    fn span(&self, start: &str, end: &str) -> String {
        self.span.fill(&[("start", start), ("end", end)])
    }

    fn zone_time(&self, at: &DateTime<Tz>, zone: &str) -> String {
        written(|text| {
            self.zone_time.write(text, |text, place| match place {
                "time" => add_clock(text, at),
                "zone" => add(text, zone),
                _ => false,
            })
        })
    }

    fn zone_day(&self, at: &DateTime<Tz>, time: &str) -> String {
        let write_day = |text: &mut String| {
            self.day_short.write(text, |text, place| match place {
                "d" => self.write_day_number(text, at.day()),
                "month" => add(text, name(&self.months_short, at.month())),
                _ => false,
            })
        };
        written(|text| {
            self.zone_day.write(text, |text, place| match place {
                "day" => write_day(text),
                "time" => add(text, time),
                _ => false,
            })
        })
    }
}

/// A text that is written into one buffer: every page has dozens of dates, and a string for each part of each would cost more
/// than all else of them.
fn written(write: impl FnOnce(&mut String) -> bool) -> String {
    let mut text = String::with_capacity(32);
    write(&mut text);
    text
}

/// Adds a value; `true`, as whoever fills a pattern says of a place that it knows.
fn add(text: &mut String, value: &str) -> bool {
    text.push_str(value);
    true
}

fn add_year(text: &mut String, year: i32) -> bool {
    match u32::try_from(year) {
        Ok(year @ 1000..=9999) => add(text, two(year / 100)) && add(text, two(year)),
        _ => add(text, &year.to_string()),
    }
}

fn name(months: &[String], month: u32) -> &str {
    let position = usize::try_from(month).unwrap_or(0);
    position.checked_sub(1).and_then(|position| months.get(position)).map_or("", String::as_str)
}

/// `19:00`
fn clock<Zone: TimeZone>(at: &DateTime<Zone>) -> String {
    written(|text| add_clock(text, at))
}

fn add_clock<Zone: TimeZone>(text: &mut String, at: &DateTime<Zone>) -> bool {
    push_clock(text, at);
    true
}

/// `AWST`; a zone whose abbreviation is a number is written by its offset: `UTC+3`, `UTC+5:45`.
fn abbreviation(at: &DateTime<Tz>) -> Cow<'_, str> {
    if let Some(letters) = at.offset().abbreviation().filter(|name| name.starts_with(char::is_alphabetic)) {
        return Cow::Borrowed(letters);
    }
    let minutes = at.offset().fix().local_minus_utc() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let mut offset = format!("UTC{sign}{}", minutes.abs() / 60);
    if minutes % 60 != 0 {
        // Writing to a string cannot fail.
        let _ = write!(offset, ":{:02}", minutes.abs() % 60);
    }
    Cow::Owned(offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::language;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn dates(language: &str) -> std::sync::Arc<language::Language> {
        language::find(language).unwrap()
    }

    #[test]
    fn each_language_writes_dates_its_own_way() {
        for (language, day, month, moment) in [
            ("en", "1 May 2026", "May 2026", "1 May 2026, 19:05 UTC"),
            ("de", "1. Mai 2026", "Mai 2026", "1. Mai 2026, 19:05 UTC"),
            ("es", "1 de mayo de 2026", "mayo de 2026", "1 de mayo de 2026, 19:05 UTC"),
            ("fr", "1er mai 2026", "mai 2026", "1er mai 2026 à 19:05 UTC"),
            ("pt-BR", "1 de maio de 2026", "maio de 2026", "1 de maio de 2026 às 19:05 UTC"),
        ] {
            let dates = &dates(language).dates;
            assert_eq!(dates.day(at("2026-05-01T19:05:00Z").date_naive()), day);
            assert_eq!(dates.month(2026, 5), month);
            assert_eq!(dates.date_time(at("2026-05-01T19:05:33Z")), moment);
        }
    }

    #[test]
    fn a_right_to_left_language_keeps_the_order_around_latin_letters() {
        let arabic = dates("ar");
        let text = arabic.dates.date_time(at("2026-05-04T19:05:00Z"));
        assert!(text.contains("4 مايو 2026") && text.ends_with("19:05 UTC\u{200f}"), "{text}");
    }

    /// In a line of its own, and behind Latin letters, which would pull the first number to them.
    #[test]
    fn a_right_to_left_language_begins_each_form_in_its_own_direction() {
        let arabic = &dates("ar").dates;
        let (start, end) = (at("2026-05-04T19:00:00Z"), at("2026-05-04T19:30:00Z"));
        let zone = Tz::Africa__Lusaka;
        let forms = [
            arabic.day(start.date_naive()),
            arabic.time(start),
            arabic.date_time(start),
            arabic.window(start, Some(end)),
            arabic.window_in(start, None, zone),
            arabic.window_in(start, Some(end), zone),
            arabic.window_in(at("2026-05-04T22:30:00Z"), None, zone),
        ];
        assert!(forms.iter().all(|form| form.starts_with('\u{200f}')), "{forms:?}");
    }

    #[test]
    fn a_window_names_its_day_once_and_two_days_where_there_are_two() {
        let dates = &dates("en").dates;
        let start = at("2026-05-04T19:00:00Z");
        assert_eq!(dates.window(start, Some(at("2026-05-04T19:30:00Z"))), "4 May 2026, 19:00–19:30 UTC");
        assert_eq!(dates.window(start, Some(at("2026-05-05T01:00:00Z"))), "4 May 2026, 19:00 UTC – 5 May 2026, 01:00 UTC");
        assert_eq!(dates.window(start, None), "4 May 2026, 19:00 UTC");
    }

    #[test]
    fn a_window_elsewhere_says_the_day_where_it_is_another() {
        let dates = &dates("en").dates;
        let start = at("2026-05-04T20:00:00Z");
        for (zone, end, expected) in [
            (Tz::Africa__Lusaka, Some("2026-05-04T20:30:00Z"), "22:00–22:30 CAT"),
            (Tz::Australia__Perth, Some("2026-05-04T20:30:00Z"), "5 May 04:00–04:30 AWST"),
            (Tz::Australia__Perth, None, "5 May 04:00 AWST"),
            (Tz::Africa__Lusaka, Some("2026-05-04T22:30:00Z"), "4 May 22:00 – 5 May 00:30 CAT"),
            (Tz::America__Vancouver, Some("2026-05-05T01:00:00Z"), "4 May 13:00–18:00 PDT"),
            (Tz::Europe__Istanbul, Some("2026-05-04T20:30:00Z"), "23:00–23:30 UTC+3"),
            (Tz::Asia__Kathmandu, Some("2026-05-04T20:30:00Z"), "5 May 01:45–02:15 UTC+5:45"),
            (Tz::America__Sao_Paulo, Some("2026-05-04T20:30:00Z"), "17:00–17:30 UTC-3"),
        ] {
            assert_eq!(dates.window_in(start, end.map(at), zone), expected, "{zone}");
        }
    }

    #[test]
    fn a_window_across_a_clock_change_names_both_zones() {
        let written = dates("en").dates.window_in(at("2026-10-25T00:30:00Z"), Some(at("2026-10-25T01:30:00Z")), Tz::Europe__Berlin);
        assert_eq!(written, "02:30 CEST – 02:30 CET");
    }
}
