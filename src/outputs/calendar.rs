//! Maintenance windows as calendars to subscribe to (RFC 5545, RFC 7986): `/calendar.ics` and one a server.
//!
//! A subscribed calendar is read again and again, so nothing in it depends on the build: DTSTAMP is the last update's time
//! (without a METHOD it means that), SEQUENCE counts what changed window or state; both count withdrawals. A cancelled or withdrawn
//! window stays and says so, also in the calendar of a server that the work was planned on and spares.

use std::sync::{Arc, OnceLock};

use chrono::TimeDelta;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Parameter, Property};

use super::item::{clean, unnamed};
use super::{Output, OutputKind};
use crate::model::{self, Impact, Kind, Moment, Phase, Post, ServerIx, Site, State, Thread, ThreadIx, Update};
use crate::plan::Plan;
use crate::theme::Theme;
use crate::words::Words;

pub const KIND: OutputKind =
    OutputKind { addresses: "`/calendar.ics`, `/server/ID/calendar.ics`", about: "maintenance windows to subscribe to", list };

/// Windows in one calendar, counted from the newest; those that are not over yet, or not for long, are there in any case.
const WINDOWS: usize = 40;
/// How long after its end a window is there in any case.
const RECENT: TimeDelta = TimeDelta::days(90);
/// How much of an update's text an event holds, in characters; its page has the whole.
const DESCRIPTION_LENGTH: usize = 500;
/// How long a maintenance without an end is shown.
const OPEN_END: TimeDelta = TimeDelta::hours(1);
/// How often a client may ask again.
const REFRESH: &str = "PT1H";

fn list(plan: &Plan, _theme: &Theme) -> Vec<Output> {
    let Plan { site, words, .. } = plan;
    let events: Arc<[OnceLock<String>]> = site.threads.iter().map(|_| OnceLock::new()).collect();
    let title = words.fill("calendar.title", &[("site", &site.config.title)]);
    let mut outputs = vec![output(&events, "calendar.ics".to_owned(), title, None)];
    for (ix, server) in site.servers.iter().enumerate() {
        let title = words.fill("calendar.server", &[("site", &site.config.title), ("name", &server.name)]);
        outputs.push(output(&events, server.address().join("calendar.ics").file(), title, Some(ix)));
    }
    outputs
}

/// A calendar; `events` holds each thread's event once it was made, the same for every calendar that does not call it off.
fn output(events: &Arc<[OnceLock<String>]>, path: String, title: String, server: Option<ServerIx>) -> Output {
    let events = events.clone();
    Output::made(path, move |plan| {
        let site = &plan.site;
        let frame = frame(&title);
        let (head, tail) = frame.split_at(frame.len() - "END:VCALENDAR\r\n".len());
        let mut text = head.to_owned();
        for ix in shown(site, server) {
            let thread = &site.threads[ix];
            match server.filter(|server| is_spared(site, thread, *server)) {
                Some(server) => text.push_str(&event(site, &plan.words, thread, Some(server))),
                None => text.push_str(events[ix].get_or_init(|| event(site, &plan.words, thread, None))),
            }
        }
        text.push_str(tail);
        text
    })
}

/// The threads that a calendar shows, in the order of their UIDs.
fn shown(site: &Site, server: Option<ServerIx>) -> Vec<ThreadIx> {
    let mut threads: Vec<ThreadIx> = match server {
        None => (0..site.threads.len()).collect(),
        Some(server) => site.posts_of_server[server].iter().map(|post| site.thread_of[*post]).collect(),
    };
    threads.sort_unstable();
    threads.dedup();
    let mut windows: Vec<(Moment, Moment, ThreadIx)> = threads
        .into_iter()
        .filter(|&ix| site.threads[ix].kind == Kind::Maintenance)
        .filter(|&ix| server.is_none_or(|server| is_about(site, &site.threads[ix], server)))
        .filter_map(|ix| window(site, &site.threads[ix]).map(|(start, end)| (start, end, ix)))
        .collect();
    windows.sort_unstable_by(|a, b| b.cmp(a));
    // Maintenance that overruns goes on past its planned end, and what has none past the end that is shown.
    let goes_on = |ix: ThreadIx| site.threads[ix].event.as_ref().is_some_and(|event| event.phase.is_active());
    let mut ordered: Vec<(String, ThreadIx)> = windows
        .iter()
        .enumerate()
        .filter(|&(age, &(_, end, ix))| age < WINDOWS || end > site.now - RECENT || goes_on(ix))
        .map(|(_, &(_, _, ix))| (uid(site, &site.threads[ix]), ix))
        .collect();
    ordered.sort_unstable();
    ordered.into_iter().map(|(_, ix)| ix).collect()
}

fn is_about(site: &Site, thread: &Thread, server: ServerIx) -> bool {
    thread.servers_known_at(site.now).contains(&server) || is_spared(site, thread, server)
}

/// Whether a server was to be worked on, and is spared before the work began: for its subscribers the work is called off.
fn is_spared(site: &Site, thread: &Thread, server: ServerIx) -> bool {
    let Some(event) = &thread.event else { return false };
    let is_left_out = || !event.servers.contains(&server) && !thread.servers_known_at(site.now).contains(&server);
    is_let_be(site, thread, server) || is_left_out() && first_naming(site, thread, server).is_some()
}

/// Whether an update says `none` of a server before the work began. Work of which nothing is felt from the first is done all the same.
fn is_let_be(site: &Site, thread: &Thread, server: ServerIx) -> bool {
    let planned = |first: &Post| first.impact.servers.get(&server).copied().or(first.impact.all);
    thread.event.as_ref().is_some_and(|event| event.spares(server))
        && first_naming(site, thread, server).is_some_and(|first| planned(first) != Some(Impact::None))
}

fn first_naming<'s>(site: &'s Site, thread: &'s Thread, server: ServerIx) -> Option<&'s Post> {
    site.posts_of(thread).find(|post| tells_of_work(post) && post.servers.contains(&server))
}

fn tells_of_work(post: &Post) -> bool {
    post.kind != Some(Kind::Notice)
}

/// The event's UID: the first post's id, withdrawn or not, at the host that the site's ids are made with.
pub fn uid(site: &Site, thread: &Thread) -> String {
    clean(&format!("{}@{}", site.id_of(thread), site.config.feeds.authority_name())).into_owned()
}

fn withdrawn_posts(site: &Site, thread: &Thread) -> usize {
    thread.posts.iter().filter(|&&post| site.posts[post].withdrawn).count()
}

/// Whether all that told of the maintenance is withdrawn, whatever else follows it.
fn is_withdrawn(thread: &Thread) -> bool {
    thread.event.is_none()
}

/// The posts that tell of the maintenance: those that are not withdrawn; of a withdrawn one, all.
fn posts<'a>(site: &'a Site, thread: &'a Thread) -> impl DoubleEndedIterator<Item = &'a Post> {
    site.posts_of(thread).filter(|post| tells_of_work(post) && (!post.withdrawn || is_withdrawn(thread)))
}

/// When it takes place; of what was called off, when it would have.
fn window(site: &Site, thread: &Thread) -> Option<(Moment, Moment)> {
    let posts = || posts(site, thread);
    let written = (posts().find_map(|post| post.start), posts().filter_map(|post| post.end).next_back());
    let (start, end) = match &thread.event {
        Some(event) if event.phase != Phase::Cancelled => (Some(event.start), event.end.or(written.1)),
        _ => written,
    };
    let start = start?;
    Some((start, end.filter(|end| *end > start).unwrap_or(start + OPEN_END)))
}

/// The calendar without events.
fn frame(title: &str) -> String {
    let title = clean(title);
    // RFC 7986 names NAME as text; the package does not know it, and escapes what is said to be text.
    let name = Property::new("NAME", title.as_ref()).append_parameter(Parameter::new("VALUE", "TEXT")).done();
    let refresh = Property::new("REFRESH-INTERVAL", REFRESH).append_parameter(Parameter::new("VALUE", "DURATION")).done();
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0")).append_property(("PRODID", "-//signalpost//signalpost//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN")).append_property(name).append_property(("X-WR-CALNAME", title.as_ref()));
    calendar.append_property(refresh).append_property(("X-PUBLISHED-TTL", REFRESH));
    folded(&calendar.to_string())
}

/// A maintenance as all calendars have it, or as that of a server has it which is spared.
fn event(site: &Site, words: &Words, thread: &Thread, spared: Option<ServerIx>) -> String {
    let Some((start, end)) = window(site, thread) else { return String::new() };
    let withdrawn = is_withdrawn(thread);
    let called_off = withdrawn || spared.is_some() || thread.event.as_ref().is_some_and(model::Event::is_called_off);
    let first = site.title_post(thread);
    let changed = last_change(site, thread);
    let summary = match (withdrawn, called_off) {
        (true, _) => words.fill("calendar.withdrawn", &[("title", &first.title)]),
        (_, true) => words.fill("calendar.cancelled", &[("title", &first.title)]),
        _ => first.title.clone(),
    };
    let known = || thread.servers_known_at(site.now).iter().copied().filter(|server| !is_let_be(site, thread, *server)).collect();
    let servers: Vec<ServerIx> = spared.map_or_else(known, |server| vec![server]);
    let unnamed = unnamed(site, words, &first.title, &servers);
    let summary = if unnamed.is_empty() { summary } else { format!("{summary} ({unnamed})") };
    let names = servers.iter().map(|&server| site.servers[server].name.as_str());
    let categories: Vec<String> = names.chain(first.tags.iter().map(String::as_str)).map(|name| text(name).into_owned()).collect();
    let opened = &site.posts[thread.posts[0]];
    let created = opened.updates.first().map_or(opened.date, |update| update.at);
    let mut event = Event::new();
    event.uid(&uid(site, thread)).timestamp(changed).last_modified(changed).created(created.min(changed));
    event.sequence(sequence(site, thread)).starts(start).ends(end);
    event.status(if called_off { EventStatus::Cancelled } else { EventStatus::Confirmed });
    event.add_property("TRANSP", "TRANSPARENT").summary(&text(&summary)).description(&text(&description(site, thread, words)));
    event.url(&site.base().absolute(&first.address));
    if !categories.is_empty() {
        event.categories(&categories);
    }
    folded(&Component::to_string(&event))
}

/// Lines of at most 75 octets (RFC 5545, section 3.1). The package folds too, but lets a last piece have 76.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 64);
    for line in text.replace("\r\n ", "").split_inclusive("\r\n") {
        let mut rest = line.trim_end_matches("\r\n");
        let mut room = 75;
        while rest.len() > room {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(room));
            folded.push_str(piece);
            folded.push_str("\r\n ");
            (rest, room) = (after, 74);
        }
        folded.push_str(rest);
        folded.push_str("\r\n");
    }
    folded
}

/// How often window or state changed, as far as the files can say: updates that name a state or an impact, which opens again what was
/// over or spares a server; follow-up posts, withdrawals.
fn sequence(site: &Site, thread: &Thread) -> u32 {
    let changes = |update: &&Update| update.state.is_some_and(|state| state != State::Postmortem) || !update.change.is_empty();
    let updates = thread.updates.iter().map(|ix| site.update(*ix).1).filter(changes).count();
    let count = updates + thread.posts.len() - 1 + withdrawn_posts(site, thread);
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// When it was last told of. A withdrawal has no time of its own: a second for each makes it newer than what clients know.
fn last_change(site: &Site, thread: &Thread) -> Moment {
    let first = &site.posts[thread.posts[0]];
    let last = thread.updates.iter().map(|ix| site.update(*ix).1.at).max().unwrap_or(first.date);
    let withdrawals = i64::try_from(withdrawn_posts(site, thread)).unwrap_or(i64::MAX);
    last + TimeDelta::seconds(withdrawals)
}

/// What is planned, and the last word on it.
fn description(site: &Site, thread: &Thread, words: &Words) -> String {
    if is_withdrawn(thread) {
        return words.text("post.withdrawn-text").to_owned();
    }
    let texts = site.standing_updates(thread).map(|ix| site.update(ix).1);
    let mut texts = texts.filter(|update| update.html.has_words());
    let Some(first) = texts.next() else { return String::new() };
    let planned = first.html.first_words(DESCRIPTION_LENGTH);
    match texts.next_back() {
        Some(last) => format!("{planned}\n\n{}", words.labelled(&words.date_time(last.at), &last.html.first_words(DESCRIPTION_LENGTH))),
        None => planned,
    }
}

/// Text that the calendar can hold: line ends as the package escapes them, no control characters.
fn text(text: &str) -> std::borrow::Cow<'_, str> {
    let forbidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.contains(forbidden) { text.replace(forbidden, "").into() } else { text.into() }
}

#[cfg(test)]
mod tests;
