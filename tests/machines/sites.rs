//! The sites that machines' files are tested on.

use std::path::Path;
use std::sync::Arc;

use signalpost::findings::Findings;
use signalpost::model::{Moment, Site};
use signalpost::render::Bundle;
use signalpost::source::Sources;
use signalpost::{Now, Options, Prepared};

pub const SETTINGS: &str = r#"
title = "Northwind \"status\" <b>"
base_url = "https://status.example.net"
description = "Incidents"
"#;

pub const SERVERS: &str = r#"
[[server]]
id = "nc023"
name = "NC023"
group = "Mail"
location = { name = "London", country = "GB" }

[[server]]
id = "nc027"
name = "NC \"27\" & <b>"
group = "Mail"
since = 2025-01-15

[[server]]
id = "nc033"
name = "NC033"

[[server]]
id = "lab"
name = "Lab"
status = "internal"

[[server]]
id = "old"
name = "Old"
status = "retired"
"#;

const PROBES: &str = r#"{ "at": "2026-05-04T18:50:00Z", "servers": {
    "nc023": { "up": true, "milliseconds": 12 },
    "nc027": { "up": false, "why": "connection refused" }
} }"#;

/// A site as it stands at a moment.
pub fn at(sources: &Sources, now: &str) -> Arc<Site> {
    prepared(sources, now).plan.site
}

/// Every file of a site as it stands at a moment.
pub fn bundle(sources: &Sources, now: &str) -> Bundle {
    let prepared = prepared(sources, now);
    let mut findings = Findings::default();
    let bundle = signalpost::render::bundle(&prepared.plan, &prepared.outputs, &prepared.theme, &mut findings);
    assert!(!findings.has_errors(), "{findings:#?}");
    bundle
}

pub fn prepared(sources: &Sources, now: &str) -> Prepared {
    let options = Options { now: Now::Given(moment(now)), drafts: false, base_url: None };
    let (prepared, findings) = signalpost::prepare(sources, &options);
    assert!(!findings.has_errors(), "{findings:#?}");
    prepared.expect("a site without errors")
}

pub fn moment(text: &str) -> Moment {
    text.parse().expect("a moment in RFC 3339")
}

pub fn sources(posts: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    sources.insert("site.toml", SETTINGS.to_owned());
    sources.insert("content/servers.toml", SERVERS.to_owned());
    for (path, text) in posts {
        sources.insert(&format!("content/posts/{path}"), (*text).to_owned());
    }
    sources
}

/// An incident in three posts, maintenance of every fate, events that customers are not told of, and two servers that were probed.
pub fn eventful() -> Sources {
    let mut sources = sources(&[
        (
            "2026-05-01-relay.md",
            "+++\ntitle = \"Relay \\\"slow\\\"\"\nservers = [\"nc023\", \"nc027\"]\nstart = 2026-05-01T10:00:00Z\n+++\nMail [waits](/status.txt).\n\n\
             ## 2026-05-01 11:00 UTC — Identified {impact=partial-outage nc027=none}\nA disk.\n",
        ),
        (
            "2026-05-01-relay-2.md",
            "+++\ntitle = \"Relay, update\"\nfollows = \"relay\"\ndate = 2026-05-01T12:00:00Z\n+++\nWorse.\n\n\
             ## 2026-05-01 12:30 UTC — Monitoring {impact=major-outage}\nIt runs.\n\n## 2026-05-01 13:00 UTC — Resolved\nOver.\n\n\
             ## 2026-05-03 09:00 UTC — Postmortem\nWhy.\n",
        ),
        (
            "2026-05-02-work.md",
            "+++\ntitle = \"Disks\"\nkind = \"maintenance\"\nserver = \"nc033\"\ndate = 2026-05-02T08:00:00Z\n\
             start = 2026-05-04T19:00:00Z\nend = 2026-05-04T20:00:00Z\n+++\nWe will replace disks.\n\n\
             ## 2026-05-04 19:05 UTC — In progress\nNow.\n\n## 2026-05-04 19:40 UTC — Verifying\nLooks well.\n\n## 2026-05-04 19:50 UTC — Completed\nDone.\n",
        ),
        (
            "2026-05-02-called-off.md",
            "+++\ntitle = \"Cables\"\nkind = \"maintenance\"\nservers = [\"nc023\"]\ndate = 2026-05-02T09:00:00Z\n\
             start = 2026-05-06T19:00:00Z\nend = 2026-05-06T20:00:00Z\n+++\nCables.\n\n## 2026-05-05 10:00 UTC — Cancelled\nNot needed.\n",
        ),
        (
            "2026-05-03-forgotten.md",
            "+++\ntitle = \"Switch\"\nkind = \"maintenance\"\nservers = [\"nc027\"]\ndate = 2026-05-03T09:00:00Z\n\
             start = 2026-05-07T19:00:00Z\nend = 2026-05-07T20:00:00Z\n+++\nSwitch.\n",
        ),
        (
            "2026-05-03-lab.md",
            "+++\ntitle = \"Lab fire\"\nserver = \"lab\"\nstart = 2026-05-03T00:00:00Z\nimpact = \"major-outage\"\n+++\nSecret.\n",
        ),
        ("2026-05-03-news.md", "+++\ntitle = \"New prices\"\n+++\nNone.\n"),
        (
            "2025-02-01-old.md",
            "+++\ntitle = \"The old one\"\nserver = \"old\"\nstart = 2025-02-01T00:00:00Z\nend = 2025-02-01T06:00:00Z\nimpact = \"major-outage\"\n+++\nIt fell.\n",
        ),
    ]);
    sources.insert("content/probes.json", PROBES);
    sources
}

/// Titles that break what is not escaped, and more open incidents than a list holds.
pub fn crowded() -> Sources {
    let titles = [r#"\"quoted\" </title><b>&amp;"#, "🚀 naïve – “quotes”", r"back\\slash \u2028", "日本語", "{{ 7*191 }}"];
    let posts: Vec<(String, String)> = (0..100)
        .map(|n| {
            let title = format!("{} {n}", titles[n % titles.len()]);
            let server = ["nc023", "nc027"][n % 2];
            let text = format!(
                "+++\ntitle = \"{title}\"\nserver = \"{server}\"\nstart = 2026-05-01T10:00:{:02}Z\n+++\nIt \"fails\" <b>.\n",
                n % 60
            );
            (format!("2026-05-01-incident-{n}.md"), text)
        })
        .collect();
    let posts: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    sources(&posts)
}

/// The example site of the repository.
pub fn example() -> Sources {
    signalpost::project::read(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository").sources
}

/// Moments around everything that happens in the eventful site.
pub const MOMENTS: [&str; 17] = [
    "2025-02-01T03:00:00Z",
    "2026-05-01T09:59:59Z",
    "2026-05-01T10:00:00Z",
    "2026-05-01T11:30:00Z",
    "2026-05-01T12:15:00Z",
    "2026-05-01T12:45:00Z",
    "2026-05-01T13:00:00Z",
    "2026-05-03T10:00:00Z",
    "2026-05-04T19:00:00Z",
    "2026-05-04T19:45:00Z",
    "2026-05-04T19:50:00Z",
    "2026-05-05T09:00:00Z",
    "2026-05-05T11:00:00Z",
    "2026-05-06T19:30:00Z",
    "2026-05-07T19:30:00Z",
    "2026-05-07T20:00:00Z",
    "2030-01-01T00:00:00Z",
];

pub fn every_site() -> Vec<(String, Arc<Site>)> {
    let mut sites = Vec::new();
    let (eventful, example) = (eventful(), example());
    for now in MOMENTS {
        sites.push((format!("eventful at {now}"), at(&eventful, now)));
    }
    for now in ["2014-03-22T12:00:00Z", "2026-05-04T19:10:00Z", "2026-11-21T12:00:00Z", "2030-01-01T00:00:00Z"] {
        sites.push((format!("example at {now}"), at(&example, now)));
    }
    sites.push(("crowded".into(), at(&crowded(), "2026-05-01T12:00:00Z")));
    sites.push(("without posts".into(), at(&sources(&[]), "2026-05-01T12:00:00Z")));
    sites
}
