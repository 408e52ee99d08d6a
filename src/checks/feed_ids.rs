//! A `guid` that is also the id of another item of the feeds: a reader drops one of the two, and an announcement is sent of one.

use foldhash::HashMap;

use crate::findings::{Code, Finding, Findings, visible};
use crate::model::Post;
use crate::outputs::item::{tag_uri, update_id};
use crate::plan::Plan;

pub fn check(plan: &Plan, findings: &mut Findings) {
    let site = &plan.site;
    let ours = tag_uri(site, "");
    // Other posts' guids were compared with each other when they were read; hardly any looks like an id of ours.
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
