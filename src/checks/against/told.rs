//! What the feeds of an output tell, read from its files.

use std::collections::BTreeMap;

use bytes::Bytes;
use foldhash::{HashSet, HashSetExt};
use rayon::prelude::*;
use serde_json::Value;

use super::Files;
use crate::model::Moment;
use crate::outputs::feed::published::{self, PublishedItem};

/// The feed of everything.
const EVERYTHING: &str = "feed.xml";

/// How many items a feed has shown for certain: the setting's own default.
const USUAL_ITEMS: usize = 50;

/// Every feed with one item an update, by its path; each newest first.
pub struct Feeds {
    pub by_path: BTreeMap<String, Vec<PublishedItem>>,
}

impl Feeds {
    /// The feeds of two outputs, read from the same kind of file in both: of an output that is given by one file alone, its feed
    /// of everything. `None` where one of them tells of no items.
    pub fn of_both(old: &Files, new: &Files) -> Option<(Feeds, Feeds)> {
        if old.contains_key(EVERYTHING) {
            return Some((Feeds::all(old)?, Feeds::all(new)?));
        }
        ["status.json", "feed.json"].into_iter().find_map(|path| Some((Feeds::one(old.get(path)?)?, Feeds::one(new.get(path)?)?)))
    }

    fn all(files: &Files) -> Option<Feeds> {
        let is_feed = |path: &str| matches!(path, EVERYTHING | "maintenance.xml") || path.ends_with("/feed.xml");
        let feeds: Vec<(&String, &Bytes)> = files.iter().filter(|(path, _)| is_feed(path)).collect();
        // A file of the user's own may be called so as well.
        let by_path: BTreeMap<String, Vec<PublishedItem>> =
            feeds.into_par_iter().filter_map(|(path, feed)| Some((path.clone(), published::items(feed)?))).collect();
        by_path.contains_key(EVERYTHING).then_some(Feeds { by_path })
    }

    /// Of the items that `/status.json` or `/feed.json` tells of.
    fn one(file: &Bytes) -> Option<Feeds> {
        let document: Value = serde_json::from_slice(file).ok()?;
        let (items, at) = match document.get("told") {
            Some(told) => (told, "at"),
            None => (document.get("items")?, "date_published"),
        };
        let item = |item: &Value| {
            let text = |key: &str| item.get(key)?.as_str().map(str::to_owned);
            let digest = text("digest").unwrap_or_else(|| item.to_string());
            Some(PublishedItem { id: text("id")?, at: text(at)?.parse().ok()?, title: text("title")?, url: text("url")?, digest })
        };
        let items = items.as_array()?.iter().map(item).collect::<Option<_>>()?;
        Some(Feeds { by_path: BTreeMap::from([(EVERYTHING.to_owned(), items)]) })
    }

    pub fn everything(&self) -> &[PublishedItem] {
        self.by_path.get(EVERYTHING).map_or(&[], Vec::as_slice)
    }

    /// The items of all feeds, each once, newest first.
    pub fn items(&self) -> Vec<&PublishedItem> {
        let mut seen = HashSet::new();
        let mut items: Vec<&PublishedItem> = self.by_path.values().flatten().filter(|item| seen.insert(item.id.as_str())).collect();
        items.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        items
    }

    /// How many items a feed holds before older ones leave it; `None` where none was full. `items` is the new site's setting.
    ///
    /// The output does not say it: the feed of everything is full where another one, which holds less, goes further back.
    pub fn limit(&self, items: usize) -> Option<usize> {
        let oldest = |feed: &[PublishedItem]| feed.last().map(|item| item.at);
        let everything = self.everything();
        let goes_further_back = |begin: Moment| self.by_path.values().filter_map(|feed| oldest(feed)).any(|other| other < begin);
        let is_full = everything.len() >= items.min(USUAL_ITEMS) || oldest(everything).is_some_and(goes_further_back);
        is_full.then_some(everything.len())
    }
}
