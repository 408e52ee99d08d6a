//! Which pages exist, at what address, and what each shows.
//!
//! In: the site. Out: *the* list of pages: HTML, sitemap, search index and link check read it, and nobody computes an
//! address again. Never renders.

use std::sync::Arc;

use chrono::Datelike;

use crate::model::{Address, Moment, PostIx, ServerIx, Site};
use crate::words::Words;

/// A site, its words and its pages.
#[derive(Debug, Clone)]
pub struct Plan {
    pub site: Arc<Site>,
    pub words: Words,
    /// Front page, posts, their list, archives, tags and categories, servers, plain pages, what every site has beside, redirects.
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
    /// The newest posts of a tag or category: `/tag/x/`.
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
    Developers,
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

/// The pages of a site.
pub fn of(site: &Arc<Site>) -> Plan {
    // Lists and archives are about a third as many again.
    let mut pages = Vec::with_capacity(site.posts.len() * 3 / 2);
    pages.push(page(Address::new("/"), Shows::Front));
    for (at, post) in site.posts.iter().enumerate() {
        pages.push(Page { address: post.address.clone(), shows: Shows::Post(at), changed: Some(post.last_update().min(site.now)) });
    }
    let all: Vec<PostIx> = (0..site.posts.len()).collect();
    list_pages(site, Listing::All, &all, &mut pages);
    archives(site, &mut pages);
    for (at, term) in site.tags.iter().enumerate() {
        listing(site, Listing::Tag(at), &term.posts, &mut pages);
    }
    for (at, term) in site.categories.iter().enumerate() {
        listing(site, Listing::Category(at), &term.posts, &mut pages);
    }
    pages.push(page(Address::new("/tags/"), Shows::Tags));
    pages.push(page(Address::new("/categories/"), Shows::Categories));
    pages.push(page(Address::new("/servers/"), Shows::Servers));
    for (at, server) in site.servers.iter().enumerate() {
        pages.push(page(server.address(), Shows::Server(at)));
        list_pages(site, Listing::Server(at), &site.posts_of_server[at], &mut pages);
    }
    for (at, plain) in site.pages.iter().enumerate() {
        pages.push(page(plain.address.clone(), Shows::Plain(at)));
    }
    for (address, shows) in [
        ("/subscribe/", Shows::Subscribe),
        ("/search/", Shows::Search),
        ("/developers/", Shows::Developers),
        ("/404.html", Shows::NotFound),
    ] {
        pages.push(page(Address::new(address), shows));
    }
    for post in &site.posts {
        for alias in &post.aliases {
            pages.push(page(alias.clone(), Shows::Redirect { to: post.address.clone() }));
        }
    }
    Plan { site: site.clone(), words: Words::of(&site.config), pages }
}

fn page(address: Address, shows: Shows) -> Page {
    Page { address, shows, changed: None }
}

/// The first page of a list: `/`, `/tag/x/`, `/category/x/`, `/server/x/`.
pub fn first_page(site: &Site, of: Listing) -> Address {
    match of {
        Listing::All => Address::new("/"),
        Listing::Tag(at) => Address::of_tag(&site.tags[at].slug),
        Listing::Category(at) => Address::of_category(&site.categories[at].slug),
        Listing::Server(at) => site.servers[at].address(),
    }
}

/// Where the posts stand that the first page of a list has no room for; `None` where it shows them all.
pub fn older(site: &Site, of: Listing, count: usize) -> Option<Address> {
    let size = site.config.posts_per_page;
    // The newest post that is not shown is the one before the last `size`, counted from the oldest.
    (count > size).then(|| list_address(site, of, (count - size - 1) / size + 1))
}

fn list_address(site: &Site, of: Listing, number: usize) -> Address {
    first_page(site, of).join(&format!("page/{number}/"))
}

fn listing(site: &Site, of: Listing, posts: &[PostIx], pages: &mut Vec<Page>) {
    let newest = posts.iter().copied().take(site.config.posts_per_page).collect();
    pages.push(Page {
        address: first_page(site, of),
        shows: Shows::Newest { of, posts: newest, older: older(site, of, posts.len()) },
        changed: None,
    });
    list_pages(site, of, posts, pages);
}

/// `posts` are newest first; there are no numbered pages where the first page shows them all.
fn list_pages(site: &Site, of: Listing, posts: &[PostIx], pages: &mut Vec<Page>) {
    let size = site.config.posts_per_page;
    if posts.len() <= size {
        return;
    }
    let count = posts.len().div_ceil(size);
    for number in 1..=count {
        let end = posts.len() - (number - 1) * size;
        let begin = end.saturating_sub(size);
        let list = ListPage {
            number,
            of: count,
            posts: posts[begin..end].to_vec(),
            newer: (number < count).then(|| list_address(site, of, number + 1)),
            older: (number > 1).then(|| list_address(site, of, number - 1)),
        };
        pages.push(page(list_address(site, of, number), Shows::List { of, page: list }));
    }
}

fn archives(site: &Site, pages: &mut Vec<Page>) {
    pages.push(page(Address::new("/archives/"), Shows::Archives));
    let mut last = None;
    // Newest first, as the posts are.
    for post in &site.posts {
        let (year, month) = (post.date.year(), post.date.month());
        if last.is_none_or(|(last_year, _)| last_year != year) {
            pages.push(page(Address::of_year(year), Shows::Year { year }));
        }
        if last != Some((year, month)) {
            pages.push(page(Address::of_month(year, month), Shows::Month { year, month }));
        }
        last = Some((year, month));
    }
}
