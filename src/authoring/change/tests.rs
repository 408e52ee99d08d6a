use super::*;
use crate::outputs::testing::{moment, post, site_at, update};

const EVENING: &str = "2026-05-04T20:00:00Z";

/// Work from 19:00 to 21:00, with these states said at 17:00 and later.
fn work(states: &[State]) -> Post {
    let mut work = Post { kind: Some(Kind::Maintenance), ..post("work", "Work", "2026-05-01T09:00:00Z") };
    work.start = Some(moment("2026-05-04T19:00:00Z"));
    work.end = Some(moment("2026-05-04T21:00:00Z"));
    let told = states.iter().enumerate().map(|(n, state)| update(&format!("2026-05-04T{}:00:00Z", 17 + n), Some(*state), "<p>Word.</p>"));
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
    let again = Post { end: Some(moment("2026-05-04T18:30:00Z")), ..incident(&[State::Identified, State::Resolved, State::Monitoring]) };
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
