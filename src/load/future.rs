//! What a post may say of the time that is still to come: by the clock, nothing of it has happened yet.

use chrono::TimeDelta;

use super::names;
use crate::findings::{Code, Finding, Findings};
use crate::model::{Kind, Moment, Post, rfc3339};

/// How far a clock may be behind that of whoever wrote a post.
pub const GRACE: TimeDelta = TimeDelta::minutes(5);

/// A post or update from the future, and an incident that starts or ends there.
pub fn check(post: &Post, now: Moment, findings: &mut Findings) {
    let latest = now + GRACE;
    let is_incident = post.kind == Some(Kind::Incident);
    let is_dated_by_start = post.start == Some(post.date) && post.ranges.date.is_none();
    if let (Some(start), Some(place)) = (post.start, &post.ranges.start)
        && start > latest
        && (is_incident || is_dated_by_start)
    {
        let what = if is_incident { "an incident that starts at" } else { "the post is dated by its `start`," };
        findings.push(starts_in_the_future(post, what, start, place, now));
    }
    if post.date > latest && !is_dated_by_start {
        let (place, by, help) = match &post.ranges.date {
            Some(place) => (place.clone(), "", "write when it is posted"),
            None => (names::NAME, " by its file's name", "rename the file to when it is posted"),
        };
        findings.push(
            Finding::new(
                Code::FromTheFuture,
                post.span(&place),
                format!("the post is dated{by} {}, which is later than now ({})", rfc3339(post.date), rfc3339(now)),
            )
            .help(format!("{help}, in UTC; work that lies ahead has its time in `start`")),
        );
    }
    for update in post.updates.iter().filter(|update| !update.is_opening() && update.at > latest) {
        findings.push(
            Finding::new(Code::FromTheFuture, post.span(&update.place), format!("an update from the future: it is {} now", rfc3339(now)))
                .help("write when it is published, in UTC"),
        );
    }
    if let (Some(Kind::Incident), Some(end), Some(place)) = (post.kind, post.end, &post.ranges.end)
        && end > latest
    {
        findings.push(ends_in_the_future(post, place, now));
    }
}

/// A follow-up of an incident that says no kind: what it says of the event is still to come.
pub fn check_inherited(post: &Post, now: Moment, findings: &mut Findings) {
    let latest = now + GRACE;
    let is_dated_by_start = post.start == Some(post.date) && post.ranges.date.is_none();
    if let (Some(start), Some(place)) = (post.start, &post.ranges.start)
        && start > latest
        && !is_dated_by_start
    {
        findings.push(starts_in_the_future(post, "an incident that starts at", start, place, now));
    }
    if let (Some(end), Some(place)) = (post.end, &post.ranges.end)
        && end > latest
    {
        findings.push(ends_in_the_future(post, place, now));
    }
}

fn starts_in_the_future(post: &Post, what: &str, start: Moment, place: &std::ops::Range<usize>, now: Moment) -> Finding {
    let message = format!("{what} {}, which is later than now ({})", rfc3339(start), rfc3339(now));
    Finding::new(Code::FromTheFuture, post.span(place), message)
        .help("`start` is UTC; work that lies ahead is `kind = \"maintenance\"`, other posts about it say when they are posted: `date`")
}

fn ends_in_the_future(post: &Post, place: &std::ops::Range<usize>, now: Moment) -> Finding {
    Finding::new(Code::FromTheFuture, post.span(place), format!("an incident that ends in the future: it is {} now", rfc3339(now)))
        .help("leave `end` out while the incident goes on; only the end of a maintenance is planned")
}
