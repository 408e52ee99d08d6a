//! What publishing a site will tell its subscribers, found by comparing it with what was published before.
//!
//! In: the files of the earlier output (all of them, or its `/status.json` alone) and the new site with its bundle. Out: what is
//! new and what was corrected; findings for what feeds must never do: lose or rename an item, move its date, bring an old one as
//! new, move a window without saying so, leave an address. Never reads the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use bytes::Bytes;
use chrono::{DurationRound, NaiveDateTime, TimeDelta};
use serde_json::Value;

use crate::findings::{Code, Finding, Findings, visible};
use crate::model::{FeedEntry, Kind, Moment, Post, Site, rfc3339};
use crate::outputs::role::Role;
use crate::outputs::{calendar, item};
use crate::render::Bundle;
use crate::source::Span;
use crate::words::Words;

/// What subscribers will hear of when this is published. Displayed as a sentence for people:
/// `1 new item: Resolved: Relay server offline (NC023); 1 corrected silently`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedChanges {
    /// Titles of new items, oldest first.
    pub new: Vec<String>,
    /// Titles of items whose title, text, link or tags changed, newest first: most readers replace them without a word.
    pub corrected: Vec<String>,
}

/// Files by their path below the output folder.
type Files = BTreeMap<String, Bytes>;

/// Compares a site with the files that were published before.
///
/// `None` if these tell of no items: they hold neither a `status.json` nor a `feed.json` of ours.
pub fn against(old: &Files, site: &Site, new: &Bundle, findings: &mut Findings) -> Option<FeedChanges> {
    let (before, now) =
        ["status.json", "feed.json"].into_iter().find_map(|path| Some((published(old.get(path)?)?, published(new.files.get(path)?)?)))?;
    let entries = feed_entries(site);
    let by_id: ById = entries.iter().map(|(id, entry)| (id.as_str(), *entry)).collect();
    lost_items(&before, &entries, &by_id, site, findings);
    changed_dates(&before, &by_id, site, findings);
    windows(old, new, site, findings);
    lost_feeds(old, new, findings);
    lost_addresses(&before, &by_id, site, findings);
    let corrected = |item: &&Published| before.iter().any(|old| old.id == item.id && old.digest != item.digest);
    Some(FeedChanges {
        new: new_items((&before, &now), (&entries, &by_id), old, site, findings),
        corrected: now.iter().filter(corrected).map(|item| item.title.clone()).collect(),
    })
}

impl fmt::Display for FeedChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.new.len() {
            0 => f.write_str("no new item")?,
            1 => write!(f, "1 new item: {}", self.new[0])?,
            n => write!(f, "{n} new items: {}", self.new.join("; "))?,
        }
        match self.corrected.len() {
            0 => Ok(()),
            n => write!(f, "; {n} corrected silently"),
        }
    }
}

/// An item as it was published.
#[derive(Debug)]
struct Published {
    id: String,
    at: Moment,
    title: String,
    url: String,
    /// Of all that it says.
    digest: String,
}

/// The items that `/status.json` or `/feed.json` tells of, newest first.
fn published(file: &Bytes) -> Option<Vec<Published>> {
    let document: Value = serde_json::from_slice(file).ok()?;
    if let Some(items) = document.get("told") {
        let item = |item: &Value| {
            let text = |key: &str| item.get(key)?.as_str().map(str::to_owned);
            let at = text("at")?.parse().ok()?;
            Some(Published { id: text("id")?, at, title: text("title")?, url: text("url")?, digest: text("digest")? })
        };
        return items.as_array()?.iter().map(item).collect();
    }
    let item = |item: &Value| {
        let text = |key: &str| item.get(key)?.as_str().map(str::to_owned);
        let at = text("date_published")?.parse().ok()?;
        Some(Published { id: text("id")?, at, title: text("title")?, url: text("url")?, digest: item.to_string() })
    };
    document.get("items")?.as_array()?.iter().map(item).collect()
}

/// Every item of the new site by its id, oldest first.
fn feed_entries(site: &Site) -> Vec<(String, &FeedEntry)> {
    site.feed_entries.iter().map(|entry| (item::id(site, entry), entry)).collect()
}

/// The items of the new site by their ids.
type ById<'a> = BTreeMap<&'a str, &'a FeedEntry>;

fn lost_items(before: &[Published], entries: &[(String, &FeedEntry)], by_id: &ById, site: &Site, findings: &mut Findings) {
    let known: BTreeSet<&str> = before.iter().map(|item| item.id.as_str()).collect();
    let lost: Vec<&Published> = before.iter().filter(|item| !by_id.contains_key(item.id.as_str())).collect();
    let authority = &site.config.feeds.authority;
    let foreign = lost.iter().find_map(|item| self::authority(&item.id).filter(|old| old != authority));
    if let Some(old) = foreign {
        let message = format!("the ids were made with `{old}` and now with `{authority}`: every update would be new to every subscriber");
        let help = format!("write `authority = \"{old}\"` under `[feeds]`; it stays, also when the site moves");
        findings.push(Finding::new(Code::ChangedId, site_toml(), message).help(help));
    }
    for item in lost.into_iter().filter(|item| self::authority(&item.id).is_none_or(|old| old == authority)) {
        let twin = entries.iter().find(|(id, entry)| entry.at == item.at && !known.contains(id.as_str()));
        findings.push(match twin {
            Some((id, entry)) => changed_id(item, id, entry, site),
            None => lost_item(item, site),
        });
    }
}

/// The authority of a tag URI.
fn authority(id: &str) -> Option<&str> {
    id.strip_prefix("tag:")?.split_once(':').map(|(authority, _)| authority)
}

fn changed_id(item: &Published, id: &str, entry: &FeedEntry, site: &Site) -> Finding {
    let post = &site.posts[entry.post];
    let parts = |id: &str| -> Option<(String, String)> {
        let name = id.splitn(3, ':').nth(2)?;
        name.rsplit_once('/').map(|(post, update)| (post.to_owned(), update.to_owned()))
    };
    let finding = Finding::new(
        Code::ChangedId,
        place(post, entry),
        format!("subscribers know `{}` as `{}`, and it is `{id}` now: they would be told again", item.title, item.id),
    );
    match (parts(&item.id), parts(id)) {
        (Some((old, _)), Some((new, _))) if old != new => finding.help(format!("write `id = \"{old}\"` in the front matter")),
        (Some((_, old)), Some(_)) => finding.help(format!("write `{{#{old}}}` at the end of the update's heading")),
        _ => finding.help(format!("write `guid = \"{}\"` in the front matter", item.id)),
    }
}

fn lost_item(item: &Published, site: &Site) -> Finding {
    let page = item.url.split_once('#').map_or(item.url.as_str(), |(page, _)| page);
    let post = site.posts.iter().find(|post| site.base().absolute(&post.address) == page);
    let span = post.map_or_else(|| Span::whole_file(&"content/posts".into()), |post| Span::whole_file(&post.path));
    let message = format!("subscribers were told `{}` ({}), and it is gone", item.title, minute(item.at));
    Finding::new(Code::LostItem, span, message)
        .help("keep the update; a post that should not have been written gets `withdrawn = true`, not `notify = false`")
}

fn changed_dates(before: &[Published], by_id: &ById, site: &Site, findings: &mut Findings) {
    for item in before {
        let Some(entry) = by_id.get(item.id.as_str()).filter(|entry| entry.at != item.at) else { continue };
        // Of several at one moment, the seconds between them say nothing: a post that comes between two moves the later one by one.
        let own = site.posts[entry.post].updates[entry.update].at;
        if [item.at, entry.at].iter().all(|at| (TimeDelta::zero()..TimeDelta::minutes(1)).contains(&(*at - own))) {
            continue;
        }
        let message = format!("`{}` was published with the date {} and has {} now", item.title, second(item.at), second(entry.at));
        let finding = Finding::new(Code::ChangedDate, place(&site.posts[entry.post], entry), message);
        findings.push(finding.help("readers that go by the date would miss it or show it twice: leave the date, and correct the text"));
    }
}

/// The titles of the items that subscribers have not been told, oldest first; a finding for each that comes too late for those who go
/// by the date. That is no error: who goes by the id is told, and an outage must be on the page.
fn new_items(
    (before, now): (&[Published], &[Published]),
    (entries, by_id): (&[(String, &FeedEntry)], &ById),
    old: &Files,
    site: &Site,
    findings: &mut Findings,
) -> Vec<String> {
    let known: BTreeSet<&str> = before.iter().map(|item| item.id.as_str()).collect();
    let (oldest, newest) = (before.iter().map(|item| item.at).min(), before.iter().map(|item| item.at).max());
    // What took the place of an item that is gone has its finding as one with another id.
    let lost: BTreeSet<Moment> = before.iter().filter(|item| !by_id.contains_key(item.id.as_str())).map(|item| item.at).collect();
    let is_new = |id: &str, entry: &FeedEntry| !known.contains(id) && !lost.contains(&entry.at);
    // Older than the oldest item of the feed: it may have been in it once. Its own time says so, since another that came before it
    // may have moved it by a second.
    let may_be_known = |entry: &FeedEntry| {
        let post = &site.posts[entry.post];
        oldest.is_none_or(|oldest| post.updates[entry.update].at < oldest) && was_published(old, post, entry)
    };
    let items = item::Items::of(site, &Words::of(&site.config));
    let mut titles = Vec::new();
    for (id, entry) in entries.iter().filter(|(id, entry)| is_new(id, entry)) {
        match newest.filter(|newest| entry.at <= *newest) {
            None => titles.push(items.item(site, entry).title),
            Some(_) if may_be_known(entry) => {}
            Some(newest) => {
                findings.push(late_item(entry, newest, site));
                if now.iter().any(|item| item.id == *id) {
                    titles.push(items.item(site, entry).title);
                }
            }
        }
    }
    titles
}

fn late_item(entry: &FeedEntry, newest: Moment, site: &Site) -> Finding {
    let message =
        format!("this update is new, but dated {}, not after the newest that subscribers were told ({})", second(entry.at), second(newest));
    let how = how_to_date(&site.posts[entry.post], entry, newest, site.now);
    let help = format!("readers that go by the date would never show it: {how}, or write `notify = false`");
    Finding::new(Code::LateItem, place(&site.posts[entry.post], entry), message).help(help)
}

/// What to write so that an update is dated now, and after the newest that subscribers were told.
fn how_to_date(post: &Post, entry: &FeedEntry, newest: Moment, now: Moment) -> String {
    let at = now.max(newest + TimeDelta::seconds(1));
    if !post.updates[entry.update].is_opening() {
        return format!("date it {}", second(at));
    }
    // A file's name says the minute, and no more.
    let is_minute_enough = at.duration_trunc(TimeDelta::minutes(1)).is_ok_and(|minute| minute > newest);
    match is_minute_enough && post.ranges.date.is_none() {
        true => format!("name its file `{}-{}.md`", at.format("%Y-%m-%d-%H%M"), post.slug),
        false => format!("write `date = {}`", rfc3339(at)),
    }
}

/// Whether the earlier output shows the update on its post's page; also where that output has no pages to look at.
fn was_published(old: &Files, post: &Post, entry: &FeedEntry) -> bool {
    if !old.contains_key("index.html") {
        return true;
    }
    let anchor = post.updates[entry.update].anchor();
    old.get(&post.address.file()).is_some_and(|page| page.windows(anchor.len()).any(|window| window == anchor.as_bytes()))
}

/// A calendar's event, as far as clients compare it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Window {
    start: String,
    end: String,
    status: String,
    sequence: u32,
}

impl Window {
    /// `2026-12-05 17:00 UTC – 2026-12-05 18:00 UTC`
    fn shown(&self) -> String {
        let time = |stamp: &str| match NaiveDateTime::parse_from_str(stamp, STAMP) {
            Ok(at) => minute(at.and_utc()),
            Err(_) => visible(stamp),
        };
        format!("{} – {}", time(&self.start), time(&self.end))
    }
}

/// How a calendar writes a time.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

fn windows(old: &Files, new: &Bundle, site: &Site, findings: &mut Findings) {
    let read = |file: Option<&Bytes>| file.map(|file| events(&String::from_utf8_lossy(file))).unwrap_or_default();
    let (old, new) = (read(old.get("calendar.ics")), read(new.files.get("calendar.ics")));
    let now = site.now.format(STAMP).to_string();
    for (uid, before) in &old {
        let Some(after) = new.get(uid) else {
            if before.end > now && before.status != "CANCELLED" {
                let message = format!("the maintenance `{uid}` lies ahead in subscribers' calendars, and it is gone");
                let help = "keep the post, with an update that says Cancelled or with `withdrawn = true`";
                findings.push(Finding::new(Code::LostWindow, Span::whole_file(&"content/posts".into()), message).help(help));
            }
            continue;
        };
        let moved = (&before.start, &before.end, &before.status) != (&after.start, &after.end, &after.status);
        if after.sequence < before.sequence || moved && after.sequence == before.sequence {
            findings.push(unsaid(uid, before, after, site));
        }
    }
}

fn unsaid(uid: &str, before: &Window, after: &Window, site: &Site) -> Finding {
    let is_it = |uid: &str, of: &str| of.replace(['\\', ' '], "") == uid.replace(['\\', ' '], "");
    let thread = site.threads.iter().find(|thread| thread.kind == Kind::Maintenance && is_it(uid, &calendar::uid(site, thread)));
    let span = thread.map_or_else(site_toml, |thread| {
        let post = &site.posts[site.title_post(thread)];
        post.ranges.start.as_ref().map_or_else(|| Span::whole_file(&post.path), |start| post.span(start))
    });
    let message = match after.sequence < before.sequence {
        true => format!("updates that calendars were told of are gone: {} were published, {} are left", before.sequence, after.sequence),
        false => format!("the window was {} and is {} now, and no update says so", before.shown(), after.shown()),
    };
    let finding = Finding::new(Code::CalendarSequence, span, message);
    finding.help(
        "calendars keep the old window until an update with a state is there: `signalpost update POST update \"…\"`; \
         with `--start T` or `--end T` it writes the window too",
    )
}

/// The events of a calendar of ours by UID.
fn events(calendar: &str) -> BTreeMap<String, Window> {
    let mut events = BTreeMap::new();
    let (mut uid, mut window) = (String::new(), Window::default());
    for line in calendar.replace("\r\n ", "").lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.split(';').next().unwrap_or(name) {
            "UID" => value.clone_into(&mut uid),
            "DTSTART" => value.clone_into(&mut window.start),
            "DTEND" => value.clone_into(&mut window.end),
            "STATUS" => value.clone_into(&mut window.status),
            "SEQUENCE" => window.sequence = value.parse().unwrap_or(0),
            "END" if value == "VEVENT" => {
                events.insert(std::mem::take(&mut uid), std::mem::take(&mut window));
            }
            _ => {}
        }
    }
    events
}

fn lost_feeds(old: &Files, new: &Bundle, findings: &mut Findings) {
    for path in old.keys().filter(|path| Role::of(path).has_subscribers() && !new.files.contains_key(path.as_str())) {
        let message = format!("`/{path}` was published, and it is gone: its subscribers would hear nothing any more");
        let help = match path.split('/').next() {
            Some("server") => "keep the server in content/servers.toml with `status = \"retired\"`".to_owned(),
            Some(term @ ("tag" | "category")) => {
                format!("keep the {term} on a post, or put what is to answer there into `content/static/{path}`")
            }
            _ => "subscribers cannot be told a new address: it must go on answering".to_owned(),
        };
        findings.push(Finding::new(Code::LostFeed, site_toml(), message).help(help));
    }
}

/// A post's page may move, and its old address goes on answering: it stands in every feed and in customers' mails.
fn lost_addresses(before: &[Published], by_id: &ById, site: &Site, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for item in before {
        let Some(entry) = by_id.get(item.id.as_str()) else { continue };
        let post = &site.posts[entry.post];
        let Some(address) = address_of_post(&item.url).filter(|address| seen.insert(*address)) else { continue };
        let answers = |other: &Post| std::iter::once(&other.address).chain(&other.aliases).any(|its| its.encoded() == address);
        if answers(post) || site.posts.iter().any(|other| answers(other)) {
            continue;
        }
        let message = format!("this post was published at `{address}`, and nothing answers there any more");
        let help = format!("write `aliases = [\"{address}\"]` in its front matter: the old address redirects then");
        findings.push(Finding::new(Code::LostAddress, post.span(&post.ranges.title), message).help(help));
    }
}

/// `/2026/05/04/relay/` of a post's URL, wherever the site lay then.
fn address_of_post(url: &str) -> Option<&str> {
    let page = url.split_once('#').map_or(url, |(page, _)| page);
    let start = page.trim_end_matches('/').rmatch_indices('/').nth(3)?.0;
    let is_date = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    page[start + 1..].split('/').take(3).all(is_date).then_some(&page[start..])
}

fn place(post: &Post, entry: &FeedEntry) -> Span {
    post.span(&post.updates[entry.update].place)
}

fn site_toml() -> Span {
    Span::whole_file(&"site.toml".into())
}

fn minute(at: Moment) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn second(at: Moment) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests;
