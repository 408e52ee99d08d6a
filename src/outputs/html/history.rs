//! Ninety days of a server as a bar, and the same in words.

use serde::Serialize;

use super::Maker;
use super::view::DayView;
use crate::model::Status;
use crate::model::uptime::Day;

/// The last ninety days of a server, in UTC; today is the last.
#[derive(Serialize)]
pub struct BarView {
    /// How many days it has.
    pub days: usize,
    /// Runs of days that were not operational, oldest first; what lies between them was quiet.
    pub marks: Vec<MarkView>,
    /// The same in words: `Worst state of each day – Degraded: 1 day, Maintenance: 2 days, Operational: 87 days`.
    pub summary: String,
}

/// Neighbouring days with the same worst status.
#[derive(Debug, PartialEq, Serialize)]
pub struct MarkView {
    /// The first day of the run: 0 is the oldest of the bar.
    pub x: usize,
    /// How many days it lasts.
    pub width: usize,
    /// The worst status: `degraded`; `unknown` before the server's beginning.
    pub word: &'static str,
}

/// A day that was not quiet, in words.
#[derive(Serialize)]
pub struct DayRowView {
    pub day: DayView,
    /// `degraded`
    pub word: &'static str,
    /// `Degraded`
    pub text: String,
    /// What there was and for how long: `Degraded: 25 minutes, Maintenance: 10 minutes`.
    pub what: String,
}

impl Maker<'_> {
    pub fn bar(&self, days: &[Day]) -> BarView {
        BarView { days: days.len(), marks: marks(days), summary: self.bar_summary(days) }
    }

    fn bar_summary(&self, days: &[Day]) -> String {
        let words = &self.shared.words;
        let part = |status: Status| {
            let n = days.iter().filter(|day| day.worst == status).count();
            (n > 0).then(|| words.fill("history.part", &[("days", &words.count("duration.days", n)), ("status", words.status(status))]))
        };
        words.fill("history.summary", &[("days", &words.list(&Status::worst_first().into_iter().filter_map(part).collect::<Vec<_>>()))])
    }

    /// The days that were not quiet, newest first.
    pub fn day_rows(&self, days: &[Day]) -> Vec<DayRowView> {
        let row = |day: &Day| DayRowView {
            day: self.day(day.date),
            word: day.worst.word(),
            text: self.shared.words.status(day.worst).to_owned(),
            what: self.what_happened(day),
        };
        days.iter().rev().filter(|day| day.worst.has_impact()).map(row).collect()
    }

    fn what_happened(&self, day: &Day) -> String {
        let words = &self.shared.words;
        let part = |status: Status| {
            let minutes = day.minutes[status.impact()];
            (minutes > 0).then(|| {
                words.fill(
                    "history.part",
                    &[("status", words.status(status)), ("days", &words.duration(chrono::TimeDelta::minutes(minutes)))],
                )
            })
        };
        words.list(&Status::worst_first().into_iter().filter(|status| status.has_impact()).filter_map(part).collect::<Vec<_>>())
    }
}

fn marks(days: &[Day]) -> Vec<MarkView> {
    let mut marks: Vec<MarkView> = Vec::new();
    for (x, day) in days.iter().enumerate().filter(|(_, day)| is_marked(day.worst)) {
        match marks.last_mut() {
            Some(mark) if mark.x + mark.width == x && mark.word == day.worst.word() => mark.width += 1,
            _ => marks.push(MarkView { x, width: 1, word: day.worst.word() }),
        }
    }
    marks
}

fn is_marked(status: Status) -> bool {
    status.has_impact() || status == Status::Unknown
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::model::uptime::Minutes;

    fn day(n: u32, worst: Status) -> Day {
        let date = NaiveDate::from_ymd_opt(2026, 5, n).unwrap();
        Day { date, worst, minutes: Minutes::default() }
    }

    #[test]
    fn neighbouring_days_of_one_kind_are_one_mark() {
        let days = [Status::Unknown, Status::Unknown, Status::Operational, Status::Degraded, Status::MajorOutage, Status::MajorOutage];
        let days: Vec<Day> = days.into_iter().zip(1..).map(|(worst, n)| day(n, worst)).collect();
        let expected = [(0, 2, "unknown"), (3, 1, "degraded"), (4, 2, "major-outage")];
        assert_eq!(marks(&days), expected.map(|(x, width, word)| MarkView { x, width, word }));
    }
}
