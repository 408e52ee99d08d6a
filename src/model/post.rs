//! A post and its updates, as written and resolved against the servers file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::address::Address;
use super::impact::Impact;
use super::moment::Moment;
use super::plain;
use super::server::ServerIx;
use super::text::Html;
use crate::source::Span;

/// Position of a post in `Site::posts`: newest first, ties by address. Means something within one site only.
pub type PostIx = usize;

/// What a post tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Incident,
    Maintenance,
    /// Never has an effect on status.
    Notice,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Incident, Kind::Maintenance, Kind::Notice];

    pub fn word(self) -> &'static str {
        match self {
            Kind::Incident => "incident",
            Kind::Maintenance => "maintenance",
            Kind::Notice => "notice",
        }
    }

    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The impact of a post of this kind that names none.
    pub fn default_impact(self) -> Impact {
        match self {
            Kind::Incident => Impact::Degraded,
            Kind::Maintenance => Impact::Maintenance,
            Kind::Notice => Impact::None,
        }
    }
}

/// The state word of an update's heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Investigating,
    Identified,
    Monitoring,
    Resolved,
    Update,
    Scheduled,
    InProgress,
    Verifying,
    Completed,
    Cancelled,
    Postmortem,
}

impl State {
    pub const ALL: [State; 11] = [
        State::Investigating,
        State::Identified,
        State::Monitoring,
        State::Resolved,
        State::Update,
        State::Scheduled,
        State::InProgress,
        State::Verifying,
        State::Completed,
        State::Cancelled,
        State::Postmortem,
    ];

    /// As it is written in a heading, lower case: `in progress`.
    pub fn word(self) -> &'static str {
        match self {
            State::Investigating => "investigating",
            State::Identified => "identified",
            State::Monitoring => "monitoring",
            State::Resolved => "resolved",
            State::Update => "update",
            State::Scheduled => "scheduled",
            State::InProgress => "in progress",
            State::Verifying => "verifying",
            State::Completed => "completed",
            State::Cancelled => "cancelled",
            State::Postmortem => "postmortem",
        }
    }

    /// As people write it in a heading: `In progress`.
    pub fn capitalised(self) -> String {
        let (first, rest) = self.word().split_at(1);
        first.to_uppercase() + rest
    }

    /// Takes a word in any case.
    pub fn from_word(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.word().eq_ignore_ascii_case(word))
    }

    /// Whether it ends the event at its time.
    pub fn is_final(self) -> bool {
        matches!(self, State::Resolved | State::Completed | State::Cancelled)
    }

    /// Whether it says where an event stands: a plain update and a postmortem leave it as it was.
    pub fn changes_event(self) -> bool {
        self.is_final() || self.reopens()
    }

    /// Whether an event in this state is over: it was ended, or all that is left is to tell how it came about.
    pub fn is_over(self) -> bool {
        self.is_final() || self == State::Postmortem
    }

    /// Whether it reopens an event that was over: a postmortem or a plain update after the end does not.
    pub fn reopens(self) -> bool {
        !self.is_final() && !matches!(self, State::Postmortem | State::Update)
    }
}

/// Impacts that hold from a moment on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImpactChange {
    /// For all servers of the post; clears earlier single ones.
    pub all: Option<Impact>,
    /// For single servers; these win over `all`.
    pub servers: BTreeMap<ServerIx, Impact>,
}

impl ImpactChange {
    pub fn is_empty(&self) -> bool {
        self.all.is_none() && self.servers.is_empty()
    }

    /// Every impact in it: for all servers and for single ones.
    pub fn impacts(&self) -> impl Iterator<Item = Impact> {
        self.all.into_iter().chain(self.servers.values().copied())
    }

    /// Whether it says that something is wrong with some server.
    pub fn is_trouble(&self) -> bool {
        self.impacts().any(|impact| impact != Impact::None)
    }
}

/// One dated piece of a post's text: the opening, or what stands under an update heading. One feed item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Within the post: `opening`, the heading's `{#id}`, or its time as `20260504T1902Z`. The anchor is `u-ID`.
    pub id: String,
    /// When it was published; the opening's is the post's date.
    pub at: Moment,
    pub state: Option<State>,
    /// What the heading says behind the state.
    pub title: Option<String>,
    pub change: ImpactChange,
    pub html: Html,
    /// The heading in the source file; the front matter's end for the opening.
    pub place: Range<usize>,
    /// Headings in its text that are nothing but a state, in the source file: without a time, they change nothing.
    pub bare_states: Vec<(State, Range<usize>)>,
}

impl Update {
    pub const OPENING: &'static str = "opening";

    /// The text before the first update heading, published with the post itself.
    pub fn opening(at: Moment, html: Html, place: Range<usize>) -> Update {
        let id = Update::OPENING.to_owned();
        Update { id, at, state: None, title: None, change: ImpactChange::default(), html, place, bare_states: Vec::new() }
    }

    pub fn is_opening(&self) -> bool {
        self.id == Update::OPENING
    }

    /// Whether it is there at a moment; the opening is there with its post.
    pub fn is_at(&self, moment: Moment) -> bool {
        self.is_opening() || self.at <= moment
    }

    /// `u-20260504T1902Z`
    pub fn anchor(&self) -> String {
        ["u-", &self.id].concat()
    }
}

/// Until when a post is shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pinned {
    No,
    Always,
    Until(Moment),
}

impl Pinned {
    pub fn holds(self, at: Moment) -> bool {
        match self {
            Pinned::No => false,
            Pinned::Always => true,
            Pinned::Until(until) => at < until,
        }
    }
}

/// One Markdown file below `content/posts`, read and checked by itself.
///
/// Facts that a follow-up inherits are on its [`super::thread::Thread`]; here is what this file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// The source file: `content/posts/2026-05-04-relay.md`.
    pub path: Arc<str>,
    /// What feeds, calendar and API ids are made of; the file's stem, or `id`.
    pub id: String,
    pub slug: String,
    /// `/2026/05/04/relay/`
    pub address: Address,
    pub title: String,
    /// As written, or by the rule (`incident` if there is a `start`); `None` for a follow-up that says neither.
    pub kind: Option<Kind>,
    /// Named in this file, without repetition, in the order of the file.
    pub servers: Vec<ServerIx>,
    pub impact: ImpactChange,
    /// As written, without repetition by slug.
    pub tags: Vec<String>,
    pub categories: Vec<String>,
    /// When it was posted.
    pub date: Moment,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    /// The word behind `follows`.
    pub follows: Option<String>,
    pub aliases: Vec<Address>,
    pub guid: Option<String>,
    pub pinned: Pinned,
    pub draft: bool,
    pub author: Option<String>,
    pub summary: Option<String>,
    pub withdrawn: bool,
    pub notify: bool,
    /// Rising by time. The opening is there if it has text, or if there is no other update; never empty.
    pub updates: Vec<Update>,
    /// Where the values stand in the file, for findings of later stages.
    pub ranges: PostRanges,
}

/// Where the values of a post's front matter stand, as byte ranges of its file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PostRanges {
    pub title: Range<usize>,
    pub servers: Option<Range<usize>>,
    pub tags: Vec<Range<usize>>,
    pub categories: Vec<Range<usize>>,
    pub date: Option<Range<usize>>,
    pub start: Option<Range<usize>>,
    pub end: Option<Range<usize>>,
    pub impact: Option<Range<usize>>,
    pub kind: Option<Range<usize>>,
    pub follows: Option<Range<usize>>,
    pub slug: Option<Range<usize>>,
    pub id: Option<Range<usize>>,
    pub guid: Option<Range<usize>>,
    pub aliases: Vec<Range<usize>>,
}

impl Post {
    pub fn span(&self, place: &Range<usize>) -> Span {
        Span::new(&self.path, place.clone())
    }

    pub fn title_span(&self) -> Span {
        self.span(&self.ranges.title)
    }

    /// Where a key stands; where it does not, the title.
    pub fn span_or_title(&self, place: Option<&Range<usize>>) -> Span {
        self.span(place.unwrap_or(&self.ranges.title))
    }

    /// Whether what it says can change the status of a server: a withdrawn post and a notice cannot.
    pub fn has_effect(&self) -> bool {
        !self.withdrawn && self.kind != Some(Kind::Notice)
    }

    /// Words for lists and previews: `summary`, or the first words of the text, at most `limit` characters, cut at a word.
    pub fn summary(&self, limit: usize) -> String {
        match &self.summary {
            Some(summary) => plain::shorten(summary, limit),
            None => self.updates.iter().map(|update| update.html.first_words(limit)).find(|words| !words.is_empty()).unwrap_or_default(),
        }
    }

    /// When the newest update was published.
    pub fn last_update(&self) -> Moment {
        self.updates.last().map_or(self.date, |update| update.at)
    }
}
