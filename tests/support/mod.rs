//! Tiny sites from texts, for every test that needs one.
#![allow(dead_code, reason = "each test file uses its own part")]

use chrono::{DateTime, Utc};
use signalpost::findings::Findings;
use signalpost::model::Site;
use signalpost::source::Sources;
use signalpost::{Now, Options, Prepared, prepare};

pub const SITE: &str = "title = \"Status\"\nbase_url = \"https://status.example.net\"\n";

pub const SERVERS: &str = r#"
[[server]]
id = "nc023"
aliases = ["relay"]
group = "Mail"
[[server]]
id = "nc027"
group = "Mail"
[[server]]
id = "ns1"
[[server]]
id = "nc028"
status = "internal"
[[server]]
id = "nc018"
status = "retired"
"#;

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Sources with the usual settings and servers, and these files beside or instead of them.
pub fn sources(files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in [("site.toml", SITE), ("content/servers.toml", SERVERS)].iter().chain(files) {
        sources.insert(path, text.to_string());
    }
    sources
}

/// A post's file: name without folder, front matter and text.
pub fn post(name: &str, front: &str, text: &str) -> (String, String) {
    (format!("content/posts/{name}.md"), format!("+++\n{front}\n+++\n\n{text}\n"))
}

pub fn given(now: &str) -> Options {
    Options { now: Now::Given(at(now)), drafts: false, base_url: None }
}

pub fn clock(now: &str) -> Options {
    Options { now: Now::Clock(at(now)), drafts: false, base_url: None }
}

pub fn read(posts: &[(String, String)], options: &Options) -> (Option<Prepared>, Findings) {
    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    prepare(&sources(&files), options)
}

/// The site alone, without pages and outputs: for tests that read many.
pub fn loaded(sources: &Sources, options: &Options) -> (Option<Site>, Findings) {
    let mut findings = Findings::default();
    let site = signalpost::load::site::site(sources, options, &mut signalpost::load::Memo::default(), &mut findings);
    (site, findings)
}

/// The site of posts without an error in them.
pub fn site(posts: &[(String, String)], options: &Options) -> std::sync::Arc<Site> {
    let (prepared, findings) = read(posts, options);
    let errors: Vec<String> = said(&findings).into_iter().filter(|said| said.starts_with("error")).collect();
    assert_eq!(errors, Vec::<String>::new());
    prepared.unwrap().plan.site
}

/// Findings as lines: `error[code] path: message`.
pub fn said(findings: &Findings) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{}[{}] {}: {}", finding.severity().word(), finding.code.name(), finding.span.path, finding.message))
        .collect()
}

/// The codes of all findings, in order.
pub fn codes(findings: &Findings) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.name()).collect()
}

/// The status word of a server at the site's moment.
pub fn status_of(site: &Site, server: &str) -> &'static str {
    let index = site.servers.iter().position(|other| other.id.as_ref() == server).unwrap();
    site.glance.servers[index].status.word()
}
