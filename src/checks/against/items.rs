//! Items that are gone or have another id or date, and items that come too late.

use std::ops::Range;

use chrono::{DurationRound, TimeDelta};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::{Comparison, minute, place, second, site_posts, site_toml};
use crate::findings::{Code, Finding, Findings};
use crate::model::address::{decode_path, encode_path};
use crate::model::{Event, FeedEntry, Moment, Phase, Post, PostIx, Site, State, Update, event, rfc3339};
use crate::outputs::feed::published::{self, PublishedItem};
use crate::outputs::item::Items;

/// Findings for the items that are gone. Gives the ids that some of them have now.
pub fn lost<'a>(comparison: &Comparison<'a>, items: &Items, findings: &mut Findings) -> HashSet<&'a str> {
    let Comparison { site, .. } = *comparison;
    let lost: Vec<&PublishedItem> = comparison.told.iter().copied().filter(|item| comparison.entry(&item.id).is_none()).collect();
    let authority = &site.config.feeds.authority;
    let is_foreign = |item: &PublishedItem| self::authority(&item.id).filter(|old| old != authority).is_some();
    if let Some(old) = lost.iter().find(|item| is_foreign(item)).and_then(|item| self::authority(&item.id)) {
        let message = format!("the ids were made with `{old}` and now with `{authority}`: every update would be new to every subscriber");
        let help = format!("write `authority = \"{old}\"` under `[feeds]`; it stays, also when the site moves");
        findings.push(Finding::new(Code::ChangedId, site_toml(), message).help(help));
    }
    let mut twins = Twins::of(comparison, items);
    let mut renamed = HashSet::new();
    for item in lost {
        let twin = twins.take(item);
        renamed.extend(twin.map(|(id, _)| id));
        if !is_foreign(item) {
            findings.push(match twin {
                Some((id, entry)) if entry.at == item.at => changed_id(item, id, entry, site),
                Some((_, entry)) => changed_date(item, entry, site, "write the time that it had: the update's id is made of it"),
                None => lost_item(item, comparison),
            });
        }
    }
    renamed
}

/// The items of the new site that subscribers do not know.
struct Twins<'a, 'c> {
    comparison: &'c Comparison<'a>,
    items: &'c Items,
    by_moment: HashMap<Moment, (&'a str, &'a FeedEntry)>,
    by_post: HashMap<PostIx, Vec<(&'a str, &'a FeedEntry)>>,
    taken: HashSet<&'a str>,
}

impl<'a, 'c> Twins<'a, 'c> {
    fn of(comparison: &'c Comparison<'a>, items: &'c Items) -> Twins<'a, 'c> {
        let unknown = || comparison.entries.iter().map(|(id, entry)| (id.as_str(), *entry)).filter(|(id, _)| !comparison.knows(id));
        let mut by_post: HashMap<PostIx, Vec<_>> = HashMap::new();
        for (id, entry) in unknown() {
            by_post.entry(entry.post).or_default().push((id, entry));
        }
        let by_moment = unknown().map(|(id, entry)| (entry.at, (id, entry))).collect();
        Twins { comparison, items, by_moment, by_post, taken: HashSet::new() }
    }

    /// What an item is now, each once: one of the same moment, else one on the same page with the same title.
    fn take(&mut self, item: &PublishedItem) -> Option<(&'a str, &'a FeedEntry)> {
        let Comparison { site, .. } = *self.comparison;
        let has_title = |entry: &FeedEntry| self.items.item(site, entry).title == item.title;
        let of_post = || {
            let post = self.comparison.pages.post_at(&item.url)?;
            self.by_post.get(&post)?.iter().copied().find(|(id, entry)| !self.taken.contains(id) && has_title(entry))
        };
        let twin = self.by_moment.get(&item.at).copied().filter(|(id, _)| !self.taken.contains(id)).or_else(of_post);
        self.taken.extend(twin.map(|(id, _)| id));
        twin
    }
}

/// The authority of a tag URI.
fn authority(id: &str) -> Option<&str> {
    id.strip_prefix("tag:")?.split_once(':').map(|(authority, _)| authority)
}

fn changed_id(item: &PublishedItem, id: &str, entry: &FeedEntry, site: &Site) -> Finding {
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

fn lost_item(item: &PublishedItem, comparison: &Comparison<'_>) -> Finding {
    let post = comparison.pages.post_at(&item.url).map(|post| &comparison.site.posts[post]);
    let span = post.map_or_else(site_posts, |post| post.title_span());
    let message = format!("subscribers were told `{}` ({}), and it is gone", item.title, minute(item.at));
    Finding::new(Code::LostItem, span, message)
        .help("keep the update; a post that should not have been written gets `withdrawn = true`, not `notify = false`")
}

/// Incidents that the history feeds know by another id. They hold more incidents than the others.
pub fn changed_incidents(comparison: &Comparison<'_>, findings: &mut Findings) {
    let Comparison { old, site, .. } = *comparison;
    let Some(entries) = old.get("history.atom").and_then(|file| published::items(file)) else { return };
    let begin = format!("tag:{},2005:Incident/", site.config.feeds.authority_name());
    let ids: HashSet<&str> = site.posts.iter().map(|post| post.id.as_str()).collect();
    let told: HashSet<String> =
        findings.iter().filter(|finding| finding.code == Code::ChangedId).map(|finding| finding.span.path.to_string()).collect();
    for entry in entries {
        let Some(id) = entry.id.strip_prefix(&begin).map(decode_path).filter(|id| !ids.contains(id.as_str())) else { continue };
        let Some(post) = comparison.pages.post_at(&entry.url).map(|post| &site.posts[post]) else { continue };
        if !told.contains(&*post.path) {
            let message = format!(
                "`/history.rss` and `/history.atom` told of `{}` as `{}`, and its id is `{}` now",
                entry.title,
                encode_path(&id),
                post.id
            );
            let finding = Finding::new(Code::ChangedId, post.span_or_title(post.ranges.id.as_ref()), message);
            findings.push(finding.help(format!("write `id = \"{id}\"` in the front matter")));
        }
    }
}

pub fn changed_dates(comparison: &Comparison<'_>, findings: &mut Findings) {
    for item in &comparison.told {
        let Some(entry) = comparison.entry(&item.id).filter(|entry| entry.at != item.at) else { continue };
        // Of several at one moment, the seconds between them say nothing: a post that comes between two moves the later one by one.
        let own = comparison.site.posts[entry.post].updates[entry.update].at;
        if [item.at, entry.at].iter().all(|at| (TimeDelta::zero()..TimeDelta::minutes(1)).contains(&(*at - own))) {
            continue;
        }
        let post = &comparison.site.posts[entry.post];
        let help = match post.updates[entry.update].is_opening() {
            // The date of a post may come from `start` or from its file's name.
            true => format!("that is when it was published, and stays: write `date = {}`; `start` may be corrected", rfc3339(item.at)),
            false => "readers that go by the date would miss it or show it twice: leave the date, and correct the text".to_owned(),
        };
        findings.push(changed_date(item, entry, comparison.site, &help));
    }
}

fn changed_date(item: &PublishedItem, entry: &FeedEntry, site: &Site, help: &str) -> Finding {
    let message = format!("`{}` was published with the date {} and has {} now", item.title, second(item.at), second(entry.at));
    let post = &site.posts[entry.post];
    let dated = post.ranges.date.as_ref().or(post.ranges.start.as_ref()).filter(|_| post.updates[entry.update].is_opening());
    let span = dated.map_or_else(|| place(post, entry), |date| post.span(date));
    Finding::new(Code::ChangedDate, span, message).help(help)
}

/// The titles of the items that subscribers have not been told, oldest first; a finding for each that comes too late for those who go
/// by the date. That is no error: who goes by the id is told, and an outage must be on the page.
pub fn new(comparison: &Comparison<'_>, renamed: &HashSet<&str>, items: &Items, findings: &mut Findings) -> Vec<String> {
    let Comparison { site, .. } = *comparison;
    let newest = comparison.before.everything().first().map(|item| item.at);
    let shown: HashSet<&str> = comparison.now.by_path.values().flatten().map(|item| item.id.as_str()).collect();
    let (mut titles, mut late_posts) = (Vec::new(), HashSet::new());
    for (id, entry) in comparison.entries.iter().filter(|(id, _)| !comparison.knows(id) && !renamed.contains(id.as_str())) {
        match newest.filter(|newest| entry.at <= *newest) {
            None => titles.push(items.item(site, entry).title),
            Some(_) if comparison.was_published(entry.post, entry.update) => {}
            Some(newest) => {
                let how = match comparison.was_told(entry.post) {
                    true => Some(how_to_tell_late(entry, newest, site)),
                    // A post is dated as a whole: what is said of its first late update is said of all.
                    false => late_posts.insert(entry.post).then(|| how_to_post_late(entry, newest, site)),
                };
                findings.extend(how.map(|how| late_item(entry, newest, site, &how)));
                if shown.contains(id.as_str()) {
                    titles.push(items.item(site, entry).title);
                }
            }
        }
    }
    titles
}

fn late_item(entry: &FeedEntry, newest: Moment, site: &Site, how: &str) -> Finding {
    let message =
        format!("this update is new, but dated {}, not after the newest that subscribers were told ({})", second(entry.at), second(newest));
    let help = format!("readers that go by the date would never show it: {how}");
    Finding::new(Code::LateItem, place(&site.posts[entry.post], entry), message).help(help)
}

/// What to write so that an update of a post that was published before is dated now, and its event lasts as long as it did.
fn how_to_tell_late(entry: &FeedEntry, newest: Moment, site: &Site) -> String {
    let post = &site.posts[entry.post];
    let update = &post.updates[entry.update];
    let now = now_after(newest, site.now);
    let at = second(now);
    if update.is_opening() {
        return format!("put this text below `## {at}`, as an update");
    }
    // What was said since would be undone: a Monitoring of now opens what is resolved.
    let event = site.thread(entry.post).event.as_ref();
    if event.map(|event| event.phase) != dated_now(entry, entry.update..entry.update + 1, now, site).map(|event| event.phase) {
        let word = if update.change.is_empty() { "a state" } else { "a state or an impact" };
        return format!("dated now, it would undo what was said since; leave it, and tell of it in an update without {word}");
    }
    if !update.state.is_some_and(State::is_final) {
        return match update.change.is_empty() {
            true => format!("date it {at}"),
            false => format!("date it {at} if its impact holds from then on; else leave it, and tell of it in a further update"),
        };
    }
    match end_to_write(entry.post, site) {
        Some(end) => format!("date it {at}, and write `end = {}`: that is when it was over", rfc3339(end)),
        None => format!("date it {at}"),
    }
}

/// The same of a post that is new as a whole.
fn how_to_post_late(entry: &FeedEntry, newest: Moment, site: &Site) -> String {
    let post = &site.posts[entry.post];
    let at = now_after(newest, site.now);
    let record = |event: Event| (event.phase, event.turns.len(), event.impact_windows);
    let dated = dated_now(entry, entry.update..post.updates.len(), at, site);
    if site.thread(entry.post).event.clone().map(record) != dated.map(record) {
        let is_over = site.thread(entry.post).event.as_ref().is_some_and(|event| event.phase.is_over());
        // It is not to be announced as trouble.
        let kind = if is_over { " and `kind = \"notice\"`" } else { "" };
        return format!(
            "write `notify = false`, so that what its updates say holds when it did, and tell of it in a new post, dated {}, with \
             `follows = \"{}\"`{kind}",
            second(at),
            post.id
        );
    }
    // A file's name says the minute, and no more.
    let is_minute_enough = at.duration_trunc(TimeDelta::minutes(1)).is_ok_and(|minute| minute > newest);
    let mut how = vec![match is_minute_enough && post.ranges.date.is_none() {
        _ if !post.updates[entry.update].is_opening() => format!("date it {}", second(at)),
        true => format!("name its file `{}-{}.md`", at.format("%Y-%m-%d-%H%M"), post.slug),
        false => format!("write `date = {}`", rfc3339(at)),
    }];
    if post.updates.len() > entry.update + 1 {
        how.push("date its later updates then or later".to_owned());
    }
    let start = start_to_write(entry.post, site).map(|start| format!("`start = {}`", rfc3339(start)));
    let end = end_to_write(entry.post, site).map(|end| format!("`end = {}`", rfc3339(end)));
    let times: Vec<String> = start.into_iter().chain(end).collect();
    if !times.is_empty() {
        how.push(format!("write {}, so that the event keeps its times", times.join(" and ")));
    }
    format!("{}; or write `notify = false`", how.join(", "))
}

/// What the event of a post would be if some of its updates were dated now, and its `start` and `end` written.
fn dated_now(entry: &FeedEntry, updates: Range<usize>, now: Moment, site: &Site) -> Option<Event> {
    let dated = &site.posts[entry.post];
    let dated_now = || {
        let mut post = Post { end: end_to_write(entry.post, site).or(dated.end), ..(**dated).clone() };
        if post.updates[updates.start].is_opening() {
            post.start = start_to_write(entry.post, site).or(post.start);
            post.date = now;
        }
        post.updates[updates.clone()].iter_mut().for_each(|update| update.at = now);
        post
    };
    let posts = site.posts_of(site.thread(entry.post));
    event::what_if(posts, now, |post| std::ptr::eq(post, &**dated).then(dated_now))
}

/// The `start` without which an event would begin later if its first post had another date.
fn start_to_write(post: PostIx, site: &Site) -> Option<Moment> {
    let thread = site.thread(post);
    let event = thread.event.as_ref().filter(|_| thread.posts[0] == post && site.posts[post].start.is_none())?;
    Some(event.start)
}

/// The `end` without which an event would be longer if the update of a post that ended it had another date.
fn end_to_write(post: PostIx, site: &Site) -> Option<Moment> {
    let event = site.thread(post).event.as_ref().filter(|event| matches!(event.phase, Phase::Completed | Phase::Resolved))?;
    let ends = |update: &Update| update.state.is_some_and(State::is_final);
    event.end.filter(|end| site.posts[post].updates.iter().any(ends) && site.posts[post].end != Some(*end))
}

/// A moment behind all that subscribers were told.
fn now_after(newest: Moment, now: Moment) -> Moment {
    now.max(newest + TimeDelta::seconds(1))
}
