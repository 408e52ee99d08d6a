//! Status at a moment and through time.
//!
//! In: the servers and the threads with their events. Out: for each server the whole line of its states, and from it the
//! present, the next changes, days, months and years. Every page, feed, badge and API answer reads these; nothing else
//! compares a window with a clock.

use chrono::{Datelike, NaiveDate, TimeDelta, TimeZone, Utc};

use super::impact::{Standing, Status};
use super::post::Moment;
use super::server::{Group, Server, ServerIx};
use super::thread::{Phase, Thread, ThreadIx};

/// One state of a server and from when it holds; it ends where the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// `None`: from the beginning, the standing state.
    pub from: Option<Moment>,
    pub status: Status,
    /// The threads that cause it: those whose impact is the worst that holds. Empty for the standing state.
    pub causes: Vec<ThreadIx>,
}

/// A server's states through all time, as far as the posts tell. Neighbours differ in status or causes; the first has no `from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    pub segments: Vec<Segment>,
}

/// A server's present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerNow {
    pub status: Status,
    /// When the present state began; `None` for the standing one.
    pub since: Option<Moment>,
    /// The threads that cause it, by their order in the site.
    pub causes: Vec<ThreadIx>,
    /// When it will change by itself, and to what: nothing but windows that are known now. Rising.
    pub next: Vec<(Moment, Status)>,
}

/// The status of everything at the site's moment.
#[derive(Debug, Clone)]
pub struct Glance {
    /// By server.
    pub timelines: Vec<Timeline>,
    /// By server.
    pub servers: Vec<ServerNow>,
    /// By group, as `Site::groups`: the worst of its servers that are neither internal nor retired.
    pub groups: Vec<Status>,
    /// The worst of the servers that are neither internal nor retired.
    pub overall: Status,
    /// When `overall` will change by itself, and to what. Rising.
    pub overall_next: Vec<(Moment, Status)>,
    /// Threads that are wrong or at work now: worst first, then newest.
    pub active: Vec<ThreadIx>,
    /// Maintenance ahead: soonest first.
    pub planned: Vec<ThreadIx>,
    /// Maintenance whose window is over and that waits for a word of staff: newest first.
    pub window_over: Vec<ThreadIx>,
    /// The next moment after now at which a build would come out differently; `None` if nothing is planned.
    pub next_change: Option<Moment>,
}

/// Minutes of a server in one month or year: what the uptime tables and CSV files print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uptime {
    pub year: i32,
    /// 1 to 12; `None` for a whole year.
    pub month: Option<u32>,
    /// Minutes of the period that lie between the server's beginning and now.
    pub minutes: i64,
    pub operational: i64,
    pub degraded: i64,
    pub partial_outage: i64,
    pub major_outage: i64,
    pub maintenance: i64,
}

/// One day of the bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    /// The worst status of the day; `Unknown` before the server's beginning.
    pub worst: Status,
    /// Minutes of the day in each state that is not operational.
    pub degraded: i64,
    pub partial_outage: i64,
    pub major_outage: i64,
    pub maintenance: i64,
}

impl Timeline {
    /// The state at a moment.
    pub fn at(&self, at: Moment) -> &Segment {
        &self.segments[self.segments.partition_point(|segment| segment.from.is_none_or(|from| from <= at)) - 1]
    }
}

// Stand-ins until the model's own arrive with `main`.
impl Timeline {
    fn minutes(&self, from: Moment, until: Moment) -> Uptime {
        let mut sum = Uptime {
            year: from.year(),
            month: Some(from.month()),
            minutes: (until - from).num_minutes(),
            operational: 0,
            degraded: 0,
            partial_outage: 0,
            major_outage: 0,
            maintenance: 0,
        };
        for (ix, segment) in self.segments.iter().enumerate() {
            let start = segment.from.unwrap_or(from).max(from);
            let end = self.segments.get(ix + 1).and_then(|next| next.from).unwrap_or(until).min(until);
            let minutes = (end - start).num_minutes().max(0);
            match segment.status {
                Status::Maintenance => sum.maintenance += minutes,
                Status::Degraded => sum.degraded += minutes,
                Status::PartialOutage => sum.partial_outage += minutes,
                Status::MajorOutage => sum.major_outage += minutes,
                _ => sum.operational += minutes,
            }
        }
        sum
    }

    pub fn months(&self, begin: Moment, now: Moment) -> Vec<Uptime> {
        let mut months = Vec::new();
        let mut from = begin;
        while from < now {
            let (year, month) = if from.month() == 12 { (from.year() + 1, 1) } else { (from.year(), from.month() + 1) };
            let until = Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0).unwrap().min(now);
            months.push(self.minutes(from, until));
            from = until;
        }
        months
    }

    pub fn days(&self, begin: Moment, now: Moment, count: i64) -> Vec<Day> {
        (0..count)
            .rev()
            .map(|back| {
                let date = now.date_naive() - TimeDelta::days(back);
                let from = date.and_time(chrono::NaiveTime::MIN).and_utc();
                let until = (from + TimeDelta::days(1)).min(now);
                let sum = self.minutes(from, until);
                let worst = if until < begin {
                    Status::Unknown
                } else if sum.major_outage > 0 {
                    Status::MajorOutage
                } else if sum.partial_outage > 0 {
                    Status::PartialOutage
                } else if sum.degraded > 0 {
                    Status::Degraded
                } else if sum.maintenance > 0 {
                    Status::Maintenance
                } else {
                    Status::Operational
                };
                Day {
                    date,
                    worst,
                    degraded: sum.degraded,
                    partial_outage: sum.partial_outage,
                    major_outage: sum.major_outage,
                    maintenance: sum.maintenance,
                }
            })
            .collect()
    }
}

impl Uptime {
    pub fn percent(&self) -> f64 {
        let down = self.partial_outage + self.major_outage;
        if self.minutes == 0 { 100.0 } else { 100.0 * (self.minutes - down) as f64 / self.minutes as f64 }
    }
}

impl crate::model::Site {
    fn begin(&self, server: ServerIx) -> Option<Moment> {
        let since = self.servers[server].since.map(|date| date.and_time(chrono::NaiveTime::MIN).and_utc());
        since.or_else(|| self.glance.timelines[server].segments.iter().find_map(|segment| segment.from))
    }

    pub fn uptime_months(&self, server: ServerIx) -> Vec<Uptime> {
        self.begin(server).map_or_else(Vec::new, |begin| self.glance.timelines[server].months(begin, self.now))
    }

    pub fn days(&self, server: ServerIx) -> Vec<Day> {
        self.begin(server).map_or_else(Vec::new, |begin| self.glance.timelines[server].days(begin, self.now, 90))
    }
}
