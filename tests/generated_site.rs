//! The site that benches measure is what they say it is.

#[path = "../benches/site/mod.rs"]
mod site;

use std::collections::BTreeSet;

use site::Shape;

#[test]
fn the_same_shape_gives_the_same_site() {
    assert_eq!(site::files(Shape::of(200)), site::files(Shape::of(200)));
    assert_ne!(site::files(Shape::of(200)), site::files(Shape { seed: 2, ..Shape::of(200) }));
}

#[test]
fn posts_are_as_large_and_as_mixed_as_real_ones() {
    let posts = site::posts(Shape::of(2000));
    let mut sizes: Vec<usize> = posts.iter().map(|post| post.signalpost().len()).collect();
    sizes.sort();
    assert!((1500..2000).contains(&sizes[1000]), "the median is {}", sizes[1000]);
    for (kind, least) in [("incident", 1000), ("maintenance", 300), ("notice", 150)] {
        assert!(posts.iter().filter(|post| post.kind == kind).count() > least, "{kind}");
    }
    assert!(posts.iter().filter(|post| post.follows.is_some()).count() > 50);
    assert_eq!(posts.iter().flat_map(|post| &post.servers).collect::<BTreeSet<_>>().len(), 40);
    assert_eq!(posts.iter().flat_map(|post| &post.tags).collect::<BTreeSet<_>>().len(), 60);
    assert_eq!(posts.iter().map(|post| post.date.format("%Y").to_string()).collect::<BTreeSet<_>>().len(), 16);
}

#[test]
fn no_two_posts_share_a_file_or_a_slug() {
    let posts = site::posts(Shape::of(5000));
    assert_eq!(posts.iter().map(site::Post::path).collect::<BTreeSet<_>>().len(), 5000);
    assert_eq!(posts.iter().map(|post| &post.slug).collect::<BTreeSet<_>>().len(), 5000);
}

#[test]
fn nothing_is_found_in_it() {
    let sources = site::sources(Shape::of(400));
    let options = signalpost::Options { now: signalpost::Now::Given(site::now()), drafts: false, base_url: None };
    let (prepared, findings) = signalpost::prepare(&sources, &options);
    let lines = signalpost::findings::draw(&findings, &sources, signalpost::findings::Drawing::default());
    assert!(prepared.is_some() && findings.is_empty(), "{lines}");
}
