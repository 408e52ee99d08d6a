//! Windows that a text tells of the past: "went down at 19:22 UTC and was back online at 19:32".
//!
//! Only what was over when it was written is read, with both ends and its zone in one sentence: an imported post never makes a
//! server look down today.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};

use super::GuessedEvent;
use crate::load::times;
use crate::model::{Impact, Kind, Moment};

/// What a category or tag says of its posts.
pub fn kind_of_term(word: &str) -> Option<Kind> {
    match word.to_lowercase().as_str() {
        "maintenance" | "scheduled maintenance" | "planned maintenance" => Some(Kind::Maintenance),
        "incident" | "incidents" | "outage" | "outages" | "downtime" => Some(Kind::Incident),
        _ => None,
    }
}

/// The event that a post tells of. `kind` is what its category says; without it the words decide.
pub fn guess(title: &str, text: &str, posted: Moment, kind: Option<Kind>) -> Option<GuessedEvent> {
    sentences(text).find_map(|sentence| {
        let (start, end) = window(sentence, posted)?;
        let words = format!("{title} {sentence}").to_lowercase();
        let says = |any: &[&str]| any.iter().any(|word| words.contains(word));
        let kind = kind.or_else(|| {
            if says(&["maintenance", "upgrade", "scheduled", "planned", "reboot"]) {
                Some(Kind::Maintenance)
            } else {
                says(&["down", "offline", "outage", "unreachable", "unavailable", "interrupt", "slow", "degraded"])
                    .then_some(Kind::Incident)
            }
        })?;
        let is_out = kind == Kind::Incident && says(&["down", "offline", "outage", "unreachable", "unavailable"]);
        Some(GuessedEvent { kind, start, end, impact: is_out.then_some(Impact::MajorOutage), words: sentence.to_owned() })
    })
}

/// Sentences, roughly: a full stop within a number or name ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(". ").flat_map(|text| text.split(['!', '?', '\n'])).map(str::trim).filter(|sentence| !sentence.is_empty())
}

/// The two ends of a window in a sentence that says UTC, on the day that it names or that it was posted.
fn window(sentence: &str, posted: Moment) -> Option<(Moment, Moment)> {
    let words: Vec<&str> = sentence.split(|c: char| c.is_whitespace() || "(),;–—".contains(c)).filter(|word| !word.is_empty()).collect();
    let says_zone = words.iter().any(|word| ["UTC", "GMT"].contains(&word.trim_matches('.')));
    let lies_ahead = words.iter().any(|word| ["will", "shall", "should", "would", "expect"].contains(word));
    if !says_zone || lies_ahead {
        return None;
    }
    let times: Vec<NaiveTime> = words.iter().filter_map(|word| time(word)).collect();
    let [from, to] = times.as_slice() else { return None };
    let is_span = words
        .iter()
        .any(|word| ["between", "from", "until", "to", "back", "again", "restored"].iter().any(|span| word.eq_ignore_ascii_case(span)));
    let named = dates(&words, posted.date_naive());
    let day = match named.as_slice() {
        [] => posted.date_naive(),
        [day] => (*day)?,
        _ => return None,
    };
    let at = |day: NaiveDate, time: NaiveTime| day.and_time(time).and_local_timezone(Utc).single();
    let mut start = at(day, *from)?;
    let mut end = at(day, *to)?;
    if end < start {
        end = end.checked_add_signed(TimeDelta::days(1))?;
    }
    // Told in the morning, of the evening before.
    let day_before = |at: Moment| at.checked_sub_signed(TimeDelta::days(1));
    if named.is_empty() && posted.hour() < 12 && end > posted && day_before(end)? <= posted && start > posted {
        (start, end) = (day_before(start)?, day_before(end)?);
    }
    let is_over = end <= posted && posted - end <= TimeDelta::days(14);
    (is_span && is_over && times::is_kept(start)).then_some((start, end))
}

/// `19:22`, with what may stand behind it: `19:22UTC`, `19:22.`
fn time(word: &str) -> Option<NaiveTime> {
    let word = word.trim_end_matches(['.', ':']).trim_end_matches("UTC").trim_end_matches('Z');
    let (hour, minute) = word.split_once(':')?;
    let is_number = |text: &str, least: usize| (least..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = is_number(hour, 1) && is_number(minute, 2);
    is_time.then(|| NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)).flatten()
}

/// The days that a sentence names: `4 May`, `May 4th`, `2013-05-04`; `None` for one that its weekday denies.
fn dates(words: &[&str], near: NaiveDate) -> Vec<Option<NaiveDate>> {
    let weekday = words.iter().find_map(|word| word.parse::<Weekday>().ok().filter(|_| word.len() > 2));
    let mut dates = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if let Ok(date) = word.trim_end_matches('.').parse::<NaiveDate>() {
            dates.push(Some(date));
            continue;
        }
        let Some(month) = month(word) else { continue };
        let day = |at: Option<usize>| day_number(words.get(at?)?);
        let Some(day) = day(at.checked_sub(1)).or_else(|| day(Some(at + 1))) else { continue };
        let year = words[at + 1..].iter().take(2).find_map(|word| word.parse::<i32>().ok().filter(|year| (1970..2200).contains(year)));
        dates.push(match year {
            Some(year) => NaiveDate::from_ymd_opt(year, month, day),
            None => nearest_year(month, day, near),
        });
    }
    dates.into_iter().map(|date| date.filter(|date| weekday.is_none_or(|weekday| date.weekday() == weekday))).collect()
}

fn month(word: &str) -> Option<u32> {
    // "May" and "March" are words too: only with a capital.
    let is_name = word.starts_with(|c: char| c.is_ascii_uppercase()) && word.len() >= 3;
    is_name.then(|| word.trim_end_matches('.').parse::<chrono::Month>().ok()).flatten().map(|month| month.number_from_month())
}

fn day_number(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_ordinal = ["", "st", "nd", "rd", "th"].contains(&&word[digits.len()..]);
    digits.parse().ok().filter(|day| is_ordinal && (1..=31).contains(day))
}

fn nearest_year(month: u32, day: u32, near: NaiveDate) -> Option<NaiveDate> {
    let near = near.checked_sub_days(Days::new(183))?;
    [near.year(), near.year() + 1].into_iter().filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)).find(|date| *date >= near)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, posted: &str) -> Option<String> {
        let event = guess("", text, posted.parse().unwrap(), None)?;
        let impact = event.impact.map_or("", Impact::word);
        Some(
            format!("{} {} {} {impact}", event.kind.word(), event.start.format("%d %H:%M"), event.end.format("%d %H:%M")).trim().to_owned(),
        )
    }

    #[test]
    fn a_window_of_the_past_is_read_from_its_sentence() {
        for (text, expected) in [
            (
                "Server X went down for maintenance at 19:22 UTC and was back online at 19:32 after its work.",
                "maintenance 04 19:22 04 19:32",
            ),
            ("Sorry. The upgrade took place between 07:08 and 07:14 UTC, as planned.", "maintenance 04 07:08 04 07:14"),
            ("The relay was offline from 23:50 to 00:10 UTC on Friday, 3 May.", "incident 03 23:50 04 00:10 major-outage"),
            ("It was slow on May 2nd, 2013 from 9:00 until 10:30 GMT", "incident 02 09:00 02 10:30"),
        ] {
            assert_eq!(read(text, "2013-05-04T20:00:00Z").as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn an_evening_may_be_told_in_the_morning() {
        let told = read("It was slow from 23:10 until 23:40 UTC.", "2013-05-05T06:00:00Z");
        assert_eq!(told.as_deref(), Some("incident 04 23:10 04 23:40"));
    }

    #[test]
    fn what_lies_ahead_is_vague_or_says_no_zone_is_left_alone() {
        for text in [
            "We will work on it on Saturday, 4 May at 19:00 UTC.",
            "It was down from 19:22 and back at 19:32.",
            "It will be down from 20:30 to 21:00 UTC.",
            "It was down from 19:00 to 19:10 UTC on Monday, 3 May.",
            "It was down from 19:00 UTC.",
            "It was down from 20:30 to 21:00 UTC.",
            "down between 25:00 and 26:00 UTC",
            "It was down from 10:00 to 11:00 UTC on 1 January",
            "On +262142-12-31 it was down from 22:00 to 21:00 UTC",
            "On -262143-01-01 it was down from 22:00 to 21:00 UTC",
        ] {
            assert_eq!(read(text, "2013-05-04T20:00:00Z"), None, "{text}");
        }
    }
}
