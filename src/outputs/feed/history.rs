//! The incident history in the shape of Atlassian Statuspage's feeds, for services that read those: one entry an incident,
//! all its updates in one text, newest first, in English. People are offered the other feeds.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io;

use chrono::Datelike;
use foldhash::{HashSet, HashSetExt};
use rss::extension::dublincore::DublinCoreExtension;
use rss::{Guid, Item};

use super::super::item::clean;
use super::super::simple_html::one_paragraph;
use super::super::statuspage::{self, IncidentStatus, MaintenanceStatus};
use super::super::{Output, OutputKind};
use super::rfc822;
use super::xml::{Xml, author, document, html, line, link, text};
use crate::model::{Address, Event, Kind, Moment, Post, Site, State, Thread, ThreadIx, Update, rfc3339};
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/history.rss`, `/history.atom`",
    about: "one entry an incident, in Statuspage's shape, for the services that read those",
    list: |_plan, _theme: &Theme| {
        vec![
            Output::made("history.rss", |plan| rss(&plan.site)),
            Output::made("history.atom", |plan| atom(&plan.site).expect("writing to memory does not fail")),
        ]
    },
};

/// An incident or maintenance as these feeds show it.
struct Entry {
    title: String,
    html: String,
    link: String,
    id: String,
    published: Moment,
    updated: Moment,
}

/// The entries that were told of last, these first.
fn entries(site: &Site) -> Vec<Entry> {
    let mut newest: Vec<(Moment, ThreadIx)> = Vec::new();
    let mut seen = HashSet::new();
    // A withdrawn update is the newest only where all that was announced with it is withdrawn too.
    let standing = site.feed_entries.iter().rev().filter(|entry| !site.posts[entry.post].withdrawn);
    for entry in standing.chain(site.feed_entries.iter().rev()) {
        let ix = site.thread_of[entry.post];
        let thread = &site.threads[ix];
        if thread.kind != Kind::Notice && site.is_for_customers(thread) && seen.insert(ix) {
            let end = told(site, thread).last().map(|told| told.at);
            newest.push((end.map_or(entry.at, |end| end.max(entry.at)), ix));
        }
    }
    newest.sort_by_key(|(at, thread)| Reverse((*at, *thread)));
    newest.truncate(site.config.feeds.items);
    newest.into_iter().map(|(updated, thread)| entry(site, &site.threads[thread], updated)).collect()
}

fn entry(site: &Site, thread: &Thread, updated: Moment) -> Entry {
    let titled = site.title_post(thread);
    let told = told(site, thread);
    let announced = thread.updates.iter().filter(|(post, _)| site.posts[*post].notify);
    // What readers know an entry by stays the same when its first post is withdrawn.
    let first = &site.posts[thread.posts[0]];
    let name = Address::new(format!("/{}", first.id)).encoded();
    Entry {
        title: clean(&titled.title).into_owned(),
        html: match &thread.event {
            Some(event) if !told.is_empty() => clean(&timeline(site, titled, event, &told)).into_owned(),
            _ => "<p>This notice was withdrawn.</p>".to_owned(),
        },
        link: site.base().absolute(&first.address),
        id: format!("tag:{},2005:Incident{name}", site.config.feeds.authority_name()),
        published: announced.map(|(post, update)| site.posts[*post].updates[*update].at).min().unwrap_or(updated),
        updated,
    }
}

/// What an entry says of one step of its event.
struct Told<'a> {
    at: Moment,
    state: State,
    /// `None` where no update that is announced tells it.
    update: Option<(&'a Post, &'a Update)>,
}

/// What is told of an event, oldest first: the updates that are announced, and each end or reopening that none of them tells, because
/// services look for that. Nothing where that is withdrawn.
fn told<'a>(site: &'a Site, thread: &Thread) -> Vec<Told<'a>> {
    let mut told: Vec<Told> = Vec::new();
    let mut was_over = false;
    for step in site.steps(thread) {
        let update = site.update_of(thread, &step);
        let is_announced = update.is_some_and(|(post, _)| post.notify);
        if is_announced || step.state.is_over() != was_over {
            told.push(Told { at: step.at, state: step.state, update: update.filter(|_| is_announced) });
            was_over = step.state.is_over();
        }
    }
    told
}

/// All updates that stand as one text, newest first, and the window of a maintenance above them.
fn timeline(site: &Site, titled: &Post, event: &Event, told: &[Told<'_>]) -> String {
    let mut html = String::new();
    if event.kind == Kind::Maintenance {
        let end = event.end.map_or_else(String::new, |end| match end.date_naive() == event.start.date_naive() {
            true => format!(" - {}", time(end)),
            false => format!(" - {}", day_and_time(end)),
        });
        let _ = write!(html, "<p><strong>THIS IS A SCHEDULED EVENT {}{end} UTC</strong></p>", day_and_time(event.start));
    }
    for (position, Told { at, state, update }) in told.iter().enumerate().rev() {
        let is_said = update.is_some_and(|(_, update)| update.state == Some(*state));
        let is_as_before = position > 0 && told[position - 1].state == *state && !is_said;
        let text = match update {
            Some((post, update)) => one_paragraph(&statuspage::text(site, titled, post, update)),
            None => statuspage::untold(event.kind, *state).to_owned(),
        };
        let state = if is_as_before { State::Update } else { *state };
        // What the original has no word for is said before the text.
        let cancelled = if state == State::Cancelled { "Cancelled. " } else { "" };
        let name = name(event.kind, state);
        let _ = write!(html, "<p><small>{} UTC</small><br><strong>{name}</strong> - {cancelled}{text}</p>", day_and_time(*at));
    }
    html
}

/// `May <var data-var='date'>4</var>, <var data-var='time'>19:02</var>`
fn day_and_time(at: Moment) -> String {
    format!("{} <var data-var='date'>{}</var>, {}", at.format("%b"), at.day(), time(at))
}

fn time(at: Moment) -> String {
    format!("<var data-var='time'>{}</var>", at.format("%H:%M"))
}

/// The state's English name, as Statuspage writes it.
fn name(kind: Kind, state: State) -> &'static str {
    match (kind, state) {
        (_, State::Update) => "Update",
        (Kind::Maintenance, state) => MaintenanceStatus::from(state).name(),
        (_, state) => IncidentStatus::from(state).name(),
    }
}

fn rss(site: &Site) -> Vec<u8> {
    let entries = entries(site);
    let newest = entries.first().map(|entry| rfc822(entry.updated, "+0000"));
    let creator = clean(&site.config.title).into_owned();
    let item = |entry: Entry| Item {
        dublin_core_ext: Some(DublinCoreExtension { creators: vec![creator.clone()], ..DublinCoreExtension::default() }),
        title: Some(entry.title),
        description: Some(entry.html),
        pub_date: Some(rfc822(entry.updated, "+0000")),
        link: Some(entry.link.clone()),
        guid: Some(Guid { value: entry.link, permalink: true }),
        ..Item::default()
    };
    let channel = rss::Channel {
        title: title(site),
        link: site.base().home(),
        description: clean(&site.config.description).into_owned(),
        pub_date: newest,
        extensions: super::self_link(&site.base().absolute(&Address::new("/history.rss"))),
        namespaces: super::namespaces(),
        items: entries.into_iter().map(item).collect(),
        ..rss::Channel::default()
    };
    channel.write_to(Vec::new()).expect("writing to memory does not fail")
}

fn atom(site: &Site) -> io::Result<Vec<u8>> {
    let entries = entries(site);
    let updated = entries.first().map_or_else(|| super::changed(site, None), |entry| entry.updated);
    let mut xml = document()?;
    xml.create_element("feed")
        .with_attribute(("xml:lang", "en"))
        .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
        .write_inner_content(|xml| {
            text(xml, "id", &format!("tag:{},2005:/history", site.config.feeds.authority_name()))?;
            link(xml, "alternate", "text/html", &site.base().home())?;
            link(xml, "self", "application/atom+xml", &site.base().absolute(&Address::new("/history.atom")))?;
            text(xml, "title", &title(site))?;
            text(xml, "updated", &rfc3339(updated))?;
            author(xml, &clean(&site.config.title))?;
            entries.iter().try_for_each(|entry| atom_entry(xml, entry))
        })?;
    line(&mut xml)?;
    Ok(xml.into_inner())
}

fn atom_entry(xml: &mut Xml, entry: &Entry) -> io::Result<()> {
    let written = xml.create_element("entry").write_inner_content(|xml| {
        text(xml, "id", &entry.id)?;
        text(xml, "published", &rfc3339(entry.published))?;
        text(xml, "updated", &rfc3339(entry.updated))?;
        link(xml, "alternate", "text/html", &entry.link)?;
        text(xml, "title", &entry.title)?;
        html(xml, &entry.html)
    });
    written.map(|_| ())
}

fn title(site: &Site) -> String {
    format!("{} - Incident History", clean(&site.config.title))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{made, plan, post, site, update};
    use super::*;

    #[test]
    fn an_incident_is_one_entry_with_its_updates_newest_first() {
        let mut relay = post("relay", "Relay & <co>", "2026-05-04T19:00:00Z");
        relay.updates.push(update("2026-05-04T19:15:00Z", Some(State::Resolved), "<p>Done.</p>"));
        let plan = plan(site(vec![relay]));
        let expected = "<p><small>May <var data-var='date'>4</var>, <var data-var='time'>19:15</var> UTC</small><br><strong>Resolved</strong> - Done.</p>\
                        <p><small>May <var data-var='date'>4</var>, <var data-var='time'>19:00</var> UTC</small><br><strong>Investigating</strong> - It fails.</p>";
        let atom = feed_rs::parser::parse(made(&KIND, &plan, "history.atom").as_bytes()).unwrap();
        assert_eq!(atom.entries.len(), 1);
        assert_eq!(atom.entries[0].id, "tag:status.example.net,2005:Incident/relay");
        assert_eq!(atom.entries[0].content.as_ref().and_then(|content| content.body.as_deref()), Some(expected));
        let rss = feed_rs::parser::parse(made(&KIND, &plan, "history.rss").as_bytes()).unwrap();
        assert_eq!(rss.entries[0].summary.as_ref().map(|text| text.content.as_str()), Some(expected));
        assert_eq!(rss.entries[0].id, "https://status.example.net/s/2026/05/04/relay/");
        assert_eq!(rss.entries[0].published.unwrap().to_rfc3339(), "2026-05-04T19:15:00+00:00");
    }

    #[test]
    fn notices_are_not_incidents() {
        let mut notice = post("n", "Notice", "2026-05-04T19:00:00Z");
        notice.kind = Some(Kind::Notice);
        assert!(!made(&KIND, &plan(site(vec![notice])), "history.atom").contains("<entry>"));
    }
}
