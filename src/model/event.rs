//! What a thread does through time: one window or several, and an impact on each server in them.
//!
//! In: the posts of a thread in the order of telling, and the moment that the site describes. Out: an [`Event`]. The rules
//! are those of the README's "Status at a moment"; no other place knows them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::impact::Impact;
use super::moment::Moment;
use super::post::{ImpactChange, Kind, Post, State};
use super::server::ServerIx;
use super::steps::{self, Turn};
use super::thread::{Event, ImpactWindow, Phase};

/// The event that posts tell; `None` where none of them is an incident or maintenance, or all such are withdrawn.
///
/// `posts` are in the order of telling; updates later than the described moment are not among them any more. Notices and
/// withdrawn posts have no effect; only their servers are inherited, by an event that names none.
pub fn of(posts: &[&Post], now: Moment) -> Option<Event> {
    let told: Vec<&Post> = told(posts.iter().copied()).collect();
    let first = *told.first()?;
    let kind = kind(posts.iter().copied());
    let start = start(kind, &told);
    let impacts = Impacts::at_first(kind, first, inherited(posts, first));
    let marks = marks(&told);
    let end = told.iter().rev().find_map(|post| post.end.map(|end| End { at: end, is_actual: kind == Kind::Incident || post.date >= end }));
    let course = course(kind, start, end, &marks);
    // What was said before it was opened again holds no more.
    let state = marks[course.reopenings.last().copied().unwrap_or(0)..].iter().rev().find_map(|mark| mark.state);
    let servers = marks.iter().fold(impacts.clone(), Impacts::after).servers;
    let impact_windows = if course.is_cancelled { Vec::new() } else { impact_windows(impacts, &marks, &course) };
    let begin = course.windows.first().map_or(start, |window| window.from);
    let over = course.windows.last().and_then(|window| window.until);
    let phase = phase(kind, begin, over, end, &course, now);
    let planned = end.map(|end| end.at);
    // What was closed before it began has the window that was announced, in which nothing happened.
    let is_unopened = over.is_some_and(|over| over < begin);
    let closed = if phase.is_over() { course.closed.or(over) } else { None };
    // Whoever looks for a state would see a maintenance that was forgotten go on for ever.
    let last_end = closed.or(over.filter(|_| phase == Phase::WindowOver));
    let turned = course.closings.iter().zip(&course.reopenings);
    let turns = turned.flat_map(|(closed, mark)| [Turn::Closed(*closed), Turn::Reopened(marks[*mark].at)]);
    let first_told = posts.iter().position(|post| std::ptr::eq(*post, first)).unwrap_or(0);
    Some(Event {
        kind,
        start: begin,
        end: match over {
            _ if course.is_cancelled => planned,
            Some(_) if is_unopened => Some(planned.filter(|end| *end > begin).unwrap_or(begin)),
            over => over,
        },
        servers,
        phase,
        state,
        steps: steps::of(kind, begin, posts, first_told, turns.chain(last_end.map(Turn::Closed))),
        closed,
        impact_windows,
    })
}

/// What posts tell: the kind of their event, and where all that tell of one are withdrawn, what they told of. Calendars need that:
/// a withdrawn maintenance is cancelled there.
pub fn kind<'p>(posts: impl Iterator<Item = &'p Post> + Clone) -> Kind {
    let withdrawn = || posts.clone().filter_map(|post| post.kind).find(|kind| is_event(*kind));
    told(posts.clone()).find_map(|post| post.kind).or_else(withdrawn).unwrap_or(Kind::Notice)
}

/// The posts that have an effect, from the first that says a kind. What follows a withdrawn post has that one's kind where it tells of an
/// event itself; else it is a word about what was withdrawn.
fn told<'p>(posts: impl Iterator<Item = &'p Post>) -> impl Iterator<Item = &'p Post> {
    let mut was_event = false;
    let mut has_begun = false;
    posts.filter(move |post| {
        has_begun |= !post.withdrawn && (post.kind.is_some_and(is_event) || was_event && post.kind.is_none() && tells_of_event(post));
        was_event |= post.kind.is_some_and(is_event);
        has_begun && post.has_effect()
    })
}

fn tells_of_event(post: &Post) -> bool {
    post.start.is_some() || post.impact.is_trouble()
}

fn is_event(kind: Kind) -> bool {
    kind != Kind::Notice
}

/// When an event begins: as the first `start` says. An incident that says none began when it was posted, or earlier where a follow-up
/// knows it.
fn start(kind: Kind, told: &[&Post]) -> Moment {
    let first = told[0];
    let said = told.iter().find_map(|post| post.start);
    match said {
        Some(said) if kind == Kind::Incident && first.start.is_none() => said.min(first.date),
        said => said.unwrap_or(first.date),
    }
}

/// The servers that an event's first post has: its own, or where it names none, those of the last post before it that names some.
fn inherited(posts: &[&Post], first: &Post) -> Vec<ServerIx> {
    let up_to_first = posts.iter().take_while(|post| !std::ptr::eq(**post, first)).chain([&first]);
    up_to_first.map(|post| &post.servers).filter(|servers| !servers.is_empty()).last().cloned().unwrap_or_default()
}

/// What one update, or the opening of a follow-up, says about the event.
struct Mark<'a> {
    at: Moment,
    state: Option<State>,
    change: &'a ImpactChange,
    /// The servers that its post names, which the change is about; none where it has those of the posts before.
    servers: &'a [ServerIx],
    /// Whether it is a follow-up's opening: its servers take the place of those before.
    is_opening: bool,
    /// Whether it can be news of an event that goes on: not a postmortem, nor the opening of a post that says when it ended.
    is_news: bool,
}

impl Mark<'_> {
    fn is_final(&self) -> bool {
        self.state.is_some_and(State::is_final)
    }

    /// Whether it means that an event which was over is not.
    fn reopens(&self) -> bool {
        self.is_news && !self.is_final() && (self.state.is_some_and(State::reopens) || self.change.is_trouble())
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
    /// When it was over before each of them.
    closings: Vec<Moment>,
    /// Those of them that bring back what held before: nothing was said of an impact since the event was over.
    restorings: Vec<usize>,
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
            marks.push(Mark {
                at: post.date,
                state: None,
                change: &post.impact,
                servers: &post.servers,
                is_opening: true,
                is_news: post.end.is_none_or(|end| end > post.date),
            });
        }
        for update in post.updates.iter().filter(|update| !update.is_opening()) {
            marks.push(Mark {
                at: update.at,
                state: update.state,
                change: &update.change,
                servers: &post.servers,
                is_opening: false,
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
    /// When staff said that it is over, else when it was.
    fn closed(self) -> Moment {
        self.said.map_or(self.at, |(at, _)| at)
    }

    fn is_cancelled(self) -> bool {
        self.said.is_some_and(|(_, state)| state == State::Cancelled)
    }
}

fn course(kind: Kind, start: Moment, end: Option<End>, marks: &[Mark<'_>]) -> Course {
    let mut from = start;
    let mut windows: Vec<Window> = Vec::new();
    let (mut reopenings, mut closings, mut restorings) = (Vec::new(), Vec::new(), Vec::new());
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
            closings.push(before.closed());
            let was_over = before.said.map_or(before.at, |(at, _)| at.max(before.at));
            let mut since = marks[..=position].iter().rev().take_while(|mark| mark.at > was_over);
            if since.all(|mark| mark.is_final() || mark.change.is_empty()) {
                restorings.push(position);
            }
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
            is_overrunning = marks.iter().any(|mark| mark.is_news && mark.at >= planned.at && !mark.is_final() && is_before_end(mark));
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
        closings,
        restorings,
        closed: over.map(Over::closed),
        is_cancelled: over.is_some_and(Over::is_cancelled),
        is_overrunning,
    }
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
    single: BTreeMap<ServerIx, Impact>,
}

impl Impacts {
    fn of(&self, server: ServerIx) -> Impact {
        self.single.get(&server).copied().unwrap_or(self.all)
    }

    /// What the first post's front matter says.
    fn at_first(kind: Kind, first: &Post, servers: Vec<ServerIx>) -> Impacts {
        Impacts { servers, all: first.impact.all.unwrap_or(kind.default_impact()), single: first.impact.servers.clone() }
    }

    /// What holds after a mark. It is about the servers of its post; those of other posts in the thread keep what they have.
    fn after(mut self, mark: &Mark<'_>) -> Impacts {
        if mark.is_opening && !mark.servers.is_empty() {
            self.servers = mark.servers.to_vec();
        }
        if let Some(all) = mark.change.all {
            let meant: HashSet<ServerIx> = mark.servers.iter().copied().collect();
            let is_other = |server: &&ServerIx| !meant.is_empty() && !meant.contains(*server);
            let others = self.servers.iter().filter(is_other).map(|server| (*server, self.of(*server))).collect();
            (self.all, self.single) = (all, others);
            if all != Impact::None {
                self.concern(mark.servers.iter().copied());
            }
        }
        let single = &mark.change.servers;
        self.single.extend(single);
        self.concern(single.iter().filter(|(_, impact)| **impact != Impact::None).map(|(server, _)| *server));
        self
    }

    /// Servers have trouble, also where a follow-up had left them out.
    fn concern(&mut self, servers: impl Iterator<Item = ServerIx>) {
        let mut servers = servers.peekable();
        if servers.peek().is_some() {
            let mut known: HashSet<ServerIx> = self.servers.iter().copied().collect();
            self.servers.extend(servers.filter(|server| known.insert(*server)));
        }
    }

    fn is_none(&self) -> bool {
        self.servers.iter().all(|server| self.of(*server) == Impact::None)
    }
}

fn impact_windows(mut impacts: Impacts, marks: &[Mark<'_>], course: &Course) -> Vec<ImpactWindow> {
    // What held last: an update that reopens the event brings that back where nobody has said an impact since; who says `none` means it.
    let mut last_effect = impacts.clone();
    let mut impact_windows = Vec::new();
    let mut newest = HashMap::new();
    let mut marks = marks.iter().enumerate().peekable();
    for window in &course.windows {
        let mut from = window.from;
        loop {
            while let Some((position, mark)) = marks.next_if(|(_, mark)| mark.at <= from) {
                if !impacts.is_none() {
                    last_effect = impacts.clone();
                }
                impacts = impacts.after(mark);
                if course.restorings.binary_search(&position).is_ok() && impacts.is_none() {
                    impacts = Impacts { servers: impacts.servers, ..last_effect.clone() };
                }
            }
            let next = marks.peek().map(|(_, mark)| mark.at).filter(|at| window.until.is_none_or(|until| *at < until));
            let until = next.or(window.until);
            if until.is_none_or(|until| from < until) {
                for server in &impacts.servers {
                    let window = ImpactWindow { server: *server, from, until, impact: impacts.of(*server) };
                    if window.impact != Impact::None {
                        add(&mut impact_windows, &mut newest, window);
                    }
                }
            }
            match next {
                Some(next) => from = next,
                None => break,
            }
        }
    }
    impact_windows.sort_by_key(|window| (window.server, window.from));
    impact_windows
}

/// Adds an impact window, joined to the one before it where only a mark without effect lies between. `newest` is where each server's
/// last one stands.
fn add(impact_windows: &mut Vec<ImpactWindow>, newest: &mut HashMap<ServerIx, usize>, window: ImpactWindow) {
    if let Some(at) = newest.get(&window.server) {
        let last = &mut impact_windows[*at];
        if last.impact == window.impact && last.until == Some(window.from) {
            last.until = window.until;
            return;
        }
    }
    newest.insert(window.server, impact_windows.len());
    impact_windows.push(window);
}
