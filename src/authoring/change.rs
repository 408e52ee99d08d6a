//! What an update changes beside its text: the state in its heading, and the window in the front matter of its post.
//!
//! In: the site, a post, the update's time, and what was asked for. Out: the [`Change`], or why there can be none.

use super::front_matter::{Broken, set_end, set_start, without_end};
use super::update::stamp;
use crate::model::thread::Turn;
use crate::model::{Event, Kind, Moment, Phase, Post, PostIx, Site, State, Thread};
use crate::source::SourceFile;

/// What is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub state: Option<State>,
    /// When a maintenance will begin.
    pub start: Option<Moment>,
    /// When it is planned to end.
    pub end: Option<Moment>,
}

/// What an update does to the file of its post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Of the update's heading.
    pub state: Option<State>,
    /// The new `start` of the front matter.
    pub start: Option<Moment>,
    pub end: End,
}

/// What becomes of `end` in the front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Keep,
    Set(Moment),
    TakeOut,
}

/// Why a window cannot be changed as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoWindow {
    Incident,
    Notice,
    Withdrawn,
    /// The state that was named is about work that is over.
    StateEnds(State),
    /// The state that was named ends what has not begun.
    NotBegun(State),
    Over(Phase),
    /// A new start, of work whose window was over at this moment, and nobody said how it went.
    WindowOver(Moment),
    /// A new start, of work that began at this moment.
    HasBegun(Moment),
    /// The new start is not later than the update.
    StartIsPast(Moment),
    EndIsPast(Moment),
    /// The `end` of the post is that of the time before the work began again.
    OfTimeBefore(Moment),
    /// The key stands in another post of the thread.
    Elsewhere {
        key: &'static str,
        path: String,
    },
}

/// Why an event cannot be ended, or not at the moment that was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoEnd {
    Notice,
    Withdrawn,
    NotBegun,
    Over(Phase),
    /// It began at this moment, and the named one is not later.
    BeforeStart(Moment),
    /// The named moment is later than the update.
    Ahead,
    /// It was over at this moment, and began again.
    AfterEnd(Moment),
    /// The `end` that counts stands in this post of the thread.
    Elsewhere(PostIx),
}

/// The change that an update at `at` makes. One that moves a maintenance's window has a state in any case, since calendars take a changed
/// window only with a state: the one that was named, else the present one, which nobody reads as news of the work itself.
pub fn change(site: &Site, post: PostIx, at: Moment, wanted: Wanted) -> Result<Change, NoWindow> {
    if wanted.start.is_some() || wanted.end.is_some() {
        let state = state_of_window(site, post, at, wanted)?;
        return Ok(Change { state: Some(state), start: wanted.start, end: wanted.end.map_or(End::Keep, End::Set) });
    }
    let is_ahead = || site.thread(post).event.as_ref().is_some_and(|event| event.phase == Phase::Scheduled && at < event.start);
    if let Some(ends) = wanted.state.filter(|state| matches!(state, State::Resolved | State::Completed) && is_ahead()) {
        return Err(NoWindow::NotBegun(ends));
    }
    if wanted.state == Some(State::Scheduled) {
        check_ahead(site.thread(post), site, at)?;
    }
    // What is open again has no end. Where no update said the old one, it is the only word on how long the trouble lasted.
    let reopens = wanted.state.is_some_and(State::reopens) && site.thread(post).kind == Kind::Incident;
    let is_told = |end: Moment| site.posts[post].updates.iter().any(|update| update.at == end && update.state.is_some_and(State::is_final));
    let is_spent = site.posts[post].end.is_some_and(|end| end < at && is_told(end));
    Ok(Change { state: wanted.state, start: None, end: if reopens && is_spent { End::TakeOut } else { End::Keep } })
}

/// The change that ends an event by an update at `at`: it was over at `over` where that is named, else then.
pub fn ending(site: &Site, post: PostIx, at: Moment, over: Option<Moment>) -> Result<Change, NoEnd> {
    let thread = site.thread(post);
    let state = match thread.kind {
        Kind::Incident => State::Resolved,
        Kind::Maintenance => State::Completed,
        Kind::Notice => return Err(NoEnd::Notice),
    };
    let Some(event) = &thread.event else { return Err(NoEnd::Withdrawn) };
    match event.phase {
        Phase::Scheduled => return Err(NoEnd::NotBegun),
        phase if phase.is_over() => return Err(NoEnd::Over(phase)),
        // Somebody whose clock is fast has ended it already.
        _ if is_ended_ahead(site, thread, at) => {
            return Err(NoEnd::Over(if thread.kind == Kind::Maintenance { Phase::Completed } else { Phase::Resolved }));
        }
        _ => {}
    }
    // Work that began early may be done before its `start`: then the update alone says when it ended.
    let is_before_start = site.posts[post].start.is_some_and(|start| at < start);
    // What was opened again keeps the `end` that it had before.
    let has_earlier_end = earlier_end(site, post, at).is_some();
    if let Some(over) = over {
        check_end(site, post, at, over)?;
        return Ok(Change { state: Some(state), start: None, end: End::Set(over) });
    }
    // A window that is over ended as it was planned, however late somebody says so.
    let end = if event.phase == Phase::WindowOver || is_before_start || has_earlier_end { End::Keep } else { End::Set(at) };
    Ok(Change { state: Some(state), start: None, end })
}

/// Whether `end` in the front matter of a post can say that its event was over at `over`, which an update at `at` tells.
fn check_end(site: &Site, post: PostIx, at: Moment, over: Moment) -> Result<(), NoEnd> {
    let thread = site.thread(post);
    if over > at {
        return Err(NoEnd::Ahead);
    }
    if let Some(event) = thread.event.as_ref().filter(|event| over <= event.start) {
        return Err(NoEnd::BeforeStart(event.start));
    }
    // An incident may have an `end` for each time that it lasted; of work that one counts which is told last.
    let says_end = |other: &PostIx| site.posts[*other].has_effect() && site.posts[*other].end.is_some();
    let mut behind = thread.posts.iter().rev().copied().take_while(|other| *other != post);
    if let Some(other) = behind.find(says_end).filter(|_| thread.kind == Kind::Maintenance) {
        return Err(NoEnd::Elsewhere(other));
    }
    // One `end` cannot tell both when it was over at first and when at last.
    earlier_end(site, post, at).map_or(Ok(()), |end| Err(NoEnd::AfterEnd(end)))
}

/// The `end` in the front matter of a post where its event began again after it.
fn earlier_end(site: &Site, post: PostIx, at: Moment) -> Option<Moment> {
    let thread = site.thread(post);
    let end = site.posts[post].end?;
    let is_reopened_after = |turn: &Turn| matches!(turn, Turn::Reopened(again) if *again >= end);
    let is_earlier = match thread.kind {
        Kind::Maintenance => thread.event.as_ref()?.turns.iter().any(is_reopened_after),
        _ => end < at,
    };
    is_earlier.then_some(end)
}

/// Work is scheduled again by its new window, without which an update would open at once what was over, or say nothing.
fn check_ahead(thread: &Thread, site: &Site, at: Moment) -> Result<(), NoWindow> {
    let Some(event) = thread.event.as_ref().filter(|event| event.kind == Kind::Maintenance) else { return Ok(()) };
    let start = thread.posts.iter().map(|post| &site.posts[*post]).filter(|post| post.has_effect()).find_map(|post| post.start);
    match event.phase {
        _ if start.is_none_or(|start| at < start) => Ok(()),
        phase if phase.is_over() => Err(NoWindow::Over(phase)),
        Phase::WindowOver => Err(NoWindow::WindowOver(event.end.unwrap_or(event.start))),
        _ => Err(NoWindow::HasBegun(event.start)),
    }
}

/// Whether the last update, dated later than the site's `now` and not later than a moment, ends the event.
fn is_ended_ahead(site: &Site, thread: &Thread, at: Moment) -> bool {
    let last = site.steps(thread).last().copied();
    last.is_some_and(|step| step.update.is_some() && step.state.is_final() && site.now < step.at && step.at <= at)
}

/// The time of an update to a post: `now`, but later than all that was said in the post's thread or told to subscribers, and not before an
/// incident's start.
pub fn stamp_for(site: &Site, post: PostIx, now: Moment) -> Moment {
    let thread = site.thread(post);
    let said = thread.posts.iter().map(|post| site.posts[*post].last_update().max(site.posts[*post].date));
    // What is said in the minute of an `end` was said before it.
    let ends = thread.posts.iter().filter_map(|post| site.posts[*post].end).filter(|end| *end <= now);
    // Readers that go by the date skip what is not newer than the newest item.
    let told = site.feed_entries.iter().rev().map(|entry| entry.at).find(|at| *at <= now);
    let is_incident = thread.kind == Kind::Incident;
    stamp(now, said.chain(ends).chain(told).max(), site.posts[post].start.filter(|_| is_incident))
}

impl Wanted {
    /// Whether it changes the event, and does not only add to what is told of it.
    pub fn changes_event(&self) -> bool {
        self.state.is_some_and(State::changes_event) || self.start.is_some() || self.end.is_some()
    }
}

impl Change {
    /// The post's file with the new window in its front matter.
    pub fn apply(&self, file: &SourceFile) -> Result<SourceFile, Broken> {
        let mut changed = file.clone();
        if let Some(start) = self.start {
            changed.bytes = set_start(&changed, start)?.into();
        }
        match self.end {
            End::Set(end) => changed.bytes = set_end(&changed, end)?.into(),
            End::TakeOut => changed.bytes = without_end(&changed)?.into(),
            End::Keep => {}
        }
        Ok(changed)
    }
}

fn state_of_window(site: &Site, post: PostIx, at: Moment, wanted: Wanted) -> Result<State, NoWindow> {
    let thread = site.thread(post);
    let event = match (thread.kind, &thread.event) {
        (Kind::Maintenance, Some(event)) => event,
        (Kind::Maintenance, None) => return Err(NoWindow::Withdrawn),
        (Kind::Incident, _) => return Err(NoWindow::Incident),
        (Kind::Notice, _) => return Err(NoWindow::Notice),
    };
    if let Some(ends) = wanted.state.filter(|state| state.is_final() || *state == State::Postmortem) {
        return Err(NoWindow::StateEnds(ends));
    }
    let is_announced_again = event.phase == Phase::Cancelled && wanted.state.is_some_and(State::reopens);
    if event.phase.is_over() && !is_announced_again {
        return Err(NoWindow::Over(event.phase));
    }
    if let Some(start) = wanted.start {
        check_start(start, event, at, wanted.state)?;
    }
    if let Some(end) = wanted.end.filter(|end| *end <= at) {
        return Err(NoWindow::EndIsPast(end));
    }
    check_place(site, post, wanted)?;
    if let Some(end) = earlier_end(site, post, at).filter(|_| wanted.end.is_some() && wanted.start.is_none()) {
        return Err(NoWindow::OfTimeBefore(end));
    }
    Ok(wanted.state.unwrap_or(match (event.phase, event.state) {
        (Phase::Scheduled, _) => State::Scheduled,
        (_, Some(State::Verifying)) => State::Verifying,
        _ => State::InProgress,
    }))
}

/// Work that has begun is put off by who says that it is scheduled.
fn check_start(start: Moment, event: &Event, at: Moment, state: Option<State>) -> Result<(), NoWindow> {
    match event.phase {
        Phase::Scheduled | Phase::Cancelled => {}
        // All the time until the update would count as work.
        Phase::WindowOver => return Err(NoWindow::WindowOver(event.end.unwrap_or(event.start))),
        _ if state == Some(State::Scheduled) => {}
        _ => return Err(NoWindow::HasBegun(event.start)),
    }
    if start <= at { Err(NoWindow::StartIsPast(start)) } else { Ok(()) }
}

/// A thread has one window, from the first `start` to the last `end` in its posts: elsewhere they would change nothing.
fn check_place(site: &Site, post: PostIx, wanted: Wanted) -> Result<(), NoWindow> {
    let posts = &site.thread(post).posts;
    let own = posts.iter().position(|other| *other == post).unwrap_or(0);
    let is_said = |(posts, has): (&[PostIx], fn(&Post) -> bool)| {
        posts.iter().map(|post| &site.posts[*post]).find(|post| post.has_effect() && has(post))
    };
    let elsewhere = [
        wanted.start.and_then(|_| Some(("start", is_said((&posts[..own], |post| post.start.is_some()))?))),
        wanted.end.and_then(|_| Some(("end", is_said((&posts[own + 1..], |post| post.end.is_some()))?))),
    ];
    match elsewhere.into_iter().flatten().next() {
        Some((key, other)) => Err(NoWindow::Elsewhere { key, path: other.path.to_string() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
