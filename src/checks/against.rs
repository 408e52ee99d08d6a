//! What publishing a site will tell its subscribers, found by comparing it with what was published before.
//!
//! In: the files of the earlier output (all of them, or its `/status.json` alone) and the new site with its bundle. Out: what is
//! new and what was corrected; findings for what must never be done to those who follow the site: lose or rename an item of any feed,
//! move its date, bring an old one as new, move a window, end an event or tell the past otherwise without saying so, leave an address.
//! Never reads the disk.

mod items;
mod lost_feeds;
mod lost_pages;
mod minutes;
mod over;
mod pages;
mod returned;
mod told;
mod untold;
mod windows;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use chrono::Days;
use foldhash::{HashMap, HashSet};

use crate::findings::Findings;
use crate::model::post::PostRanges;
use crate::model::uptime::HISTORY_DAYS;
use crate::model::{FeedEntry, Moment, Post, PostIx, Site, Thread, midnight};
use crate::outputs::feed::published::PublishedItem;
use crate::outputs::item::{self, Items};
use crate::render::Bundle;
use crate::source::{SETTINGS, Span};
use crate::words::Words;
use pages::Pages;
use told::Feeds;

/// What subscribers will hear of when this is published. Displayed as a sentence for people:
/// `1 new item: Resolved: Relay server offline (NC023); 1 corrected silently`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedChanges {
    /// Titles of new items, oldest first.
    pub new: Vec<String>,
    /// Titles of items whose title, text, link or tags changed, newest first: most readers replace them without a word.
    pub corrected: Vec<String>,
    /// Items that are new in a feed and were told in others before, by the feed's path: their posts name another server or tag now.
    pub brought: BTreeMap<String, usize>,
}

/// Files by their path below the output folder.
type Files = BTreeMap<String, Bytes>;

/// Compares a site with the files that were published before.
///
/// `None` if these tell of no items: they hold neither a feed nor a `status.json` of ours.
pub fn against(old: &Files, site: &Site, new: &Bundle, all_findings: &mut Findings) -> Option<FeedChanges> {
    // Apart, because what is found of an event is not found once more of its servers.
    let mut own = Findings::default();
    let findings = &mut own;
    let (before, now) = Feeds::of_both(old, &new.files)?;
    let entries: Vec<(String, &FeedEntry)> = site.feed_entries.iter().map(|entry| (item::id(site, entry), entry)).collect();
    let by_id: HashMap<&str, &FeedEntry> = entries.iter().map(|(id, entry)| (id.as_str(), *entry)).collect();
    let told = before.items();
    let post_of = |item: &PublishedItem| Some(by_id.get(item.id.as_str())?.post);
    let pages = Pages::of(old, &new.files, site, &told, post_of);
    let known = told.iter().map(|item| item.id.as_str()).collect();
    let limit = before.limit(site.config.feeds.items);
    let lost = told.iter().filter(|item| !by_id.contains_key(item.id.as_str()));
    let with_lost_items = lost.filter_map(|item| pages.post_at(&item.url)).collect();
    let comparison = Comparison {
        old,
        new: &new.files,
        site,
        entries: &entries,
        by_id,
        before: &before,
        now: &now,
        told,
        known,
        with_lost_items,
        pages,
        limit,
    };
    let items = Items::of(site, &Words::of(&site.config));
    // In this order: some checks read what those before them have found, and do not say it of a post or event once more.
    let renamed = items::lost(&comparison, &items, findings);
    items::changed_incidents(&comparison, findings);
    items::changed_dates(&comparison, findings);
    returned::check(&comparison, &renamed, findings);
    windows::check(&comparison, findings);
    lost_feeds::check(&comparison, findings);
    untold::check(&comparison, findings);
    comparison.pages.lost_addresses(findings);
    lost_pages::check(&comparison, findings);
    let new_items = items::new(&comparison, &renamed, &items, findings);
    if let Some(published) = minutes::Document::of(old).filter(|published| published.generated_at <= site.now) {
        let first = site.now.date_naive() - Days::new(u64::from(HISTORY_DAYS) - 1);
        over::check(published.generated_at, midnight(first), &comparison, findings);
        minutes::check(&published, first, &comparison, findings);
    }
    all_findings.extend(own);
    Some(FeedChanges { new: new_items, corrected: comparison.corrected(), brought: comparison.brought() })
}

impl fmt::Display for FeedChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.new.len() {
            0 => f.write_str("no new item")?,
            1 => write!(f, "1 new item: {}", self.new[0])?,
            n => write!(f, "{n} new items: {}", self.new.join("; "))?,
        }
        match self.corrected.len() {
            0 => {}
            n => write!(f, "; {n} corrected silently")?,
        }
        match self.brought.len() {
            0..=3 => self.brought.iter().try_for_each(|(path, items)| write!(f, "; {items} told elsewhere before, new in /{path}")),
            feeds => write!(f, "; {feeds} feeds have as new what others told before"),
        }
    }
}

/// What was published, beside what would be.
struct Comparison<'a> {
    /// The files that were published.
    old: &'a Files,
    new: &'a Files,
    site: &'a Site,
    /// Every item of the new site with its id, oldest first; also those that no feed has room for.
    entries: &'a [(String, &'a FeedEntry)],
    by_id: HashMap<&'a str, &'a FeedEntry>,
    before: &'a Feeds,
    now: &'a Feeds,
    /// The items of all earlier feeds, each once, newest first.
    told: Vec<&'a PublishedItem>,
    /// Their ids.
    known: HashSet<&'a str>,
    /// Posts of which subscribers were told under ids that nothing has any more: that is found by itself.
    with_lost_items: HashSet<PostIx>,
    pages: Pages<'a>,
    /// How many items the earlier feeds hold at most, where one was full.
    limit: Option<usize>,
}

impl<'a> Comparison<'a> {
    /// The item of an id in the new site.
    fn entry(&self, id: &str) -> Option<&'a FeedEntry> {
        self.by_id.get(id).copied()
    }

    /// Whether an earlier feed has the item.
    fn knows(&self, id: &str) -> bool {
        self.known.contains(id)
    }

    /// Whether the earlier site has an update, in a feed or on a page.
    fn was_published(&self, post: PostIx, update: usize) -> bool {
        let update = &self.site.posts[post].updates[update];
        if self.knows(&item::update_id(self.site, &self.site.posts[post], update)) {
            return true;
        }
        if self.pages.are_known() {
            return self.pages.show(post, update);
        }
        // It may have left the feed. Its own time says so, since another that came before it may have moved it by a second.
        self.limit.is_some() && self.before.everything().last().is_some_and(|oldest| update.at < oldest.at)
    }

    /// Whether a post has an update that the earlier site did not have.
    fn has_news(&self, post: PostIx) -> bool {
        (0..self.site.posts[post].updates.len()).any(|update| !self.was_published(post, update))
    }

    /// Whether subscribers hear something new of a post, or a finding tells that they would of what they know.
    fn has_finding_or_news(&self, post: PostIx) -> bool {
        self.with_lost_items.contains(&post) || self.has_news(post)
    }

    /// Whether the earlier site has any update of a post.
    fn was_told(&self, post: PostIx) -> bool {
        (0..self.site.posts[post].updates.len()).any(|update| self.was_published(post, update))
    }

    /// By feed, how many items it has that only others told before. A new feed begins with its history.
    fn brought(&self) -> BTreeMap<String, usize> {
        let brought = self.now.by_path.iter().filter_map(|(path, now)| {
            let had: HashSet<&str> = self.before.by_path.get(path)?.iter().map(|item| item.id.as_str()).collect();
            let brought = now.iter().filter(|item| self.knows(&item.id) && !had.contains(item.id.as_str())).count();
            (brought > 0).then(|| (path.clone(), brought))
        });
        brought.collect()
    }

    /// The titles of what feeds have with another text than before.
    fn corrected(&self) -> Vec<String> {
        let digests: HashMap<&str, &str> = self.told.iter().map(|item| (item.id.as_str(), item.digest.as_str())).collect();
        let is_corrected = |item: &&PublishedItem| digests.get(item.id.as_str()).is_some_and(|digest| *digest != item.digest);
        self.now.items().into_iter().filter(is_corrected).map(|item| item.title.clone()).collect()
    }
}

fn place(post: &Post, entry: &FeedEntry) -> Span {
    post.span(&post.updates[entry.update].place)
}

fn title(site: &Site, thread: &Thread) -> Span {
    site.title_post(thread).title_span()
}

/// Where the first of some posts has a key.
fn first_place<'p>(mut posts: impl Iterator<Item = &'p Post>, key: impl Fn(&PostRanges) -> &Option<Range<usize>>) -> Option<Span> {
    posts.find_map(|post| Some(post.span(key(&post.ranges).as_ref()?)))
}

fn site_toml() -> Span {
    Span::whole_file(&SETTINGS.into())
}

fn site_posts() -> Span {
    Span::whole_file(&"content/posts".into())
}

fn minute(at: Moment) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn second(at: Moment) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests;
