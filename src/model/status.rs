//! Status at a moment and through time.
//!
//! In: the servers and the threads with their events. Out: for each server the whole line of its states, and from it the
//! present, the next changes, days, months and years. Every page, feed, badge and API answer reads these; nothing else
//! compares a window with a clock.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use chrono::{Datelike, NaiveDate, TimeDelta, TimeZone, Utc};
use rayon::prelude::*;

use super::impact::{Impact, Standing, Status};
use super::moment::Moment;
use super::server::{Group, Server, ServerIx};
use super::thread::{Phase, Thread, ThreadIx};

/// How many days back pages and documents show, today among them.
pub const HISTORY_DAYS: u32 = 90;

/// How many maintenances with a window that is over are worth a place among the news.
const MOST_WINDOW_OVER: usize = 5;

/// How long a record that begins with an event must be to make a percentage of: the shortest month.
const LEAST_RECORD: TimeDelta = TimeDelta::days(28);

/// One state of a server and from when it holds; it ends where the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// `None`: from the beginning, the standing state.
    pub from: Option<Moment>,
    pub status: Status,
}

/// A server's states through all time, as far as the posts tell. Neighbours differ in status or in the threads that cause it; the
/// first has no `from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    pub segments: Vec<Segment>,
    /// The threads that cause the state at the site's moment: those whose impact is the worst that holds. Empty for the standing
    /// state. Of other moments they are not kept: where thousands of events are open, each segment would list them all.
    pub causes: Vec<ThreadIx>,
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
    /// Maintenance whose window is over and that waits for a word of staff: the newest few, newest first. Imported posts of
    /// many years never got that word, and are no news.
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
    /// Whether the record begins within the period because the server's first event did: an event at the very start weighs far too
    /// much in what little is known then.
    pub begins_with_event: bool,
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

/// What each event does, gathered for the glance. `runs_out`: when pins and results of probes end.
pub fn glance(servers: &[Server], groups: &[Group], threads: &[Thread], runs_out: impl IntoIterator<Item = Moment>, now: Moment) -> Glance {
    let timelines = timelines(servers, threads, now);
    let present: Vec<ServerNow> = servers.iter().zip(&timelines).map(|(server, timeline)| timeline.now(server.standing, now)).collect();
    let counted: Vec<ServerIx> =
        servers.iter().enumerate().filter(|(_, server)| server.standing == Standing::Operational).map(|(at, _)| at).collect();
    let worst = |servers: &mut dyn Iterator<Item = ServerIx>| {
        servers.map(|server| present[server].status).max_by_key(|status| status.rank()).unwrap_or(Status::Operational)
    };
    let overall = worst(&mut counted.iter().copied());
    let groups = groups.iter().map(|group| worst(&mut group.servers.iter().copied().filter(|server| counted.contains(server)))).collect();
    let phase_of = |thread: &Thread| thread.event.as_ref().map(|event| event.phase);
    let mut active: Vec<ThreadIx> = (0..threads.len()).filter(|at| phase_of(&threads[*at]).is_some_and(Phase::is_active)).collect();
    active.sort_by_key(|at| {
        (std::cmp::Reverse(impact_rank(&threads[*at], now)), std::cmp::Reverse(threads[*at].event.as_ref().map(|event| event.start)), *at)
    });
    let mut planned: Vec<ThreadIx> = (0..threads.len()).filter(|at| phase_of(&threads[*at]) == Some(Phase::Scheduled)).collect();
    planned.sort_by_key(|at| (threads[*at].event.as_ref().map(|event| event.start), *at));
    let mut window_over: Vec<ThreadIx> = (0..threads.len()).filter(|at| phase_of(&threads[*at]) == Some(Phase::WindowOver)).collect();
    window_over.sort_by_key(|at| (std::cmp::Reverse(threads[*at].event.as_ref().and_then(|event| event.end)), *at));
    window_over.truncate(MOST_WINDOW_OVER);
    let next_change = present
        .iter()
        .flat_map(|server| server.next.iter().map(|(at, _)| *at))
        .chain(threads.iter().filter_map(|thread| thread.event.as_ref()).flat_map(|event| event.next_phases()).map(|(at, _)| at))
        .chain(runs_out)
        .filter(|at| *at > now)
        .min();
    Glance {
        overall_next: overall_next(&timelines, &counted, overall, now),
        timelines,
        servers: present,
        groups,
        overall,
        active,
        planned,
        window_over,
        next_change,
    }
}

/// How bad an event is at a moment: the worst of its impact windows that hold; 0 where it names no server.
fn impact_rank(thread: &Thread, at: Moment) -> u8 {
    let windows = thread.event.iter().flat_map(|event| &event.impact_windows);
    windows.filter(|window| window.holds(at)).map(|window| window.impact.status().rank()).max().unwrap_or(0)
}

fn timelines(servers: &[Server], threads: &[Thread], now: Moment) -> Vec<Timeline> {
    let mut edges: Vec<Vec<Edge>> = vec![Vec::new(); servers.len()];
    for (at, thread) in threads.iter().enumerate() {
        for window in thread.event.iter().flat_map(|event| &event.impact_windows) {
            edges[window.server].push((window.from, true, window.impact, at));
            if let Some(until) = window.until {
                edges[window.server].push((until, false, window.impact, at));
            }
        }
    }
    servers.par_iter().zip(edges).map(|(server, edges)| timeline(server.standing, edges, now)).collect()
}

/// What begins or ends at a server: (moment, begins?, impact, thread).
type Edge = (Moment, bool, Impact, ThreadIx);

fn timeline(standing: Standing, mut edges: Vec<Edge>, now: Moment) -> Timeline {
    edges.sort_unstable();
    let mut sweep = Sweep { standing, holding: BTreeMap::new(), segments: vec![Segment { from: None, status: standing.status() }] };
    let (past, future) = edges.split_at(edges.partition_point(|edge| edge.0 <= now));
    past.chunk_by(|one, other| one.0 == other.0).for_each(|edges| sweep.pass(edges));
    let causes = sweep.worst().map_or_else(Vec::new, |worst| sweep.threads(worst).collect());
    future.chunk_by(|one, other| one.0 == other.0).for_each(|edges| sweep.pass(edges));
    Timeline { segments: sweep.segments, causes }
}

/// A server's states, made from its edges in the order of time. It takes no more than the logarithm of their number for each.
struct Sweep {
    standing: Standing,
    /// What holds, and how many impact windows of the thread do it.
    holding: BTreeMap<(Impact, ThreadIx), usize>,
    segments: Vec<Segment>,
}

impl Sweep {
    /// All that begins or ends at one moment.
    fn pass(&mut self, edges: &[Edge]) {
        let before = self.worst();
        let held: Vec<bool> = edges.iter().map(|edge| self.holds(edge)).collect();
        for (_, begins, impact, thread) in edges.iter().copied() {
            if begins {
                *self.holding.entry((impact, thread)).or_default() += 1;
            } else if let Entry::Occupied(mut windows) = self.holding.entry((impact, thread)) {
                *windows.get_mut() -= 1;
                if *windows.get() == 0 {
                    windows.remove();
                }
            }
        }
        let worst = self.worst();
        // Only what was passed can have come among the causes or left them.
        let is_new_cause = |(edge, held): (&Edge, bool)| Some(edge.2) == worst && self.holds(edge) != held;
        if worst != before || edges.iter().zip(held).any(is_new_cause) {
            let status = worst.map_or_else(|| self.standing.status(), Impact::status);
            self.segments.push(Segment { from: Some(edges[0].0), status });
        }
    }

    fn holds(&self, edge: &Edge) -> bool {
        self.holding.contains_key(&(edge.2, edge.3))
    }

    fn worst(&self) -> Option<Impact> {
        self.holding.last_key_value().map(|((impact, _), _)| *impact)
    }

    /// The threads that have an impact, rising.
    fn threads(&self, impact: Impact) -> impl Iterator<Item = ThreadIx> {
        self.holding.range((impact, ThreadIx::MIN)..=(impact, ThreadIx::MAX)).map(|((_, thread), _)| *thread)
    }
}

fn overall_next(timelines: &[Timeline], counted: &[ServerIx], overall: Status, now: Moment) -> Vec<(Moment, Status)> {
    let mut moments: Vec<Moment> = counted
        .iter()
        .flat_map(|server| timelines[*server].segments.iter().filter_map(|segment| segment.from))
        .filter(|at| *at > now)
        .collect();
    moments.sort_unstable();
    moments.dedup();
    let mut last = overall;
    let mut next = Vec::new();
    for at in moments {
        let status =
            counted.iter().map(|server| timelines[*server].at(at).status).max_by_key(|status| status.rank()).unwrap_or(Status::Operational);
        if status != last {
            next.push((at, status));
            last = status;
        }
    }
    next
}

impl Timeline {
    /// The segment that holds a moment.
    pub fn at(&self, at: Moment) -> &Segment {
        let after = self.segments.partition_point(|segment| segment.from.is_none_or(|from| from <= at));
        &self.segments[after.saturating_sub(1)]
    }

    /// The state at the site's moment, since when, why, and what is known to come.
    pub fn now(&self, standing: Standing, now: Moment) -> ServerNow {
        if standing == Standing::Retired {
            return ServerNow { status: Status::Retired, since: None, causes: Vec::new(), next: Vec::new() };
        }
        let after = self.segments.partition_point(|segment| segment.from.is_none_or(|from| from <= now));
        let (past, future) = self.segments.split_at(after);
        let present = &past[past.len() - 1];
        // Neighbours of one status differ in their causes only: the state began with the first of them.
        let since = past.iter().rev().take_while(|segment| segment.status == present.status).last().and_then(|segment| segment.from);
        let mut next = Vec::new();
        let mut last = present.status;
        for segment in future {
            if let Some(from) = segment.from.filter(|_| segment.status != last) {
                next.push((from, segment.status));
                last = segment.status;
            }
        }
        let is_standing = present.status == standing.status() && self.causes.is_empty();
        ServerNow { status: present.status, since: since.filter(|_| !is_standing), causes: self.causes.clone(), next }
    }

    /// When the first event began.
    pub fn first_event(&self) -> Option<Moment> {
        self.segments.iter().find_map(|segment| segment.from)
    }

    /// When the last event before a moment was over: that moment where it goes on, `None` where there was none.
    pub fn last_event_end(&self, now: Moment) -> Option<Moment> {
        let before = self.segments.partition_point(|segment| segment.from.is_none_or(|from| from <= now));
        let last = self.segments[..before].last()?;
        if last.status.rank() == 0 { last.from } else { Some(now) }
    }

    /// Minutes of each month from `begin` to `until`, oldest first.
    pub fn months(&self, begin: Moment, until: Moment) -> Vec<Uptime> {
        let mut months = Vec::new();
        let (mut year, mut month) = (begin.year(), begin.month());
        while let Some(start) = Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0).single().filter(|start| *start < until) {
            let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            let Some(end) = Utc.with_ymd_and_hms(next_year, next_month, 1, 0, 0, 0).single() else { break };
            let uptime = self.uptime(year, Some(month), start.max(begin), end.min(until));
            if uptime.minutes > 0 {
                months.push(uptime);
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
                let start = date.and_time(chrono::NaiveTime::MIN).and_utc();
                let end = (start + TimeDelta::days(1)).min(now);
                // A day that has just begun is in a record that goes on.
                let is_known = |known: &&Range<Moment>| known.start < end && (start < known.end || known.end == now);
                let known = known.as_ref().filter(is_known).map(|known| start.max(known.start)..end.min(known.end));
                let Some(known) = known else {
                    return Some(Day { date, worst: Status::Unknown, degraded: 0, partial_outage: 0, major_outage: 0, maintenance: 0 });
                };
                let minutes = self.uptime(date.year(), None, known.start, known.end);
                let worst = self
                    .between(known.start, known.end)
                    .map(|(segment, ..)| segment.status)
                    .max_by_key(|status| status.rank())
                    .unwrap_or(Status::Operational);
                let worst = if worst.rank() == 0 { Status::Operational } else { worst };
                Some(Day {
                    date,
                    worst,
                    degraded: minutes.degraded,
                    partial_outage: minutes.partial_outage,
                    major_outage: minutes.major_outage,
                    maintenance: minutes.maintenance,
                })
            })
            .collect()
    }

    /// The segments that meet `[start, end)`, cut to it.
    fn between(&self, start: Moment, end: Moment) -> impl Iterator<Item = (&Segment, Moment, Moment)> {
        let first = self.segments.partition_point(|segment| segment.from.is_none_or(|from| from <= start)).saturating_sub(1);
        let ends = self.segments[first..].iter().skip(1).map(|segment| segment.from).chain([None]);
        self.segments[first..]
            .iter()
            .zip(ends)
            .map(move |(segment, until)| {
                (segment, segment.from.map_or(start, |from| from.max(start)), until.map_or(end, |until| until.min(end)))
            })
            .take_while(move |(_, from, _)| *from < end)
            .filter(|(_, from, until)| from < until)
    }

    fn uptime(&self, year: i32, month: Option<u32>, start: Moment, end: Moment) -> Uptime {
        let mut seconds = [0_i64; 5];
        for (segment, from, until) in self.between(start, end) {
            seconds[usize::from(segment.status.rank())] += (until - from).num_seconds();
        }
        let minutes = (end - start).num_seconds().max(0) / 60;
        let [operational, maintenance, degraded, partial_outage, major_outage] = whole_minutes(seconds, minutes);
        Uptime { year, month, begins_with_event: false, minutes, operational, degraded, partial_outage, major_outage, maintenance }
    }
}

/// Seconds in each state as whole minutes whose sum is `minutes`: those that rounding down leaves over go to the largest
/// rests, among equal ones to the worst state.
fn whole_minutes(seconds: [i64; 5], minutes: i64) -> [i64; 5] {
    let mut whole = seconds.map(|seconds| seconds / 60);
    let left_over = usize::try_from(minutes - whole.iter().sum::<i64>()).unwrap_or(0);
    if left_over == 0 {
        return whole;
    }
    let mut states = [0, 1, 2, 3, 4];
    states.sort_by_key(|state| std::cmp::Reverse((seconds[*state] % 60, *state)));
    for state in states.into_iter().take(left_over) {
        whole[state] += 1;
    }
    whole
}

impl Uptime {
    /// The share of the time outside maintenance that was no outage, in thousandths of a percent, rounded down:
    /// `(minutes − maintenance − partial − major) ÷ (minutes − maintenance)`. `None` where nothing is left to count, and where the
    /// record begins with an event less than 28 days ago: an hour after the first outage began it would say 0 %.
    pub fn millipercent(&self) -> Option<i64> {
        if self.begins_with_event && self.minutes < LEAST_RECORD.num_minutes() {
            return None;
        }
        let counted = self.minutes - self.maintenance;
        (counted > 0).then(|| (counted - self.partial_outage - self.major_outage).max(0) * 100_000 / counted)
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
                    year.begins_with_event |= month.begins_with_event;
                    year.minutes += month.minutes;
                    year.operational += month.operational;
                    year.degraded += month.degraded;
                    year.partial_outage += month.partial_outage;
                    year.major_outage += month.major_outage;
                    year.maintenance += month.maintenance;
                }
                None => years.push(Uptime { month: None, ..month.clone() }),
            }
        }
        years
    }
}

#[cfg(test)]
mod tests;
