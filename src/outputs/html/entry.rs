//! A post as lists show it. Rendered once, pasted wherever the post is listed.

use serde::Serialize;

use super::Maker;
use super::view::{PhaseView, ServerLinkView, SpanView, TimeView, WordView};
use crate::model::{Kind, Pinned, PostIx, rfc3339};
use crate::theme::{Ready, TemplateProblem};

/// A post in a list.
#[derive(Serialize)]
pub struct EntryView {
    /// The post's title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// When it was posted.
    pub posted: TimeView,
    /// `incident`, `maintenance` or `notice`.
    pub kind: Ready<WordView>,
    /// Where its event stands; nothing for a notice.
    pub phase: Option<Ready<PhaseView>>,
    /// The window of a maintenance; nothing for others.
    pub window: Option<SpanView>,
    /// The servers that it is about, twelve at most.
    pub servers: Vec<Ready<ServerLinkView>>,
    /// How many more there are, in words: `and 28 more`; empty where these are all.
    pub more_servers: String,
    /// Its `summary`, or the first words of its text.
    pub summary: String,
    /// How many updates it has, in words; empty where there is but one.
    pub updates: String,
    /// Until when it is pinned: `2026-05-04T19:00:00Z`; empty where it is not, or for good.
    pub pinned_until: String,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Whether it is a draft.
    pub draft: bool,
}

/// How many servers an entry names: it stands in the lists of each of them, and twenty entries make a page.
const NAMED: usize = 12;

impl EntryView {
    pub fn of(maker: &Maker, ix: PostIx) -> Result<EntryView, TemplateProblem> {
        let (site, words) = (maker.site, &maker.shared.words);
        let (post, thread) = (&site.posts[ix], site.thread(ix));
        let event = thread.event.as_ref();
        let servers = site.servers_of(ix);
        let (named, more_servers) = words.named(servers.len(), NAMED);
        Ok(EntryView {
            title: post.title.clone(),
            href: maker.href(&post.address),
            posted: maker.time(post.date),
            kind: maker.kind(thread.kind),
            phase: event.map(|event| maker.phase(event)),
            window: event.filter(|_| thread.kind == Kind::Maintenance).map(|event| maker.span(event.start, event.end)),
            servers: maker.server_links(servers[..named].iter().copied(), None)?,
            more_servers,
            summary: if post.withdrawn { words.text("post.withdrawn-text") } else { maker.summary(ix) }.to_owned(),
            updates: if post.updates.len() > 1 { words.count("count.updates", post.updates.len()) } else { String::new() },
            pinned_until: if let Pinned::Until(until) = post.pinned { rfc3339(until) } else { String::new() },
            withdrawn: post.withdrawn,
            draft: post.draft,
        })
    }
}
