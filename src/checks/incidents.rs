//! Events that say what is hardly meant: incidents that nobody closed or that contradict each other, an impact on nothing, a window
//! that swallows the time between two.

use std::cell::LazyCell;

use chrono::{DurationRound, TimeDelta};
use foldhash::{HashMap, HashMapExt, HashSet};

use crate::findings::nearest::nearest;
use crate::findings::{Code, Finding, Findings, visible};
use crate::load::names;
use crate::load::threads::last_part;
use crate::model::thread::Turn;
use crate::model::{
    Event, Impact, ImpactWindow, Kind, Moment, Phase, Post, ServerIx, Site, Standing, State, Thread, ThreadIx, Update, rfc3339,
};
use crate::plan::Plan;

/// An incident that goes on longer than this is one that somebody forgot.
const WEEKS: TimeDelta = TimeDelta::days(14);

pub fn check(plan: &Plan, findings: &mut Findings) {
    let site = &plan.site;
    let glance = &site.glance;
    for (thread, event) in open(site, &glance.active) {
        findings.extend(open_for_weeks(site, thread, event).filter(|_| !has_lost_follow_up(site, thread)));
        findings.extend(end_in_title(site, thread));
        findings.extend(put_off(site, thread, event));
        check_end_in_notice(site, thread, findings);
    }
    for (thread, event) in open(site, &glance.active).chain(open(site, &glance.planned)) {
        findings.extend(without_servers(site, thread, event));
        check_left_out(site, thread, event, findings);
        check_retired(site, thread, event, findings);
        findings.extend(moved_window(site, thread, event));
        findings.extend(without_end(site, thread, event));
        check_bare_states(site, thread, event, findings);
    }
    for (thread, event) in open(site, &glance.window_over) {
        findings.extend(long_over(site, thread, event).filter(|_| !has_lost_follow_up(site, thread)));
        check_bare_states(site, thread, event, findings);
    }
    check_copies(site, findings);
    check_contradictions(site, findings);
    findings.extend(site.posts.iter().filter_map(|post| posted_before_start(post, site.now)));
}

/// The threads of one of the glance's lists, all of which have an event.
fn open<'s>(site: &'s Site, list: &'s [ThreadIx]) -> impl Iterator<Item = (&'s Thread, &'s Event)> {
    list.iter().map(|at| &site.threads[*at]).filter_map(|thread| Some((thread, thread.event.as_ref()?)))
}

/// A file that was copied where it should have been renamed is a second event, which goes on when the first is resolved.
fn check_copies(site: &Site, findings: &mut Findings) {
    let mut seen: HashMap<(&str, Moment, &[ServerIx]), &Post> = HashMap::new();
    for (thread, event) in open(site, &site.glance.active).chain(open(site, &site.glance.planned)) {
        let post = site.title_post(thread);
        let Some(other) = seen.insert((&post.title, event.start, &thread.servers), post) else { continue };
        let (copy, first) = if (post.date, &post.path) > (other.date, &other.path) { (post, other) } else { (other, post) };
        let help = format!(
            "if the file was renamed, delete the old one, and write its name and its address into this: `id = \"{}\"` and `aliases = [\"{}\"]`; \
             if both are meant, say in the title how they differ",
            visible(&first.id),
            visible(first.address.as_str()),
        );
        findings.push(
            Finding::new(Code::Contradiction, copy.title_span(), "another event has the same title, start and servers")
                .help(help)
                .related(first.title_span(), "the other"),
        );
    }
}

/// An incident is posted once it has begun. One dated by a wrong year would be so old in the feeds that no subscriber sees it.
fn posted_before_start(post: &Post, now: Moment) -> Option<Finding> {
    let (start, place) = (post.start?, post.ranges.start.as_ref()?);
    // Hardly any is: of the others the name is not read.
    if post.kind != Some(Kind::Incident) || start - post.date <= TimeDelta::days(1) {
        return None;
    }
    let name = names::file_name(&post.path).ok().filter(|_| post.ranges.date.is_none());
    // A name may have the day of where its author lives, and a day alone lasts until its end.
    let is_day = name.as_ref().is_some_and(|name| name.time.is_none());
    let is_on_next_day = is_day && start - post.date <= TimeDelta::days(2);
    // Of a start that lies ahead, or behind an update, that is told.
    let is_told = start > now || post.updates.iter().any(|update| !update.is_opening() && update.at < start);
    if is_on_next_day || is_told {
        return None;
    }
    let (own, by, help) = match (&post.ranges.date, name) {
        (None, Some(name)) => {
            let form = if is_day { "%Y-%m-%d" } else { "%Y-%m-%d-%H%M" };
            let help = format!("the name says when it was posted: rename the file to `{}-{}.md`", start.format(form), visible(name.slug));
            (names::NAME, " by its file's name", help)
        }
        (date, _) => (date.clone()?, "", format!("that is when it was posted: write `date = {}`", rfc3339(start))),
    };
    let message =
        format!("the post is dated{by} {}, more than a day before the incident's `start` at {}", rfc3339(post.date), rfc3339(start));
    let is_of_work =
        |update: &Update| matches!(update.state, Some(State::Scheduled | State::InProgress | State::Verifying | State::Completed));
    let planned = match post.ranges.end.is_some() || post.updates.iter().any(is_of_work) {
        true => "; planned work that went wrong stays `kind = \"maintenance\"`: end it with Completed, and post an incident",
        false => "",
    };
    Some(
        Finding::new(Code::UpdateBeforeStart, post.span(&own), message)
            .help(format!("{help}, or correct `start`; both are UTC{planned}"))
            .related(post.span(place), "it starts here"),
    )
}

/// Only a state ends an event: a title that says so in words of its own leaves it open.
fn end_in_title(site: &Site, thread: &Thread) -> Option<Finding> {
    let (post, update) = site.update(site.standing_updates(thread).next_back()?);
    let title = update.title.as_deref().filter(|title| update.state.is_none() && says_that_it_is_over(title))?;
    let finding =
        Finding::new(Code::StateInTitle, post.span(&update.place), format!("the title `{}` does not end the event", visible(title)));
    Some(finding.help("if it is over, write the state before it: `Resolved: …`, of a maintenance `Completed: …`"))
}

/// Who says that work is scheduled while its window goes on has hardly meant that it goes on.
fn put_off(site: &Site, thread: &Thread, event: &Event) -> Option<Finding> {
    if event.state != Some(State::Scheduled) {
        return None;
    }
    let mut updates = site.standing_updates(thread).map(|ix| site.update(ix));
    let (post, update) = updates.rfind(|(_, update)| update.state == Some(State::Scheduled))?;
    if update.at < event.start {
        return None;
    }
    let message = format!("the work is scheduled here, and its window has begun at {}", rfc3339(event.start));
    Some(Finding::new(Code::Contradiction, post.span(&update.place), message).help(
        "if it is put off, change `start` and `end` to the new window; if it will not be done, write Cancelled; if it goes on, write In \
         progress, or leave the state out",
    ))
}

/// A heading that is nothing but a state has no time, and leaves the event as it was. Nothing is lost where that state stands, where a
/// later update says another, and in the plan of work that lies ahead; of an end it is in any case.
fn check_bare_states(site: &Site, thread: &Thread, event: &Event, findings: &mut Findings) {
    let now = LazyCell::new(|| site.steps(thread).last().map(|step| step.state));
    let is_ahead = thread.kind == Kind::Maintenance && site.now < event.start;
    let mut is_overtaken = false;
    for ix in site.standing_updates(thread).rev() {
        let (post, update) = site.update(ix);
        if !post.has_effect() {
            continue;
        }
        let is_last = ix.update + 1 == post.updates.len();
        for (at, (state, place)) in update.bare_states.iter().enumerate() {
            let is_lost = state.is_final() || !is_overtaken && !is_ahead && *now != Some(*state);
            if !is_lost || update.state == Some(*state) {
                continue;
            }
            // What stands before other updates was not now.
            let when = match is_last && at + 1 == update.bare_states.len() {
                true => site.now.format("%Y-%m-%d %H:%M UTC").to_string(),
                false => "YYYY-MM-DD HH:MM UTC".to_owned(),
            };
            let word = state.capitalised();
            let message = format!("the heading `{word}` has no time: it is plain text, and the event stays as it was");
            findings.push(
                Finding::new(Code::LooksLikeUpdate, post.span(place), message)
                    .help(format!("say since when, in UTC: `## {when} — {word}`; if it is no update, add a word")),
            );
        }
        is_overtaken |= update.state.is_some_and(State::changes_event);
    }
}

/// A notice ends nothing, whatever its updates say.
fn check_end_in_notice(site: &Site, thread: &Thread, findings: &mut Findings) {
    let posts = site.posts_of(thread);
    for post in posts.filter(|post| post.kind == Some(Kind::Notice) && !post.withdrawn) {
        let ends = |update: &&Update| update.state.is_some_and(State::is_final);
        if let Some(update) = post.updates.iter().rev().find(ends) {
            let title = visible(&site.title_post(thread).title);
            let finding =
                Finding::new(Code::Contradiction, post.span(&update.place), format!("a notice does not end `{title}`, which goes on"));
            findings.push(finding.help("write the update into a post of the event, or take `kind = \"notice\"` out of this one"));
        }
    }
}

/// Whether a title begins or ends with a word by which people mean the end: `Fixed`, `Problem resolved`.
fn says_that_it_is_over(title: &str) -> bool {
    const OVER: [&str; 8] = ["resolved", "solved", "fixed", "closed", "done", "completed", "finished", "resolution"];
    const NOT_YET: [&str; 4] = ["not", "no", "partly", "partially"];
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let ends = [words.first(), words.last()].into_iter().flatten().any(|word| OVER.contains(word));
    ends && !words.iter().any(|word| NOT_YET.contains(word))
}

/// The status is that of servers: what names none changes nothing of it.
fn without_servers(site: &Site, thread: &Thread, event: &Event) -> Option<Finding> {
    let post = site.title_post(thread);
    let impact = post.impact.all.unwrap_or(event.kind.default_impact());
    if !event.servers.is_empty() || post.ranges.servers.is_some() || impact == Impact::None {
        return None;
    }
    let finding = Finding::new(Code::NoServers, post.title_span(), "this event names no server, and changes the status of none");
    Some(finding.help("name them with `servers = [\"…\"]`, or write `impact = \"none\"` where no server is affected"))
}

/// A thread has one window: a follow-up that names a later one does not move it, it makes it longer, or leaves it as it is.
fn moved_window(site: &Site, thread: &Thread, event: &Event) -> Option<Finding> {
    if event.kind != Kind::Maintenance {
        return None;
    }
    let posts = || site.posts_of(thread).filter(|post| post.has_effect());
    let (planned, end) = (posts().find_map(|post| post.end)?, event.end?);
    let finding = |post: &Post, window: String| {
        Finding::new(Code::MovedWindow, post.span_or_title(post.ranges.start.as_ref()), window)
            .help("to move it, change `start` and `end` in the first post, and tell of it in an update with the state Scheduled")
    };
    if let Some(moved) = posts().skip(1).find(|post| post.start.is_some_and(|start| start > planned)) {
        return Some(finding(moved, format!("the window of this maintenance is now from {} to {}", rfc3339(event.start), rfc3339(end))));
    }
    let moved = posts().skip(1).filter(|post| post.start.is_some()).last()?;
    // Work that was said to be in progress begins then, whatever was planned.
    let is_as_planned = posts().any(|post| post.start == Some(event.start));
    (moved.start > Some(event.start) && is_as_planned)
        .then(|| finding(moved, format!("the window of this maintenance begins at {} all the same", rfc3339(event.start))))
}

/// A maintenance that is planned or goes on, and nobody says until when.
fn without_end(site: &Site, thread: &Thread, event: &Event) -> Option<Finding> {
    if event.kind != Kind::Maintenance || event.end.is_some() || event.phase == Phase::Overrunning {
        return None;
    }
    // A plan lies ahead: what is past would say that it is over.
    let until =
        |begin: Moment| rfc3339(begin.max(site.now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(site.now)) + TimeDelta::minutes(30));
    let first = site.title_post(thread);
    let said = site.posts_of(thread).rev().filter(|post| post.has_effect()).find_map(|post| Some((post, post.ranges.end.as_ref()?)));
    let Some((post, place)) = said else {
        let place = first.span_or_title(first.ranges.kind.as_ref());
        return Some(Finding::new(Code::MaintenanceWithoutEnd, place, "a maintenance without an `end`").help(format!(
            "say when it is planned to be over: `end = {}`; without it, it goes on until an update says Completed",
            until(event.start)
        )));
    };
    // One that cannot be read has its finding, and one of a second window too.
    let end = post.end?;
    let again = event.turns.iter().rev().find_map(|turn| if let Turn::Reopened(at) = turn { Some(*at) } else { None })?;
    if end > again {
        return None;
    }
    let message = format!("a maintenance without an `end`: it began again at {}, after this one", rfc3339(again));
    Some(Finding::new(Code::MaintenanceWithoutEnd, post.span(place), message).help(format!(
        "say in a follow-up when it is planned to be over, `end = {}`, and let this one stand, which is that of the time before; without it, \
         it goes on until an update says Completed",
        until(again)
    )))
}

/// A maintenance whose window was over long ago stands on the front page until somebody says how it went.
fn long_over(site: &Site, thread: &Thread, event: &Event) -> Option<Finding> {
    let age = site.now - event.end?;
    if age <= WEEKS {
        return None;
    }
    let post = newest(site, thread);
    let message = format!("the window of this maintenance was over {} days ago, and no update says how it went", age.num_days());
    Some(
        Finding::new(Code::OpenForWeeks, post.title_span(), message)
            .help("write a Completed update, `signalpost resolve` does it, or a Cancelled one"),
    )
}

/// A retired server's status never changes.
fn check_retired(site: &Site, thread: &Thread, event: &Event, findings: &mut Findings) {
    let is_retired = |server: &&ServerIx| site.servers[**server].standing == Standing::Retired;
    let mut retired: HashSet<&ServerIx> = event.servers.iter().filter(is_retired).collect();
    for post in site.posts_of(thread).filter(|post| !post.withdrawn) {
        for server in post.servers.iter().filter(|server| retired.remove(server)) {
            let place = post.span_or_title(post.ranges.servers.as_ref());
            let message = format!("`{}` is retired: no event changes its status", site.servers[*server].id);
            findings.push(
                Finding::new(Code::Contradiction, place, message)
                    .help("name the server that took its place, or take `status = \"retired\"` out of the servers file"),
            );
        }
    }
}

/// A follow-up's servers take the place of those before: one that had trouble is well from then on, and one that work is planned on is
/// spared, which may not be meant.
fn check_left_out(site: &Site, thread: &Thread, event: &Event, findings: &mut Findings) {
    if thread.posts.len() == 1 {
        return;
    }
    let mut ended: HashMap<Option<Moment>, Vec<&ImpactWindow>> = HashMap::new();
    for held in &event.impact_windows {
        ended.entry(held.window.until).or_default().push(held);
    }
    let mut before: &[ServerIx] = &[];
    for (position, post) in site.posts_of(thread).enumerate() {
        if !post.has_effect() || post.servers.is_empty() {
            continue;
        }
        let named: HashSet<ServerIx> = post.servers.iter().copied().collect();
        let mut tell = |server: ServerIx, what: &str, help: &'static str| {
            let message = format!("`{}` {what} this post on, which does not name it", site.servers[server].id);
            findings.push(Finding::new(Code::Contradiction, post.span_or_title(post.ranges.servers.as_ref()), message).help(help));
        };
        let ended = ended.get(&Some(post.date)).into_iter().flatten().filter(|_| position > 0);
        for held in ended.filter(|held| !named.contains(&held.server)) {
            tell(held.server, "is well from", "a follow-up's servers take the place of those before: name it too if its trouble goes on");
        }
        if post.date < event.start {
            for server in before.iter().filter(|server| !named.contains(server) && event.spares(**server)) {
                tell(
                    *server,
                    "is no part of the event from",
                    "a follow-up's servers take the place of those before: name all that it is about; if this one is spared, its calendar \
                     says so and its feed does not: say it in the text",
                );
            }
        }
        before = &post.servers;
    }
}

/// Whether a post whose `follows` leads nowhere, which is an error, may be about a thread: it may tell that it is over.
fn has_lost_follow_up(site: &Site, thread: &Thread) -> bool {
    let names: Vec<&str> = site.posts_of(thread).flat_map(|post| [post.slug.as_str(), &post.id]).collect();
    let first_posts = site.threads.iter().map(|thread| &site.posts[thread.posts[0]]);
    first_posts.filter_map(|post| post.follows.as_deref()).any(|word| nearest(last_part(word), names.iter().copied()).is_some())
}

fn newest<'a>(site: &'a Site, thread: &Thread) -> &'a Post {
    let posts = || thread.posts.iter().rev().map(|post| site.posts[*post].as_ref());
    posts().find(|post| !post.withdrawn).unwrap_or(site.title_post(thread))
}

fn open_for_weeks(site: &Site, thread: &Thread, event: &Event) -> Option<Finding> {
    // Work that an update told of past its planned end goes on until somebody says Completed.
    let planned = || site.posts_of(thread).filter(|post| post.has_effect()).rev().find_map(|post| post.end);
    let (what, since, word) = match event.phase {
        Phase::Ongoing => ("this incident has been open", event.start, "a Resolved"),
        Phase::Overrunning => ("this maintenance has been overrunning", planned().unwrap_or(event.start), "a Completed"),
        _ => return None,
    };
    let age = site.now - since;
    if age <= WEEKS {
        return None;
    }
    let post = newest(site, thread);
    let message = format!("{what} for {} days", age.num_days());
    Some(Finding::new(Code::OpenForWeeks, post.title_span(), message).help(format!(
        "if it is over, say since when, or its record counts all this time: `signalpost resolve POST --end T \"…\"` writes {word} \
         update of now, and `end`"
    )))
}

/// Two open incidents that say different things of one server: the worse one holds, which may not be meant.
fn check_contradictions(site: &Site, findings: &mut Findings) {
    let mut first: HashMap<ServerIx, (&Thread, Impact)> = HashMap::new();
    for (thread, event) in open(site, &site.glance.active).filter(|(_, event)| event.kind == Kind::Incident) {
        let mut clash = None;
        for held in event.impact_windows.iter().filter(|held| held.window.holds(site.now)) {
            let (other, impact) = *first.entry(held.server).or_insert((thread, held.impact));
            clash = clash.or((impact != held.impact).then_some((other, held.server)));
        }
        if let Some((other, server)) = clash {
            report(site, thread, other, server, findings);
        }
    }
}

fn report(site: &Site, thread: &Thread, other: &Thread, server: ServerIx, findings: &mut Findings) {
    let (mut post, mut older) = (newest(site, thread), newest(site, other));
    if older.date > post.date {
        std::mem::swap(&mut post, &mut older);
    }
    findings.push(
        Finding::new(
            Code::Contradiction,
            post.title_span(),
            format!("two open incidents say different things of `{}`", site.servers[server].id),
        )
        .help("the worse one holds: resolve one of them, or let one follow the other")
        .related(older.title_span(), "the other incident"),
    );
}
