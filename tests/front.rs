//! What the front page says of many things at once.

mod support;

use signalpost::{Options, build};
use support::{given, sources};

fn front_page(files: &[(&str, &str)], options: &Options) -> String {
    let built = build(&sources(files), options);
    let files = built.bundle.expect("there are no errors").files;
    String::from_utf8(files["index.html"].to_vec()).unwrap()
}

/// The newest words of an outage of everything stand on the first screen of a telephone, not below forty names.
#[test]
fn an_event_names_a_dozen_servers_and_counts_the_others() {
    let page = |count: usize| {
        let servers: String = (0..count).map(|n| format!("[[server]]\nid = \"s{n}\"\nname = \"S{n}\"\n")).collect();
        let ids: Vec<String> = (0..count).map(|n| format!("\"s{n}\"")).collect();
        let post = format!("+++\ntitle = \"Power\"\nkind = \"incident\"\nservers = [{}]\n+++\n\nWe are on it.\n", ids.join(", "));
        let files = [("content/servers.toml", servers.as_str()), ("content/posts/2026-05-04-1900-power.md", post.as_str())];
        let page = front_page(&files, &given("2026-05-04T20:00:00Z"));
        let (_, rest) = page.split_once("<p class=\"servers\">").expect("the box names servers");
        rest.split_once("</p>").expect("a paragraph ends").0.to_owned()
    };
    let names = |line: &str| line.matches("<bdi>").count();
    assert_eq!(names(&page(12)), 12);
    assert!(!page(12).contains("more"));
    assert_eq!(names(&page(13)), 11);
    assert!(page(13).ends_with("<a href=\"/2026/05/04/power/\">and 2 more</a>"), "{}", page(13));
    assert!(page(40).contains("and 29 more"));
}
