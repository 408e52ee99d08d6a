//! What a thread does through time: one window or several, and an impact on each server in them.
//!
//! In: the posts of a thread in the order of telling, and the moment that the site describes. Out: an [`Event`]. The rules
//! are those of the README's "Status at a moment"; no other place knows them.

use super::impact::Impact;
use super::moment::Moment;
use super::post::{ImpactChange, Kind, Post, State};
use super::server::ServerIx;
use super::thread::{Event, ImpactWindow, Phase};

/// The event that posts tell; `None` where none of them is an incident or maintenance, or all such are withdrawn.
///
/// `posts` are in the order of telling; updates later than the described moment are not among them any more. Notices and
/// withdrawn posts have no effect, and nothing is inherited from them.
pub fn of(posts: &[&Post], now: Moment) -> Option<Event> {
    let told: Vec<&Post> = told(posts.iter().copied()).collect();
    let first = *told.first()?;
    let kind = first.kind?;
    let start = told.iter().find_map(|post| post.start).unwrap_or(first.date);
    let marks = marks(&told);
    let end = told.iter().rev().find_map(|post| post.end.map(|end| End { at: end, is_actual: kind == Kind::Incident || post.date >= end }));
    let course = course(kind, start, end, &marks);
    let state = marks.iter().rev().find_map(|mark| mark.state);
    let impact_windows = if course.is_cancelled { Vec::new() } else { impact_windows(kind, first, &marks, &course) };
    let begin = course.windows.first().map_or(start, |window| window.from);
    let over = course.windows.last().and_then(|window| window.until);
    let phase = phase(kind, begin, over, end, &course, now);
    let planned = end.map(|end| end.at);
    // What was closed before it began has the window that was announced, in which nothing happened.
    let is_unopened = over.is_some_and(|over| over < begin);
    Some(Event {
        kind,
        start: begin,
        end: match over {
            _ if course.is_cancelled => planned,
            Some(_) if is_unopened => Some(planned.filter(|end| *end > begin).unwrap_or(begin)),
            over => over,
        },
        servers: servers_at_end(&told),
        phase,
        state,
        closed: if phase.is_over() { course.closed.or(over) } else { None },
        impact_windows,
    })
}

/// What posts tell: the kind of their event, and where all that tell of one are withdrawn, what they told of. Calendars need that:
/// a withdrawn maintenance is cancelled there.
pub fn kind<'p>(posts: impl Iterator<Item = &'p Post> + Clone) -> Kind {
    let withdrawn = || posts.clone().filter_map(|post| post.kind).find(|kind| *kind != Kind::Notice);
    told(posts.clone()).next().and_then(|post| post.kind).or_else(withdrawn).unwrap_or(Kind::Notice)
}

/// The posts that have an effect, from the first that says a kind.
fn told<'p>(posts: impl Iterator<Item = &'p Post>) -> impl Iterator<Item = &'p Post> {
    posts.filter(|post| !post.withdrawn && post.kind != Some(Kind::Notice)).skip_while(|post| post.kind.is_none())
}

/// What one update, or the opening of a follow-up, says about the event.
struct Mark<'a> {
    at: Moment,
    state: Option<State>,
    change: &'a ImpactChange,
    /// A follow-up's own servers, which hold from its date on.
    servers: Option<&'a [ServerIx]>,
    /// Whether it can be news of an event that goes on: not a postmortem, nor the opening of a post that says when it ended.
    is_news: bool,
}

impl Mark<'_> {
    fn is_final(&self) -> bool {
        self.state.is_some_and(State::is_final)
    }

    /// Whether it means that an event which was over is not.
    fn reopens(&self) -> bool {
        self.is_news && !self.is_final() && (self.state.is_some_and(State::reopens) || has_impact(self.change))
    }
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
    /// The marks that reopened it, by their position.
    reopenings: Vec<usize>,
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
                is_news: post.end.is_none_or(|end| end > post.date),
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

/// What ended an event, while nothing later has reopened it.
#[derive(Clone, Copy)]
struct Over {
    at: Moment,
    /// The last update that said so; nothing where `end` alone does.
    said: Option<(Moment, State)>,
    /// Whether `at` is the `end` of the front matter, which updates that end the event do not move.
    is_by_end: bool,
}

impl Over {
    fn is_cancelled(self) -> bool {
        self.said.is_some_and(|(_, state)| state == State::Cancelled)
    }
}

fn course(kind: Kind, start: Moment, end: Option<End>, marks: &[Mark<'_>]) -> Course {
    let mut from = start;
    let mut windows: Vec<Window> = Vec::new();
    let mut reopenings = Vec::new();
    let mut over: Option<Over> = None;
    // An `end` from before the event was reopened is none any more.
    let holds = |end: &End, windows: &[Window], from: Moment| windows.is_empty() || end.at > from;
    // An actual `end` still to come in the order of time.
    let mut coming = end.filter(|end| end.is_actual);
    let ended_by = |end: End, over: Option<Over>| Some(Over { at: end.at, said: over.and_then(|over| over.said), is_by_end: true });
    for (position, mark) in marks.iter().enumerate() {
        if let Some(end) = coming.take_if(|end| mark.at > end.at)
            && holds(&end, &windows, from)
        {
            over = ended_by(end, over);
        }
        if let Some(state) = mark.state.filter(|state| state.is_final()) {
            let by_end = over.filter(|over| over.is_by_end);
            over = Some(Over { at: by_end.map_or(mark.at, |over| over.at), said: Some((mark.at, state)), is_by_end: by_end.is_some() });
        } else if mark.reopens()
            && let Some(before) = over.take()
        {
            reopenings.push(position);
            // A cancelled window that is announced again is the one in the front matter, and so is one that was closed
            // before it began: neither has been open.
            if !before.is_cancelled() && before.at > from {
                windows.push(Window { from, until: Some(before.at) });
                from = mark.at;
            } else if windows.is_empty() {
                from = start;
            }
        }
        if kind == Kind::Maintenance && mark.state == Some(State::InProgress) && mark.at < from {
            from = mark.at;
        }
    }
    if let Some(end) = coming.filter(|end| holds(end, &windows, from)) {
        over = ended_by(end, over);
    }
    let mut is_overrunning = false;
    let until = match end.filter(|end| !end.is_actual && holds(end, &windows, from)) {
        None => over.map(|over| over.at),
        Some(planned) => {
            let is_before_end = |mark: &Mark<'_>| over.is_none_or(|over| mark.at < over.at);
            is_overrunning = marks.iter().any(|mark| mark.is_news && mark.at > planned.at && !mark.is_final() && is_before_end(mark));
            match over {
                Some(over) if over.at <= planned.at || is_overrunning => Some(over.at),
                None if is_overrunning => None,
                _ => Some(planned.at),
            }
        }
    };
    windows.push(Window { from, until });
    Course {
        windows,
        reopenings,
        closed: over.map(|over| over.said.map_or(over.at, |(at, _)| at)),
        is_cancelled: over.is_some_and(Over::is_cancelled),
        is_overrunning,
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
        _ if course.closed.is_some() && has_passed(over) => Phase::Resolved,
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

fn impact_windows(kind: Kind, first: &Post, marks: &[Mark<'_>], course: &Course) -> Vec<ImpactWindow> {
    let mut impacts = Impacts {
        servers: first.servers.clone(),
        all: first.impact.all.unwrap_or(kind.default_impact()),
        single: first.impact.servers.clone(),
    };
    // What held last: an update that reopens the event and names no impact for all brings that back; one that says `none` means it.
    let mut last_effect = impacts.clone();
    let mut impact_windows: Vec<ImpactWindow> = Vec::new();
    let mut marks = marks.iter().enumerate().peekable();
    for window in &course.windows {
        let mut from = window.from;
        loop {
            while let Some((position, mark)) = marks.next_if(|(_, mark)| mark.at <= from) {
                if !impacts.is_none() {
                    last_effect = impacts.clone();
                }
                if let Some(servers) = mark.servers {
                    impacts.servers = servers.to_vec();
                }
                impacts.apply(mark.change);
                if course.reopenings.contains(&position) && mark.change.all.is_none() && impacts.is_none() {
                    impacts = Impacts { servers: impacts.servers, ..last_effect.clone() };
                }
            }
            let next = marks.peek().map(|(_, mark)| mark.at).filter(|at| window.until.is_none_or(|until| *at < until));
            let until = next.or(window.until);
            if until.is_none_or(|until| from < until) {
                for server in &impacts.servers {
                    add(&mut impact_windows, ImpactWindow { server: *server, from, until, impact: impacts.of(*server) });
                }
            }
            match next {
                Some(next) => from = next,
                None => break,
            }
        }
    }
    impact_windows.retain(|window| window.impact != Impact::None);
    impact_windows.sort_by_key(|window| (window.server, window.from));
    impact_windows
}

/// Adds an impact window, joined to the one before it where only a mark without effect lies between.
fn add(impact_windows: &mut Vec<ImpactWindow>, window: ImpactWindow) {
    match impact_windows.iter_mut().rev().find(|other| other.server == window.server) {
        Some(last) if last.impact == window.impact && last.until == Some(window.from) => last.until = window.until,
        _ => impact_windows.push(window),
    }
}

fn servers_at_end(posts: &[&Post]) -> Vec<ServerIx> {
    posts.iter().rev().map(|post| &post.servers).find(|servers| !servers.is_empty()).cloned().unwrap_or_default()
}
