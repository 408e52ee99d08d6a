//! Links to what comes later than the moment that a site is shown at: there is no page yet.

use std::sync::Arc;

use chrono::Datelike;
use foldhash::HashSet;

use crate::model::address::slug;
use crate::model::{Address, Config, Html, PlainPage, Post};

/// The lists that a post stands in and that there are with posts alone: of its tags and categories, of its month and year.
pub fn lists(post: &Post) -> impl Iterator<Item = Address> {
    let tags = post.tags.iter().map(|tag| Address::of_tag(&slug(tag)));
    let categories = post.categories.iter().map(|category| Address::of_category(&slug(category)));
    let (year, month) = (post.date.year(), post.date.month());
    tags.chain(categories).chain([Address::of_year(year), Address::of_month(year, month)])
}

/// Takes such links out of every text, where their words stay, and out of the sidebar's lists.
pub fn unlink(later: &HashSet<Address>, posts: &mut [Arc<Post>], pages: &mut [PlainPage], config: &mut Arc<Config>) {
    let is_later = |to: &Address| later.contains(to);
    let has_later = |html: &Html| html.local_links.iter().filter_map(|link| link.to.as_ref()).any(is_later);
    for post in posts.iter_mut().filter(|post| post.updates.iter().any(|update| has_later(&update.html))) {
        Arc::make_mut(post).updates.iter_mut().for_each(|update| update.html.unlink(is_later));
    }
    pages.iter_mut().for_each(|page| page.html.unlink(is_later));
    if config.sidebar.iter().filter_map(|block| block.text.as_ref()).any(has_later) {
        let texts = Arc::make_mut(config).sidebar.iter_mut().filter_map(|block| block.text.as_mut());
        texts.for_each(|text| text.unlink(is_later));
    }
    if config.local_links.iter().any(|(to, _)| is_later(to)) {
        let config = Arc::make_mut(config);
        config.local_links.retain(|(to, _)| !is_later(to));
        config.sidebar.iter_mut().for_each(|block| block.links.retain(|link| !link.to.as_ref().is_some_and(is_later)));
    }
}
