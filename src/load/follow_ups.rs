//! Follow-ups that read like trouble, or say when it began or ended, and that would change the status of nothing, or otherwise than is
//! meant.

use std::ops::Range;
use std::sync::Arc;

use chrono::TimeDelta;
use foldhash::{HashSet, HashSetExt};

use crate::Now;
use crate::findings::{Code, Finding, Findings};
use crate::model::thread::Turn;
use crate::model::{Event, Kind, Moment, Phase, Post, ServerIx, State, Thread, event, following, rfc3339};

pub fn check(posts: &[Arc<Post>], thread: &Thread, now: Now, findings: &mut Findings) {
    // What a post follows that begins a thread itself is missing, or a circle: both have their finding.
    if posts[thread.posts[0]].follows.is_some() {
        return;
    }
    let posts: Vec<&Post> = thread.posts.iter().map(|post| posts[*post].as_ref()).collect();
    let before = findings.len();
    check_kinds(&posts, findings);
    // As the site stood earlier, what says how the rest is meant may be still to come.
    let Now::Clock(_) = now else { return };
    check_after_end(&posts, thread.kind, findings);
    let recent = thread.event.as_ref().filter(|event| event.is_recent(now.moment()) && findings.len() == before);
    if let Some(event) = recent.filter(|event| event.kind == Kind::Maintenance) {
        findings.extend(later_plan(&posts, event));
    }
    if let Some(event) = recent.filter(|event| event.kind == Kind::Incident) {
        check_starts(&posts, event, now.moment(), findings);
        check_ends(&posts, event, now.moment(), findings);
        findings.extend(end_before_present_trouble(&posts, event));
        findings.extend(trouble_at_end(&posts, event));
    }
}

/// What follows a notice and says no kind is a notice too.
fn check_kinds(posts: &[&Post], findings: &mut Findings) {
    let begun = following::begun(posts).unwrap_or(posts.len());
    let mut followed = "follows a notice";
    for post in &posts[..begun] {
        if post.kind.is_none()
            && !post.withdrawn
            && let Some((what, place)) = trouble(post)
        {
            let message = format!("{what} in a post that {followed}, and says no kind");
            findings.push(Finding::new(Code::UnclearFollowUp, post.span(&place), message).help(
                "write `kind = \"incident\"`, or `kind = \"maintenance\"` for planned work: what is no event has no effect on status; \
                 where that is meant, write `kind = \"notice\"`",
            ));
        }
        if post.kind.is_some_and(|kind| kind != Kind::Notice) {
            followed = "follows a withdrawn one";
        }
    }
}

/// What a post says of trouble, and where; of several the surest sign. `updates::check_kind` asks nearly the same of a post that follows
/// none, and says how that differs.
fn trouble(post: &Post) -> Option<(&'static str, Range<usize>)> {
    let impact = post.ranges.impact.clone().filter(|_| post.impact.is_trouble());
    let of_update = || post.updates.iter().find(|update| update.change.is_trouble()).map(|update| update.place.clone());
    let state = || post.updates.iter().find(|update| update.state.is_some_and(State::reopens)).map(|update| update.place.clone());
    let start = || post.ranges.start.clone().filter(|_| post.start.is_some());
    impact
        .or_else(of_update)
        .map(|place| ("an impact", place))
        .or_else(|| Some(("a `start`", start()?)))
        .or_else(|| Some(("a state", state()?)))
}

/// What was posted after the end tells of what was, or of trouble that is there again: where it could be either, staff have to say it.
fn check_after_end(posts: &[&Post], kind: Kind, findings: &mut Findings) {
    let may_be_news = |post: &Post| post.kind.is_some() || post.start.is_some() || !post.servers.is_empty();
    if !posts.iter().skip(1).any(|post| may_be_news(post)) {
        return;
    }
    let mut after_end = event::posted_after_end(posts).into_iter().peekable();
    let mut named: HashSet<ServerIx> = HashSet::new();
    for (position, post) in posts.iter().enumerate() {
        if let Some((_, over)) = after_end.next_if(|(other, _)| *other == position) {
            let is_new = |server: &ServerIx| !named.contains(server);
            let finding = match kind {
                Kind::Maintenance => second_window(post, over),
                _ => new_trouble(post, over, post.servers.iter().any(is_new)),
            };
            findings.extend(finding);
        }
        named.extend(&post.servers);
    }
}

fn new_trouble(post: &Post, over: Moment, names_new_server: bool) -> Option<Finding> {
    // Who says an impact or the end has said what is meant.
    if !post.impact.is_empty() || post.end.is_some_and(|end| end <= post.date) {
        return None;
    }
    let kind = post.ranges.kind.as_ref().filter(|_| post.kind == Some(Kind::Incident));
    let servers = post.ranges.servers.as_ref().filter(|_| names_new_server);
    let start = post.ranges.start.as_ref().filter(|_| post.start.is_some_and(|start| start >= over));
    let place = start.or(kind).or(servers)?;
    let message = format!("the incident was over at {}, and this post does not say whether there is trouble again", rfc3339(over));
    let since = post.date.max(over + TimeDelta::minutes(1));
    Some(Finding::new(Code::UnclearFollowUp, post.span(place), message).help(format!(
        "if there is, say since when: `start = {}`; if the post tells of what was, write `kind = \"notice\"`",
        rfc3339(since)
    )))
}

/// A follow-up's `start` says that trouble began again. Where its incident was not over then, as after an `end` that was corrected, it says
/// nothing, and the post holds from its date on.
fn check_starts(posts: &[&Post], event: &Event, now: Moment, findings: &mut Findings) {
    let begun: HashSet<Moment> = event.impact_windows.iter().map(|held| held.window.from).chain([event.start]).collect();
    let is_unheard = |post: &Post| post.has_effect() && post.start.is_some_and(|start| start != post.date && !begun.contains(&start));
    // An impact of `none` begins no window.
    for post in changing_nothing(posts, event, now, is_unheard, |post| Post { start: None, ..post.clone() }) {
        let (Some(start), Some(place)) = (post.start, &post.ranges.start) else { continue };
        let help = if start < event.start {
            format!("an earlier post says that it began at {}: correct that, and take `start` out of this one", rfc3339(event.start))
        } else {
            format!(
                "the incident was not over then, or not yet said to be, and what this post says holds from {}: take `start` out, or correct \
                 the `end` before it",
                rfc3339(post.date)
            )
        };
        findings.push(Finding::new(Code::Contradiction, post.span(place), "this `start` changes nothing").help(help));
    }
}

/// An `end` within a time that another post tells to have lasted longer says nothing.
fn check_ends(posts: &[&Post], event: &Event, now: Moment, findings: &mut Findings) {
    let closed = event.turns.iter().filter_map(|turn| if let Turn::Closed(at) = turn { Some(*at) } else { None });
    let ended: HashSet<Moment> = event.impact_windows.iter().filter_map(|held| held.window.until).chain(event.end).chain(closed).collect();
    let is_unheard = |post: &Post| post.follows.is_some() && post.has_effect() && post.end.is_some_and(|end| !ended.contains(&end));
    for post in changing_nothing(posts, event, now, is_unheard, |post| Post { end: None, ..post.clone() }) {
        let Some(place) = &post.ranges.end else { continue };
        findings.push(
            Finding::new(Code::Contradiction, post.span(place), "this `end` changes nothing")
                .help("by another post the incident went on then, or began again: correct one of the two, or take `end` out"),
        );
    }
}

/// Until when work is planned does not say that it goes on, or began again, where it was over.
fn later_plan(posts: &[&Post], event: &Event) -> Option<Finding> {
    let said = |post: &Post| post.has_effect() && post.end.is_some();
    let nth = posts.iter().rposition(|post| said(post))?;
    let (post, end) = (posts[nth], posts[nth].end.filter(|end| nth > 0 && *end > posts[nth].date)?);
    let say_so = "if the work goes on, say since when, in an update of this post with the state In progress; if not, take `end` out";
    let finding = |code: Code, message: String| Some(Finding::new(code, post.span(post.ranges.end.as_ref()?), message).help(say_so));
    if let Some(closed) = event.closed.filter(|closed| *closed <= post.date) {
        return finding(Code::Contradiction, format!("this `end` changes nothing: the maintenance was over at {}", rfc3339(closed)));
    }
    let is_turn = |at: Moment| event.turns.contains(&Turn::Closed(at));
    let over = posts[..nth].iter().filter(|post| said(post)).filter_map(|post| post.end.filter(|end| *end <= post.date));
    let over = over.max().filter(|over| !is_turn(*over) && event.turns.iter().all(|turn| turn.at() <= *over || turn.at() >= end))?;
    finding(Code::EndDisagrees, format!("by another post the maintenance was over at {}: by this one it has gone on since", rfc3339(over)))
}

/// The posts that say what is heard of nowhere, where the event would be the same if none of them said it.
fn changing_nothing<'p>(
    posts: &[&'p Post],
    event: &Event,
    now: Moment,
    is_unheard: impl Fn(&Post) -> bool,
    without: impl Fn(&Post) -> Post,
) -> Vec<&'p Post> {
    let unheard: Vec<&Post> = posts.iter().copied().filter(|post| is_unheard(post)).collect();
    let is_same = || event::what_if(posts.iter().copied(), now, |post| is_unheard(post).then(|| without(post))).as_ref() == Some(event);
    if unheard.is_empty() || is_same() { unheard } else { Vec::new() }
}

/// Who says an `end` last mostly means that it is over. One before trouble that began again, and goes on, is that of the time before.
fn end_before_present_trouble(posts: &[&Post], event: &Event) -> Option<Finding> {
    if event.phase != Phase::Ongoing {
        return None;
    }
    let told = event.turns.last().map(|turn| turn.at())?;
    let again = event.impact_windows.iter().filter(|held| held.window.until.is_none()).map(|held| held.window.from).max()?;
    let post = posts.iter().skip(1).rfind(|post| post.has_effect() && post.end.is_some())?;
    let (end, place) = (post.end?, post.ranges.end.as_ref()?);
    if end >= again || post.date < told {
        return None;
    }
    let message = format!("the incident goes on: trouble began again at {}, after this `end`", rfc3339(again));
    Some(
        Finding::new(Code::Contradiction, post.span(place), message)
            .help("if it is over, write a Resolved update, or correct `end`; where the `end` is that of the time before, let it stand"),
    )
}

/// Trouble of which a follow-up tells in the minute of an `end` opens the incident again in that minute, which may not be meant.
fn trouble_at_end(posts: &[&Post], event: &Event) -> Option<Finding> {
    let is_reopened = |at: Moment| event.turns.windows(2).any(|turns| turns == [Turn::Closed(at), Turn::Reopened(at)]);
    let mut ended = posts.iter().enumerate().filter(|(_, post)| post.has_effect() && post.end.is_some_and(is_reopened));
    let (nth, first) = ended.next_back()?;
    let at_end = |post: &&Post| post.updates.iter().rposition(|update| Some(update.at) == first.end && update.change.is_trouble());
    let (post, update) = posts[nth + 1..].iter().filter(|post| post.has_effect()).find_map(|post| Some((post, at_end(post)?)))?;
    let message = "an update at the time of the `end` of another post: the incident is open again from then on";
    let finding = Finding::new(Code::EndDisagrees, post.span(&post.updates[update].place), message)
        .help("if it is over then, say Resolved, or take the impact out; if it goes on, correct that `end`, or take it out");
    Some(finding.related(first.span(first.ranges.end.as_ref()?), "the `end`"))
}

/// A thread has one window: work that is announced when the work before is over would begin at once.
fn second_window(post: &Post, over: Moment) -> Option<Finding> {
    let place = post.ranges.start.as_ref().filter(|_| post.start.is_some_and(|start| start > over))?;
    let message = format!("the maintenance was over at {}, and a thread has one window", rfc3339(over));
    Some(
        Finding::new(Code::UnclearFollowUp, post.span(place), message)
            .help("take `follows` out, write `kind = \"maintenance\"` and `servers`, and the post announces work of its own; or take `start` and `end` out"),
    )
}
