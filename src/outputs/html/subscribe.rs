//! How to hear of news: every feed, calendar and programme interface, for whom each is.

use serde::Serialize;

use super::Maker;
use super::page::PageView;
use crate::model::Address;
use crate::plan::{Listing, Page};
use crate::theme::TemplateProblem;

/// The page that lists feeds and calendars.
#[derive(Serialize)]
pub struct SubscribeView {
    /// Feeds of everything.
    pub all: FeedsView,
    /// One row a server, in the order of the servers file.
    pub servers: Vec<FeedsView>,
    /// One row a tag, by address.
    pub tags: Vec<FeedsView>,
    /// One row a category, by address.
    pub categories: Vec<FeedsView>,
    /// `webcal://…/calendar.ics`: opens the calendar program.
    pub webcal: String,
    /// The same as `https`, for programs that want an address to paste.
    pub calendar: String,
}

/// Feeds of one thing.
#[derive(Serialize)]
pub struct FeedsView {
    /// What they are of: `NC023`.
    pub name: String,
    /// Its page.
    pub href: String,
    /// RSS, as a full URL to copy.
    pub rss: String,
    /// Its calendar as a full URL; empty where it has none.
    pub calendar: String,
}

pub fn make(maker: &Maker, page: &Page) -> Result<Vec<u8>, TemplateProblem> {
    let site = maker.site;
    let url = |address: &str| site.base().absolute(&Address::new(address));
    let row = |of: Listing, name: &str| {
        let home = maker.list_home(of).unwrap_or_else(|| Address::new("/"));
        let calendar = matches!(of, Listing::Server(_)).then(|| site.base().absolute(&home.join("calendar.ics")));
        FeedsView {
            name: name.to_owned(),
            href: maker.href(&home),
            rss: site.base().absolute(&home.join("feed.xml")),
            calendar: calendar.unwrap_or_default(),
        }
    };
    let calendar = url("/calendar.ics");
    let view = SubscribeView {
        all: row(Listing::All, &site.config.title),
        servers: site.servers.iter().enumerate().map(|(at, server)| row(Listing::Server(at), &server.name)).collect(),
        tags: site.tags.iter().enumerate().map(|(at, tag)| row(Listing::Tag(at), &tag.name)).collect(),
        categories: site.categories.iter().enumerate().map(|(at, category)| row(Listing::Category(at), &category.name)).collect(),
        webcal: calendar.split_once("://").map_or_else(String::new, |(_, rest)| format!("webcal://{rest}")),
        calendar,
    };
    let mut frame = PageView::of(maker, page, maker.text("page.subscribe"));
    frame.description = format!("{} {}", maker.text("subscribe.text"), site.config.description);
    maker.fill("subscribe.html", &frame, "subscribe", &view)
}
