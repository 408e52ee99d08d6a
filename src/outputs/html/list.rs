//! Lists of posts: numbered pages, counted from the oldest, and the newest posts of a tag or category.

use serde::Serialize;

use super::Maker;
use super::page::PageView;
use crate::model::{Address, PostIx};
use crate::plan::{self, ListPage, Listing, Page};
use crate::theme::{Markup, TemplateProblem};

/// A list of posts.
#[derive(Serialize)]
pub struct ListView {
    /// Entries, newest first.
    pub entries: Vec<Markup>,
    /// The page with newer posts.
    pub newer: Option<String>,
    /// The page with older posts.
    pub older: Option<String>,
    /// The list's first page, where this is a numbered one of a tag, category or server.
    pub up: Option<String>,
    /// The feed of what is listed; empty for all posts.
    pub feed: String,
}

pub fn make_page(maker: &Maker, page: &Page, of: Listing, list: &ListPage) -> Result<Vec<u8>, TemplateProblem> {
    let words = &maker.shared.words;
    let number = list.number.to_string();
    // How many pages there are is not said: a full page never changes again.
    let title = match of {
        Listing::All => words.fill("page.list", &[("n", &number)]),
        _ => words.fill("page.part", &[("title", &maker.list_title(of)), ("n", &number)]),
    };
    let view = ListView {
        entries: maker.entries(list.posts.iter().copied())?,
        newer: list.newer.as_ref().map(|address| maker.href(address)),
        older: list.older.as_ref().map(|address| maker.href(address)),
        up: maker.list_home(of).map(|address| maker.href(&address)),
        feed: maker.list_feed(of),
    };
    maker.fill_list(page, title, &view)
}

pub fn make_newest(maker: &Maker, page: &Page, of: Listing, posts: &[PostIx], older: Option<&Address>) -> Result<Vec<u8>, TemplateProblem> {
    let view = ListView {
        entries: maker.entries(posts.iter().copied())?,
        newer: None,
        older: older.map(|address| maker.href(address)),
        up: None,
        feed: maker.list_feed(of),
    };
    maker.fill_list(page, maker.list_title(of), &view)
}

impl Maker<'_> {
    fn fill_list(&self, page: &Page, title: String, view: &ListView) -> Result<Vec<u8>, TemplateProblem> {
        let mut frame = PageView::of(self, page, title);
        frame.description = format!("{}. {}", frame.title, frame.description);
        frame.feed.clone_from(&view.feed);
        self.fill("list.html", &frame, "list", view)
    }

    fn list_title(&self, of: Listing) -> String {
        let (words, site) = (&self.shared.words, self.site);
        match of {
            Listing::All => words.text("front.all-posts").to_owned(),
            Listing::Tag(tag) => words.fill("page.tag", &[("name", &site.tags[tag].name)]),
            Listing::Category(category) => words.fill("page.category", &[("name", &site.categories[category].name)]),
            Listing::Server(server) => words.fill("server.posts", &[("name", &site.servers[server].name)]),
        }
    }

    /// The first page of a list, where its feeds hang; nothing for all posts, whose feeds are the site's.
    pub fn list_home(&self, of: Listing) -> Option<Address> {
        (of != Listing::All).then(|| plan::first_page(self.site, of))
    }

    fn list_feed(&self, of: Listing) -> String {
        self.list_home(of).map_or_else(String::new, |home| self.site.base().absolute(&home.join("feed.xml")))
    }
}
