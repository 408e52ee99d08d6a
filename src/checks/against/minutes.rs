//! Days of servers that were published with other minutes of trouble than they have now, where no new update says so: a cause that no
//! event shows by itself, such as impacts that changed servers.
//!
//! `/status.json` has the last days of each server. Of the day in which it was made, what came before is compared.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{NaiveDate, TimeDelta};
use foldhash::{HashMap, HashSet};
use serde::Deserialize;

use super::{Comparison, Files, title};
use crate::findings::{Code, Finding, Findings};
use crate::load::servers::PATH;
use crate::model::{Event, Impact, Moment, Server, ServerIx, Site, Thread, ThreadIx, midnight};
use crate::outputs::status_json::shape::{History, Minutes};
use crate::source::Span;

/// What the earlier `/status.json` tells of the past.
#[derive(Deserialize)]
pub struct Document {
    /// The moment that it describes.
    pub generated_at: Moment,
    servers: Vec<Shown>,
    active: Vec<Active>,
}

#[derive(Deserialize)]
struct Shown {
    id: String,
    in_service_since: Option<NaiveDate>,
    history: Option<History>,
}

/// An event that was open.
#[derive(Deserialize)]
struct Active {
    /// The first post's id.
    id: String,
    servers: Vec<String>,
}

impl Document {
    pub fn of(old: &Files) -> Option<Document> {
        old.get("status.json").and_then(|file: &Bytes| serde_json::from_slice(file).ok())
    }
}

/// A day of a server.
struct Day {
    server: ServerIx,
    date: NaiveDate,
    was: Minutes,
    is: Minutes,
}

const QUIET: Minutes = Minutes { degraded: 0, partial_outage: 0, major_outage: 0, maintenance: 0 };

/// `first` is the first day that is compared.
pub fn check(old: &Document, first: NaiveDate, comparison: &Comparison<'_>, findings: &mut Findings) {
    let site = comparison.site;
    let mut days = changed(old, first, site);
    // Whoever takes a post away takes away what it did: that is found by itself.
    let is_lost_post =
        |finding: &Finding| matches!(finding.code, Code::LostItem | Code::LostAddress) && !finding.span.path.ends_with(".md");
    if days.is_empty() || findings.iter().any(is_lost_post) {
        return;
    }
    let explained = explained(old, first, comparison, findings);
    days.retain(|day| !explained.contains(&day.server));
    let mut by_event: BTreeMap<(Option<ThreadIx>, ServerIx), Vec<&Day>> = BTreeMap::new();
    for of_server in days.chunk_by(|one, other| one.server == other.server) {
        let event = event_of(of_server, site);
        // Where one event did it to several servers, that is one cause.
        let key = event.map_or((None, of_server[0].server), |event| (Some(event), 0));
        by_event.entry(key).or_default().extend(of_server);
    }
    findings.extend(by_event.into_iter().map(|((event, _), days)| finding(event, &days, site)));
}

/// The days with other minutes, by server, then date. A day is compared where it is on record in both.
fn changed(old: &Document, first: NaiveDate, site: &Site) -> Vec<Day> {
    let by_id: HashMap<&str, &Shown> = old.servers.iter().map(|shown| (shown.id.as_str(), shown)).collect();
    let last = old.generated_at.date_naive();
    let of_server = |(server, of): (ServerIx, &Server)| {
        let shown = by_id.get(&*of.id)?;
        let days = shown.history.iter().flat_map(|history| &history.days);
        let was: HashMap<NaiveDate, Minutes> = days.map(|day| (day.date, day.minutes)).collect();
        let begin = first.max(shown.in_service_since.max(of.since).unwrap_or(first));
        let ends = [shown.history.as_ref().map(|history| history.to), of.until];
        let end = ends.into_iter().flatten().fold(last, NaiveDate::min);
        let timeline = &site.glance.timelines[server];
        let day = move |date: NaiveDate| {
            let start = midnight(date);
            let is = Minutes::of(&timeline.minutes(start..(start + TimeDelta::days(1)).min(old.generated_at)));
            Day { server, date, was: was.get(&date).copied().unwrap_or(QUIET), is }
        };
        Some(begin.iter_days().take_while(move |date| *date <= end).map(day).filter(|day| day.was != day.is))
    };
    site.servers.iter().enumerate().filter_map(of_server).flatten().collect()
}

/// Servers whose past may be told otherwise: subscribers hear something new of an event on them, or another finding tells of one, or
/// nobody was told of it, or it was a mistake that is withdrawn, or it was open and forgotten and is closed now.
fn explained(old: &Document, first: NaiveDate, comparison: &Comparison<'_>, findings: &Findings) -> HashSet<ServerIx> {
    let Comparison { site, ref pages, .. } = *comparison;
    let reported = findings.files();
    // Whether it is of late, and in no feed.
    let is_quiet = |thread: &Thread| {
        let is_late = match &thread.event {
            Some(event) => event.is_recent(site.now),
            None => site.posts_of(thread).any(|post| post.date >= midnight(first)),
        };
        is_late && site.posts_of(thread).all(|post| !post.notify)
    };
    let explains = |thread: &&Thread| {
        let is_reported = || site.posts_of(thread).any(|post| reported.contains(&*post.path));
        let is_withdrawn = || thread.event.is_none() && site.posts_of(thread).any(|post| post.withdrawn);
        is_quiet(thread) || is_withdrawn() || is_reported() || thread.posts.iter().any(|post| comparison.has_finding_or_news(*post))
    };
    let threads: Vec<&Thread> = site.threads.iter().filter(explains).collect();
    let posts = || threads.iter().flat_map(|thread| &thread.posts);
    // Whether an open event may be over since long ago is for `untold` to say.
    let is_recent = |thread: &&Thread| thread.event.as_ref().is_some_and(|event| event.is_recent(site.now));
    let recent: HashSet<&str> =
        site.threads.iter().filter(is_recent).flat_map(|thread| site.posts_of(thread)).map(|post| &*post.id).collect();
    let closed = old.active.iter().filter(|event| !recent.contains(event.id.as_str()));
    let known: HashMap<&str, ServerIx> = site.servers.iter().enumerate().map(|(ix, server)| (&*server.id, ix)).collect();
    let were_named = posts().flat_map(|post| pages.servers_of(*post)).chain(closed.flat_map(|event| &event.servers));
    let are_named = threads.iter().flat_map(|thread| &thread.servers).chain(posts().flat_map(|post| &site.posts[*post].servers));
    were_named.filter_map(|id| known.get(id.as_str())).chain(are_named).copied().collect()
}

/// The newest event that is about the server on one of the days, and that subscribers were told of.
fn event_of(days: &[Day], site: &Site) -> Option<ThreadIx> {
    let is_about = |day: &Day, event: &Event| {
        let (start, end) = (midnight(day.date), midnight(day.date) + TimeDelta::days(1));
        event.start < end && event.end.is_none_or(|over| over > start) && event.concerned.binary_search(&day.server).is_ok()
    };
    let is_it = |thread: &Thread| {
        let event = thread.event.as_ref();
        event.is_some_and(|event| days.iter().any(|day| is_about(day, event))) && site.posts_of(thread).any(|post| post.notify)
    };
    site.threads.iter().position(is_it)
}

/// One for all days of one cause.
fn finding(event: Option<ThreadIx>, days: &[&Day], site: &Site) -> Finding {
    let Day { server, date, was, is } = days[0];
    let name = &site.servers[*server].id;
    let servers = days.chunk_by(|one, other| one.server == other.server).count();
    let more = match (days.len(), servers) {
        (1, _) => String::new(),
        (2, 1) => "; the same goes for 1 more day".to_owned(),
        (days, 1) => format!("; the same goes for {} more days", days - 1),
        (_, 2) => "; the same goes for 1 more server".to_owned(),
        (_, servers) => format!("; the same goes for {} more servers", servers - 1),
    };
    let message =
        format!("`{name}` was published with {} on {date} and has {} now, and no new update says so{more}", listed(was), listed(is));
    let (span, place) = match event {
        Some(thread) => (title(site, &site.threads[thread]), "this post"),
        None => (Span::new(&PATH.into(), site.servers[*server].ranges.id.clone()), "a post about this server"),
    };
    let help = format!(
        "look for what changed it in {place}, or in another about `{name}`: where what was published is right, put it back; where it was \
         wrong, leave it, and say that in an update, `signalpost update POST update \"…\"`"
    );
    Finding::new(Code::UntoldChange, span, message).help(help)
}

/// `12 minutes of major-outage and 3 of degraded`
fn listed(minutes: &Minutes) -> String {
    let Minutes { degraded, partial_outage, major_outage, maintenance } = *minutes;
    let parts = [
        (major_outage, Impact::MajorOutage),
        (partial_outage, Impact::PartialOutage),
        (degraded, Impact::Degraded),
        (maintenance, Impact::Maintenance),
    ];
    let mut parts = parts.into_iter().filter(|(minutes, _)| *minutes > 0).map(|(minutes, impact)| (minutes, impact.word()));
    let Some((minutes, word)) = parts.next() else { return "no trouble".to_owned() };
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    let rest: String = parts.map(|(minutes, word)| format!(" and {minutes} of {word}")).collect();
    format!("{minutes} {unit} of {word}{rest}")
}
