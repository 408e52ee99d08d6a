//! A server's states through all time.
//!
//! In: what the events of the threads do to the servers. Out: for each server the whole line of its states, which tells how it is at any
//! moment, since when, and what is known to come.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use rayon::prelude::*;

use super::impact::{Impact, Standing, Status};
use super::moment::Moment;
use super::server::Server;
use super::thread::{Event, ImpactWindow, Thread, ThreadIx};

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

/// Of each server, as its events have it.
pub fn timelines(servers: &[Server], threads: &[Thread], now: Moment) -> Vec<Timeline> {
    let mut edges: Vec<Vec<Edge>> = vec![Vec::new(); servers.len()];
    for (at, thread) in threads.iter().enumerate() {
        for held in thread.event.iter().flat_map(|event| &event.impact_windows) {
            edges[held.server].extend(edges_of(held, at));
        }
    }
    servers.par_iter().zip(edges).map(|(server, edges)| timeline(server.standing, edges, now)).collect()
}

/// What begins or ends at a server: (moment, begins?, impact, thread).
type Edge = (Moment, bool, Impact, ThreadIx);

fn edges_of(held: &ImpactWindow, thread: ThreadIx) -> impl Iterator<Item = Edge> {
    let end = held.window.until.map(|until| (until, false, held.impact, thread));
    std::iter::once((held.window.from, true, held.impact, thread)).chain(end)
}

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

impl Timeline {
    /// What an event does to all its servers together: at each moment the worst.
    pub fn of_event(event: &Event, now: Moment) -> Timeline {
        let edges = event.impact_windows.iter().flat_map(|held| edges_of(held, 0)).collect();
        timeline(Standing::Operational, edges, now)
    }

    /// For how many minutes until a moment an event was trouble, by the worst impact on any server; the worst first.
    pub fn trouble_of(event: &Event, until: Moment) -> Vec<(Impact, i64)> {
        let begin = event.impact_windows.iter().map(|held| held.window.from).min();
        let Some(begin) = begin.filter(|begin| *begin < until) else { return Vec::new() };
        let minutes = Timeline::of_event(event, until).minutes(begin..until);
        let trouble = [Impact::MajorOutage, Impact::PartialOutage, Impact::Degraded].map(|impact| (impact, minutes[impact]));
        trouble.into_iter().filter(|(_, minutes)| *minutes > 0).collect()
    }

    /// The segment that holds a moment.
    pub fn at(&self, at: Moment) -> &Segment {
        &self.segments[self.begun_by(at).saturating_sub(1)]
    }

    /// The state at the site's moment, since when, why, and what is known to come.
    pub fn now(&self, standing: Standing, now: Moment) -> ServerNow {
        if standing == Standing::Retired {
            return ServerNow { status: Status::Retired, since: None, causes: Vec::new(), next: Vec::new() };
        }
        let (past, future) = self.segments.split_at(self.begun_by(now));
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
        let last = self.segments[..self.begun_by(now)].last()?;
        if last.status.has_impact() { Some(now) } else { last.from }
    }

    /// The states in a stretch of time, and how much of it each holds.
    pub fn between(&self, time: Range<Moment>) -> impl Iterator<Item = (Status, Range<Moment>)> {
        let segments = &self.segments[self.begun_by(time.start).saturating_sub(1)..];
        let ends = segments.iter().skip(1).map(|segment| segment.from).chain([None]);
        let Range { start, end } = time;
        segments
            .iter()
            .zip(ends)
            .map(move |(segment, until)| {
                (segment.status, segment.from.map_or(start, |from| from.max(start))..until.map_or(end, |until| until.min(end)))
            })
            .take_while(move |(_, held)| held.start < end)
            .filter(|(_, held)| held.start < held.end)
    }

    /// How many segments have begun at a moment.
    fn begun_by(&self, at: Moment) -> usize {
        self.segments.partition_point(|segment| segment.from.is_none_or(|from| from <= at))
    }
}

#[cfg(test)]
mod tests;
