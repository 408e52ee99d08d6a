//! What a thread does through time: one window or several, and an impact on each server in them.
//!
//! In: the posts of a thread in the order of telling, and the moment that the site describes. Out: an [`Event`]. The rules
//! are those of the README's "Status at a moment"; no other place knows them.

use super::impact::Impact;
use super::post::{ImpactChange, Kind, Moment, Post, State};
use super::server::ServerIx;
use super::thread::{Event, Phase, Stretch};

/// The event that posts tell; `None` for a notice, and where every post is withdrawn.
///
/// `posts` are in the order of telling; updates later than the described moment are not among them any more.
pub fn of(posts: &[&Post], kind: Kind, now: Moment) -> Option<Event> {
    let told: Vec<&Post> = posts.iter().copied().filter(|post| !post.withdrawn).collect();
    let first = *told.first()?;
    if kind == Kind::Notice {
        return None;
    }
    let start = told.iter().find_map(|post| post.start).unwrap_or(first.date);
    let marks = marks(&told);
    let end = told.iter().rev().find_map(|post| post.end.map(|end| End { at: end, is_actual: kind == Kind::Incident || post.date >= end }));
    let course = course(kind, start, end, &marks);
    let state = marks.iter().rev().find_map(|mark| mark.state);
    let stretches = if course.is_cancelled { Vec::new() } else { stretches(kind, first, &marks, &course.windows) };
    let begin = course.windows.first().map_or(start, |window| window.from);
    let last = course.windows.last();
    let over = last.and_then(|window| window.until);
    let phase = phase(kind, begin, over, end, &course, now);
    Some(Event {
        kind,
        start: begin,
        end: if course.is_cancelled { end.map(|end| end.at) } else { over },
        servers: servers_at_end(&told),
        phase,
        state,
        closed: if phase.is_over() { course.closed.or(over) } else { None },
        stretches,
    })
}

/// What one update, or the opening of a follow-up, says about the event.
struct Mark<'a> {
    at: Moment,
    state: Option<State>,
    change: &'a ImpactChange,
    /// A follow-up's own servers, which hold from its date on.
    servers: Option<&'a [ServerIx]>,
    /// Whether it is news of the event that goes on: not an opening whose post says when it ended.
    is_news: bool,
}

/// `end` of the front matter.
#[derive(Clone, Copy)]
struct End {
    at: Moment,
    /// Whether it says when the event ended; else when it is planned to.
    is_actual: bool,
}

struct Window {
    from: Moment,
    until: Option<Moment>,
}

/// The windows of an event and how it came to its end.
struct Course {
    windows: Vec<Window>,
    /// When staff said that it is over.
    closed: Option<Moment>,
    is_cancelled: bool,
    is_overrunning: bool,
}

/// Everything that is said after the first post's front matter, in the order of time.
fn marks<'a>(posts: &[&'a Post]) -> Vec<Mark<'a>> {
    let mut marks = Vec::new();
    for (at, post) in posts.iter().enumerate() {
        if at > 0 {
            let servers = (!post.servers.is_empty()).then_some(post.servers.as_slice());
            marks.push(Mark {
                at: post.date,
                state: None,
                change: &post.impact,
                servers,
                is_news: post.end.is_none_or(|end| end > post.date) && post.kind != Some(Kind::Notice),
            });
        }
        for update in post.updates.iter().filter(|update| !update.is_opening()) {
            marks.push(Mark {
                at: update.at,
                state: update.state,
                change: &update.change,
                servers: None,
                is_news: update.state != Some(State::Postmortem),
            });
        }
    }
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn course(kind: Kind, start: Moment, end: Option<End>, marks: &[Mark<'_>]) -> Course {
    let begun_early = marks.iter().find(|mark| kind == Kind::Maintenance && mark.at < start && mark.state == Some(State::InProgress));
    let mut from = begun_early.map_or(start, |mark| mark.at);
    let mut windows = Vec::new();
    // The update that ended the event, while no later state has reopened it.
    let mut ended: Option<(Moment, State)> = None;
    let mut reopened: Option<Moment> = None;
    for mark in marks {
        let Some(state) = mark.state else {
            if ended.is_some_and(|(_, state)| state != State::Cancelled) && has_impact(mark.change) {
                close(&mut windows, from, ended.take());
                (from, reopened) = (mark.at, Some(mark.at));
            }
            continue;
        };
        if state.is_final() {
            ended = Some((mark.at, state));
        } else if let Some((at, final_state)) = ended.filter(|_| state.reopens() || has_impact(mark.change)) {
            if final_state == State::Cancelled || at <= from {
                // A cancelled window that is announced again is the one in the front matter; one that was closed before it
                // began has not been open.
                ended = None;
            } else {
                close(&mut windows, from, ended.take());
                (from, reopened) = (mark.at, Some(mark.at));
            }
        }
    }
    let is_cancelled = ended.is_some_and(|(_, state)| state == State::Cancelled);
    let last_end = end.filter(|end| reopened.is_none_or(|at| end.at > at));
    let is_overrunning_after = |planned: Moment| {
        marks.iter().any(|mark| {
            mark.is_news && mark.at > planned && !mark.state.is_some_and(State::is_final) && ended.is_none_or(|(at, _)| mark.at < at)
        })
    };
    let mut is_overrunning = false;
    let until = match (kind, ended, last_end) {
        (Kind::Maintenance, Some((at, _)), Some(end)) if !end.is_actual && at > end.at && !is_overrunning_after(end.at) => Some(end.at),
        (Kind::Maintenance, Some((at, _)), Some(end)) if !end.is_actual => {
            is_overrunning = at > end.at;
            Some(at)
        }
        (_, Some(_), Some(end)) => Some(end.at),
        (_, Some((at, _)), None) => Some(at),
        (Kind::Maintenance, None, Some(end)) if !end.is_actual && is_overrunning_after(end.at) => {
            is_overrunning = true;
            None
        }
        (_, None, end) => end.map(|end| end.at),
    };
    windows.push(Window { from, until });
    let closed = match (ended, last_end) {
        (Some((at, _)), _) => Some(at),
        (None, Some(end)) if end.is_actual => Some(end.at),
        _ => None,
    };
    Course { windows, closed, is_cancelled, is_overrunning }
}

fn close(windows: &mut Vec<Window>, from: Moment, ended: Option<(Moment, State)>) {
    if let Some((at, _)) = ended {
        windows.push(Window { from, until: Some(at) });
    }
}

fn has_impact(change: &ImpactChange) -> bool {
    change.all.into_iter().chain(change.servers.iter().map(|(_, impact)| *impact)).any(|impact| impact != Impact::None)
}

fn phase(kind: Kind, begin: Moment, over: Option<Moment>, end: Option<End>, course: &Course, now: Moment) -> Phase {
    if course.is_cancelled {
        return Phase::Cancelled;
    }
    let has_passed = |at: Option<Moment>| at.is_some_and(|at| at <= now);
    match kind {
        Kind::Maintenance if course.closed.is_some() && has_passed(over) => Phase::Completed,
        _ if now < begin => Phase::Scheduled,
        Kind::Maintenance if has_passed(over) => Phase::WindowOver,
        Kind::Maintenance if course.is_overrunning && end.is_some_and(|end| end.at <= now) => Phase::Overrunning,
        Kind::Maintenance => Phase::InProgress,
        _ if has_passed(over) => Phase::Resolved,
        _ => Phase::Ongoing,
    }
}

/// What holds for each server, as the posts have said so far.
#[derive(Clone)]
struct Impacts {
    servers: Vec<ServerIx>,
    all: Impact,
    single: Vec<(ServerIx, Impact)>,
}

impl Impacts {
    fn of(&self, server: ServerIx) -> Impact {
        self.single.iter().find(|(single, _)| *single == server).map_or(self.all, |(_, impact)| *impact)
    }

    fn apply(&mut self, change: &ImpactChange) {
        if let Some(all) = change.all {
            self.all = all;
            self.single.clear();
        }
        for (server, impact) in &change.servers {
            self.single.retain(|(single, _)| single != server);
            self.single.push((*server, *impact));
        }
    }

    fn is_none(&self) -> bool {
        self.servers.iter().all(|server| self.of(*server) == Impact::None)
    }
}

fn stretches(kind: Kind, first: &Post, marks: &[Mark<'_>], windows: &[Window]) -> Vec<Stretch> {
    let mut impacts = Impacts {
        servers: first.servers.clone(),
        all: first.impact.all.unwrap_or(kind.default_impact()),
        single: first.impact.servers.clone(),
    };
    // What held before the event was ended: a state that reopens it without an impact brings that back.
    let mut before_end = impacts.clone();
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut marks = marks.iter().peekable();
    for (position, window) in windows.iter().enumerate() {
        let mut from = window.from;
        loop {
            while let Some(mark) = marks.next_if(|mark| mark.at <= from) {
                take(mark, &mut impacts, &mut before_end);
            }
            if position > 0 && from == window.from && impacts.is_none() {
                impacts = before_end.clone();
            }
            let next = marks.peek().map(|mark| mark.at).filter(|at| window.until.is_none_or(|until| *at < until));
            let until = next.or(window.until);
            if until.is_none_or(|until| from < until) {
                for server in &impacts.servers {
                    add(&mut stretches, Stretch { server: *server, from, until, impact: impacts.of(*server) });
                }
            }
            match next {
                Some(next) => from = next,
                None => break,
            }
        }
    }
    stretches.retain(|stretch| stretch.impact != Impact::None);
    stretches.sort_by_key(|stretch| (stretch.server, stretch.from));
    stretches
}

fn take(mark: &Mark<'_>, impacts: &mut Impacts, before_end: &mut Impacts) {
    if mark.state.is_some_and(State::is_final) && !impacts.is_none() {
        *before_end = impacts.clone();
    }
    if let Some(servers) = mark.servers {
        impacts.servers = servers.to_vec();
        before_end.servers = servers.to_vec();
    }
    impacts.apply(mark.change);
}

/// Adds a stretch, joined to the one before it where only a mark without effect lies between.
fn add(stretches: &mut Vec<Stretch>, stretch: Stretch) {
    match stretches.iter_mut().rev().find(|other| other.server == stretch.server) {
        Some(last) if last.impact == stretch.impact && last.until == Some(stretch.from) => last.until = stretch.until,
        _ => stretches.push(stretch),
    }
}

fn servers_at_end(posts: &[&Post]) -> Vec<ServerIx> {
    posts.iter().rev().map(|post| &post.servers).find(|servers| !servers.is_empty()).cloned().unwrap_or_default()
}
