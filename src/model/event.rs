//! What a thread does through time: one window or several, and an impact on each server in them.
//!
//! In: the posts of a thread in the order of telling, and the moment that the site describes. Out: an [`Event`]. The rules
//! are those of the README's "Status at a moment"; no other place knows them.

mod impacts;

use foldhash::HashSet;

use super::moment::Moment;
use super::post::{ImpactChange, Kind, Post, State};
use super::server::ServerIx;
use super::thread::{Event, Phase, Turn, Window};
use impacts::{Effect, Impacts};

/// The event that posts tell; `None` where none of them is an incident or maintenance, or all such are withdrawn.
///
/// `posts` are in the order of telling; updates later than the described moment are not among them any more. Notices and
/// withdrawn posts have no effect; only their servers are inherited, by an event that names none.
pub fn of(posts: &[&Post], now: Moment) -> Option<Event> {
    let Story { kind, first, start, ends, marks, course } = story(posts)?;
    let impacts = Impacts::at_first(kind, first, inherited(posts, first));
    let end = ends.last().copied();
    // What was said before it was opened again holds no more.
    let state = marks[course.reopenings.last().copied().unwrap_or(0)..].iter().rev().find_map(|mark| mark.state);
    let Effect { servers, concerned, impact_windows } = impacts::effect(impacts, &marks, &course);
    let begin = course.windows.get(course.put_off).map_or(start, |window| window.from);
    let over = course.windows.last().and_then(|window| window.until);
    let phase = phase(kind, begin, over, end, &course, now);
    let planned = end.map(|end| end.at);
    // What was closed before it began has the window that was announced, in which nothing happened.
    let is_unopened = over.is_some_and(|over| over < begin);
    let closed = if phase.is_over() { course.closed.or(over) } else { None };
    // Whoever looks for a state would see a maintenance that was forgotten go on for ever.
    let last_end = closed.or(over.filter(|_| phase == Phase::WindowOver));
    let turned = course.closings.iter().zip(course.reopenings.iter().map(|mark| &marks[*mark])).enumerate();
    let turns = turned.flat_map(|(position, (closed, mark))| {
        // What was told before the end before it, or behind its own end, was told of another time.
        let next = course.closings.get(position + 1).copied().or(last_end);
        let is_told_then = mark.told > *closed && next.is_none_or(|next| mark.told < next);
        [Turn::Closed(*closed), Turn::Reopened(if is_told_then { mark.told } else { mark.at })]
    });
    Some(Event {
        kind,
        start: begin,
        end: match over {
            _ if course.is_cancelled => planned,
            Some(_) if is_unopened => Some(planned.filter(|end| *end > begin).unwrap_or(begin)),
            over => over,
        },
        servers,
        concerned,
        phase,
        state,
        turns: turns.chain(last_end.map(Turn::Closed)).collect(),
        closed,
        impact_windows,
    })
}

/// What the posts of a thread say of its event, put in order.
struct Story<'a> {
    kind: Kind,
    first: &'a Post,
    start: Moment,
    ends: Vec<End<'a>>,
    marks: Vec<Mark<'a>>,
    course: Course,
}

fn story<'a>(posts: &[&'a Post]) -> Option<Story<'a>> {
    let told: Vec<&Post> = told(posts.iter().copied()).collect();
    let first = *told.first()?;
    let kind = kind(posts.iter().copied());
    let start = start(kind, &told);
    let (ends, marks) = (ends(kind, &told), marks(kind, &told));
    let course = course(kind, start, &ends, &marks);
    Some(Story { kind, first, start, ends, marks, course })
}

/// The follow-ups that were posted when the event was over, and did not open it again themselves; and since when it was over.
pub fn posted_after_end<'p>(posts: &[&'p Post]) -> Vec<(&'p Post, Moment)> {
    let Some(Story { marks, course, .. }) = story(posts) else { return Vec::new() };
    let reopening: HashSet<*const Post> =
        marks.iter().filter(|mark| !mark.is_opening && mark.reopens()).map(|mark| std::ptr::from_ref(mark.post)).collect();
    let openings = course.openings_after_end.iter().map(|(position, over)| (marks[*position].post, *over));
    openings.filter(|(post, _)| !reopening.contains(&std::ptr::from_ref(*post))).collect()
}

/// What posts tell: the kind of their event, and where all that tell of one are withdrawn, what they told of. Calendars need that:
/// a withdrawn maintenance is cancelled there.
pub fn kind<'p>(posts: impl Iterator<Item = &'p Post> + Clone) -> Kind {
    let withdrawn = || posts.clone().filter_map(|post| post.kind).find(|kind| is_event(*kind));
    told(posts.clone()).find_map(|post| post.kind).or_else(withdrawn).unwrap_or(Kind::Notice)
}

/// The posts that have an effect, from the first that says a kind. What follows a withdrawn post has that one's kind where it tells of an
/// event itself; else it is a word about what was withdrawn.
pub fn told<'p>(posts: impl Iterator<Item = &'p Post>) -> impl Iterator<Item = &'p Post> {
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
#[derive(Clone, Copy)]
struct Mark<'a> {
    post: &'a Post,
    /// The position of the post among those that tell of the event.
    nth: usize,
    /// From when on it holds.
    at: Moment,
    /// When it was said.
    told: Moment,
    state: Option<State>,
    change: &'a ImpactChange,
    /// Whether it is a follow-up's opening: its servers take the place of those before.
    is_opening: bool,
    /// The `start` of a follow-up: it says that trouble began again, where the event was over then, and else nothing.
    begins: Option<Moment>,
    /// Whether it can be news of an event that goes on: not a postmortem, nor the opening of a post that says when it ended.
    is_news: bool,
}

impl Mark<'_> {
    fn is_final(&self) -> bool {
        self.state.is_some_and(State::is_final)
    }

    /// Whether it means that an event which was over is not.
    fn reopens(&self) -> bool {
        self.begins.is_some() || self.is_news && !self.is_final() && (self.state.is_some_and(State::reopens) || self.change.is_trouble())
    }
}

/// The `end` that the posts say last. Before it, those of the times that were over when trouble began again, as the `start` of a
/// later post says.
fn ends<'a>(kind: Kind, told: &[&'a Post]) -> Vec<End<'a>> {
    let mut ends: Vec<End<'a>> = Vec::new();
    let mut last: Option<End<'a>> = None;
    for (nth, &post) in told.iter().enumerate() {
        ends.extend(last.take_if(|end| kind == Kind::Incident && post.start.is_some_and(|start| start > end.at)));
        let end = post.end.filter(|end| ends.last().is_none_or(|past| *end > past.at));
        last = end.map(|end| End { at: end, post, nth, is_actual: kind == Kind::Incident || post.date >= end }).or(last);
    }
    ends.extend(last);
    ends
}

/// `end` of the front matter.
#[derive(Clone, Copy)]
struct End<'a> {
    at: Moment,
    /// The post that says it, and its position.
    post: &'a Post,
    nth: usize,
    /// Whether it says when the event ended; else when it is planned to.
    is_actual: bool,
}

impl End<'_> {
    /// Whether what is said comes after it. What is said in its minute was said before, but for trouble of which a later post tells.
    fn is_before(&self, mark: &Mark<'_>) -> bool {
        mark.at > self.at || mark.at == self.at && mark.nth > self.nth && mark.change.is_trouble()
    }
}

/// The windows of an event and how it came to its end.
struct Course {
    windows: Vec<Window>,
    /// How many of the windows come before the one that is planned now: work that was begun early and put off.
    put_off: usize,
    /// The final updates that tell of an end before trouble of which a later post knows: their positions.
    outdated: Vec<usize>,
    /// The marks that reopened it, by their position.
    reopenings: Vec<usize>,
    /// When it was over before each of them.
    closings: Vec<Moment>,
    /// Those of them that bring back what held before: nothing was said of an impact since the event was over.
    restorings: Vec<usize>,
    /// The openings of follow-ups while it was over, which opened it not: their positions, and since when it was over.
    openings_after_end: Vec<(usize, Moment)>,
    /// When staff said that it is over.
    closed: Option<Moment>,
    is_cancelled: bool,
    is_overrunning: bool,
}

impl Course {
    /// Whether a mark says anything: a beginning does where it opens the event again.
    fn is_heard(&self, position: usize, mark: &Mark<'_>) -> bool {
        let is_outdated = || self.outdated.binary_search(&position).is_ok();
        (mark.begins.is_none() || self.reopenings.binary_search(&position).is_ok()) && !is_outdated()
    }
}

/// Everything that is said after the first post's front matter, in the order of time.
fn marks<'a>(kind: Kind, posts: &[&'a Post]) -> Vec<Mark<'a>> {
    let mut marks = Vec::new();
    for (at, post) in posts.iter().enumerate() {
        if at > 0 {
            let opening = Mark {
                post,
                nth: at,
                at: post.date,
                told: post.date,
                state: None,
                change: &post.impact,
                is_opening: true,
                begins: None,
                is_news: post.end.is_none_or(|end| end > post.date),
            };
            if let (Kind::Incident, Some(start)) = (kind, post.start) {
                marks.push(Mark { at: start, begins: Some(start), ..opening });
            }
            marks.push(opening);
        }
        for update in post.updates.iter().filter(|update| !update.is_opening()) {
            marks.push(Mark {
                post,
                nth: at,
                at: update.at,
                told: update.at,
                state: update.state,
                change: &update.change,
                is_opening: false,
                begins: None,
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
    /// When it was said first.
    told: Moment,
    /// The updates that said so; nothing where `end` alone does.
    said: Option<Finals>,
    /// Whether `at` is the `end` of the front matter, which updates that end the event do not move.
    is_by_end: bool,
}

/// Updates that end an event, with no other between them that opens it again.
#[derive(Clone, Copy)]
struct Finals {
    first: Moment,
    last: Moment,
    /// What the last one says.
    state: State,
}

impl Over {
    /// When staff said first that it is over, else when it was.
    fn closed(self) -> Moment {
        self.said.map_or(self.at, |said| said.first)
    }

    /// When it was over and had been said to be for the last time.
    fn known(self) -> Moment {
        self.said.map_or(self.at, |said| said.last.max(self.at))
    }

    /// Whether what a post says to begin is trouble after the end. Where a later post says the end, that one has the last word.
    fn is_before(self, start: Moment, told: Moment) -> bool {
        start > self.known() && self.told <= told.max(start)
    }

    fn is_cancelled(self) -> bool {
        self.said.is_some_and(|said| said.state == State::Cancelled)
    }
}

fn course(kind: Kind, start: Moment, ends: &[End<'_>], marks: &[Mark<'_>]) -> Course {
    let mut from = start;
    let mut windows: Vec<Window> = Vec::new();
    let (mut reopenings, mut closings, mut restorings, mut openings_after_end) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut put_off = 0;
    let mut outdated = Vec::new();
    // When the `start` was told that opened it again.
    let mut begun_told: Option<Moment> = None;
    let mut over: Option<Over> = None;
    // An `end` from before the event was reopened is none any more; what its own post opens may end in the same minute.
    let holds = |end: &End<'_>, windows: &[Window], from: Moment| {
        windows.is_empty() || end.at > from || end.at == from && end.post.start == Some(from)
    };
    // The actual ends still to come in the order of time.
    let mut coming = ends.iter().copied().filter(|end| end.is_actual).peekable();
    let ended_by = |end: End<'_>, over: Option<Over>| {
        let told = over.map_or(end.post.date, |over| over.told.min(end.post.date));
        Some(Over { at: end.at, told, said: over.and_then(|over| over.said), is_by_end: true })
    };
    for (position, mark) in marks.iter().enumerate() {
        while let Some(end) = coming.next_if(|end| end.is_before(mark)) {
            if holds(&end, &windows, from) {
                over = ended_by(end, over);
            }
        }
        // What a later post knows to have begun after an `end` is not over because an update before it told of that end.
        let tells_of_earlier_end =
            |begun_told: Moment| mark.told < begun_told && mark.post.end.is_some_and(|end| end <= from) && over.is_none();
        if mark.is_final() && begun_told.is_some_and(tells_of_earlier_end) {
            outdated.push(position);
            continue;
        }
        if let Some(state) = mark.state.filter(|state| state.is_final()) {
            // Who says once more that it is over does not change since when.
            over = Some(Over {
                at: over.map_or(mark.at, |over| over.at),
                told: over.map_or(mark.at, |over| over.told.min(mark.at)),
                said: Some(Finals { first: over.and_then(|over| over.said).map_or(mark.at, |said| said.first), last: mark.at, state }),
                is_by_end: over.is_some_and(|over| over.is_by_end),
            });
        } else if mark.reopens()
            && let Some(before) = over.take_if(|over| mark.begins.is_none_or(|start| over.is_before(start, mark.told)))
        {
            reopenings.push(position);
            closings.push(before.closed());
            let mut since = marks[..=position].iter().rev().take_while(|mark| mark.at > before.known());
            if mark.change.is_empty() && since.all(|mark| mark.is_final() || mark.change.is_empty()) {
                restorings.push(position);
            }
            // A cancelled window that is announced again is the one in the front matter, and so is one that was closed
            // before it began: neither has been open.
            let was_open = !before.is_cancelled() && before.at > from;
            if was_open {
                windows.push(Window { from, until: Some(before.at) });
            }
            begun_told = mark.begins.map(|_| mark.told);
            if was_open || mark.begins.is_some() {
                from = mark.at;
            } else if windows.is_empty() {
                from = start;
            }
        }
        if mark.is_opening && mark.begins.is_none() {
            // A post in the minute of the end that another says is behind it, though what it tells was said before.
            let in_its_minute = coming.peek().filter(|end| end.at == mark.at && end.nth < mark.nth && holds(end, &windows, from));
            let known = over.filter(|over| over.told <= mark.told).map(|over| over.at);
            openings_after_end.extend(known.or(in_its_minute.map(|end| end.at)).map(|at| (position, at)));
        }
        if kind == Kind::Maintenance && mark.state == Some(State::InProgress) && mark.at < from {
            from = mark.at;
        }
        // Work that is planned once more lies ahead, whatever was done of it.
        if kind == Kind::Maintenance && mark.state == Some(State::Scheduled) && from <= mark.at && mark.at < start {
            if from < mark.at {
                windows.push(Window { from, until: Some(mark.at) });
            }
            put_off = windows.len();
            from = start;
        }
    }
    for end in coming.filter(|end| holds(end, &windows, from)) {
        over = ended_by(end, over);
    }
    let mut is_overrunning = false;
    let until = match ends.last().copied().filter(|end| !end.is_actual && holds(end, &windows, from)) {
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
        put_off,
        outdated,
        reopenings,
        closings,
        restorings,
        openings_after_end,
        closed: over.map(Over::closed),
        is_cancelled: over.is_some_and(Over::is_cancelled),
        is_overrunning,
    }
}

fn phase(kind: Kind, begin: Moment, over: Option<Moment>, end: Option<End<'_>>, course: &Course, now: Moment) -> Phase {
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
