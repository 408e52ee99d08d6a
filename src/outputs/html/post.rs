//! A post and its updates, and where it stands in its thread.

use serde::Serialize;

use super::Maker;
use super::page::PageView;
use super::view::{LinkView, PhaseView, ServerLinkView, Taxonomy, TermView, TimeView, WindowView, WordView};
use crate::model::{PostIx, Thread};
use crate::plan::Page;
use crate::theme::{Markup, Ready, TemplateProblem};

// Twelve fields: among more of them the template engine looks for one by its hash, which takes it three times as long.
/// A post's page.
#[derive(Serialize)]
pub struct PostView {
    /// `incident`, `maintenance` or `notice`.
    pub kind: Ready<WordView>,
    /// Where its event stands; nothing for a notice.
    pub phase: Option<Ready<PhaseView>>,
    /// The event's window; nothing for a notice.
    pub window: Option<WindowView>,
    /// When it was posted.
    pub posted: TimeView,
    /// Its author; may be empty.
    pub author: String,
    /// The servers that it is about.
    pub servers: Vec<Ready<ServerLinkView>>,
    pub tags: Vec<Ready<TermView>>,
    pub categories: Vec<Ready<TermView>>,
    /// Its updates, oldest first.
    pub updates: Vec<UpdateView>,
    /// Its place in a thread of several posts; nothing where it stands alone.
    pub thread: Option<ThreadView>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Whether it is a draft.
    pub draft: bool,
}

/// One update.
#[derive(Serialize)]
pub struct UpdateView {
    /// Its anchor: `u-20260504T1902Z`.
    pub anchor: String,
    /// When it was published.
    pub at: TimeView,
    /// The state that it names; nothing where it names none.
    pub state: Option<Ready<WordView>>,
    /// What the heading says behind the state; may be empty.
    pub title: String,
    /// Its text.
    pub text: Markup,
    /// Whether it is the text before the first dated heading.
    pub is_opening: bool,
}

/// Where a post stands among the posts that tell one event.
#[derive(Serialize)]
pub struct ThreadView {
    /// `update 6 of 14`, in words.
    pub place: String,
    /// The first post of the thread.
    pub first: Ready<LinkView>,
    /// The post before this one in the thread.
    pub previous: Option<Ready<LinkView>>,
    /// The post after this one in the thread.
    pub next: Option<Ready<LinkView>>,
    /// On the post that names the thread: every update of the thread that stands, oldest first; empty on the others.
    pub timeline: Vec<StepView>,
}

/// An update in the timeline of a thread.
#[derive(Serialize)]
pub struct StepView {
    /// When it was published.
    pub at: TimeView,
    /// The state that it names; nothing where it names none.
    pub state: Option<Ready<WordView>>,
    /// The title of its post, or its own.
    pub title: String,
    /// Its page and anchor.
    pub href: String,
    /// Its first words.
    pub summary: String,
}

pub fn make(maker: &Maker, page: &Page, ix: PostIx) -> Result<Vec<u8>, TemplateProblem> {
    let site = maker.site;
    let (post, thread) = (&site.posts[ix], site.thread(ix));
    let event = thread.event.as_ref();
    let view = PostView {
        kind: maker.kind(thread.kind),
        phase: event.map(|event| maker.phase(event)),
        window: event.map(|event| maker.window(event.start, event.end)),
        posted: maker.time(post.date),
        author: post.author.clone().unwrap_or_default(),
        servers: maker.server_links(site.servers_of(ix).iter().copied(), event)?,
        tags: maker.terms(Taxonomy::Tags, &post.tags),
        categories: maker.terms(Taxonomy::Categories, &post.categories),
        updates: (0..post.updates.len()).map(|update| maker.update(ix, update)).collect(),
        thread: maker.thread(ix, thread),
        withdrawn: post.withdrawn,
        draft: post.draft,
    };
    let mut frame = PageView::of(maker, page, post.title.clone()).article(post.date);
    maker.summary(ix).clone_into(&mut frame.description);
    frame.older = (ix + 1 < site.posts.len()).then(|| maker.ready_post_link(ix + 1));
    frame.newer = ix.checked_sub(1).map(|newer| maker.ready_post_link(newer));
    frame.edit_url = edit_url(site.config.editor.edit_url.as_deref(), &post.path);
    maker.fill("post.html", &frame, "post", &view)
}

impl Maker<'_> {
    pub fn update(&self, post: PostIx, at: usize) -> UpdateView {
        let update = &self.site.posts[post].updates[at];
        UpdateView {
            anchor: update.anchor(),
            at: self.time(update.at),
            state: update.state.map(|state| self.state(state)),
            title: update.title.clone().unwrap_or_default(),
            text: Markup::new(&update.html.with_prefix(&self.site.base().path, "")),
            is_opening: update.is_opening(),
        }
    }

    fn thread(&self, ix: PostIx, thread: &Thread) -> Option<ThreadView> {
        let at = thread.posts.iter().position(|post| *post == ix).filter(|_| thread.posts.len() > 1)?;
        let (number, all) = ((at + 1).to_string(), thread.posts.len().to_string());
        Some(ThreadView {
            place: self.shared.words.fill("post.thread", &[("n", &number), ("of", &all)]),
            first: self.ready_post_link(thread.posts[0]),
            previous: at.checked_sub(1).map(|before| self.ready_post_link(thread.posts[before])),
            next: thread.posts.get(at + 1).map(|after| self.ready_post_link(*after)),
            timeline: match ix == self.site.title_ix(thread) {
                true => self.site.standing_updates(thread).map(|(post, update)| self.step(post, update)).collect(),
                false => Vec::new(),
            },
        })
    }

    fn step(&self, ix: PostIx, at: usize) -> StepView {
        let post = &self.site.posts[ix];
        let update = &post.updates[at];
        StepView {
            at: self.time(update.at),
            state: update.state.map(|state| self.state(state)),
            title: update.title.clone().unwrap_or_else(|| post.title.clone()),
            href: format!("{}#{}", self.href(&post.address), update.anchor()),
            summary: update.html.first_words(160),
        }
    }
}

/// The editor's address for a file, its name percent-encoded.
fn edit_url(pattern: Option<&str>, path: &str) -> String {
    pattern.map_or_else(String::new, |pattern| {
        let address = crate::model::Address::new(format!("/{path}"));
        pattern.replace("{path}", &address.encoded()[1..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editors_address_names_the_file() {
        let url = edit_url(Some("https://forge.example/edit/{path}"), "content/posts/a b.md");
        assert_eq!(url, "https://forge.example/edit/content/posts/a%20b.md");
        assert_eq!(edit_url(None, "x"), "");
    }
}
