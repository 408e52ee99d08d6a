//! What a thread does through time: one window or several, and an impact on each server in them.
//!
//! In: the posts of a thread in the order of telling, and the moment that the site describes. Out: an [`Event`]. The rules
//! are those of the README's "Status at a moment"; no other place knows them.

mod course;
mod ends;
mod impacts;
mod marks;
mod what_if;

use foldhash::HashSet;

use super::following::{is_event, servers_from, told};
use super::moment::Moment;
use super::post::{Kind, Post};
use super::server::ServerIx;
use super::thread::{Event, Phase, Turn};
use course::{Course, course};
use ends::ends;
use impacts::{Effect, Impacts};
use marks::{By, End, Mark, marks};
pub use what_if::what_if;

/// The event that posts tell; `None` where none of them is an incident or maintenance, or all such are withdrawn.
///
/// `posts` are in the order of telling; updates later than the described moment are not among them any more. Notices and
/// withdrawn posts have no effect; only their servers are inherited, by an event that names none.
pub fn of(posts: &[&Post], now: Moment) -> Option<Event> {
    let Story { kind, told, start, ends, marks, course } = story(posts)?;
    let impacts = Impacts::at_first(kind, posts[told[0]], inherited(posts, told[0]));
    // What was said before it was opened again holds no more.
    let state = marks[course.reopenings.last().copied().unwrap_or(0)..].iter().rev().find_map(|mark| mark.state);
    let Effect { servers, concerned, impact_windows } = impacts::effect(impacts, &marks, &course);
    let begin = course.windows.get(course.put_off).map_or(start, |window| window.from);
    let over = course.windows.last().and_then(|window| window.until);
    let phase = phase(kind, begin, over, &course, now);
    let planned = course.planned.or(ends.last().map(|end| end.at));
    // What was closed before it began has the window that was announced, in which nothing happened.
    let is_unopened = over.is_some_and(|over| over < begin);
    let closed = if phase.is_over() { course.closed.or(over) } else { None };
    // Whoever looks for a state would see a maintenance that was forgotten go on for ever.
    let last_end = closed.or(over.filter(|_| phase == Phase::WindowOver));
    let turned = course.closings.iter().zip(course.reopenings.iter().map(|mark| &marks[*mark])).enumerate();
    let turns = turned.flat_map(|(position, (closed, mark))| {
        // What was told before the end before it, or behind its own end, was told of another time.
        let next = course.closings.get(position + 1).copied().or(last_end);
        let is_told_then = mark.told() > *closed && next.is_none_or(|next| mark.told() < next);
        [Turn::Closed(*closed), Turn::Reopened(if is_told_then { mark.told() } else { mark.at })]
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
    /// The posts that tell of it, at least one: their positions.
    told: Vec<usize>,
    start: Moment,
    ends: Vec<End<'a>>,
    marks: Vec<Mark<'a>>,
    course: Course,
}

fn story<'a>(posts: &[&'a Post]) -> Option<Story<'a>> {
    let told: Vec<usize> = told(posts).collect();
    if told.is_empty() {
        return None;
    }
    let kind = kind(posts);
    let posts: Vec<&Post> = told.iter().map(|at| posts[*at]).collect();
    let start = start(kind, &posts);
    let marks = marks(kind, &posts);
    let ends = ends(kind, start, &posts, &marks);
    let course = course(kind, start, &ends, &marks);
    Some(Story { kind, told, start, ends, marks, course })
}

/// The follow-ups that were posted when the event was over, and open it again at once or not at all, but not in an update, or in one from
/// before their `start`: their positions, and since when it was over.
pub fn posted_after_end(posts: &[&Post]) -> Vec<(usize, Moment)> {
    let Some(Story { told, marks, course, .. }) = story(posts) else { return Vec::new() };
    let is_begun = |mark: &&Mark<'_>| mark.reopens() && mark.post.start.is_none_or(|start| start <= mark.at);
    let reopening: HashSet<usize> = marks.iter().filter(|mark| mark.by == By::Update).filter(is_begun).map(|mark| mark.nth).collect();
    let openings = course.openings_after_end.iter().map(|(position, over)| (&marks[*position], *over));
    openings.filter(|(mark, _)| mark.reopens() || !reopening.contains(&mark.nth)).map(|(mark, over)| (told[mark.nth], over)).collect()
}

/// What posts tell: the kind of their event, and where all that tell of one are withdrawn, what they told of. Calendars need that:
/// a withdrawn maintenance is cancelled there.
pub fn kind(posts: &[&Post]) -> Kind {
    let withdrawn = || posts.iter().filter_map(|post| post.kind).find(|kind| is_event(*kind));
    told(posts).find_map(|at| posts[at].kind).or_else(withdrawn).unwrap_or(Kind::Notice)
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

/// The servers that an event's first post has: its own, or where it names none, those of the post that it follows, itself or through others.
fn inherited(posts: &[&Post], first: usize) -> Vec<ServerIx> {
    let from = if posts[first].servers.is_empty() { servers_from(posts, first, None) } else { None };
    posts[from.unwrap_or(first)].servers.clone()
}

fn phase(kind: Kind, begin: Moment, over: Option<Moment>, course: &Course, now: Moment) -> Phase {
    if course.is_cancelled {
        return Phase::Cancelled;
    }
    let has_passed = |at: Option<Moment>| at.is_some_and(|at| at <= now);
    match kind {
        Kind::Maintenance if course.closed.is_some() && has_passed(over) => Phase::Completed,
        _ if course.closed.is_some() && has_passed(over) => Phase::Resolved,
        _ if now < begin => Phase::Scheduled,
        Kind::Maintenance if has_passed(over) => Phase::WindowOver,
        Kind::Maintenance if course.is_overrunning && has_passed(course.planned) => Phase::Overrunning,
        Kind::Maintenance => Phase::InProgress,
        _ if has_passed(over) => Phase::Resolved,
        _ => Phase::Ongoing,
    }
}
