//! Two posts of one id: feed readers, calendars and the API's clients would take them for one.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::names;
use crate::findings::{Code, Finding, Findings};
use crate::model::Post;
use crate::source::Span;

/// `posts` are newest first.
pub fn check(posts: &[Arc<Post>], findings: &mut Findings) {
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
