//! The site that benches measure is what they say it is.

#[path = "../benches/site/mod.rs"]
mod site;

use std::collections::{BTreeMap, BTreeSet};

use signalpost::findings::Findings;
use signalpost::{Now, Options};
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
    let options = Options { now: Now::Given(site::now()), drafts: false, base_url: None };
    let (prepared, findings) = signalpost::prepare(&sources, &options);
    let lines = signalpost::findings::draw(&findings, &sources, signalpost::findings::Drawing::default());
    assert!(prepared.is_some() && findings.is_empty(), "{lines}");
}

/// Each build is held against the one before, as a schedule publishes a site that nobody edits: what time does by itself is no change
/// of what was published.
#[test]
fn time_that_passes_tells_nothing_of_the_past_otherwise() {
    let sources = site::sources(Shape::of(400));
    let build_at = |now| signalpost::prepare(&sources, &Options { now: Now::Given(now), drafts: false, base_url: None }).0.unwrap();
    let mut before: Option<BTreeMap<String, bytes::Bytes>> = None;
    for hours in [2400, 2111, 1000, 740, 735, 30, 24, 2, 0] {
        let signalpost::Prepared { plan, theme, outputs } = build_at(site::now() - chrono::TimeDelta::hours(hours));
        let mut findings = Findings::default();
        let bundle = signalpost::render::bundle(&plan, &outputs, &theme, &mut findings);
        if let Some(before) = &before {
            signalpost::checks::against::against(before, &plan.site, &bundle, &mut findings).expect("it was published");
        }
        let untold: Vec<_> = findings.iter().filter(|finding| finding.code == signalpost::findings::Code::UntoldChange).collect();
        assert!(untold.is_empty(), "{hours} hours before: {untold:#?}");
        before = Some(bundle.files);
    }
}

/// The theme of `benches/peers`: pages with the same parts as the other generators' have.
#[test]
fn the_theme_that_is_compared_shows_what_the_others_show() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/signalpost/themes/peers/templates");
    let names = ["post.html", "entry.html", "affected.html"];
    let templates = names.map(|name| (name, std::fs::read_to_string(folder.join(name)).unwrap()));
    let files = built_with_theme(&templates.each_ref().map(|(name, text)| (*name, text.as_str())));
    let page = page_of(&files, |post| post.kind == "incident" && post.updates.len() > 1);
    for part in ["<dt>Window</dt>", "<bdi>Perth</bdi>", "<dt>Affected servers</dt>", "UTC — Resolved</h2>", "rel=\"tag\"", "rel=\"next\""]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("data-phase") && !page.contains("at worst"), "the others do not work these out");
}

#[test]
fn a_theme_can_show_the_sidebar_beside_a_post() {
    let post = "{% extends \"default/post.html\" %}{% block aside %}<aside class=\"side\">{{ sidebar }}</aside>{% endblock %}";
    let files = built_with_theme(&[("post.html", post)]);
    let page = page_of(&files, |_| true);
    let (_, sidebar) = page.split_once("<aside class=\"side\">").expect("the post has a sidebar");
    assert!(
        sidebar.contains("<form class=\"find\"") && !sidebar.contains("Recent posts"),
        "what changes with posts stands on no post: {sidebar}"
    );
    assert!(files["index.html"].contains("<h2>Recent posts</h2>"), "the front page has the full one");
}

fn built_with_theme(templates: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut sources = site::sources(Shape::of(400));
    let settings = format!("{}theme = \"own\"\n", sources.get("site.toml").unwrap().text().unwrap());
    sources.insert("site.toml", settings);
    for (name, text) in templates {
        sources.insert(&format!("themes/own/templates/{name}"), (*text).to_owned());
    }
    let options = Options { now: Now::Given(site::now()), drafts: false, base_url: None };
    let built = signalpost::build(&sources, &options);
    assert_eq!(built.findings, Findings::default());
    let text = |(path, bytes): (String, bytes::Bytes)| Some((path, String::from_utf8(bytes.to_vec()).ok()?));
    built.bundle.expect("there are no errors").files.into_iter().filter_map(text).collect()
}

fn page_of(files: &BTreeMap<String, String>, is_it: impl Fn(&site::Post) -> bool) -> String {
    let post = site::posts(Shape::of(400)).into_iter().rev().skip(1).find(|post| is_it(post)).expect("there is such a post");
    files[&format!("{}/{}/index.html", post.date.format("%Y/%m/%d"), post.slug)].clone()
}
