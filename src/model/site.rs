//! The whole site: everything that pages, feeds and API are made from.

use std::ops::Range;
use std::sync::Arc;

use foldhash::HashSet;

use super::address::{Address, BaseUrl};
use super::config::Config;
use super::impact::Standing;
use super::moment::{Moment, midnight};
use super::post::{Kind, Post, PostIx, Update};
use super::probe::Probes;
use super::server::{Group, Server, ServerIx};
use super::status::Glance;
use super::steps;
use super::text::Html;
use super::thread::{Step, Thread, ThreadIx};
use super::uptime::{Day, Uptime};
use crate::source::SourceFile;

/// What a build knows about the user's site at one moment.
#[derive(Debug, Clone)]
pub struct Site {
    pub config: Arc<Config>,
    /// In the order of the servers file.
    pub servers: Arc<Vec<Server>>,
    /// In the order of their first server; the group without a name comes where its first server does.
    pub groups: Vec<Group>,
    /// Newest first by date, ties by address. Drafts only where the build asked for them.
    pub posts: Vec<Arc<Post>>,
    /// Posts whose front matter is broken, with stand-ins for what it does not say: only the links of their texts are looked at.
    pub broken_posts: Vec<Arc<Post>>,
    /// The thread of each post, by `PostIx`.
    pub thread_of: Vec<ThreadIx>,
    /// In the order of their newest post.
    pub threads: Vec<Thread>,
    /// By post: itself where it names servers, else the post that it has them from.
    pub servers_from: Vec<Option<PostIx>>,
    /// By slug.
    pub tags: Vec<Term>,
    pub categories: Vec<Term>,
    /// By server: posts whose thread is about it, newest first.
    pub posts_of_server: Vec<Vec<PostIx>>,
    /// Every update that subscribers are told, oldest first, with distinct rising times.
    pub feed_entries: Vec<FeedEntry>,
    pub pages: Vec<PlainPage>,
    /// The files of drafts that are left out.
    pub drafts: Vec<Arc<str>>,
    /// `content/static`, by the path below it.
    pub assets: Vec<(String, SourceFile)>,
    /// Status now and through time: the one place where "is it up?" is answered.
    pub glance: Glance,
    /// What `signalpost probe` found, where it ran: the Ping column. No part of the status.
    pub probes: Option<Probes>,
    /// Addresses of posts whose front matter is broken, or that come after the site's moment where `now` was asked for, and of the lists
    /// that hold no other post: a link to one is no slip.
    pub excused: HashSet<Address>,
    /// The moment that the site describes.
    pub now: Moment,
}

impl Site {
    pub fn base(&self) -> &BaseUrl {
        &self.config.base_url
    }

    pub fn thread(&self, post: PostIx) -> &Thread {
        &self.threads[self.thread_of[post]]
    }

    /// What a post tells, also where a follow-up does not say.
    pub fn kind_of(&self, post: PostIx) -> Kind {
        self.posts[post].kind.unwrap_or(self.thread(post).kind)
    }

    /// The post of a source file.
    pub fn post_of_file(&self, path: &str) -> Option<PostIx> {
        self.posts.iter().position(|post| *post.path == *path)
    }

    /// What readers know a thread by: the first post's id, which stays the same when that is withdrawn.
    pub fn id_of(&self, thread: &Thread) -> &str {
        &self.posts[thread.posts[0]].id
    }

    /// The post that a thread has its name and address from: the first that is not withdrawn; of an event that was withdrawn, the first.
    pub fn title_post(&self, thread: &Thread) -> &Post {
        &self.posts[self.title_ix(thread)]
    }

    /// Its position.
    pub fn title_ix(&self, thread: &Thread) -> PostIx {
        let mut standing = thread.posts.iter().copied().filter(|post| !self.posts[*post].withdrawn);
        standing.next().filter(|_| thread.event.is_some()).unwrap_or(thread.posts[0])
    }

    /// The updates of a thread without those of its withdrawn posts, in the order of their times.
    pub fn standing_updates(&self, thread: &Thread) -> impl DoubleEndedIterator<Item = (PostIx, usize)> {
        thread.updates.iter().copied().filter(|(post, _)| !self.posts[*post].withdrawn)
    }

    /// The states that a thread's event went through up to the site's `now`, in the order of time: one step for each update that stands,
    /// and one for each end or reopening that no update tells. Empty where it has no event, and only there.
    pub fn steps(&self, thread: &Thread) -> Vec<Step> {
        let Some(event) = &thread.event else { return Vec::new() };
        let posts: Vec<&Post> = self.posts_of(thread).collect();
        steps::of(event, &posts)
    }

    /// The update that tells a step of a thread's event, and its post.
    pub fn update_of(&self, thread: &Thread, step: &Step) -> Option<(&Post, &Update)> {
        let told = step.update?;
        let post = &self.posts[thread.posts[told.post]];
        Some((post, &post.updates[told.update]))
    }

    /// From when to when a server's history counts: from its `since`, else its first event; `None` where there is neither. To the end of
    /// its last day in service; of a retired one that does not say it, to the end of its last event, because nothing is known of it
    /// afterwards.
    pub fn history(&self, server: ServerIx) -> Option<Range<Moment>> {
        let (of, timeline) = (&self.servers[server], &self.glance.timelines[server]);
        let since = of.since.map(midnight);
        let begin = since.or_else(|| timeline.first_event()).filter(|begin| *begin < self.now)?;
        let last_day = of.until.and_then(|date| date.succ_opt()).map(midnight);
        let end = match last_day {
            Some(end) => end.min(self.now),
            None if of.standing == Standing::Retired => timeline.last_event_end(self.now)?,
            None => self.now,
        };
        Some(begin..end)
    }

    /// A server's uptime by month, oldest first.
    pub fn months(&self, server: ServerIx) -> Vec<Uptime> {
        self.months_from(server, Moment::MIN_UTC)
    }

    /// The same, from a moment on.
    pub fn months_from(&self, server: ServerIx, from: Moment) -> Vec<Uptime> {
        let Some(Range { start: begin, end }) = self.history(server) else { return Vec::new() };
        let begun_by_event = Some(begin).filter(|_| self.servers[server].since.is_none());
        self.glance.timelines[server].months(begin.max(from)..end, begun_by_event)
    }

    /// The last days of a server, oldest first, today included.
    pub fn days(&self, server: ServerIx, count: u32) -> Vec<Day> {
        self.glance.timelines[server].days(self.history(server), self.now, count)
    }

    /// Whether a thread concerns customers: not where all that it is about is internal.
    pub fn is_for_customers(&self, thread: &Thread) -> bool {
        thread.servers.is_empty() || thread.servers.iter().any(|&server| self.servers[server].standing != Standing::Internal)
    }

    /// The posts behind a server's present state, oldest first: those about it of the threads that cause it. A withdrawn one causes
    /// nothing, and neither does a notice.
    pub fn causes_of(&self, server: ServerIx) -> impl Iterator<Item = &Post> {
        let posts = self.glance.servers[server].causes.iter().flat_map(|&thread| &self.threads[thread].posts);
        let of_server = posts.filter(move |&&post| self.servers_of(post).contains(&server));
        of_server.map(|&post| self.posts[post].as_ref()).filter(|post| post.has_effect())
    }

    /// The posts of a thread in the order of telling, withdrawn ones too.
    pub fn posts_of<'s>(&'s self, thread: &'s Thread) -> impl DoubleEndedIterator<Item = &'s Post> + Clone {
        thread.posts.iter().map(|post| self.posts[*post].as_ref())
    }

    /// The servers that a post is about: those that it says or inherits; where none was named before it, its thread's.
    pub fn servers_of(&self, post: PostIx) -> &[ServerIx] {
        let said = self.servers_said(post);
        if said.is_empty() { &self.thread(post).servers } else { said }
    }

    /// The servers that a post names, or where it names none, those that it has [from a post before it](super::following::servers_from).
    ///
    /// Posts that come later do not count: feeds would change items that were told before them.
    pub fn servers_said(&self, post: PostIx) -> &[ServerIx] {
        self.servers_from[post].map_or(&[], |from| &self.posts[from].servers)
    }
}

/// A tag or category and its posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As the newest post that has it writes it.
    pub name: String,
    pub slug: String,
    /// All the ways it is written, the newest first.
    pub spellings: Vec<String>,
    /// Newest first.
    pub posts: Vec<PostIx>,
    /// How many of them are not withdrawn.
    pub standing: usize,
}

/// An update that is in the feeds. The item itself, with its texts, is `outputs::item`'s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    pub post: PostIx,
    /// Position in `Post::updates`.
    pub update: usize,
    /// The feed date: when it was published, moved by seconds where another has the same (so that no two are equal).
    pub at: Moment,
}

/// A file of `content/pages`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlainPage {
    pub path: Arc<str>,
    /// `/about/`; folders below `content/pages` stay.
    pub address: Address,
    pub title: String,
    pub html: Html,
}
