//! What a subscriber is told: one item for each update, the same in every feed, digest and announcement.
//!
//! In: a site and one of its feed entries. Out: id, link, title, text and the rest, safe for XML and JSON.
//! An item is made of its own update's facts only and never changes when something is added to the site: whatever could
//! change (the event's window, its present state, how long it took) would be told again by readers that watch the content.
//! Never decides which items a feed shows.

use std::borrow::Cow;
use std::fmt::Write as _;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::simple_html::simple;
use crate::model::characters::is_forbidden_in_xml;
use crate::model::plain::{paragraphs, shorten};
use crate::model::{Address, FeedEntry, Kind, Moment, Post, PostIx, ServerIx, Site, State, Update, escape};
use crate::words::Words;

/// How long a title may be, in characters, as long as the servers' names leave room.
const TITLE_LENGTH: usize = 90;
/// What a post's title keeps even where the servers' names are long.
const TITLE_MINIMUM: usize = 40;
/// Servers named in a title; the others are counted.
const SERVERS_IN_TITLE: usize = 3;
/// Servers named below the text. An item stands in the feed of each of its servers, so that all of them would weigh with the square.
const SERVERS_IN_FACTS: usize = 12;
/// Servers that a reader can filter by: the first that the post names.
const SERVERS_IN_CATEGORIES: usize = 50;

/// One update as subscribers get it. Every text is free of characters that XML cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// A stored name, never an address: `tag:status.example.net,2026:2026-05-04-relay/20260504T1902Z`.
    pub id: String,
    /// The update on its page: `https://status.example.net/2026/05/04/relay/#u-20260504T1902Z`.
    pub link: String,
    /// Plain text: `Resolved: Relay server offline (NC023)`.
    pub title: String,
    /// Simple HTML with full URLs and without classes, ids, scripts or styles.
    pub html: String,
    /// The feed date; no two items of a site have the same.
    pub at: Moment,
    /// Who wrote it: the post's author, else the site.
    pub creator: String,
    /// Servers by name, fifty at most, then tags and categories as the post writes them.
    pub categories: Vec<String>,
    /// The id of the first item of the thread; `None` for that item itself.
    pub reply_to: Option<String>,
}

/// The id of a feed entry: a tag URI (RFC 4151) of authority, post and update, or an imported post's own guid to the letter.
pub fn id(site: &Site, entry: &FeedEntry) -> String {
    let post = &site.posts[entry.post];
    update_id(site, post, &post.updates[entry.update])
}

/// The same, of an update that need not be in the feeds.
pub fn update_id(site: &Site, post: &Post, update: &Update) -> String {
    match &post.guid {
        Some(guid) if update.is_opening() => clean(guid).into_owned(),
        _ => tag_uri(site, &format!("{}/{}", post.id, update.id)),
    }
}

/// `tag:AUTHORITY:NAME`, with what a URI cannot hold percent-encoded.
pub fn tag_uri(site: &Site, name: &str) -> String {
    format!("tag:{}:{}", site.config.feeds.authority, &Address::new(format!("/{name}")).encoded()[1..])
}

/// What making items needs and all of them share.
#[derive(Debug, Clone)]
pub struct Items {
    pub words: Words,
    /// Origin and base path: what stands before a local link.
    prefix: String,
    /// By post: what tells the titles of its items from those of older posts that are printed alike: nothing where there are none, else
    /// the day, the time, or a number among those of one minute.
    endings: Vec<String>,
}

impl Items {
    pub fn of(site: &Site, words: &Words) -> Items {
        let mut seen = HashSet::with_capacity(site.posts.len());
        let mut endings = vec![String::new(); site.posts.len()];
        // As they are printed where there is least room for them: behind the longest label, of a withdrawn post.
        let longest = longest_label(words);
        // The next number of those that are alike with their time: they are not counted through from the first.
        let mut next: HashMap<String, usize> = HashMap::new();
        for (ix, post) in site.posts.iter().enumerate().rev().filter(|(_, post)| post.notify) {
            let name = |ending: &str| name(site, words, ix, ending, longest);
            let behind_comma = |date: &str| format!("{} {date}", words.text("mark.comma"));
            let time = behind_comma(&words.date_time(post.date));
            let unnumbered = [String::new(), behind_comma(&words.day(post.date.date_naive())), time.clone()];
            let free = unnumbered.into_iter().find(|ending| seen.insert(name(ending)));
            endings[ix] = free.unwrap_or_else(|| {
                let next = next.entry(name(&time)).or_insert(2);
                loop {
                    let ending = format!("{time} ({next})");
                    *next += 1;
                    if seen.insert(name(&ending)) {
                        break ending;
                    }
                }
            });
        }
        let base = site.base();
        Items { prefix: format!("{}{}", base.origin, base.path), words: words.clone(), endings }
    }

    /// The item of an update; `entry` is one of `site.feed_entries`.
    pub fn item(&self, site: &Site, entry: &FeedEntry) -> Item {
        let post = &site.posts[entry.post];
        let update = &post.updates[entry.update];
        let page = site.base().absolute(&post.address);
        Item {
            id: id(site, entry),
            link: format!("{page}#{}", update.anchor()),
            title: clean(&self.title(site, entry)).into_owned(),
            html: clean(&self.html(site, entry, &page)).into_owned(),
            at: entry.at,
            creator: clean(post.author.as_deref().unwrap_or(&site.config.title)).into_owned(),
            categories: categories(site, entry.post),
            reply_to: reply_to(site, entry),
        }
    }

    /// State first, then the post, then the servers that its title does not name.
    fn title(&self, site: &Site, entry: &FeedEntry) -> String {
        let label = self.words.labelled(&self.label(site, entry), "");
        let withdrawn = |title: &str| match site.posts[entry.post].withdrawn {
            true => self.words.fill("feed.withdrawn", &[("title", title)]),
            false => title.to_owned(),
        };
        let before = withdrawn(&label).chars().count();
        withdrawn(&format!("{label}{}", name(site, &self.words, entry.post, &self.endings[entry.post], before)))
    }

    /// `Resolved`, or `Update 2` where the same word stood over an earlier update of the post; of an opening, its kind.
    fn label(&self, site: &Site, entry: &FeedEntry) -> String {
        let updates = &site.posts[entry.post].updates;
        let update = &updates[entry.update];
        if update.is_opening() {
            return self.words.kind(site.kind_of(entry.post)).to_owned();
        }
        let state = |update: &Update| update.state.unwrap_or(State::Update);
        let earlier = updates[..entry.update].iter().filter(|other| !other.is_opening() && state(other) == state(update)).count();
        let name = self.words.state(state(update));
        match earlier {
            0 => name.to_owned(),
            _ => format!("{name} {}", earlier + 1),
        }
    }

    /// The item's words for what knows no HTML: an empty line between paragraphs, and no link, for which each shape has its own.
    pub fn text(&self, site: &Site, entry: &FeedEntry) -> String {
        let page = site.base().absolute(&site.posts[entry.post].address);
        let text = format!("{}\n\n{}", paragraphs(&self.body(site, entry, &page)), self.facts(site, entry));
        clean(text.trim_start()).into_owned()
    }

    /// The whole text of the update, and one line of what never changes: its facts and the page.
    fn html(&self, site: &Site, entry: &FeedEntry, page: &str) -> String {
        let mut html = self.body(site, entry, page);
        let key = format!("feed.more-{}", site.kind_of(entry.post).word());
        let facts = self.facts(site, entry);
        let _ = write!(html, "<p>{} · <a href=\"{}\">{}</a></p>", escape(&facts), escape(page), escape(self.words.text(&key)));
        // Who shows it does not know in which direction it is written, and takes the usual one.
        match self.words.dir {
            "rtl" => format!("<div dir=\"rtl\" lang=\"{}\">{html}</div>", escape(&self.words.language)),
            _ => html,
        }
    }

    /// The text of the update as simple HTML.
    fn body(&self, site: &Site, entry: &FeedEntry, page: &str) -> String {
        let post = &site.posts[entry.post];
        let update = &post.updates[entry.update];
        let mut html = String::with_capacity(update.html.html.len() + 512);
        if post.withdrawn {
            let _ = write!(html, "<p>{}</p>", escape(self.words.text("post.withdrawn-text")));
        } else {
            if let Some(title) = &update.title {
                let _ = write!(html, "<p><strong>{}</strong></p>", escape(title));
            }
            html.push_str(&simple(&update.html.with_prefix(&self.prefix, page)));
        }
        html
    }

    /// The servers, and when the update was written: `Servers: NC023 · 4 May 2026, 19:02 UTC (21:02 CAT)`.
    fn facts(&self, site: &Site, entry: &FeedEntry) -> String {
        let at = self.moment(site, site.posts[entry.post].updates[entry.update].at);
        let servers = site.servers_said(entry.post);
        if servers.is_empty() {
            return at;
        }
        let (named, more) = self.words.named(servers.len(), SERVERS_IN_FACTS);
        let names: Vec<&str> = servers[..named].iter().map(|&server| site.servers[server].name.as_str()).collect();
        let mut names = self.words.list(&names);
        if !more.is_empty() {
            let _ = write!(names, " {more}");
        }
        format!("{} · {at}", self.words.fill("feed.servers", &[("names", &names)]))
    }

    /// `4 May 2026, 19:02 UTC (21:02 CAT, 12:02 PDT)`
    fn moment(&self, site: &Site, at: Moment) -> String {
        let utc = self.words.date_time(at);
        let zones: Vec<String> = site.config.time_zones.iter().map(|&zone| self.words.window_in(at, None, zone)).collect();
        if zones.is_empty() { utc } else { format!("{utc} ({})", self.words.list(&zones)) }
    }
}

/// The title of a post's items without their labels, which take so many characters: `Relay server offline (NC023), 4 May 2026`.
fn name(site: &Site, words: &Words, post: PostIx, ending: &str, before: usize) -> String {
    let title = &site.posts[post].title;
    let names = unnamed(site, words, title, site.servers_said(post));
    let tail = if names.is_empty() { ending.to_owned() } else { format!(" ({names}){ending}") };
    let room = TITLE_LENGTH.saturating_sub(before + tail.chars().count());
    let title = clean(title).split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}{tail}", shorten(&title, room.max(TITLE_MINIMUM)))
}

/// How many characters the longest label takes, with what stands before that of a withdrawn post.
fn longest_label(words: &Words) -> usize {
    let names = Kind::ALL.map(|kind| words.kind(kind)).into_iter().chain(State::ALL.map(|state| words.state(state)));
    let labels = names.map(|name| words.fill("feed.withdrawn", &[("title", &words.labelled(&format!("{name} 99"), ""))]));
    labels.map(|label| label.chars().count()).max().unwrap_or_default()
}

/// `NC023, NC027, NC031 +2`: the servers that a title does not name already; empty where it names all.
pub fn unnamed(site: &Site, words: &Words, title: &str, servers: &[ServerIx]) -> String {
    let title = title.to_lowercase();
    let unnamed: Vec<&str> =
        servers.iter().map(|&server| site.servers[server].name.as_str()).filter(|name| !names(&title, &name.to_lowercase())).collect();
    let shown = words.list(&unnamed[..unnamed.len().min(SERVERS_IN_TITLE)]);
    match unnamed.len().saturating_sub(SERVERS_IN_TITLE) {
        0 => shown,
        more => format!("{shown} +{more}"),
    }
}

/// Whether `name` stands in `text` as a word of its own.
fn names(text: &str, name: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(name).any(|(at, _)| !is_part(text[..at].chars().next_back()) && !is_part(text[at + name.len()..].chars().next()))
}

fn categories(site: &Site, post: PostIx) -> Vec<String> {
    let servers = site.servers_said(post).iter().take(SERVERS_IN_CATEGORIES);
    let mut servers: Vec<String> = servers.map(|&server| clean(&site.servers[server].name).into_owned()).collect();
    let post = &site.posts[post];
    let mut terms: Vec<String> = post.tags.iter().chain(&post.categories).map(|term| clean(term).into_owned()).collect();
    servers.sort();
    terms.sort();
    servers.extend(terms);
    let mut seen = HashSet::new();
    servers.retain(|name| seen.insert(name.clone()));
    servers
}

/// The thread's first item, by RFC 4685 what all others reply to.
fn reply_to(site: &Site, entry: &FeedEntry) -> Option<String> {
    let first = *site.thread(entry.post).posts.iter().find(|&&post| site.posts[post].notify)?;
    let is_first = first == entry.post && entry.update == 0;
    let opening = site.posts[first].updates.first().filter(|_| !is_first)?;
    Some(update_id(site, &site.posts[first], opening))
}

/// Text without the characters that XML 1.0 has no way to hold (its production `Char`): most control characters, U+FFFE, U+FFFF.
pub fn clean(text: &str) -> Cow<'_, str> {
    // U+FFFE and U+FFFF begin with 0xEF in UTF-8; texts without such bytes are the rule, and are known by a few wide instructions.
    let is_doubtful = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0xef;
    if !text.as_bytes().iter().fold(false, |found, byte| found | is_doubtful(*byte)) {
        return Cow::Borrowed(text);
    }
    if text.contains(is_forbidden_in_xml) { Cow::Owned(text.replace(is_forbidden_in_xml, "")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests;
