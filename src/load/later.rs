//! Links to what comes later than the moment that a site is shown at: there is no page yet, or it does not have that anchor.

use std::sync::Arc;

use chrono::Datelike;
use foldhash::{HashMap, HashSet};

use crate::model::address::slug;
use crate::model::text::LocalLink;
use crate::model::{Address, Config, Html, Moment, PlainPage, Post};

/// What there is not yet.
#[derive(Debug, Default)]
pub struct Later {
    /// Of posts, and of the lists that hold later ones alone.
    pub addresses: HashSet<Address>,
    /// By the address of a post that is there: the ids in those of its updates that are not.
    ids: HashMap<Address, HashSet<String>>,
}

impl Later {
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.ids.is_empty()
    }

    /// Adds the ids of a post's updates that come after a moment.
    pub fn add_updates(&mut self, post: &Post, moment: Moment) {
        for update in post.updates.iter().filter(|update| !update.is_at(moment)) {
            let ids = self.ids.entry(post.address.clone()).or_default();
            ids.insert(update.anchor());
            ids.extend(update.html.ids().map(str::to_owned));
        }
    }

    /// Whether a link on the page with this address leads there.
    fn holds(&self, link: &LocalLink, page: Option<&Address>) -> bool {
        let has_id = |page: &Address| {
            let fragment = link.fragment.as_ref();
            fragment.is_some_and(|fragment| self.ids.get(page).is_some_and(|ids| ids.contains(fragment)))
        };
        link.to.as_ref().is_some_and(|to| is_of(&self.addresses, to)) || link.to.as_ref().or(page).is_some_and(has_id)
    }
}

/// The lists that a post stands in and that there are with posts alone: of its tags and categories, of its month and year.
pub fn lists(post: &Post) -> impl Iterator<Item = Address> {
    let tags = post.tags.iter().map(|tag| Address::of_tag(&slug(tag)));
    let categories = post.categories.iter().map(|category| Address::of_category(&slug(category)));
    let (year, month) = (post.date.year(), post.date.month());
    tags.chain(categories).chain([Address::of_year(year), Address::of_month(year, month)])
}

/// Whether an address is one of these, or the feed or a further page of a list among them.
pub fn is_of(addresses: &HashSet<Address>, to: &Address) -> bool {
    addresses.contains(to) || list_of(to.as_str()).is_some_and(|list| addresses.contains(&Address::new(list)))
}

/// The tag's or category's address that `/tag/mail/feed.xml` and `/tag/mail/page/2/` lie below.
fn list_of(path: &str) -> Option<&str> {
    let list = path.strip_suffix("feed.xml").or_else(|| {
        let (list, number) = path.strip_suffix('/')?.rsplit_once("page/")?;
        (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(list)
    })?;
    (list.starts_with("/tag/") || list.starts_with("/category/")).then_some(list)
}

/// Takes such links out of every text, where their words stay, and out of the sidebar's lists: a list with no link left is left out.
pub fn unlink(later: &Later, posts: &mut [Arc<Post>], pages: &mut [PlainPage], config: &mut Arc<Config>) {
    let has_later = |html: &Html, page: Option<&Address>| html.local_links.iter().any(|link| later.holds(link, page));
    for post in posts.iter_mut().filter(|post| post.updates.iter().any(|update| has_later(&update.html, Some(&post.address)))) {
        let post = Arc::make_mut(post);
        post.updates.iter_mut().for_each(|update| update.html.unlink(|link| later.holds(link, Some(&post.address))));
    }
    pages.iter_mut().for_each(|page| page.html.unlink(|link| later.holds(link, None)));
    if config.sidebar.iter().filter_map(|block| block.text.as_ref()).any(|text| has_later(text, None)) {
        let texts = Arc::make_mut(config).sidebar.iter_mut().filter_map(|block| block.text.as_mut());
        texts.for_each(|text| text.unlink(|link| later.holds(link, None)));
    }
    let is_later = |to: &Address| is_of(&later.addresses, to);
    if config.local_links.iter().any(|(to, _)| is_later(to)) {
        let config = Arc::make_mut(config);
        config.local_links.retain(|(to, _)| !is_later(to));
        config.sidebar.retain_mut(|block| {
            let before = block.links.len();
            block.links.retain(|link| !link.to.as_ref().is_some_and(is_later));
            block.links.len() == before || !block.links.is_empty() || block.text.is_some()
        });
    }
}
