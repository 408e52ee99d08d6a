//! How much of a month, a year or a day a server was in which state.
//!
//! In: a server's timeline and from when to when there is a record of it. Out: minutes, and the percentage that is made of them: what the
//! uptime tables, CSV files and the bar of days show.

use std::cmp::Reverse;
use std::ops::{AddAssign, Index, Range};

use chrono::{Datelike, NaiveDate, TimeDelta, TimeZone, Utc};

use super::impact::{Impact, Status};
use super::moment::{Moment, midnight};
use super::thread::Event;
use super::timeline::Timeline;

/// How many days back pages and documents show, today among them.
pub const HISTORY_DAYS: u32 = 90;

/// How long a record that begins with an event must be to make a percentage of: the shortest month.
const LEAST_RECORD: TimeDelta = TimeDelta::days(28);

/// Whole minutes under each impact; those under [`Impact::None`] were operational.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minutes([i64; Impact::ALL.len()]);

impl Minutes {
    /// Seconds under each impact as whole minutes, whose sum is the whole minutes of all seconds: those that rounding down leaves over
    /// go to the largest rests, among equal ones to the worst impact.
    fn of_seconds(seconds: [i64; Impact::ALL.len()]) -> Minutes {
        let mut whole = seconds.map(|seconds| seconds / 60);
        let left_over = usize::try_from(seconds.iter().sum::<i64>() / 60 - whole.iter().sum::<i64>()).unwrap_or(0);
        if left_over > 0 {
            let mut impacts = [0, 1, 2, 3, 4];
            impacts.sort_by_key(|impact| Reverse((seconds[*impact] % 60, *impact)));
            impacts.into_iter().take(left_over).for_each(|impact| whole[impact] += 1);
        }
        Minutes(whole)
    }

    /// All of them.
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }
}

impl Index<Impact> for Minutes {
    type Output = i64;

    fn index(&self, impact: Impact) -> &i64 {
        &self.0[impact as usize]
    }
}

impl AddAssign for Minutes {
    fn add_assign(&mut self, other: Minutes) {
        self.0.iter_mut().zip(other.0).for_each(|(minutes, more)| *minutes += more);
    }
}

/// A server in one month or year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uptime {
    pub year: i32,
    /// 1 to 12; `None` for a whole year.
    pub month: Option<u32>,
    /// Whether the record is too short at the period's end to make a percentage of: one that begins with the server's first event, less
    /// than 28 days before. The event weighs far too much in what little is known then.
    pub is_short: bool,
    /// Those of the period that lie between the server's beginning and now.
    pub minutes: Minutes,
}

impl Uptime {
    /// The share of the time outside maintenance that was no outage, in thousandths of a percent, rounded down:
    /// `(minutes − maintenance − partial − major) ÷ (minutes − maintenance)`. `None` where nothing is left to count, and where the
    /// record is short: an hour after the first outage began it would say 0 %.
    pub fn millipercent(&self) -> Option<i64> {
        if self.is_short {
            return None;
        }
        let minutes = &self.minutes;
        let counted = minutes.total() - minutes[Impact::Maintenance];
        let out = minutes[Impact::PartialOutage] + minutes[Impact::MajorOutage];
        (counted > 0).then(|| (counted - out).max(0) * 100_000 / counted)
    }

    /// `99.987`, or nothing.
    pub fn percent(&self) -> String {
        self.millipercent().map_or_else(String::new, |share| format!("{}.{:03}", share / 1000, share % 1000))
    }

    /// Months of one year added up, in the order of the years.
    pub fn years(months: &[Uptime]) -> Vec<Uptime> {
        let mut years: Vec<Uptime> = Vec::new();
        for month in months {
            match years.last_mut().filter(|year| year.year == month.year) {
                Some(year) => {
                    year.is_short = month.is_short;
                    year.minutes += month.minutes;
                }
                None => years.push(Uptime { month: None, ..month.clone() }),
            }
        }
        years
    }
}

/// One day of the bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    /// The worst status of the day; `Unknown` before the server's beginning.
    pub worst: Status,
    /// Those of the day that are on record.
    pub minutes: Minutes,
}

impl Event {
    /// Whether it is open, or was within the days that pages show.
    pub fn is_recent(&self, now: Moment) -> bool {
        self.closed.max(self.end).is_none_or(|over| now - over < TimeDelta::days(HISTORY_DAYS.into()))
    }
}

impl Timeline {
    /// Each month of a record, oldest first; `begun_by_event` is when the record began, where an event began it.
    pub fn months(&self, known: Range<Moment>, begun_by_event: Option<Moment>) -> Vec<Uptime> {
        let mut months = Vec::new();
        let (mut year, mut month) = (known.start.year(), known.start.month());
        while let Some(start) = Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0).single().filter(|start| *start < known.end) {
            let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            let Some(end) = Utc.with_ymd_and_hms(next_year, next_month, 1, 0, 0, 0).single() else { break };
            let end = end.min(known.end);
            let minutes = self.minutes(start.max(known.start)..end);
            if minutes.total() > 0 {
                let is_short = begun_by_event.is_some_and(|begin| end - begin < LEAST_RECORD);
                months.push(Uptime { year, month: Some(month), is_short, minutes });
            }
            (year, month) = (next_year, next_month);
        }
        months
    }

    /// Days up to and including today's, oldest first; `known` is from when to when there is a record.
    pub fn days(&self, known: Option<Range<Moment>>, now: Moment, count: u32) -> Vec<Day> {
        let today = now.date_naive();
        (0..count)
            .rev()
            .filter_map(|back| {
                let date = today.checked_sub_days(chrono::Days::new(u64::from(back)))?;
                let start = midnight(date);
                let end = (start + TimeDelta::days(1)).min(now);
                // A day that has just begun is in a record that goes on.
                let is_known = |known: &&Range<Moment>| known.start < end && (start < known.end || known.end == now);
                Some(match known.as_ref().filter(is_known).map(|known| start.max(known.start)..end.min(known.end)) {
                    Some(known) => {
                        let worst = Status::worst(self.between(known.clone()).map(|(status, _)| status));
                        Day { date, worst, minutes: self.minutes(known) }
                    }
                    None => Day { date, worst: Status::Unknown, minutes: Minutes::default() },
                })
            })
            .collect()
    }

    /// How long each state held in a stretch of time.
    pub fn minutes(&self, time: Range<Moment>) -> Minutes {
        let mut seconds = [0; Impact::ALL.len()];
        for (status, held) in self.between(time) {
            seconds[status.impact() as usize] += (held.end - held.start).num_seconds();
        }
        Minutes::of_seconds(seconds)
    }
}
