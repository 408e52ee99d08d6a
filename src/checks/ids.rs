//! Two things of one id: feed readers, calendars and the API's clients would take two posts for one, and of two items of the feeds a reader
//! drops one, and one alone is announced.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::findings::{Code, Finding, Findings, visible};
use crate::load::names;
use crate::model::{Post, Site};
use crate::outputs::item::{tag_uri, update_id};
use crate::source::Span;

pub fn check(site: &Site, findings: &mut Findings) {
    check_ids(&site.posts, findings);
    check_guids(&site.posts, findings);
    check_feed_ids(site, findings);
}

/// `posts` are newest first.
fn check_ids(posts: &[Arc<Post>], findings: &mut Findings) {
    let mut by_id: HashMap<&str, &Post> = HashMap::with_capacity(posts.len());
    // Oldest first: the newer of two is the one to change.
    for post in posts.iter().rev() {
        if let Some(first) = by_id.get(post.id.as_str()) {
            // Two files of one name also share their address, and are told so there.
            if post.address == first.address && post.ranges.id.is_none() && first.ranges.id.is_none() {
                continue;
            }
            let place = post.ranges.id.clone().unwrap_or(names::NAME);
            findings.push(
                Finding::new(Code::DuplicateId, post.span(&place), format!("two posts have the id `{}`", post.id))
                    .help("feeds would take them for one: give the newer one another `id`")
                    .related(first.span(&first.ranges.id.clone().unwrap_or(names::NAME)), "the other post"),
            );
        } else {
            by_id.insert(&post.id, post);
        }
    }
}

/// `posts` are newest first.
fn check_guids(posts: &[Arc<Post>], findings: &mut Findings) {
    let mut by_guid: HashMap<&str, &Post> = HashMap::new();
    for post in posts.iter().rev() {
        let (Some(guid), Some(place)) = (&post.guid, &post.ranges.guid) else { continue };
        if let Some(first) = by_guid.insert(guid, post) {
            findings.push(
                Finding::new(Code::DuplicateId, post.span(place), format!("two posts have the feed id `{guid}`"))
                    .help("feeds would take them for one: `guid` is an imported post's old id, and a new post has none")
                    .related(Span::whole_file(&first.path), "the other post"),
            );
        }
    }
}

/// A `guid` that is also the id of another item.
fn check_feed_ids(site: &Site, findings: &mut Findings) {
    let ours = tag_uri(site, "");
    // Hardly any looks like an id of ours.
    let guids = site.posts.iter().filter_map(|post| Some((post.guid.as_deref()?, post.as_ref())));
    let guids: HashMap<&str, &Post> = guids.filter(|(guid, _)| guid.starts_with(&ours)).collect();
    if guids.is_empty() {
        return;
    }
    for post in &site.posts {
        let made = post.updates.iter().filter(|update| post.guid.is_none() || !update.is_opening());
        for (update, id) in made.map(|update| (update, update_id(site, post, update))) {
            let Some((other, place)) = guids.get(id.as_str()).and_then(|other| Some((*other, other.ranges.guid.as_ref()?))) else {
                continue;
            };
            findings.push(
                Finding::new(Code::DuplicateId, other.span(place), format!("`{}` is the feed id of another update", visible(&id)))
                    .help("feeds would take the two for one: `guid` is this post's own old id; a new post has none")
                    .related(post.span(&update.place), "the other update"),
            );
        }
    }
}
