//! The column beside the pages.

use serde::Serialize;

use super::Maker;
use super::view::{LinkView, Taxonomy, TermView};
use crate::theme::Markup;

/// The sidebar: what stays everywhere, and what changes with posts where pages are rewritten anyway.
#[derive(Serialize)]
pub struct SidebarView {
    /// Blocks from `site.toml`, in its order.
    pub blocks: Vec<BlockView>,
    /// Newest posts; empty in the sidebar of pages that stay.
    pub recent: Vec<LinkView>,
    /// Years with posts, newest first; empty in the sidebar of pages that stay.
    pub years: Vec<TermView>,
    /// Categories by name; empty in the sidebar of pages that stay.
    pub categories: Vec<TermView>,
    /// The most used tags, by name; empty in the sidebar of pages that stay.
    pub tags: Vec<TermView>,
    /// Whether there are more tags than these.
    pub more_tags: bool,
}

/// A block of the sidebar from `site.toml`.
#[derive(Serialize)]
pub struct BlockView {
    /// Its title.
    pub title: String,
    /// Its text as HTML; empty where it has none.
    pub text: Markup,
    /// Its links, in order.
    pub links: Vec<LinkView>,
}

const RECENT: usize = 8;
const TAGS: usize = 30;

impl Maker<'_> {
    pub fn sidebar_view(&self, full: bool) -> SidebarView {
        let site = self.site;
        let block = |block: &crate::model::config::SidebarBlock| BlockView {
            title: block.title.clone(),
            text: block.text.as_ref().map_or_else(Markup::default, |text| Markup::new(&text.with_prefix(&site.base().path, ""))),
            links: block.links.iter().map(|link| LinkView { title: link.title.clone(), href: self.written_href(&link.url) }).collect(),
        };
        let blocks = site.config.sidebar.iter().map(block).collect();
        if !full {
            return SidebarView {
                blocks,
                recent: Vec::new(),
                years: Vec::new(),
                categories: Vec::new(),
                tags: Vec::new(),
                more_tags: false,
            };
        }
        let mut tags: Vec<TermView> = site.tags.iter().map(|term| self.term(Taxonomy::Tags, term)).collect();
        let more_tags = tags.len() > TAGS;
        tags.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
        tags.truncate(TAGS);
        tags.sort_by_cached_key(|tag| (tag.name.to_lowercase(), tag.href.clone()));
        SidebarView {
            blocks,
            recent: (0..site.posts.len().min(RECENT)).map(|post| self.post_link(post)).collect(),
            years: self.years(),
            categories: site.categories.iter().map(|term| self.term(Taxonomy::Categories, term)).collect(),
            tags,
            more_tags,
        }
    }
}
