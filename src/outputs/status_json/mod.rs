//! `/status.json`: everything that the site knows about now, for programs; `/server/ID/status.json` for one server; and the JSON
//! Schema that both are held to.
//!
//! In: the site at its moment. Out: the documents of [`shape`]. They say when they were made, until when they can be believed,
//! what will change by itself, and what subscribers were told. Never computes a status (that is `model`).

mod events;
mod servers;
pub mod shape;

use std::sync::Arc;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

pub use events::Events;
use shape::{Change, Document, FeedItem, Group, Head, Overall, ServerDocument, SiteName, VERSION};

use super::item::{Item, Items};
use super::{Output, OutputKind};
use crate::model::{Address, Moment, ServerIx, Site, Standing, Status, rfc3339};
use crate::plan::Plan;
use crate::theme::Theme;
use crate::words::Words;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/status.json`, `/server/ID/status.json`, `/schema/status.json`",
    about: "Everything that the site knows about now, for programs, with its JSON Schema",
    list,
};

/// Where the schema stands, for every version 1.
const SCHEMA: &str = "/schema/status.json";

fn list(plan: &Plan, _theme: &Theme) -> Vec<Output> {
    let mut outputs = vec![Output::json("status.json", document), Output::ready(&SCHEMA[1..], include_str!("schema.json").as_bytes())];
    let events = Arc::new(Events::default());
    outputs.extend(plan.site.servers.iter().enumerate().map(|(ix, server)| {
        let events = events.clone();
        Output::json(format!("server/{}/status.json", server.id), move |plan| server_document(&plan.site, ix, &events))
    }));
    outputs
}

/// `/status.json`
pub fn document(plan: &Plan) -> Document {
    let site = &plan.site;
    let (told, events) = (told(plan), Events::default());
    let (retired, present): (Vec<ServerIx>, Vec<ServerIx>) =
        (0..site.servers.len()).partition(|server| site.servers[*server].standing == Standing::Retired);
    Document {
        head: head(site, ""),
        digest: digest(&told),
        overall: overall(site, &plan.words),
        groups: groups(site),
        servers: present.into_iter().chain(retired).map(|server| servers::server(site, server)).collect(),
        active: events.of(site, &site.glance.active),
        planned: events.of(site, &site.glance.planned),
        told,
    }
}

/// `/server/ID/status.json`. Nothing in it depends on posts about other servers, windows ahead aside: their news leaves it alone.
pub fn server_document(site: &Site, server: ServerIx, events: &Events) -> ServerDocument {
    let concerns = |thread: &&usize| site.threads[**thread].servers.binary_search(&server).is_ok();
    ServerDocument {
        head: head(site, "#/$defs/server_document"),
        server: servers::server(site, server),
        months: servers::months(site, server),
        active: events.of(site, site.glance.active.iter().filter(concerns)),
        planned: events.of(site, site.glance.planned.iter().filter(concerns)),
    }
}

/// `definition` is the place in the schema, as a fragment, empty for the whole.
fn head(site: &Site, definition: &str) -> Head {
    Head {
        version: VERSION,
        schema: format!("{}{definition}", site.base().absolute(&Address::new(SCHEMA))),
        site: SiteName { title: site.config.title.clone(), url: site.base().home() },
        generated_at: site.now,
        stale_after: site.now + site.config.stale_after,
        next_change: site.glance.next_change,
    }
}

fn overall(site: &Site, words: &Words) -> Overall {
    let status = site.glance.overall;
    Overall {
        status,
        text: words.headline(site.glance.headline).to_owned(),
        since: overall_since(site),
        next: changes(&site.glance.overall_next),
    }
}

/// When the worst of the servers that customers see became what it is; `None` for operational.
fn overall_since(site: &Site) -> Option<Moment> {
    let overall = site.glance.overall;
    if overall == Status::Operational {
        return None;
    }
    let public = || site.servers.iter().zip(&site.glance.timelines).filter(|(server, _)| server.standing.is_public());
    let mut turns: Vec<Moment> = public()
        .flat_map(|(_, timeline)| timeline.segments.iter().filter_map(|segment| segment.from))
        .filter(|at| *at <= site.now)
        .collect();
    turns.sort_unstable();
    turns.dedup();
    let was_the_same = |at: &Moment| Status::worst(public().map(|(_, timeline)| timeline.at(*at).status)) == overall;
    turns.into_iter().rev().take_while(was_the_same).last()
}

fn groups(site: &Site) -> Vec<Group> {
    let groups = site.groups.iter().zip(&site.glance.groups).map(|(group, status)| Group {
        name: group.name.clone(),
        status: *status,
        servers: group.servers.iter().map(|server| site.servers[*server].id.to_string()).collect(),
        badge: group.slug.as_ref().map(|slug| site.base().absolute(&Address::new(format!("/group/{slug}/badge.svg")))),
    });
    groups.collect()
}

fn changes(next: &[(Moment, Status)]) -> Vec<Change> {
    next.iter().map(|(at, status)| Change { at: *at, status: *status }).collect()
}

/// The newest items of the main feed, newest first.
fn told(Plan { site, words, .. }: &Plan) -> Vec<FeedItem> {
    let items = Items::of(site, words);
    let newest = site.feed_entries.iter().rev().take(site.config.feeds.items);
    let told = newest.map(|entry| items.item(site, entry)).map(|item| FeedItem {
        digest: item_digest(&item),
        id: item.id,
        at: item.at,
        url: item.link,
        title: item.title,
    });
    told.collect()
}

/// Hash of all that an item says.
fn item_digest(item: &Item) -> String {
    let mut hash = Xxh3::new();
    let texts = [&item.title, &item.html, &item.link, &item.creator].into_iter().chain(&item.categories);
    for text in texts {
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    format!("{:016x}", hash.digest())
}

/// Hash of the whole list, as [`Document::digest`] describes it.
fn digest(told: &[FeedItem]) -> String {
    let lines: String = told.iter().map(|item| format!("{} {} {}\n", item.id, rfc3339(item.at), item.digest)).collect();
    format!("{:016x}", xxh3_64(lines.as_bytes()))
}
