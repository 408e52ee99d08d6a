//! What a post may say of the time that is still to come: by the clock, nothing of it has happened yet.

use chrono::TimeDelta;

use super::names;
use super::times::written;
use crate::findings::{Code, Finding, Findings};
use crate::model::{Kind, Moment, Post};

/// How far a clock may be behind that of whoever wrote a post.
pub const GRACE: TimeDelta = TimeDelta::minutes(5);

/// A post or update from the future, and an incident that ends there.
pub fn check(post: &Post, is_of_today: bool, now: Moment, findings: &mut Findings) {
    let latest = now + GRACE;
    if post.date > latest && !is_of_today {
        let place =
            post.places.date.clone().or_else(|| post.places.start.clone().filter(|_| post.start == Some(post.date))).unwrap_or(names::NAME);
        findings.push(
            Finding::new(
                Code::FromTheFuture,
                post.span(&place),
                format!("the post is dated {}, which is later than now ({})", written(post.date), written(now)),
            )
            .help("write when it is posted, in UTC; work that lies ahead has its time in `start`"),
        );
    }
    for update in post.updates.iter().filter(|update| !update.is_opening() && update.at > latest) {
        findings.push(
            Finding::new(Code::FromTheFuture, post.span(&update.place), format!("an update from the future: it is {} now", written(now)))
                .help("write when it is published, in UTC"),
        );
    }
    if let (Some(Kind::Incident), Some(end), Some(place)) = (post.kind, post.end, &post.places.end)
        && end > latest
    {
        findings.push(ends_in_the_future(post, place, now));
    }
}

pub fn ends_in_the_future(post: &Post, place: &std::ops::Range<usize>, now: Moment) -> Finding {
    Finding::new(Code::FromTheFuture, post.span(place), format!("an incident that ends in the future: it is {} now", written(now)))
        .help("leave `end` out while the incident goes on; only the end of a maintenance is planned")
}
