//! A moment, and how machines read it.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Timelike, Utc};

/// A moment in UTC, to the second.
pub type Moment = DateTime<Utc>;

/// `2026-05-04T19:00:00Z`: RFC 3339 with seconds and `Z`, as front matter, pages, feeds and documents write it.
pub fn rfc3339(at: Moment) -> String {
    // Every page has a dozen of these, and a format string would be read anew for each.
    let (date, time) = (at.date_naive(), at.time());
    let mut text = String::with_capacity(20);
    match u32::try_from(date.year()) {
        Ok(year @ 1000..=9999) => push_two(&mut text, [year / 100, year % 100]),
        _ => {
            // Writing to a string cannot fail.
            let _ = write!(text, "{:04}", date.year());
        }
    }
    for (before, number) in [('-', date.month()), ('-', date.day()), ('T', time.hour()), (':', time.minute()), (':', time.second())] {
        text.push(before);
        push_two(&mut text, [number]);
    }
    text.push('Z');
    text
}

/// Adds numbers below 100 with two digits each.
fn push_two<const COUNT: usize>(text: &mut String, numbers: [u32; COUNT]) {
    text.extend(numbers.into_iter().flat_map(|number| [number / 10, number % 10]).filter_map(|digit| char::from_digit(digit, 10)));
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
}
