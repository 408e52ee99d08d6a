//! Inputs that are large in two ways at once take time in proportion to their size, not to the square of it.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use signalpost::findings::{Drawing, Findings, Format, draw};
use signalpost::import::{ExistingSite, File, Guess, Imported, System, import};
use support::{at, given, post, sources};

const SETTINGS: &str = "title = \"Status\"\nbase_url = \"https://status.example.net\"\n";

/// A debug build on a busy machine is allowed; what grows with the square takes minutes here.
fn soon<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    done
}

fn checked(servers: usize, front: &str, text: &str) -> Findings {
    let list: String = (0..servers).map(|n| format!("[[server]]\nid = \"s{n:05}\"\n")).collect();
    let (path, post) = post("2026-05-04-x", front, text);
    let sources = sources(&[("site.toml", SETTINGS), ("content/servers.toml", &list), (&path, &post)]);
    soon(|| signalpost::prepare(&sources, &given("2026-06-01T00:00:00Z")).1)
}

fn quoted(words: impl Iterator<Item = String>) -> String {
    words.map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

#[test]
fn many_servers_through_many_updates() {
    let servers = quoted((0..2500).map(|n| format!("s{n:05}")));
    let mut text = "Slow.\n".to_owned();
    for n in 1..200 {
        let time = at("2026-05-04T19:00:00Z") + TimeDelta::minutes(n);
        let impact = if n % 2 == 0 { "none" } else { "degraded" };
        write!(text, "\n## {} UTC — Update {{impact={impact}}}\nMore.\n", time.format("%Y-%m-%d %H:%M")).unwrap();
    }
    let front = format!("title = \"Slow\"\nstart = 2026-05-04T19:00:00Z\nservers = [{servers}]");
    assert_eq!(support::codes(&checked(2500, &front, &text)), ["open-for-weeks"]);
}

#[test]
fn many_footnotes_and_links_to_anchors() {
    let title = "title = \"Notes\"";
    let of_one = "[^1]".repeat(60_000) + "\n\n[^1]: x\n";
    let references: String = (0..8000).map(|n| format!("[^{n}]")).collect();
    let of_many = (0..8000).fold(references + "\n\n", |text, n| text + &format!("[^{n}]: x\n\n"));
    let anchors = "[x](#end)".repeat(30_000) + "\n\n### End {#end}\n";
    for text in [of_one, of_many, anchors] {
        assert_eq!(support::said(&checked(1, title, &text)), [""; 0]);
    }
    assert_eq!(checked(1, title, "[x](#here) [y](#end)\n\n### End {#end}\n").len(), 1);
}

#[test]
fn many_broken_links_and_many_pages_that_they_may_mean() {
    let front = format!("title = \"Links\"\naliases = [{}]", quoted((0..8000).map(|n| format!("/abc{n:05}/"))));
    let text: String = (0..8000).map(|n| format!("[a](/abd{n:05}/) ")).collect();
    let findings = checked(1, &front, &text);
    assert_eq!(findings.len(), 8000);
    assert_eq!(nearest_said(&findings), 100);
}

#[test]
fn many_unknown_servers_and_many_that_they_may_mean() {
    let front = format!("title = \"Servers\"\nservers = [{}]", quoted((0..10_000).map(|n| format!("t{n:05}"))));
    let findings = checked(3000, &front, "Slow.");
    assert_eq!(findings.iter().filter(|finding| finding.code.name() == "unknown-server").count(), 10_000);
    assert_eq!(nearest_said(&findings), 100);
}

fn nearest_said(findings: &Findings) -> usize {
    findings.iter().filter(|finding| finding.help.as_deref().is_some_and(|help| help.starts_with("did you mean"))).count()
}

#[test]
fn many_findings_in_one_line() {
    let text: String = (0..50_000).map(|n| format!("[é](/abd{n:05}/) ")).collect();
    let (path, post) = post("2026-05-04-x", "title = \"Links\"", &text);
    let sources = sources(&[("site.toml", SETTINGS), (&path, &post)]);
    let (_, findings) = signalpost::prepare(&sources, &given("2026-06-01T00:00:00Z"));
    for format in [Format::Short, Format::Json, Format::Github, Format::Gitlab] {
        let drawn = soon(|| draw(&findings, &sources, Drawing { format, ..Drawing::default() }));
        assert_eq!(drawn.matches("/abd49999/").count(), 1, "{format:?}");
    }
}

#[test]
fn many_posts_of_one_title_and_minute() {
    let posts: Vec<(String, String)> = (0..4000).map(|n| post(&format!("2026-05-04-1205-x{n}"), "title = \"Restart\"", "Done.")).collect();
    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let sources = sources(&files);
    let (prepared, _) = soon(|| signalpost::prepare(&sources, &given("2026-06-01T00:00:00Z")));
    assert_eq!(prepared.expect("there is no error").plan.site.feed_entries.len(), 4000);
}

/// Imports posts with these texts, which are all of one minute and called the same.
fn imported(texts: &[String]) -> Imported {
    let item = |(n, text): (usize, &String)| {
        format!(
            "<item><title>Restart</title><link>https://old.example/?p={n}</link><guid>https://old.example/?p={n}</guid>\
             <content:encoded><![CDATA[{text}]]></content:encoded><wp:post_id>{n}</wp:post_id>\
             <wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt><wp:post_name>restart</wp:post_name>\
             <wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"
        )
    };
    let items: String = texts.iter().enumerate().map(item).collect();
    let export = format!(
        "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>{items}</channel></rss>"
    );
    let files = [File { name: "export".to_owned(), below: "export.xml".to_owned(), bytes: export.into_bytes() }];
    let site = support::site(&[], &given("2026-06-01T00:00:00Z"));
    let existing = ExistingSite { site: &site, outputs: &BTreeSet::new(), media: &BTreeSet::new() };
    soon(|| import(System::Wordpress, &files, Guess::None, &existing).expect("it is an export"))
}

#[test]
fn many_imported_posts_of_one_name_and_day() {
    let imported = imported(&vec!["Done.".to_owned(); 4000]);
    let last = imported.posts.last().map(|post| post.path.as_str());
    assert_eq!((imported.posts.len(), last), (4000, Some("content/posts/2020/2020-01-01-0000-restart-4000.md")));
}

#[test]
fn many_blocks_that_none_ends() {
    let imported = imported(&["<!-- wp:latest-posts /-->\n".repeat(100_000)]);
    assert_eq!(imported.posts.len(), 1);
}
