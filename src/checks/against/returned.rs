//! Old updates that come into a feed where they were not: its readers would take them for news.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;

use super::{Comparison, site_toml};
use crate::findings::{Code, Finding, Findings};
use crate::model::{FeedEntry, Moment, PostIx};
use crate::outputs::feed::published::PublishedItem;

/// By post and then by feed: the updates that it is about.
type ByPost<'a> = BTreeMap<PostIx, BTreeMap<&'a str, Vec<&'a FeedEntry>>>;

/// What comes into feeds behind newer items, and why.
#[derive(Default)]
struct Returned<'a> {
    /// Of posts that no feed told.
    untold: ByPost<'a>,
    /// Of posts that other feeds told: they have other servers, tags or another kind now.
    moved: ByPost<'a>,
    /// What left a full feed, so that older items came back into it.
    left: ByPost<'a>,
    /// What left a feed, and no newer items pushed it out.
    departed: ByPost<'a>,
    /// A feed that holds more than it did: how many it held, and holds.
    longer: Option<(usize, usize)>,
}

pub fn check(comparison: &Comparison<'_>, renamed: &HashSet<&str>, findings: &mut Findings) {
    let mut returned = Returned::default();
    for (path, before) in &comparison.before.by_path {
        if let Some(now) = comparison.now.by_path.get(path) {
            returned.look(comparison, path, before, now, renamed);
        }
    }
    let site = comparison.site;
    for (post, feeds) in &returned.untold {
        let post = &site.posts[*post];
        let message = format!("this post was published without telling subscribers, and {} now, behind newer ones", come_into(feeds));
        let help = "readers would show old news as new: write `notify = false` as before; what subscribers ought to hear of now goes into \
                    a post of its own";
        findings.push(Finding::new(Code::OldNews, post.title_span(), message).help(help));
    }
    for (post, feeds) in &returned.left {
        let post = &site.posts[*post];
        let message =
            format!("this post has other servers, tags or kind now and has left {}: older updates come back there as new", names(feeds));
        let help = "keep what it was about; where that was never true, write `withdrawn = true` and tell it in a post of its own";
        findings.push(Finding::new(Code::OldNews, post.title_span(), message).help(help));
    }
    // What was over long ago, nobody believes any more.
    let is_recent = |post: PostIx| site.thread(post).event.as_ref().is_none_or(|event| event.is_recent(site.now));
    for (post, feeds) in returned.departed.iter().filter(|(post, _)| is_recent(**post)) {
        let post = &site.posts[*post];
        let message =
            format!("this post has other servers, tags or kind now and has left {}, whose subscribers were told of it", names(feeds));
        findings.push(Finding::new(Code::UntoldChange, post.title_span(), message).help(how_to_keep(feeds)));
    }
    for (post, feeds) in &returned.moved {
        let post = &site.posts[*post];
        let message = format!("this post has other servers, tags or kind now, and {} behind newer ones", come_into(feeds));
        let help = "readers show its updates as new, and those that go by the date do not show them: leave its servers, tags and kind as \
                    they were unless subscribers of these feeds should hear of it";
        findings.push(Finding::new(Code::LateItem, post.title_span(), message).help(help));
    }
    if let Some((held, holds)) = returned.longer {
        let message = format!("feeds held {held} items and hold {holds} now: older updates come back into them");
        let help = "readers that have forgotten these show them as new; leave `items` as it was unless that may happen once";
        findings.push(Finding::new(Code::LateItem, site_toml(), message).help(help));
    }
}

impl<'a> Returned<'a> {
    /// What comes into one feed.
    fn look(
        &mut self,
        comparison: &Comparison<'a>,
        path: &'a str,
        before: &[PublishedItem],
        now: &[PublishedItem],
        renamed: &HashSet<&str>,
    ) {
        let (Some(newest), Some(oldest)) = (before.first(), before.last()) else { return };
        // A second may have been added since to tell it from another.
        let date = |item: &PublishedItem| comparison.entry(&item.id).map_or(item.at, |entry| entry.at);
        let (newest, oldest) = (date(newest), date(oldest));
        let had: HashSet<&str> = before.iter().map(|item| item.id.as_str()).collect();
        let is_full = comparison.limit.is_some_and(|limit| before.len() >= limit);
        let mut slid_back = false;
        for item in now.iter().filter(|item| !had.contains(item.id.as_str()) && !renamed.contains(item.id.as_str())) {
            let Some(entry) =
                comparison.entry(&item.id).filter(|entry| entry.at < newest && comparison.was_published(entry.post, entry.update))
            else {
                continue;
            };
            let is_known = comparison.knows(&item.id);
            if !is_known && comparison.with_lost_items.contains(&entry.post) {
                continue;
            }
            let belonged = comparison.pages.belonged(entry.post, path);
            if belonged && is_full && entry.at < oldest {
                slid_back = true;
            } else if belonged && !is_known {
                self.untold.entry(entry.post).or_default().entry(path).or_default().push(entry);
            } else if !comparison.has_news(entry.post) {
                self.moved.entry(entry.post).or_default().entry(path).or_default().push(entry);
            }
        }
        let gone = if slid_back { &mut self.left } else { &mut self.departed };
        for entry in gone_from(comparison, before, now) {
            gone.entry(entry.post).or_default().entry(path).or_default().push(entry);
        }
        let stays: HashSet<&str> = now.iter().map(|item| item.id.as_str()).collect();
        if slid_back && before.iter().all(|item| stays.contains(item.id.as_str())) {
            self.longer = self.longer.max(Some((before.len(), now.len())));
        }
    }
}

/// What a feed had and has not, though it has room for it. An item that is no more has its own finding.
fn gone_from<'a>(comparison: &Comparison<'a>, before: &[PublishedItem], now: &[PublishedItem]) -> Vec<&'a FeedEntry> {
    let stays: HashSet<&str> = now.iter().map(|item| item.id.as_str()).collect();
    let is_full = now.len() >= comparison.site.config.feeds.items;
    let end = now.last().map(|item| item.at).filter(|_| is_full).unwrap_or(Moment::MIN_UTC);
    let gone = before.iter().filter(|item| !stays.contains(item.id.as_str())).filter_map(|item| comparison.entry(&item.id));
    gone.filter(|entry| entry.at > end).collect()
}

/// What to write so that a post stays in feeds that it has left.
fn how_to_keep(feeds: &BTreeMap<&str, Vec<&FeedEntry>>) -> String {
    let servers: Vec<&str> = feeds.keys().filter_map(|path| path.strip_prefix("server/")?.strip_suffix("/feed.xml")).collect();
    match servers.first() {
        Some(server) => format!(
            "they go on believing it: name `{}` in `servers` beside the right ones, with the impact `none` (`impact = {{ {server} = \"none\", \
             … }}`), and say in an update that it was not meant; of work that lies ahead, say `{{{server}=none}}` in that update instead, so that \
             calendars have it as cancelled",
            servers.join("`, `")
        ),
        None if feeds.contains_key("maintenance.xml") => {
            "leave it `kind = \"maintenance\"`; where the work went wrong, end it with Completed, and post an incident".to_owned()
        }
        None => "keep its old tags and categories beside the new ones".to_owned(),
    }
}

/// ``3 updates of it come into `/feed.xml`, `/server/nc023/feed.xml` ``
fn come_into(feeds: &BTreeMap<&str, Vec<&FeedEntry>>) -> String {
    let updates: BTreeSet<usize> = feeds.values().flatten().map(|entry| entry.update).collect();
    let updates = match updates.len() {
        1 => "an update of it comes".to_owned(),
        n => format!("{n} updates of it come"),
    };
    format!("{updates} into {}", names(feeds))
}

/// `` `/feed.xml`, `/server/nc023/feed.xml` ``
fn names(feeds: &BTreeMap<&str, Vec<&FeedEntry>>) -> String {
    let names: Vec<String> = feeds.keys().map(|path| format!("`/{path}`")).collect();
    names.join(", ")
}
