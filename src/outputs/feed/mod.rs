//! The feeds: which items each shows, and one file a format.
//!
//! In: the plan. Out: RSS of everything, of each tag, category and server, and of maintenance; Atom and JSON Feed of
//! everything; and the two files in Statuspage's shape. Items are the same in all of them, byte for byte where the format is.
//! Nothing in a feed depends on the build: order and dates come from the updates alone.

pub mod atom;
pub mod history;
pub mod json_feed;
pub mod published;
pub mod rss;
mod xml;

use std::collections::BTreeMap;

use ::rss::extension::{Extension, ExtensionMap};

use super::Output;
use crate::model::{Address, Moment, PostIx, Site};
use crate::plan::Plan;
use crate::words::Words;

/// The stylesheet of all feeds in a browser. Its address never changes: feeds name it, and feeds change with their items only.
pub const STYLESHEET: &str = "/feed.css";

/// A feed's own facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    pub address: Address,
    pub title: String,
    /// The page that shows the same to people.
    pub page: Address,
}

/// The channel of all updates, at one of its addresses.
pub fn everything(plan: &Plan, address: &str) -> Channel {
    let title = plan.words.fill("feed.all", &[("site", &plan.site.config.title)]);
    Channel { address: Address::new(address), title, page: Address::new("/") }
}

/// The newest updates of all: positions in `site.feed_entries`, newest first.
pub fn newest(site: &Site) -> impl Iterator<Item = usize> + '_ {
    (0..site.feed_entries.len()).rev().take(site.config.feeds.items)
}

/// When a feed last changed: its newest item's date. A feed without items has never changed since its ids began.
pub fn changed(site: &Site, newest: Option<usize>) -> Moment {
    newest.map_or_else(|| site.config.feeds.ids_begin(), |ix| site.feed_entries[ix].at)
}

/// For each post its feed entries, so that the feed of a part need not look at everything.
#[derive(Debug, Default)]
pub struct ByPost {
    /// Positions in `site.feed_entries`, grouped by post.
    entries: Vec<usize>,
    /// Where each post's group begins in `entries`; one more than there are posts.
    starts: Vec<usize>,
}

impl ByPost {
    pub fn of(site: &Site) -> ByPost {
        let mut starts = vec![0; site.posts.len() + 1];
        for entry in &site.feed_entries {
            starts[entry.post + 1] += 1;
        }
        for post in 0..site.posts.len() {
            starts[post + 1] += starts[post];
        }
        let mut next = starts.clone();
        let mut grouped = vec![0; site.feed_entries.len()];
        for (ix, entry) in site.feed_entries.iter().enumerate() {
            grouped[next[entry.post]] = ix;
            next[entry.post] += 1;
        }
        ByPost { entries: grouped, starts }
    }

    /// The newest updates of these posts: positions in `site.feed_entries`, newest first.
    pub fn newest(&self, site: &Site, posts: impl IntoIterator<Item = PostIx>) -> Vec<usize> {
        let mut entries: Vec<usize> =
            posts.into_iter().flat_map(|post| &self.entries[self.starts[post]..self.starts[post + 1]]).copied().collect();
        entries.sort_unstable_by(|a, b| b.cmp(a));
        entries.truncate(site.config.feeds.items);
        entries
    }
}

/// `<atom:link rel="self">`, which the RSS Advisory Board asks for.
fn self_link(url: &str) -> ExtensionMap {
    let attributes = [("href", url), ("rel", "self"), ("type", "application/rss+xml")];
    let attrs = attributes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    extensions("atom", Extension { name: "atom:link".to_owned(), attrs, ..Extension::default() })
}

/// The namespaces beside RSS's own.
fn namespaces() -> BTreeMap<String, String> {
    [("atom", "http://www.w3.org/2005/Atom"), ("dc", "http://purl.org/dc/elements/1.1/")]
        .map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned()))
        .into()
}

/// One element of another namespace for the `rss` package; also one of RSS's own that it would write otherwise.
fn extensions(prefix: &str, extension: Extension) -> ExtensionMap {
    let local = extension.name.rsplit(':').next().unwrap_or_default().to_owned();
    BTreeMap::from([(prefix.to_owned(), BTreeMap::from([(local, vec![extension])]))])
}

/// The stylesheet: `/feed.css`.
pub fn stylesheet(words: &Words) -> Output {
    let hint = css_string(words.text("feed.hint"));
    Output::ready(&STYLESHEET[1..], CSS.replace("\"{hint}\"", &hint))
}

/// A text as a CSS string: quotes, backslashes and line ends escaped.
fn css_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

const CSS: &str = include_str!("feed.css");

/// `Mon, 04 May 2026 19:02:00 GMT` (RFC 822 with the four-digit year of RFC 2822); `zone` is one of the ways to write UTC.
fn rfc822(at: Moment, zone: &str) -> String {
    format!("{} {zone}", at.format("%a, %d %b %Y %H:%M:%S"))
}
