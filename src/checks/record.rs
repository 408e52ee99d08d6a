//! What makes the record of servers another than staff can mean: an end that was withdrawn, a beginning at midnight that nobody has
//! named, trouble that a Cancelled takes away or that lies outside of a server's time in service.

use std::ops::Range;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::findings::{Code, Finding, Findings, visible};
use crate::load::{names, servers};
use crate::model::timeline::Timeline;
use crate::model::{Event, Impact, Kind, Moment, Phase, Post, Server, ServerIx, Site, Standing, State, Thread, event, following, rfc3339};
use crate::source::Span;

pub fn check(site: &Site, findings: &mut Findings) {
    let glance = &site.glance;
    let open = [&glance.active, &glance.planned, &glance.window_over].into_iter().flatten();
    findings.extend(open.filter_map(|thread| withdrawn_end(site, &site.threads[*thread])));
    // Archives of many years were often told without any time.
    let recent = site.threads.iter().filter_map(|thread| Some((thread, thread.event.as_ref().filter(|event| event.is_recent(site.now))?)));
    for (thread, event) in recent {
        findings.extend(without_time_of_day(site, thread, event));
        findings.extend(cancelled_trouble(site, thread, event));
    }
    findings.extend(out_of_service(site));
}

/// `until` says nothing of the status: a server that nobody has retired counts as working when it is gone.
fn still_in_service(site: &Site, server: &Server) -> Option<Finding> {
    let until = server.until.filter(|until| server.standing == Standing::Operational && *until < site.now.date_naive())?;
    let span = Span::new(&Arc::from(servers::PATH), server.ranges.until.clone()?);
    let message = format!("the last day of `{}` in service was {until}, and its `status` is still `operational`", server.id);
    Some(
        Finding::new(Code::Contradiction, span, message)
            .help("write `status = \"retired\"`; if it is in service, correct `until` or take it out"),
    )
}

/// A withdrawn post ends nothing: what it had ended is open again, and has been all the time. What only began after that end, such as
/// the right post after a wrong one, it did not end.
fn withdrawn_end(site: &Site, thread: &Thread) -> Option<Finding> {
    let withdrawn = site.posts_of(thread).rev().filter(|post| post.withdrawn && post.kind != Some(Kind::Notice));
    let posts: Vec<&Post> = site.posts_of(thread).collect();
    let began = posts[following::begun(&posts)?].date;
    let ends = withdrawn.filter_map(|post| Some((post, end(post, thread.kind)?)));
    let (post, (_, place)) = ends.into_iter().find(|(_, (at, _))| *at >= began)?;
    let standing = |post: &Post| post.withdrawn.then(|| Post { withdrawn: false, ..post.clone() });
    let ended = event::what_if(site.posts_of(thread), site.now, standing).filter(|event| event.phase.is_over())?;
    let title = visible(&site.title_post(thread).title);
    let message = format!("the post that ended `{title}` is withdrawn: the event is open again");
    // The `end` of a maintenance is planned.
    let over = ended.end.filter(|_| ended.phase == Phase::Resolved);
    let how = over.map_or_else(|| "an update that ends it".to_owned(), |end| format!("`end = {}`", rfc3339(end)));
    let state = match thread.kind {
        Kind::Maintenance if thread.event.as_ref().is_some_and(|event| site.now < event.start) => "Scheduled",
        Kind::Maintenance => "In progress",
        _ => "Investigating",
    };
    Some(Finding::new(Code::Contradiction, post.span(&place), message).help(format!(
        "if it was over, write {how} into a post that stands; if it was not, say so in an update with a state, such as {state}"
    )))
}

/// When a post says that its event is over, and where. The `end` of a maintenance is planned, and says nothing of that.
fn end(post: &Post, kind: Kind) -> Option<(Moment, Range<usize>)> {
    let ends = post.updates.iter().rev().find(|update| update.state.is_some_and(State::is_final));
    let told = ends.map(|update| (update.at, update.place.clone()));
    told.or_else(|| Some((post.end.filter(|_| kind == Kind::Incident)?, post.ranges.end.clone()?)))
}

/// An incident that a file's name dates by its day counts from the beginning of that day.
fn without_time_of_day(site: &Site, thread: &Thread, event: &Event) -> Option<Finding> {
    let is_shown = event.phase.is_active() || !event.impact_windows.is_empty();
    let posts: Vec<&Post> = site.posts_of(thread).collect();
    let first = posts[following::begun(&posts)?];
    // A `start` that could not be read has its finding.
    let is_said = first.ranges.start.is_some() || first.ranges.date.is_some() || event.start != first.date;
    if event.kind != Kind::Incident || !is_shown || is_said {
        return None;
    }
    let day = names::file_name(&first.path).ok().filter(|name| name.time.is_none())?.date?;
    let message = format!("the incident counts from {}, for nothing says at what time it began", rfc3339(first.date));
    Some(Finding::new(Code::NoTimeOfDay, first.span(&names::NAME), message).help(format!(
        "say when, in UTC: `start = {day}THH:MM:00Z`; where the post is published already, keep its date beside that: `date = {}`",
        rfc3339(first.date)
    )))
}

/// Cancelled says that an event did not take place: what it had done to servers until then is as if it had not been, also where it began
/// after all.
fn cancelled_trouble(site: &Site, thread: &Thread, event: &Event) -> Option<Finding> {
    let said = thread.updates.iter().rev().map(|ix| (ix, site.update(*ix)));
    let mut cancelled = said.filter(|(_, (post, update))| post.has_effect() && update.state == Some(State::Cancelled)).peekable();
    // Few events have one, and all others need no timeline.
    cancelled.peek()?;
    let (ended, word) = if event.kind == Kind::Maintenance { (State::Completed, "Completed") } else { (State::Resolved, "Resolved") };
    let counted = Timeline::trouble_of(event, site.now);
    let counted = |impact| counted.iter().find(|(one, _)| *one == impact).map_or(0, |(_, minutes)| *minutes);
    let (lost, (post, update)) = cancelled.find_map(|(ix, said)| {
        let instead = |other: &Post| {
            (other.path == said.0.path).then(|| {
                let mut told = other.clone();
                told.updates[ix.update].state = Some(ended);
                told
            })
        };
        let without = Timeline::trouble_of(&event::what_if(site.posts_of(thread), site.now, instead)?, site.now);
        let lost = without.into_iter().map(|(impact, minutes)| (impact, minutes - counted(impact)));
        let lost: Vec<_> = lost.filter(|(_, minutes)| *minutes > 0).collect();
        (!lost.is_empty()).then_some((lost, said))
    })?;
    let message = format!("this takes {} out of the record", minutes_of(&lost));
    let again = if event.phase == Phase::Cancelled { "" } else { ", and the impact of what began after all into the update that says so" };
    Some(Finding::new(Code::Contradiction, post.span(&update.place), message).help(format!(
        "if there was trouble, write {word} instead, or a {word} update after it; if there was none, take the impacts out, and write \
         `impact = \"none\"` into the first post{again}"
    )))
}

/// ``20 min of `major-outage` and 10 min of `degraded` ``
pub fn minutes_of(trouble: &[(Impact, i64)]) -> String {
    let minutes: Vec<String> = trouble.iter().map(|(impact, minutes)| format!("{minutes} min of `{}`", impact.word())).collect();
    minutes.join(" and ")
}

/// Trouble that began when a server was not in service, by its `since` or `until`, is in no record of it: one of the two is wrong. One that
/// goes on when its service ends may be why that ends, and work on what is not in service yet is nothing to tell.
fn out_of_service(site: &Site) -> impl Iterator<Item = Finding> {
    let is_before = |server: &Server, at: Moment| server.since.is_some_and(|since| at.date_naive() < since);
    let is_after = |server: &Server, at: Moment| server.until.is_some_and(|until| until < at.date_naive());
    let mut first: HashMap<ServerIx, (Moment, &Thread)> = HashMap::new();
    let events = site.threads.iter().filter_map(|thread| Some((thread, thread.event.as_ref()?)));
    for (thread, held) in events.flat_map(|(thread, event)| event.impact_windows.iter().map(move |held| (thread, held))) {
        let (server, began) = (&site.servers[held.server], held.window.from);
        let is_outside = is_before(server, began) || is_after(server, began);
        if is_outside && held.impact > Impact::Maintenance && began <= site.now {
            let first = first.entry(held.server).or_insert((began, thread));
            if began < first.0 {
                *first = (began, thread);
            }
        }
    }
    // Where trouble tells that one of the two is wrong, it need not be told once more.
    let is_told = |ix: ServerIx| first.get(&ix).is_some_and(|(began, _)| is_after(&site.servers[ix], *began));
    let still: Vec<Finding> =
        site.servers.iter().enumerate().filter(|(ix, _)| !is_told(*ix)).filter_map(|(_, server)| still_in_service(site, server)).collect();
    let path = Arc::from(servers::PATH);
    let trouble = first.into_iter().map(move |(server, (began, thread))| {
        let (server, post) = (&site.servers[server], site.title_post(thread));
        let (key, place, lies, when) = if is_before(server, began) {
            ("since", &server.ranges.since, "before", "was not yet in service")
        } else {
            ("until", &server.ranges.until, "after", "was in service no more")
        };
        let span = Span::new(&path, place.clone().unwrap_or_default());
        let message = format!("`{}` began on {}, when `{}` {when}", visible(&post.title), began.date_naive(), server.id);
        Finding::new(Code::Contradiction, span, message)
            .help(format!(
                "what lies {lies} `{key}` is in no record of the server: correct `{key}` or take it out, or name another server in the post"
            ))
            .related(post.title_span(), "the first such event")
    });
    trouble.chain(still)
}
