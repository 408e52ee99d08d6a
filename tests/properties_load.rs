//! Reading and building hold for any input: no panic, the same bytes in any order and on any number of threads, and what is
//! remembered gives what is read afresh.

#[path = "model/facts.rs"]
mod facts;
mod support;

use bytes::Bytes;
use facts::{moment, posts, texts};
use proptest::prelude::*;
use signalpost::findings::{Drawing, Finding, Findings, Format, draw};
use signalpost::load::Memo;
use signalpost::publish::PublishOptions;
use signalpost::render::{self, Bundle};
use signalpost::source::Sources;
use signalpost::{Now, Options, build, prepare, prepare_with, publish_site};

const OPTIONS: fn(i64) -> Options = |now| Options { now: Now::Given(moment(now)), drafts: false, base_url: None };

/// A post that uses everything that a post can.
const RICH: &str = r#"+++
title = "NC023: disk replacement"
kind = "maintenance"
servers = ["nc023", "relay", "nc027"]
tags = ["mail relay", "hardware"]
category = "Mail"
date = 2024-02-28T19:00:00Z
start = 2024-02-28T20:00:00Z
end = "2024-02-28 21:00 UTC"
impact = { nc023 = "maintenance", nc027 = "degraded" }
aliases = ["/2013/05/old/"]
guid = "https://old.example.net/?p=12"
pinned = 2024-03-01T00:00:00Z
author = "N. N."
summary = "A disk."
+++

We replace a *disk*. See [the relay](post-1.md#u-opening), <https://example.net> and ![graph](/graph.png).

| a | b |
|---|--:|
| `x` | y[^1] |

[^1]: A note.

## 2024-02-28 20:02 UTC — In progress {#begun impact=maintenance nc027=none}

- [x] off
- [ ] on

## 2024-02-28 20:14:30 UTC – Completed: all well {impact=none}

<b>bold</b> <!-- gone --> <senderdomain.local> **done**
"#;

/// Pieces that mean something to one of the readers, for inserting where they do not belong.
const PIECES: &[&str] = &[
    "+++",
    "\n+++\n",
    "---\n",
    "\"",
    "\"\"\"",
    "'''",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "]]",
    "=",
    "\0",
    "\u{feff}",
    "\r",
    "\r\n",
    "\u{202e}",
    "\u{7f}",
    "\u{fffe}",
    "\n## 2024-02-28 20:02 UTC — Resolved {",
    "{impact=",
    "{#",
    "— ",
    "[^1]",
    "[^1]: ",
    "![",
    "](",
    "<a href=",
    "<!--",
    "-->",
    "&#x1b;",
    "`",
    "```",
    "~~~ a\"b",
    "| ",
    "\n> ",
    "\n- ",
    "\n1. ",
    "    ",
    "\t",
    "\\",
    "2024-02-30T25:61:00Z",
    "9999-12-31T23:59:60Z",
    "9223372036854775808",
    "é",
    "日本",
    "🙂",
    "://",
    "javascript:",
    "%2e%2e/",
    "../",
    "a.md",
    "#u-",
    "follows = \"post-0\"\n",
    "id = \"x\"\n",
    "slug = \"feed.xml\"\n",
    "server = \"nc02\"\n",
    "end = 1970-01-01T00:00:00Z\n",
    "date = 2199-12-31T23:59:59Z\n",
    "title = 1\n",
    "[extra]\n",
];

#[derive(Debug, Clone)]
enum Edit {
    Insert(usize, usize),
    Delete(usize, usize),
    Repeat(usize, usize, usize),
    Byte(usize, u8),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        4 => (any::<usize>(), 0..PIECES.len()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        2 => (any::<usize>(), 1..40_usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        1 => (any::<usize>(), 1..30_usize, 2..20_usize).prop_map(|(at, length, times)| Edit::Repeat(at, length, times)),
        1 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Edit::Byte(at, byte)),
    ];
    prop::collection::vec(edit, 1..8)
}

fn edited(text: &str, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let place = |at: usize| at % (bytes.len() + 1);
        match *edit {
            Edit::Insert(at, piece) => {
                let at = place(at);
                bytes.splice(at..at, PIECES[piece].bytes());
            }
            Edit::Delete(at, length) => {
                let at = place(at);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Edit::Repeat(at, length, times) => {
                let at = place(at);
                let piece = bytes[at..(at + length).min(bytes.len())].repeat(times);
                bytes.splice(at..at, piece);
            }
            Edit::Byte(at, byte) => {
                let at = place(at);
                bytes.insert(at, byte);
            }
        }
    }
    bytes
}

/// Builds, and draws every finding as a person and a program would see it. Returns the findings.
fn survives(sources: &Sources) -> Findings {
    let given = build(sources, &OPTIONS(600));
    for finding in given.findings.iter() {
        in_its_file(sources, finding);
    }
    for format in [Format::Human, Format::Json] {
        draw(&given.findings, sources, Drawing { format, ..Drawing::default() });
    }
    build(sources, &Options { now: Now::Clock(moment(600)), drafts: true, base_url: None });
    given.findings
}

fn in_its_file(sources: &Sources, finding: &Finding) {
    let Some(file) = sources.get(&finding.span.path) else { return };
    let span = &finding.span;
    assert!(span.start <= span.end && span.end <= file.bytes.len(), "{finding:?} lies outside its file of {} bytes", file.bytes.len());
    assert!(!finding.message.ends_with('.') && !finding.message.contains(char::is_control), "{finding:?}");
}

fn with_posts(posts: &[(String, String)]) -> Sources {
    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    support::sources(&files)
}

fn remembered(memo: &mut Memo, sources: &Sources, options: &Options) -> (Option<Bundle>, Findings) {
    let (prepared, mut findings) = prepare_with(memo, sources, options);
    let bundle = prepared.map(|made| render::bundle(&made.plan, &made.outputs, &made.theme, &mut findings));
    (bundle.filter(|_| !findings.has_errors()), findings)
}

fn assert_same(one: &Option<Bundle>, other: &Option<Bundle>) {
    let files = |bundle: &Option<Bundle>| bundle.iter().flat_map(|bundle| bundle.files.keys().cloned()).collect::<Vec<_>>();
    assert_eq!(files(one), files(other));
    if let (Some(one), Some(other)) = (one, other) {
        for (path, body) in &one.files {
            assert!(*body == other.files[path], "{path} differs");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_as_a_post_make_it_fail(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut sources = support::sources(&[]);
        sources.insert("content/posts/2024-02-28-any.md", bytes.clone());
        survives(&sources);
        sources.insert("content/posts/2024-02-28-any.md", [b"+++\ntitle = \"x\"\n+++\n".as_slice(), &bytes].concat());
        survives(&sources);
        sources.insert("content/posts/2024-02-28-any.md", [b"+++\n".as_slice(), &bytes, b"\n+++\n"].concat());
        survives(&sources);
    }

    #[test]
    fn no_slip_in_a_post_makes_it_fail(edits in edits()) {
        let mut sources = support::sources(&[("content/posts/2024-02-28-post-1.md", RICH), ("content/static/graph.png", "")]);
        sources.insert("content/posts/2024-02-28-post-0.md", edited(RICH, &edits));
        survives(&sources);
    }

    #[test]
    fn no_slip_in_the_servers_or_settings_makes_it_fail(servers in edits(), settings in edits()) {
        let site = format!(
            "{}language = \"en\"\ntime_zones = [\"Africa/Lusaka\"]\naccent = \"#0b63b0\"\nstale_after = \"26h\"\n[feeds]\nitems = 5\n[[sidebar]]\ntitle = \"Links\"\ntext = \"*a*\"\nlinks = [{{ title = \"x\", url = \"/about/\" }}]\n",
            support::SITE
        );
        let mut sources = support::sources(&[("content/posts/2024-02-28-post-1.md", RICH)]);
        sources.insert("content/servers.toml", edited(support::SERVERS, &servers));
        survives(&sources);
        sources.insert("site.toml", edited(&site, &settings));
        survives(&sources);
    }

    #[test]
    fn any_name_of_a_file_is_taken_or_refused(name in "\\PC{0,12}", folder in "(posts|pages|static)") {
        let mut sources = support::sources(&[]);
        let name = name.replace(['/', '\0'], "");
        sources.insert(&format!("content/{folder}/{name}.md"), "+++\ntitle = \"x\"\ndate = 2024-02-28T19:00:00Z\n+++\n\nText.\n");
        survives(&sources);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_bytes_in_any_order_and_on_one_thread_or_two(posts in posts(), now in 0..90_i64) {
        let texts = texts(&posts);
        let backwards: Vec<(String, String)> = texts.iter().rev().cloned().collect();
        let on = |threads: usize, sources: &Sources| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| build(sources, &OPTIONS(10 * now)))
        };
        let first = on(1, &with_posts(&texts));
        prop_assert!(first.bundle.is_some());
        for other in [on(2, &with_posts(&backwards)), on(1, &with_posts(&texts))] {
            assert_same(&first.bundle, &other.bundle);
            prop_assert_eq!(&first.findings, &other.findings);
        }
    }
}

/// What may stand above an update and swallow it, each at most once: nothing here closes another.
const SWALLOWING: &[&str] = &[
    "```",
    "~~~ sh",
    "<!--",
    "<div>",
    "<pre>",
    "<?php",
    "<![CDATA[",
    "> quoted",
    "- item",
    "  1) item",
    "| a | b |\n|---|---|",
    "[^1]: a note",
    "[a]: /x \"title",
    "    code",
    "words",
    "words\\",
    "",
    "***",
    "# heading",
    "- ```",
    "> <!--",
    "`code",
    "[link](",
    "<b",
    "- [ ] task",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_update_is_read_or_missed_aloud(
        above in prop::sample::subsequence(SWALLOWING, 0..4).prop_shuffle(),
        marks in prop::sample::select(vec![
            "## ", "##", " ## ", "    ## ", "\t## ", "> ## ", "- ## ", "1. ## ", "# ", "### ", "## **", "##\u{a0}", "\u{200b}## ", "**", "  **", "__", "",
            "#\u{2007}", "<h2>", "<b>", "- **", "\r## ", "\u{2028}## ",
        ]),
    ) {
        let text = format!("{}\n{marks}2024-02-28 20:14 UTC — Resolved", above.join("\n"));
        let front = "title = \"x\"\nserver = \"nc023\"\nstart = 2024-02-28T20:00:00Z\ndate = 2024-02-28T20:00:00Z";
        let (path, text) = support::post("x", front, &text);
        let (site, findings) = support::loaded(&support::sources(&[(&path, &text)]), &OPTIONS(600));
        let is_read = site.is_some_and(|site| site.posts[0].updates.iter().any(|update| update.state.is_some()));
        let codes = support::codes(&findings);
        let is_said = ["update-heading", "unclosed-block", "looks-like-update"].iter().any(|code| codes.contains(code));
        prop_assert!(is_read || is_said, "{text}");
    }
}

/// Addresses that users may ask for: of ours, beside them, above and below them.
const ADDRESSES: &[&str] = &[
    "/atom.xml",
    "/atom.xml/",
    "/feed.xml/p.txt",
    "/FEED.xml",
    "/robots.txt",
    "/robots.txt/x/",
    "/a",
    "/a/",
    "/a/b.txt",
    "/a/b.txt/c/",
    "/A/B.TXT",
    "/tag",
    "/tag/x/",
    "/tag/mail/",
    "/2024",
    "/2024.html",
    "/2024/02/28/x/",
    "/2024/02/28/x/y.txt",
    "/server/nc023/",
    "/server/nc023/badge.svg/",
    "/group/mail/",
    "/group/mail/badge.svg",
    "/assets/x",
    "/assets",
    "/api",
    "/api/v2/",
    "/.git/x/",
    "/.well-known/x",
    "/.well-known",
    "/404.html/x",
    "/index.html",
    "/index.html/",
    "/page/1/",
    "/con/",
    "/x y/",
    "/ä/",
    "/a\u{308}/",
    "/_headers",
    "/_redirects/",
    "/favicon.ico/",
    "/search/index.html",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// What `check` finds no error in, `build` can write.
    #[test]
    fn a_site_without_an_error_can_be_published(
        aliases in prop::collection::vec(prop::sample::select(ADDRESSES), 0..4),
        long in prop::sample::select(vec![1_usize, 200, 201, 255, 256, 4000]),
        assets in prop::collection::vec(prop::sample::select(ADDRESSES), 0..2),
        page in prop::option::weighted(0.3, prop::sample::select(ADDRESSES)),
        groups in prop::collection::vec(prop::sample::select(vec!["Mail!", "Mail?", "Mail 2", "mail-2", "Mail 2 2", "MAIL", "!", "Ma\u{ed}l"]), 0..6),
    ) {
        let long = if aliases.len() == 3 { format!("/{}/", "x".repeat(long)) } else { "/y/".to_owned() };
        let aliases: Vec<String> = aliases.iter().map(|alias| alias.to_string()).chain([long]).collect();
        let front = format!("title = \"x\"\ndate = 2024-02-28T20:00:00Z\ntags = [\"mail\"]\naliases = {aliases:?}");
        let (path, text) = support::post("x", &front, "Words.");
        let mut sources = support::sources(&[(&path, &text)]);
        for asset in &assets {
            sources.insert(&format!("content/static{}", asset.trim_end_matches('/')), "x");
        }
        if let Some(page) = page {
            sources.insert(&format!("content/pages{}.md", page.trim_end_matches('/')), "+++\ntitle = \"x\"\n+++\n\nWords.\n");
        }
        let servers: String = groups.iter().enumerate().map(|(at, group)| format!("[[server]]\nid = \"s{at}\"\ngroup = {group:?}\n")).collect();
        sources.insert("content/servers.toml", servers);
        let (prepared, mut findings) = prepare(&sources, &OPTIONS(600));
        if !findings.has_errors() {
            let folder = tempfile::tempdir().unwrap();
            let output = folder.path().join("public");
            let published = publish_site(&prepared.unwrap(), &output, &PublishOptions::default(), &mut findings);
            prop_assert!(matches!(published, Ok(Some(_))), "{:?}", published.err().map(|failure| failure.to_string()));
        }
    }
}

/// One step of somebody who edits a site while it is served.
#[derive(Debug, Clone)]
enum Step {
    Write(usize, usize),
    Remove(usize),
    Rename(usize, usize),
    Break(usize, Vec<Edit>),
    Servers(bool),
    Settings(usize),
    Later(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_usize, 0..12_usize).prop_map(|(file, text)| Step::Write(file, text)),
        2 => (0..6_usize).prop_map(Step::Remove),
        1 => (0..6_usize, 0..6_usize).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => (0..6_usize, edits()).prop_map(|(file, edits)| Step::Break(file, edits)),
        1 => any::<bool>().prop_map(Step::Servers),
        1 => (0..3_usize).prop_map(Step::Settings),
        1 => (0..90_i64).prop_map(Step::Later),
    ]
}

/// Texts that depend on each other: links to files that come and go, another slug, drafts, another server.
fn wording(text: usize) -> String {
    let front = [
        "server = \"nc023\"",
        "server = \"nc027\"\nslug = \"other\"",
        "server = \"nc099\"",
        "draft = true",
        "follows = \"post-0\"",
        "tags = [\"Mail\"]",
    ][text % 6];
    let start = if text.is_multiple_of(2) { "start = 2024-02-28T20:00:00Z\n" } else { "" };
    format!(
        "+++\ntitle = \"Post {text}\"\ndate = 2024-02-28T19:00:00Z\n{start}{front}\n+++\n\nSee [another](post-{}.md) and [about](../pages/about.md).\n",
        text % 5
    )
}

fn take(sources: &mut Sources, now: &mut i64, step: &Step) {
    let path = |file: &usize| format!("content/posts/post-{file}.md");
    match step {
        Step::Write(file, text) => sources.insert(&path(file), wording(*text)),
        Step::Remove(file) => {
            sources.files.remove(path(file).as_str());
        }
        Step::Rename(from, to) => {
            if let Some(file) = sources.files.remove(path(from).as_str()) {
                sources.insert(&path(to), file.bytes);
            }
        }
        Step::Break(file, edits) => {
            let bytes = sources.get(&path(file)).map_or(Bytes::new(), |file| file.bytes.clone());
            sources.insert(&path(file), edited(&String::from_utf8_lossy(&bytes), edits));
        }
        Step::Servers(more) => {
            let extra = if *more { "[[server]]\nid = \"nc099\"\n" } else { "" };
            sources.insert("content/servers.toml", format!("{extra}{}", support::SERVERS));
        }
        Step::Settings(which) => {
            let extra = ["", "posts_per_page = 1\n", "remote_images = \"allow\"\n"][*which];
            sources.insert("site.toml", format!("{}{extra}", support::SITE));
        }
        Step::Later(moment) => *now = 10 * moment,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_remembered_gives_what_is_read_afresh(steps in prop::collection::vec(step(), 1..12)) {
        let mut sources = support::sources(&[("content/pages/about.md", "+++\ntitle = \"About\"\n+++\n\nText.\n")]);
        let mut memo = Memo::default();
        let mut now = 600;
        for step in &steps {
            take(&mut sources, &mut now, step);
            let (bundle, findings) = remembered(&mut memo, &sources, &OPTIONS(now));
            let fresh = build(&sources, &OPTIONS(now));
            prop_assert_eq!(&findings, &fresh.findings);
            assert_same(&bundle, &fresh.bundle);
        }
    }
}
