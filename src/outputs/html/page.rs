//! What every whole page has: title, description, address, previews.

use serde::Serialize;

use super::Maker;
use super::view::{LinkView, TimeView};
use crate::model::{Moment, rfc3339};
use crate::plan::Page;
use crate::theme::{Markup, Ready, TemplateProblem, Values};

/// A page as a whole.
#[derive(Serialize)]
pub struct PageView {
    /// The heading: `NC023: disk replacement`.
    pub title: String,
    /// For `<title>`: the heading and the site's title.
    pub full_title: String,
    /// A sentence or two of what stands here; never empty where the site has a description.
    pub description: String,
    /// The page's full URL; empty where it is not to be found (404, redirects).
    pub canonical: String,
    /// `website` or `article`, for previews.
    pub kind: &'static str,
    /// When it was posted, for previews of articles: `2026-05-04T19:00:00Z`; empty otherwise.
    pub published: String,
    /// When the page was built, on pages that are built anew with every post; nothing on others.
    pub built: Option<TimeView>,
    /// From when on the page may no longer be right, by `stale_after`; empty on pages that do not say when they were built.
    pub stale_after: String,
    /// A feed of what this page is about: its full URL; empty where the site's own feeds are all.
    pub feed: String,
    /// Of a post's page, the post before it in time, of any thread.
    pub older: Option<Ready<LinkView>>,
    /// Of a post's page, the post after it in time, of any thread.
    pub newer: Option<Ready<LinkView>>,
    /// The forge's editor for a post's file; empty where `[editor]` has no `edit_url`.
    pub edit_url: String,
}

impl PageView {
    pub fn of(maker: &Maker, page: &Page, title: impl Into<String>) -> PageView {
        let title = title.into();
        let config = &maker.site.config;
        PageView {
            full_title: format!("{title} · {}", config.title),
            title,
            description: config.description.clone(),
            canonical: maker.site.base().absolute(&page.address),
            kind: "website",
            published: String::new(),
            built: None,
            stale_after: String::new(),
            feed: String::new(),
            older: None,
            newer: None,
            edit_url: String::new(),
        }
    }

    /// A page that is built anew with every post: it says when, and from when on it may be stale.
    pub fn volatile(mut self, maker: &Maker) -> PageView {
        let now = maker.site.now;
        self.built = Some(maker.time(now));
        self.stale_after = now.checked_add_signed(maker.site.config.stale_after).map_or_else(String::new, rfc3339);
        self
    }

    /// A page about one post.
    pub fn article(mut self, published: Moment) -> PageView {
        self.kind = "article";
        self.published = rfc3339(published);
        self
    }
}

impl Maker<'_> {
    /// Fills a whole page; `name` is what its own values are called in the template.
    pub fn fill(&self, template: &str, page: &PageView, name: &'static str, view: &impl Serialize) -> Result<Vec<u8>, TemplateProblem> {
        let mut values = self.framed()?.with("page", page).with(name, view);
        if page.built.is_some() {
            values = values.with("sidebar", &self.full_sidebar()?);
        }
        self.theme.fill(template, &values)
    }

    /// Fills a piece of a page, which is pasted into others.
    pub fn fill_part(&self, template: &str, name: &'static str, view: &impl Serialize) -> Result<Markup, TemplateProblem> {
        self.theme.fill_markup(template, &Values::default().with(name, view))
    }
}
