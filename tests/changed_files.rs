//! One more post changes a number of files that does not grow with the site.

#[path = "../benches/site/mod.rs"]
mod site;

use std::collections::BTreeSet;

use signalpost::render::Bundle;
use signalpost::source::Sources;
use signalpost::{Now, Options, build, prepare};
use site::Shape;

/// Few tags and servers, so that their lists have several pages in a small site too.
fn shape(posts: usize) -> Shape {
    Shape { servers: 3, tags: 3, ..Shape::of(posts) }
}

fn options() -> Options {
    Options { now: Now::Given(site::now()), drafts: false, base_url: None }
}

fn bundle(sources: &Sources) -> Bundle {
    let built = build(sources, &options());
    built.bundle.unwrap_or_else(|| panic!("{:?}", built.findings))
}

/// The same site with a post of this month about a server and a tag whose lists still have room on their last page.
fn with_one_more(sources: &Sources) -> Sources {
    let (prepared, _) = prepare(sources, &options());
    let plan = prepared.expect("the generated site is fine").plan;
    let size = plan.site.config.posts_per_page;
    let has_room = |count: usize| count > size && !count.is_multiple_of(size);
    let server = plan.site.posts_of_server.iter().position(|posts| has_room(posts.len())).expect("a server's list with room");
    let tag = plan.site.tags.iter().find(|tag| has_room(tag.posts.len())).expect("a tag's list with room");
    assert!(has_room(plan.site.posts.len()));
    let posted = (site::now() - chrono::TimeDelta::minutes(5)).format("%Y-%m-%dT%H:%M:%SZ");
    let front = format!("title = \"One more\"\nserver = \"{}\"\ntags = [\"{}\"]\nstart = {posted}", plan.site.servers[server].id, tag.name);
    let mut more = sources.clone();
    more.insert("content/posts/2026-11-21-1155-one-more.md", format!("+++\n{front}\n+++\n\nSomething is slow.\n"));
    more
}

/// What a changed file is, whatever the numbers in its path.
fn kind_of(path: &str) -> String {
    path.chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect::<String>()
        .replace("00", "0")
        .replace("00", "0")
        .replace("00", "0")
}

#[test]
fn one_more_post_changes_the_same_files_in_a_site_of_a_hundred_and_of_ten_thousand() {
    let changed = [105, 10_005].map(|posts| {
        let sources = site::sources(shape(posts));
        let (old, new) = (bundle(&sources), bundle(&with_one_more(&sources)));
        assert!(old.files.keys().all(|path| new.files.contains_key(path)), "nothing goes away");
        let changed: BTreeSet<String> =
            new.files.iter().filter(|(path, bytes)| old.files.get(*path) != Some(bytes)).map(|(path, _)| path.clone()).collect();
        assert!(changed.contains("2026/11/21/one-more/index.html") && changed.contains("index.html") && changed.contains("feed.xml"));
        changed
    });
    let kinds = changed.each_ref().map(|changed| changed.iter().map(|path| kind_of(path)).collect::<Vec<_>>());
    assert_eq!(changed[0].len(), changed[1].len(), "{:#?}\n{:#?}", kinds[0], kinds[1]);
}
