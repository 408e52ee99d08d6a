//! Which pages exist, at what address, and what each shows.
//!
//! In: the site. Out: *the* list of pages: HTML, sitemap, search index and link check read it, and nobody computes an
//! address again. Never renders.

use std::sync::Arc;

use crate::model::{Address, Moment, PostIx, ServerIx, Site};

/// A site and its pages.
#[derive(Debug, Clone)]
pub struct Plan {
    pub site: Arc<Site>,
    /// In the order of the README: front page, posts, lists, archives, terms, servers, plain pages, redirects.
    pub pages: Vec<Page>,
}

/// One HTML page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub address: Address,
    pub shows: Shows,
    /// When what it shows last changed, where that is known: for the sitemap.
    pub changed: Option<Moment>,
}

/// What a page shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Shows {
    Front,
    Post(PostIx),
    /// One page of a list of posts that is counted from the oldest: `/page/N/`, `/tag/x/page/N/`.
    List {
        of: Listing,
        page: ListPage,
    },
    /// The newest posts of a tag, category: `/tag/x/`.
    Newest {
        of: Listing,
        posts: Vec<PostIx>,
        older: Option<Address>,
    },
    Year {
        year: i32,
    },
    Month {
        year: i32,
        month: u32,
    },
    Archives,
    Tags,
    Categories,
    Server(ServerIx),
    /// `/servers/`
    Servers,
    /// Position in `Site::pages`.
    Plain(usize),
    Subscribe,
    Search,
    NotFound,
    /// An old address that leads to another: a stub for hosts without redirects.
    Redirect {
        to: Address,
    },
}

/// Which list of posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    All,
    /// Position in `Site::tags`.
    Tag(usize),
    /// Position in `Site::categories`.
    Category(usize),
    Server(ServerIx),
}

/// A page of a list, counted from the oldest so that a new post changes no full page.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPage {
    /// 1 is the oldest.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// Newest first.
    pub posts: Vec<PostIx>,
    pub newer: Option<Address>,
    pub older: Option<Address>,
}
