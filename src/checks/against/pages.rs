//! The pages that were published, and where their posts are now.

use std::collections::BTreeMap;

use bytes::Bytes;
use foldhash::{HashMap, HashMapExt};
use serde::Deserialize;

use super::{Files, site_posts};
use crate::findings::{Code, Finding, Findings, visible};
use crate::model::address::{decode_path, encode_path, slug};
use crate::model::{Address, Post, PostIx, Site, Update};
use crate::outputs::feed::published::PublishedItem;

/// A post as the search index of the earlier output tells of it.
#[derive(Debug, Deserialize)]
struct Listed {
    address: String,
    title: String,
    date: String,
    kind: String,
    servers: Vec<String>,
    tags: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
}

#[derive(Deserialize)]
struct Part {
    posts: Vec<Listed>,
}

/// The pages of the earlier output beside those of the new one.
pub struct Pages<'a> {
    old: &'a Files,
    new: &'a Files,
    site: &'a Site,
    /// By address.
    listed: HashMap<String, Listed>,
    /// Where the new site has a post, its old addresses included.
    posts: HashMap<&'a str, PostIx>,
    /// Addresses of posts that nothing answers any more, with the post that is elsewhere now, where one is known.
    lost: BTreeMap<String, Option<PostIx>>,
    /// The other way round.
    was_at: HashMap<PostIx, String>,
}

impl<'a> Pages<'a> {
    /// `post_of` knows the post of an item by the item's id.
    pub fn of(
        old: &'a Files,
        new: &'a Files,
        site: &'a Site,
        items: &[&PublishedItem],
        post_of: impl Fn(&PublishedItem) -> Option<PostIx>,
    ) -> Pages<'a> {
        let parts = old.iter().filter(|(path, _)| path.starts_with("search/") && path.ends_with(".json"));
        let parts = parts.filter_map(|(_, file)| serde_json::from_slice::<Part>(file).ok());
        let listed = parts.flat_map(|part| part.posts).filter_map(|post| Some((address_of_post(&post.address)?, post))).collect();
        let aliases = site.posts.iter().enumerate().flat_map(|(ix, post)| post.aliases.iter().map(move |alias| (alias.as_str(), ix)));
        let own = site.posts.iter().enumerate().map(|(ix, post)| (post.address.as_str(), ix));
        let mut pages =
            Pages { old, new, site, listed, posts: aliases.chain(own).collect(), lost: BTreeMap::new(), was_at: HashMap::new() };
        let known: HashMap<String, PostIx> = items.iter().filter_map(|item| Some((address_of_post(&item.url)?, post_of(item)?))).collect();
        let of_items = known.keys().filter(|_| !pages.are_known()).cloned();
        let published = old.keys().filter_map(|path| address_of_post(path.strip_suffix("index.html")?));
        let is_redirect = |address: &String| old.get(&file(address)).is_some_and(|page| redirect_of(page).is_some());
        let lost: Vec<String> = published.chain(of_items).filter(|address| !pages.answers(address) && !is_redirect(address)).collect();
        let moved = Moved::of(old, site, &lost);
        for address in lost {
            let post = known.get(&address).copied().or_else(|| moved.post(pages.listed.get(&address)?, &address));
            pages.was_at.extend(post.map(|post| (post, address.clone())));
            pages.lost.insert(address, post);
        }
        pages
    }

    /// Whether the earlier output has its pages, and is not given by one file alone.
    pub fn are_known(&self) -> bool {
        self.old.contains_key("index.html")
    }

    fn answers(&self, address: &str) -> bool {
        self.new.contains_key(&file(address))
    }

    /// The post that a URL of the earlier output leads to.
    pub fn post_at(&self, url: &str) -> Option<PostIx> {
        let address = address_of_post(url)?;
        self.posts.get(address.as_str()).copied().or_else(|| *self.lost.get(&address)?)
    }

    /// Where a post was, as far as is known: its address, those that lead to it, and one that it moved from.
    fn places(&self, post: PostIx) -> impl Iterator<Item = &str> {
        let Post { address, aliases, .. } = self.site.posts[post].as_ref();
        let own = std::iter::once(address).chain(aliases).map(|address| address.as_str());
        own.chain(self.was_at.get(&post).map(String::as_str))
    }

    /// Whether the earlier output shows an update on its post's page.
    pub fn show(&self, post: PostIx, update: &Update) -> bool {
        let own = self.site.posts[post].address.file();
        // Most pages are as they were.
        if self.old.get(&own).is_some_and(|page| self.new.get(&own) == Some(page)) {
            return true;
        }
        let anchor = update.anchor();
        let pages = self.places(post).filter_map(|place| self.old.get(&file(place)));
        pages.filter_map(|page| std::str::from_utf8(page).ok()).any(|page| page.contains(&anchor))
    }

    /// The ids of the servers that a post was about, as far as is known.
    pub fn servers_of(&self, post: PostIx) -> &[String] {
        self.places(post).find_map(|place| self.listed.get(place)).map_or(&[], |listed| &listed.servers)
    }

    /// Whether the earlier page of an event has a post in its timeline.
    pub fn tells_of(&self, url: &str, post: PostIx) -> bool {
        let page = address_of_post(url).and_then(|address| self.old.get(&file(&address)));
        let Some(page) = page.and_then(|page| std::str::from_utf8(page).ok()) else { return false };
        self.places(post).any(|place| page.contains(&format!("{}#u-", encode_path(place))))
    }

    /// Whether a post was about what a feed is about; also where nobody can tell.
    pub fn belonged(&self, post: PostIx, feed: &str) -> bool {
        let Some(listed) = self.places(post).find_map(|place| self.listed.get(place)) else { return true };
        match feed.split('/').collect::<Vec<_>>()[..] {
            ["server", id, _] => listed.servers.iter().any(|server| server == id),
            ["tag", tag, _] => listed.tags.iter().any(|other| other == tag),
            ["category", category, _] => listed.categories.iter().any(|name| slug(name) == category),
            ["maintenance.xml"] => listed.kind == "maintenance",
            _ => true,
        }
    }

    /// A post's page may move, and its old addresses go on answering: they stand in every feed and in customers' mails.
    pub fn lost_addresses(&self, findings: &mut Findings) {
        for (address, post) in &self.lost {
            let what = if post.is_some() { "this post" } else { "a post" };
            let message = format!("{what} was published at `{}`, and nothing answers there any more", encode_path(address));
            findings.push(self.lost_address(address, *post, message));
        }
        for (path, page) in self.old.iter().filter(|(path, _)| !self.new.contains_key(path.as_str())) {
            let Some(target) = redirect_of(page) else { continue };
            let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
            if !self.lost.contains_key(&address) {
                let message = format!("`{}` led to `{}`, and nothing answers there any more", encode_path(&address), visible(target));
                findings.push(self.lost_address(&address, self.post_at(target), message));
            }
        }
    }

    fn lost_address(&self, address: &str, post: Option<PostIx>, message: String) -> Finding {
        let address = encode_path(address);
        let (span, help) = match post.map(|post| &self.site.posts[post]) {
            Some(post) if post.aliases.is_empty() => {
                (post.title_span(), format!("write `aliases = [\"{address}\"]` in its front matter: the old address redirects then"))
            }
            Some(post) => (post.title_span(), format!("put `\"{address}\"` into its `aliases`: the old address redirects then")),
            None => {
                let help = format!(
                    "keep the post, with `withdrawn = true` if it should not have been written; \
                     where another one tells it now, write `aliases = [\"{address}\"]` in that one's front matter"
                );
                (site_posts(), help)
            }
        };
        Finding::new(Code::LostAddress, span, message).help(help)
    }
}

/// Posts at addresses that the earlier output does not have, by their title and what beside it stays where a post moves: its day or its
/// slug.
struct Moved<'a>(HashMap<(&'a str, String), PostIx>);

impl<'a> Moved<'a> {
    fn of(old: &Files, site: &'a Site, lost: &[String]) -> Moved<'a> {
        let mut moved = HashMap::new();
        let posts = site.posts.iter().enumerate().filter(|_| !lost.is_empty());
        for (ix, post) in posts.filter(|(_, post)| !old.contains_key(&post.address.file())) {
            for stays in [post.date.format("%Y-%m-%d").to_string(), post.slug.clone()] {
                moved.entry((post.title.as_str(), stays)).or_insert(ix);
            }
        }
        Moved(moved)
    }

    fn post(&self, listed: &Listed, address: &str) -> Option<PostIx> {
        let day = listed.date.split('T').next()?;
        let slug = address.trim_end_matches('/').rsplit('/').next()?;
        [day, slug].into_iter().find_map(|stays| self.0.get(&(listed.title.as_str(), stays.to_owned())).copied())
    }
}

/// The file that answers at a decoded address.
fn file(address: &str) -> String {
    Address::new(address).file()
}

/// `/2026/05/04/relay/` of a post's URL or path, decoded, wherever the site lay then.
pub fn address_of_post(url: &str) -> Option<String> {
    let page = url.split_once('#').map_or(url, |(page, _)| page).strip_suffix('/')?;
    let mut parts = page.rsplitn(5, '/');
    let (slug, day, month, year) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_it = !slug.is_empty() && [day, month, year].into_iter().all(is_number);
    is_it.then(|| decode_path(&format!("/{year}/{month}/{day}/{slug}/")))
}

/// Where a page leads that only redirects.
pub fn redirect_of(page: &Bytes) -> Option<&str> {
    let page = std::str::from_utf8(page).ok()?;
    let (_, refresh) = page.split_once("http-equiv=\"refresh\"")?;
    let (_, target) = refresh.split_once("url=")?;
    target.split(['"', '\'', '>']).next()
}
