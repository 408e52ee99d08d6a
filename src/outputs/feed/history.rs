//! The incident history in the shape of Atlassian Statuspage's feeds, for services that read those: one entry an incident,
//! all its updates in one text, newest first, in English. People are offered the other feeds.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io;

use chrono::Datelike;
use rss::extension::dublincore::DublinCoreExtension;
use rss::{Guid, Item};

use super::super::item::clean;
use super::super::{Output, OutputKind};
use super::rfc822;
use super::xml::{Xml, author, document, html, line, link, text};
use crate::model::{Address, Kind, Moment, PostIx, Site, State, Thread, Update, escape, rfc3339};
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

/// The entries whose newest updates are the newest, these first.
fn entries(site: &Site) -> Vec<Entry> {
    let mut seen = HashSet::new();
    let newest =
        site.feed_entries.iter().rev().map(|entry| (entry.at, site.thread_of[entry.post])).filter(|(_, thread)| seen.insert(*thread));
    let is_shown = |thread: &Thread| thread.kind != Kind::Notice && site.is_for_customers(thread);
    let shown = newest.filter(|(_, thread)| is_shown(&site.threads[*thread])).take(site.config.feeds.items);
    shown.map(|(updated, thread)| entry(site, &site.threads[thread], updated)).collect()
}

/// Those of some updates that are announced.
fn announced(site: &Site, updates: impl Iterator<Item = (PostIx, usize)>) -> impl Iterator<Item = &Update> {
    updates.filter(|(post, _)| site.posts[*post].notify).map(|(post, update)| &site.posts[post].updates[update])
}

fn entry(site: &Site, thread: &Thread, updated: Moment) -> Entry {
    // What readers know an entry by stays the same when its first post is withdrawn.
    let first = &site.posts[thread.posts[0]];
    let name = Address::new(format!("/{}", first.id)).encoded();
    Entry {
        title: clean(&site.posts[site.title_post(thread)].title).into_owned(),
        html: match thread.event {
            Some(_) => clean(&timeline(site, thread)).into_owned(),
            None => "<p>This notice was withdrawn.</p>".to_owned(),
        },
        link: site.base().absolute(&first.address),
        id: format!("tag:{},2005:Incident{name}", site.config.feeds.authority_name()),
        published: announced(site, thread.updates.iter().copied()).map(|update| update.at).min().unwrap_or(updated),
        updated,
    }
}

/// All updates that stand as one text, newest first, and the window of a maintenance above them.
fn timeline(site: &Site, thread: &Thread) -> String {
    let mut html = String::new();
    if let (Kind::Maintenance, Some(event)) = (thread.kind, &thread.event) {
        let end = event.end.map_or_else(String::new, |end| match end.date_naive() == event.start.date_naive() {
            true => format!(" - {}", time(end)),
            false => format!(" - {}", day_and_time(end)),
        });
        let _ = write!(html, "<p><strong>THIS IS A SCHEDULED EVENT {}{end} UTC</strong></p>", day_and_time(event.start));
    }
    let closed = thread.event.as_ref().and_then(|event| event.closed);
    let reopened = thread.event.as_ref().map_or(&[][..], |event| &event.reopened);
    let mut told: Vec<(Moment, State, String)> = Vec::new();
    for update in announced(site, site.standing_updates(thread)) {
        let state = update.state.unwrap_or(match told.last() {
            None if thread.kind == Kind::Maintenance => State::Scheduled,
            None => State::Investigating,
            Some(_) if reopened.binary_search(&update.at).is_ok() => State::Investigating,
            Some(_) if closed.is_some_and(|closed| closed <= update.at) && !is_told_as_over(&told) => last_state(thread.kind),
            Some(_) => State::Update,
        });
        told.push((update.at, state, update.html.plain()));
    }
    // An `end` that no update tells: services look for the state.
    if let Some(closed) = closed.filter(|_| !is_told_as_over(&told)) {
        let at = told.last().map_or(closed, |(at, ..)| closed.max(*at));
        let text = if thread.kind == Kind::Maintenance {
            "The scheduled maintenance has been completed."
        } else {
            "This incident has been resolved."
        };
        told.push((at, last_state(thread.kind), text.to_owned()));
    }
    for (at, state, text) in told.into_iter().rev() {
        let _ = write!(html, "<p><small>{} UTC</small><br><strong>{}</strong> - {}</p>", day_and_time(at), name(state), escape(&text));
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

/// Whether the last that was said of where the event stands is that it is over.
fn is_told_as_over(told: &[(Moment, State, String)]) -> bool {
    let said = told.iter().rev().find(|(_, state, _)| state.is_final() || state.reopens());
    said.is_some_and(|(_, state, _)| state.is_final())
}

fn last_state(kind: Kind) -> State {
    if kind == Kind::Maintenance { State::Completed } else { State::Resolved }
}

/// The state's English name, as Statuspage writes it.
fn name(state: State) -> &'static str {
    match state {
        State::Investigating => "Investigating",
        State::Identified => "Identified",
        State::Monitoring => "Monitoring",
        State::Resolved => "Resolved",
        State::Update => "Update",
        State::Scheduled => "Scheduled",
        State::InProgress => "In progress",
        State::Verifying => "Verifying",
        State::Completed => "Completed",
        State::Cancelled => "Cancelled",
        State::Postmortem => "Postmortem",
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
