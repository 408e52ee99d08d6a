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
