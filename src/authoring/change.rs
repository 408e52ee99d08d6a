//! What an update changes beside its text: the state in its heading, and the window in the front matter of its post.
//!
//! In: the site, a post, the update's time, and what was asked for. Out: the [`Change`], or why there can be none.

use super::front_matter::{Broken, set_end, set_start, without_end};
use super::update::stamp;
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
    // An incident that was opened again keeps the `end` that it had before.
    let has_earlier_end = thread.kind == Kind::Incident && site.posts[post].end.is_some_and(|end| end < at);
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
    // An incident may have an `end` for each time that it lasted, a maintenance has one window.
    let says_end = |other: &PostIx| *other != post && site.posts[*other].has_effect() && site.posts[*other].end.is_some();
    if let Some(other) = thread.posts.iter().copied().find(says_end).filter(|_| thread.kind == Kind::Maintenance) {
        return Err(NoEnd::Elsewhere(other));
    }
    // One `end` cannot tell both when it was over at first and when at last.
    let earlier = site.posts[post].end.filter(|end| thread.kind == Kind::Incident && *end < at);
    earlier.map_or(Ok(()), |end| Err(NoEnd::AfterEnd(end)))
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
mod tests {
    use super::*;
    use crate::outputs::testing::{moment, post, site_at, update};

    const EVENING: &str = "2026-05-04T20:00:00Z";

    /// Work from 19:00 to 21:00, with these states said at 17:00 and later.
    fn work(states: &[State]) -> Post {
        let mut work = Post { kind: Some(Kind::Maintenance), ..post("work", "Work", "2026-05-01T09:00:00Z") };
        work.start = Some(moment("2026-05-04T19:00:00Z"));
        work.end = Some(moment("2026-05-04T21:00:00Z"));
        let told =
            states.iter().enumerate().map(|(n, state)| update(&format!("2026-05-04T{}:00:00Z", 17 + n), Some(*state), "<p>Word.</p>"));
        work.updates.extend(told);
        work
    }

    fn incident(states: &[State]) -> Post {
        Post { kind: Some(Kind::Incident), end: None, ..work(states) }
    }

    fn changed(now: &str, posts: Vec<Post>, wanted: Wanted) -> Result<Change, NoWindow> {
        change(&site_at(now, posts), 0, moment(now), wanted)
    }

    fn ended(now: &str, post: Post) -> Result<(State, End), NoEnd> {
        ending(&site_at(now, vec![post]), 0, moment(now), None).map(|change| (change.state.unwrap(), change.end))
    }

    fn until(end: &str) -> Wanted {
        Wanted { end: Some(moment(end)), ..Wanted::default() }
    }

    #[test]
    fn a_changed_window_has_a_state_also_where_none_was_named() {
        let later = until("2026-05-04T22:00:00Z");
        for (now, states, named, expected) in [
            ("2026-05-04T18:30:00Z", &[][..], None, State::Scheduled),
            (EVENING, &[], None, State::InProgress),
            (EVENING, &[State::InProgress, State::Verifying], None, State::Verifying),
            (EVENING, &[], Some(State::Update), State::Update),
            ("2026-05-04T21:30:00Z", &[], None, State::InProgress),
        ] {
            let change = changed(now, vec![work(states)], Wanted { state: named, ..later }).unwrap();
            assert_eq!(
                change,
                Change { state: Some(expected), start: None, end: End::Set(moment("2026-05-04T22:00:00Z")) },
                "{now} {states:?}"
            );
        }
    }

    #[test]
    fn a_window_that_is_over_or_none_is_not_changed() {
        let later = until("2026-05-04T22:00:00Z");
        let starts = |start: &str| Wanted { start: Some(moment(start)), ..Wanted::default() };
        for (post, wanted, why) in [
            (incident(&[]), later, NoWindow::Incident),
            (Post { kind: Some(Kind::Notice), start: None, ..incident(&[]) }, later, NoWindow::Notice),
            (Post { withdrawn: true, ..work(&[]) }, later, NoWindow::Withdrawn),
            (work(&[]), Wanted { state: Some(State::Completed), ..later }, NoWindow::StateEnds(State::Completed)),
            (work(&[State::InProgress, State::Completed]), later, NoWindow::Over(Phase::Completed)),
            (work(&[State::Cancelled]), later, NoWindow::Over(Phase::Cancelled)),
            (work(&[]), starts("2026-05-04T23:00:00Z"), NoWindow::HasBegun(moment("2026-05-04T19:00:00Z"))),
            (work(&[]), until(EVENING), NoWindow::EndIsPast(moment(EVENING))),
        ] {
            assert_eq!(changed(EVENING, vec![post], wanted), Err(why));
        }
        let early = "2026-05-04T18:00:00Z";
        assert_eq!(changed(early, vec![work(&[])], starts(early)), Err(NoWindow::StartIsPast(moment(early))));
        let again = Wanted { state: Some(State::Scheduled), ..starts("2026-05-05T19:00:00Z") };
        for begun in [work(&[]), work(&[State::Update, State::Update, State::InProgress])] {
            let change = changed(EVENING, vec![begun.clone()], again).unwrap();
            assert_eq!((change.state, change.start), (again.state, again.start), "work that has begun can be put off");
            let earlier = Wanted { start: Some(moment(early)), ..again };
            assert_eq!(changed(EVENING, vec![begun], earlier), Err(NoWindow::StartIsPast(moment(early))));
        }
        let late = "2026-05-04T22:00:00Z";
        assert_eq!(changed(late, vec![work(&[])], again), Err(NoWindow::WindowOver(moment("2026-05-04T21:00:00Z"))));
        let change = changed(EVENING, vec![work(&[State::Cancelled])], again).unwrap();
        assert_eq!((change.start, change.end), (again.start, End::Keep), "what was called off can be announced again");
    }

    #[test]
    fn a_key_is_changed_in_the_post_that_has_it() {
        let mut later = post("later", "Later", "2026-05-04T19:30:00Z");
        (later.kind, later.follows, later.end) = (None, Some("work".to_owned()), Some(moment("2026-05-04T23:00:00Z")));
        let site = site_at(EVENING, vec![work(&[]), later]);
        let first = site.posts.iter().position(|post| post.id == "work").unwrap();
        let of = |post| change(&site, post, moment(EVENING), until("2026-05-04T22:00:00Z"));
        assert_eq!(of(first), Err(NoWindow::Elsewhere { key: "end", path: "content/posts/later.md".to_owned() }));
        assert!(of(1 - first).is_ok());
    }

    #[test]
    fn an_incident_that_goes_on_loses_the_end_that_it_had() {
        let end = Some(moment("2026-05-04T19:00:00Z"));
        let resolved = Post { end, ..incident(&[State::Identified, State::Monitoring, State::Resolved]) };
        let corrected = Post { end: Some(moment("2026-05-04T18:50:00Z")), ..resolved.clone() };
        for (post, state, end) in [
            (resolved.clone(), Some(State::Investigating), End::TakeOut),
            (corrected, Some(State::Investigating), End::Keep),
            (Post { end, ..incident(&[]) }, Some(State::Investigating), End::Keep),
            (resolved.clone(), Some(State::Update), End::Keep),
            (resolved, None, End::Keep),
            (work(&[]), Some(State::InProgress), End::Keep),
        ] {
            let change = changed("2026-05-04T22:00:00Z", vec![post], Wanted { state, ..Wanted::default() }).unwrap();
            assert_eq!((change.state, change.end), (state, end));
        }
    }

    #[test]
    fn an_event_ends_now_unless_its_window_says_otherwise() {
        let now = End::Set(moment(EVENING));
        assert_eq!(ended(EVENING, incident(&[])), Ok((State::Resolved, now)));
        assert_eq!(ended(EVENING, work(&[])), Ok((State::Completed, now)));
        assert_eq!(ended("2026-05-05T08:00:00Z", work(&[])), Ok((State::Completed, End::Keep)), "the window is over");
        assert_eq!(ended("2026-05-04T18:00:00Z", work(&[State::InProgress])), Ok((State::Completed, End::Keep)), "it began early");
        let again =
            Post { end: Some(moment("2026-05-04T18:30:00Z")), ..incident(&[State::Identified, State::Resolved, State::Monitoring]) };
        assert_eq!(ended(EVENING, again), Ok((State::Resolved, End::Keep)), "its `end` is that of the time before");
        assert_eq!(ended("2026-05-04T18:00:00Z", work(&[])), Err(NoEnd::NotBegun));
        assert_eq!(ended(EVENING, work(&[State::Cancelled])), Err(NoEnd::Over(Phase::Cancelled)));
        assert_eq!(ended(EVENING, Post { withdrawn: true, ..incident(&[]) }), Err(NoEnd::Withdrawn));
        assert_eq!(ended(EVENING, Post { kind: Some(Kind::Notice), start: None, ..incident(&[]) }), Err(NoEnd::Notice));
    }

    #[test]
    fn an_event_that_was_over_before_it_is_said_ends_then() {
        let over = |posts: Vec<Post>, end: &str| {
            let site = site_at(EVENING, posts);
            let first = site.posts.iter().position(|post| post.id == "work").unwrap();
            ending(&site, first, moment(EVENING), Some(moment(end))).map(|change| (change.state.unwrap(), change.end))
        };
        let half_past = "2026-05-04T19:30:00Z";
        assert_eq!(over(vec![incident(&[])], half_past), Ok((State::Resolved, End::Set(moment(half_past)))));
        assert_eq!(over(vec![work(&[])], half_past), Ok((State::Completed, End::Set(moment(half_past)))));
        assert_eq!(over(vec![incident(&[])], EVENING), Ok((State::Resolved, End::Set(moment(EVENING)))));
        assert_eq!(over(vec![incident(&[])], "2026-05-04T20:01:00Z"), Err(NoEnd::Ahead));
        let start = "2026-05-04T19:00:00Z";
        assert_eq!(over(vec![incident(&[])], start), Err(NoEnd::BeforeStart(moment(start))));
        let earlier = moment("2026-05-04T18:30:00Z");
        let again = Post { end: Some(earlier), ..incident(&[State::Identified, State::Resolved, State::Monitoring]) };
        let again = Post { start: Some(moment("2026-05-04T17:00:00Z")), ..again };
        assert_eq!(over(vec![again], half_past), Err(NoEnd::AfterEnd(earlier)));
        let mut later = post("later", "Later", "2026-05-04T19:30:00Z");
        (later.kind, later.follows, later.end) = (None, Some("work".to_owned()), Some(moment("2026-05-04T23:00:00Z")));
        assert!(matches!(over(vec![work(&[]), later], "2026-05-04T19:50:00Z"), Err(NoEnd::Elsewhere(_))));
    }

    #[test]
    fn an_update_is_later_than_what_was_told_of_any_post() {
        let other = post("other", "Other", "2026-05-04T20:00:00Z");
        let site = site_at("2026-05-04T20:00:30Z", vec![work(&[]), other]);
        let first = site.posts.iter().position(|post| post.id == "work").unwrap();
        assert_eq!(stamp_for(&site, first, moment("2026-05-04T20:00:30Z")), moment("2026-05-04T20:00:30Z"));
        assert_eq!(stamp_for(&site, first, moment("2026-05-04T20:01:30Z")), moment("2026-05-04T20:01:00Z"));
    }

    #[test]
    fn a_change_is_written_into_the_front_matter() {
        let text = "+++\ntitle = \"x\"\nstart = 2026-05-04T19:00:00Z\nend   = 2026-05-04T21:00:00Z\n+++\nText.\n";
        let file = SourceFile { path: "content/posts/p.md".into(), bytes: text.into() };
        let written = |start: Option<&str>, end: End| {
            let change = Change { state: None, start: start.map(moment), end };
            change.apply(&file).unwrap().text().unwrap().to_owned()
        };
        assert_eq!(written(None, End::Keep), text);
        assert_eq!(written(None, End::TakeOut), text.replace("end   = 2026-05-04T21:00:00Z\n", ""));
        let moved = text.replace("04T19:00", "05T19:00").replace("04T21:00", "05T21:00");
        assert_eq!(written(Some("2026-05-05T19:00:00Z"), End::Set(moment("2026-05-05T21:00:00Z"))), moved);
    }
}
