//! Status at the site's moment.
//!
//! In: the servers and the threads with their events. Out: how each server is, each group and all of them, and what comes. Every page,
//! feed, badge and API answer reads these and the timelines that they are taken from; nothing else compares a window with a clock.

use std::cmp::Reverse;

use super::headline::{Headline, headlines};
use super::impact::{Impact, Status};
use super::moment::Moment;
use super::server::{Group, Server, ServerIx};
use super::thread::{Phase, Thread, ThreadIx};
use super::timeline::{ServerNow, Timeline, timelines};

/// How many maintenances with a window that is over are worth a place among the news.
const MOST_WINDOW_OVER: usize = 5;

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
    /// What the headline says.
    pub headline: Headline,
    /// When it will say something else by itself, and what: also where an event that touches no server's status begins or ends. Rising.
    pub headline_next: Vec<(Moment, Headline)>,
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

/// What each event does, gathered for the glance. `runs_out`: when pins and results of probes end.
pub fn glance(servers: &[Server], groups: &[Group], threads: &[Thread], runs_out: impl IntoIterator<Item = Moment>, now: Moment) -> Glance {
    let timelines = timelines(servers, threads, now);
    let present: Vec<ServerNow> = servers.iter().zip(&timelines).map(|(server, timeline)| timeline.now(server.standing, now)).collect();
    let is_counted = |server: &ServerIx| servers[*server].standing.is_public();
    let counted: Vec<ServerIx> = (0..servers.len()).filter(is_counted).collect();
    let overall = Status::worst(counted.iter().map(|server| present[*server].status));
    let worst_of =
        |group: &Group| Status::worst(group.servers.iter().filter(|server| is_counted(server)).map(|server| present[*server].status));
    let groups = groups.iter().map(worst_of).collect();
    let phase_of = |thread: &Thread| thread.event.as_ref().map(|event| event.phase);
    let mut active: Vec<ThreadIx> = (0..threads.len()).filter(|at| phase_of(&threads[*at]).is_some_and(Phase::is_active)).collect();
    active.sort_by_key(|at| (Reverse(impact_at(&threads[*at], now)), Reverse(threads[*at].event.as_ref().map(|event| event.start)), *at));
    let mut planned: Vec<ThreadIx> = (0..threads.len()).filter(|at| phase_of(&threads[*at]) == Some(Phase::Scheduled)).collect();
    planned.sort_by_key(|at| (threads[*at].event.as_ref().map(|event| event.start), *at));
    let mut window_over: Vec<ThreadIx> = (0..threads.len()).filter(|at| phase_of(&threads[*at]) == Some(Phase::WindowOver)).collect();
    window_over.sort_by_key(|at| (Reverse(threads[*at].event.as_ref().and_then(|event| event.end)), *at));
    window_over.truncate(MOST_WINDOW_OVER);
    let next_change = present
        .iter()
        .flat_map(|server| server.next.iter().map(|(at, _)| *at))
        .chain(threads.iter().filter_map(|thread| thread.event.as_ref()).flat_map(|event| event.next_phases()).map(|(at, _)| at))
        .chain(runs_out)
        .filter(|at| *at > now)
        .min();
    let overall_next = overall_next(&timelines, &counted, overall, now);
    let (headline, headline_next) = headlines(threads.iter().filter_map(|thread| thread.event.as_ref()), overall, &overall_next);
    Glance {
        overall_next,
        headline,
        headline_next,
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

/// How bad an event is at a moment: the worst of its impact windows that hold.
fn impact_at(thread: &Thread, at: Moment) -> Option<Impact> {
    let impact_windows = thread.event.iter().flat_map(|event| &event.impact_windows);
    impact_windows.filter(|held| held.window.holds(at)).map(|held| held.impact).max()
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
        let status = Status::worst(counted.iter().map(|server| timelines[*server].at(at).status));
        if status != last {
            next.push((at, status));
            last = status;
        }
    }
    next
}
