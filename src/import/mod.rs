//! Another system's export to new post files.
//!
//! In: the export's files as bytes, the site as it is, and how much may be guessed. Out: [`Imported`]: the new files with their
//! paths, what to copy beside them, and a [`Report`] of every guess and of everything that was not taken over. What comes out
//! passes `check`: addresses, tags and names that would be an error are resolved here, and told. The same input gives the same
//! files, so that importing again finds them there. Never reads the disk or the clock, never overwrites: the caller writes.
//!
//! One file a system makes an `Export` of `Item`s; all that follows is the same for all systems.

use std::collections::BTreeSet;

use crate::findings::visible;
use crate::model::{Impact, Kind, Moment, Site, State};

mod addresses;
mod cstate;
mod events;
mod exported_event;
mod feed;
mod impacts;
mod links;
pub mod markdown;
mod posts;
mod repeats;
mod report;
mod servers;
mod statuspage;
mod threads;
mod wordpress;
mod xml;

pub use posts::import;
pub use report::Report;

/// Where an export comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// WordPress eXtended RSS (WXR), as Tools → Export writes it.
    Wordpress,
    /// Atlassian Statuspage's public API v2.
    Statuspage,
    /// The Markdown files of cState's issues.
    Cstate,
    /// Any RSS 2.0 feed.
    Rss,
}

impl System {
    pub const ALL: [System; 4] = [System::Wordpress, System::Statuspage, System::Cstate, System::Rss];

    pub fn word(self) -> &'static str {
        match self {
            System::Wordpress => "wordpress",
            System::Statuspage => "statuspage",
            System::Cstate => "cstate",
            System::Rss => "rss",
        }
    }
}

/// How much may be read into a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guess {
    /// Every post is a notice about no server.
    None,
    /// Servers that are named, threads that are numbered, and windows that posts of a telling category say outright.
    Safe,
    /// Kind, window and impact too, wherever a sentence reads like one.
    All,
}

impl Guess {
    pub const ALL: [Guess; 3] = [Guess::None, Guess::Safe, Guess::All];

    pub fn word(self) -> &'static str {
        match self {
            Guess::None => "none",
            Guess::Safe => "safe",
            Guess::All => "all",
        }
    }
}

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// As the user named it, for messages.
    pub name: String,
    /// Its path below the folder that the user named; where that is a file, its name.
    pub below: String,
    pub bytes: Vec<u8>,
}

/// The site that posts are imported into.
#[derive(Debug, Clone, Copy)]
pub struct ExistingSite<'a> {
    pub site: &'a Site,
    /// The paths of all files that the site is built of now.
    pub outputs: &'a BTreeSet<String>,
    /// Files of the old site's `wp-content/uploads`, by their path below it.
    pub media: &'a BTreeSet<String>,
}

/// What an import comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// By date.
    pub posts: Vec<NewPost>,
    /// Files of posts that were imported before and have got another name since.
    pub there: BTreeSet<String>,
    /// Of [`ExistingSite::media`], what the posts show or link to.
    pub media: BTreeSet<String>,
    pub report: Report,
}

/// A post file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    /// From the site's root: `content/posts/2013/2013-05-18-0246-spam.md`.
    pub path: String,
    pub text: String,
}

/// A file that is not what it should be. What it holds may stand in the reason, and is shown as a terminal may show it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` {}", visible(file), visible(why))]
pub struct Refused {
    pub file: String,
    /// "is not a WordPress export: …"
    pub why: String,
}

/// What a system's export holds.
#[derive(Debug, Clone, Default)]
struct Export {
    items: Vec<Item>,
    /// Where it was published, without a final slash: `https://status.example.net/blog`.
    homes: BTreeSet<String>,
    report: Report,
}

/// A post as another system has it.
#[derive(Debug, Clone, Default)]
struct Item {
    /// Words on one line; may be empty.
    title: String,
    /// Whether the title is made here, because the old system has none.
    is_untitled: bool,
    date: Moment,
    /// The last part of its address, decoded; empty where there is none.
    slug: String,
    /// Where it was published, in full; from its site's root where nothing says what site that was.
    link: String,
    /// Other addresses that led there.
    other_links: Vec<String>,
    /// What that system calls it in addresses with a query: `123` of `?p=123`.
    number: String,
    /// Its id in the old feed, to the letter.
    guid: Option<String>,
    /// The text, as a browser gets it.
    html: String,
    author: Option<String>,
    summary: Option<String>,
    categories: Vec<String>,
    tags: Vec<String>,
    is_pinned: bool,
    /// When it was changed last, where the export says so.
    changed: Option<Moment>,
    /// What to look at, found while it was read.
    notes: BTreeSet<String>,
    /// What a status page says outright, and a blog does not.
    stated: Option<StatedEvent>,
}

/// What a status page's export says outright of an incident or maintenance.
#[derive(Debug, Clone)]
struct StatedEvent {
    kind: Kind,
    start: Moment,
    end: Option<Moment>,
    impact: Option<Impact>,
    /// What that page calls the servers.
    components: Vec<String>,
    /// What its opening says of single servers.
    affected: Vec<Affected>,
    /// Behind the opening, rising by time.
    updates: Vec<StatedUpdate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct StatedUpdate {
    at: Moment,
    state: Option<State>,
    html: String,
    /// What it says of single servers.
    affected: Vec<Affected>,
}

/// What a status page's update says of one of its components.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Affected {
    component: String,
    impact: Impact,
}

/// An event that was read out of a post's words.
#[derive(Debug, Clone, PartialEq)]
struct GuessedEvent {
    kind: Kind,
    start: Moment,
    end: Moment,
    impact: Option<Impact>,
    /// The words that say so.
    words: String,
}
