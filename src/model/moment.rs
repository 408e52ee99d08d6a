//! A moment, and how machines read it.
//!
//! Every page has a dozen of these, and a format string would be read anew for each: so the digits are put into place here.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};

/// A moment in UTC, to the second.
pub type Moment = DateTime<Utc>;

/// The first moment of a day.
pub fn midnight(date: NaiveDate) -> Moment {
    date.and_time(NaiveTime::MIN).and_utc()
}

/// `2026-05-04T19:00:00Z`: RFC 3339 with seconds and `Z`, as front matter, pages, feeds and documents write it.
pub fn rfc3339(at: Moment) -> String {
    let (date, time) = (at.date_naive(), at.time());
    let mut text = String::with_capacity(20);
    push_date(&mut text, date, "-");
    push(&mut text, &["T", two(time.hour()), ":", two(time.minute()), ":", two(time.second()), "Z"]);
    text
}

/// `20260504T1902Z`: the basic form of ISO 8601, with seconds where they are not zero. Ids of updates are made of it.
pub fn basic(at: Moment) -> String {
    let (date, time) = (at.date_naive(), at.time());
    let mut text = String::with_capacity(16);
    push_date(&mut text, date, "");
    push(&mut text, &["T", two(time.hour()), two(time.minute()), if time.second() == 0 { "" } else { two(time.second()) }, "Z"]);
    text
}

/// `2026-05-04`; `between` stands between the parts.
pub fn day(date: NaiveDate, between: &str) -> String {
    let mut text = String::with_capacity(10);
    push_date(&mut text, date, between);
    text
}

/// `19:00`, of whatever time zone the moment is in.
pub fn push_clock(text: &mut String, at: &impl Timelike) {
    push(text, &[two(at.hour()), ":", two(at.minute())]);
}

fn push_date(text: &mut String, date: NaiveDate, between: &str) {
    match u32::try_from(date.year()) {
        Ok(year @ 0..=9999) => push(text, &[two(year / 100), two(year % 100)]),
        _ => text.push_str(&date.year().to_string()), // no post is of such a year
    }
    push(text, &[between, two(date.month()), between, two(date.day())]);
}

fn push(text: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| text.push_str(part));
}

/// Two digits of a number below 100.
pub fn two(number: u32) -> &'static str {
    const DIGITS: &str = concat!(
        "00010203040506070809",
        "10111213141516171819",
        "20212223242526272829",
        "30313233343536373839",
        "40414243444546474849",
        "50515253545556575859",
        "60616263646566676869",
        "70717273747576777879",
        "80818283848586878889",
        "90919293949596979899",
    );
    let at = 2 * (number % 100) as usize;
    &DIGITS[at..at + 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_the_standard_has_it() {
        for text in ["2026-05-04T19:00:00Z", "1999-12-31T23:59:59Z", "9999-01-01T00:00:09Z", "0033-04-03T15:00:00Z"] {
            assert_eq!(rfc3339(text.parse().unwrap()), text);
        }
    }

    #[test]
    fn the_basic_form_has_seconds_where_there_are_any() {
        assert_eq!(basic("2026-05-04T19:02:00Z".parse().unwrap()), "20260504T1902Z");
        assert_eq!(basic("2026-05-04T19:02:07Z".parse().unwrap()), "20260504T190207Z");
    }

    #[test]
    fn every_number_below_a_hundred_has_two_digits() {
        for number in 0..100 {
            assert_eq!(two(number), format!("{number:02}"));
        }
    }
}
