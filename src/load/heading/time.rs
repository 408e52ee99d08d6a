//! The time of an update's heading, and what is said of one that cannot be taken.

use std::ops::Range;

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use crate::findings::{Code, Finding};
use crate::load::times::TimeProblem;
use crate::source::Span;

/// Where the time ends: `2026-05-04 19:02 UTC` is up to three words, `2026-05-04T19:02Z` one; the rest follows a separator.
pub fn split_time(line: &str) -> (Range<usize>, Range<usize>) {
    let mut end = 10;
    let word = |from: usize| -> Option<Range<usize>> {
        let start = from + line[from..].len() - line[from..].trim_start().len();
        let length = line[start..].find(char::is_whitespace).unwrap_or(line.len() - start);
        (length > 0).then_some(start..start + length)
    };
    if line[10..].starts_with(['T', 't']) {
        end = line.find(char::is_whitespace).unwrap_or(line.len());
    } else if let Some(time) = word(10).filter(|time| line[time.clone()].starts_with(|c: char| c.is_ascii_digit())) {
        end = 10 + line[10..time.end].trim_end_matches(':').len();
    }
    if end > 10
        && let Some(zone) = word(end)
    {
        let text = line[zone.clone()].trim_end_matches([':', '-', '–', '—']);
        let is_offset = text.starts_with(['+', '-']) && text.len() > 1 && text[1..].starts_with(|c: char| c.is_ascii_digit());
        let is_name = (2..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase()) || text == "utc" || text == "Z";
        if is_offset || is_name {
            end = zone.start + text.len();
        }
    }
    (0..end, end..line.len())
}

/// A time of twelve hours (`7:10 pm`) or with an offset in words (`19:10 UTC+2`): where it stands, and what to write instead.
pub fn other_clock(line: &str) -> Option<(Range<usize>, String)> {
    let rest = line.get(10..)?.trim_start_matches([' ', 'T', 't', ',']);
    let start = line.len() - rest.len();
    let digits = rest.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(rest.len());
    let behind = rest[digits..].trim_start();
    let length = behind.find(char::is_whitespace).unwrap_or(behind.len());
    let word = &behind[..length];
    // As nearly all are written.
    if word.is_empty() || word == "UTC" {
        return None;
    }
    let date = NaiveDate::parse_from_str(&line[..10], "%Y-%m-%d").ok()?;
    let mut parts = rest[..digits].split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute) = (parts.next()??, parts.next().unwrap_or(Some(0))?);
    let word = word.to_lowercase().replace('.', "");
    let word = word.trim_matches(['(', ')', '[', ']', ',']);
    let end = line.len() - behind.len() + length;
    let write = |minutes: i64| {
        let at = date.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::try_minutes(minutes)?)?;
        Some(at.format("%Y-%m-%d %H:%M UTC").to_string())
    };
    if let ("am" | "pm", 1..=12, 0..=59) = (word, hour, minute) {
        let hours = hour % 12 + if word == "pm" { 12 } else { 0 };
        return Some((start..end, format!("if it is UTC, write `{}`", write(60 * hours + minute)?)));
    }
    let offset = word.strip_prefix("utc").or_else(|| word.strip_prefix("gmt")).filter(|offset| offset.starts_with(['+', '-']))?;
    let mut parts = offset[1..].split(':').map(|part| part.parse::<i64>().ok().filter(|part| (0..60).contains(part)));
    let ahead = 60 * parts.next()?? + parts.next().unwrap_or(Some(0))?;
    let ahead = if offset.starts_with('-') { -ahead } else { ahead };
    Some((start..end, format!("times are UTC: write `{}`", write(60 * hour.min(24) + minute.min(59) - ahead)?)))
}

pub fn finding(problem: &TimeProblem, time: &str, span: Span) -> Finding {
    let example = "2026-05-04 19:02 UTC";
    match problem {
        TimeProblem::NoZone { .. } => {
            Finding::new(Code::NoTimeZone, span, "an update's time without a zone").help(format!("if it is UTC, write `{time} UTC`"))
        }
        TimeProblem::NoTime { .. } => Finding::new(Code::UpdateHeading, span, "an update's heading needs date and time")
            .help(format!("write `## {time} 19:02 UTC — Monitoring`; a heading that is no update's must not start with a date")),
        TimeProblem::Impossible { why } => Finding::new(Code::ImpossibleTime, span, "a time that does not exist").help(why.clone()),
        TimeProblem::NotKept { why } => Finding::new(Code::ImpossibleTime, span, "a time that cannot be used").help(why.clone()),
        TimeProblem::Unreadable => Finding::new(Code::UpdateHeading, span, "an update's time that cannot be read")
            .help(format!("times are UTC: write `{example}`")),
    }
}
