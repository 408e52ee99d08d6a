//! What machines read: the Statuspage API, `status.json`, `status.txt`, badges, the widget and the uptime tables, over whole sites.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use signalpost::model::{Moment, Site, Standing, Status};
use signalpost::outputs::api::Api;
use signalpost::outputs::{badge, status_json, status_text, uptime_csv, widget};
use signalpost::source::Sources;
use signalpost::{Now, Options};

const SETTINGS: &str = r#"
title = "Northwind \"status\" <b>"
base_url = "https://status.example.net"
description = "Incidents"
"#;

const SERVERS: &str = r#"
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

/// A site as it stands at a moment.
fn at(sources: &Sources, now: &str) -> Arc<Site> {
    let options = Options { now: Now::Given(moment(now)), drafts: false, base_url: None };
    let (prepared, findings) = signalpost::prepare(sources, &options);
    if std::env::var_os("STRICT").is_some() {
        assert!(!findings.has_errors(), "{findings:#?}");
    }
    prepared.expect("a site without errors").plan.site
}

fn moment(text: &str) -> Moment {
    text.parse().expect("a moment in RFC 3339")
}

fn sources(posts: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    sources.insert("site.toml", SETTINGS.to_owned());
    sources.insert("content/servers.toml", SERVERS.to_owned());
    for (path, text) in posts {
        sources.insert(&format!("content/posts/{path}"), (*text).to_owned());
    }
    sources
}

/// An incident in three posts, maintenance of every fate, and events that customers are not told of.
fn eventful() -> Sources {
    sources(&[
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
    ])
}

/// Titles that break what is not escaped, and more open incidents than a list holds.
fn crowded() -> Sources {
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
fn example() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::default();
    let files = ["site.toml", "content"].into_iter().flat_map(|part| walkdir::WalkDir::new(root.join(part)));
    for entry in files.map(|entry| entry.expect("the repository")).filter(|entry| entry.file_type().is_file()) {
        let path = entry.path().strip_prefix(root).expect("a file of the repository").to_str().expect("UTF-8").to_owned();
        sources.insert(&path, std::fs::read(entry.path()).expect("a readable file"));
    }
    sources
}

/// Moments around everything that happens in the eventful site.
const MOMENTS: [&str; 17] = [
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

fn every_site() -> Vec<(String, Arc<Site>)> {
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

/// The eight documents by their names below `/api/v2/`.
fn documents(site: &Site) -> Vec<(&'static str, Value)> {
    let api = Api::of(site);
    let json = |value: serde_json::Result<Value>| value.expect("a document that can be written");
    vec![
        ("summary.json", json(serde_json::to_value(api.summary()))),
        ("status.json", json(serde_json::to_value(api.status()))),
        ("components.json", json(serde_json::to_value(api.components()))),
        ("incidents.json", json(serde_json::to_value(api.incidents()))),
        ("incidents/unresolved.json", json(serde_json::to_value(api.unresolved_incidents()))),
        ("scheduled-maintenances.json", json(serde_json::to_value(api.maintenances()))),
        ("scheduled-maintenances/upcoming.json", json(serde_json::to_value(api.upcoming_maintenances()))),
        ("scheduled-maintenances/active.json", json(serde_json::to_value(api.active_maintenances()))),
    ]
}

/// What is wrong with a value by the definition of a schema.
fn problems(schema: &str, definition: &str, value: &Value) -> Vec<String> {
    let mut schema: Value = serde_json::from_str(schema).expect("a schema");
    schema["$ref"] = format!("#/$defs/{}", definition.replace('/', "~1")).into();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    validator.iter_errors(value).map(|problem| format!("{}: {problem}", problem.instance_path())).collect()
}

#[test]
fn the_api_of_every_site_satisfies_a_strict_schema() {
    for (name, site) in every_site() {
        for (path, document) in documents(&site) {
            let problems = problems(include_str!("schemas/statuspage-v2.json"), path, &document);
            assert!(problems.is_empty(), "{name}, {path}: {problems:#?}");
        }
    }
}

#[test]
fn status_json_of_every_site_satisfies_the_schema_that_is_published_beside_it() {
    let schema = include_str!("../src/outputs/status_json/schema.json");
    for (name, site) in every_site() {
        let document = status_json::document(&site);
        let value = serde_json::to_value(&document).expect("a document");
        assert_eq!(problems(schema, "document", &value), [""; 0], "{name}");
        let read: status_json::shape::Document = serde_json::from_value(value).expect("the document reads back");
        assert_eq!(read, document, "{name}");
        for server in 0..site.servers.len() {
            let document = status_json::server_document(&site, server, &document.head.digest);
            let value = serde_json::to_value(&document).expect("a document");
            assert_eq!(problems(schema, "server_document", &value), [""; 0], "{name}");
        }
    }
}

#[test]
fn the_state_is_the_same_wherever_it_is_said() {
    for (name, site) in every_site() {
        let document = status_json::document(&site);
        let components = Api::of(&site).components().components;
        let badges = badge::all(&site);
        let text = status_text::text(&site);
        let words = signalpost::words::Words::of(&site.config);
        for (server, now) in site.servers.iter().zip(&site.glance.servers) {
            let told = document.servers.iter().find(|told| told.id == *server.id).expect("every server is told of");
            assert_eq!((told.status, told.since), (now.status, now.since), "{name}, {}", server.id);
            let badge = badges.iter().find(|(folder, _)| *folder == format!("server/{}/", server.id)).expect("every server has a badge");
            let word = words.text(&format!("status.{}", now.status.word())).to_owned();
            assert_eq!((badge.1.status, &badge.1.message), (now.status, &word), "{name}, {}", server.id);
            let component = components.iter().find(|component| !component.group && component.name == server.name);
            assert_eq!(component.map(|component| component.status), component_status(server.standing, now.status), "{name}, {}", server.id);
            if server.standing != Standing::Retired {
                let row = text.lines().find(|line| line.trim().starts_with(&server.name) && line.ends_with(&word));
                assert!(row.is_some(), "{name}, {}: no row says {word} in\n{text}", server.id);
            }
        }
        assert_eq!((document.overall.status, badges[0].1.status), (site.glance.overall, site.glance.overall), "{name}");
        assert!(text.lines().any(|line| line == document.overall.text), "{name}:\n{text}");
        assert!(widget::page(&site).contains(&format!("data-status=\"{}\"", site.glance.overall.word())), "{name}");
        assert!(widget::script(&site).contains(&format!("\"status\":\"{}\"", site.glance.overall.word())), "{name}");
        let worst = components.iter().filter(|component| !component.group).map(|component| rank(component.status)).max().unwrap_or(0);
        assert_eq!(worst, site.glance.overall.rank(), "{name}");
    }
}

/// What the API calls a status; `None` for servers that it leaves out.
fn component_status(standing: Standing, status: Status) -> Option<signalpost::outputs::api::shape::ComponentStatus> {
    use signalpost::outputs::api::shape::ComponentStatus;
    (standing == Standing::Operational).then_some(match status {
        Status::Maintenance => ComponentStatus::UnderMaintenance,
        Status::Degraded => ComponentStatus::DegradedPerformance,
        Status::PartialOutage => ComponentStatus::PartialOutage,
        Status::MajorOutage => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Operational,
    })
}

fn rank(status: signalpost::outputs::api::shape::ComponentStatus) -> u8 {
    use signalpost::outputs::api::shape::ComponentStatus;
    match status {
        ComponentStatus::Operational => 0,
        ComponentStatus::UnderMaintenance => 1,
        ComponentStatus::DegradedPerformance => 2,
        ComponentStatus::PartialOutage => 3,
        ComponentStatus::MajorOutage => 4,
    }
}

#[test]
fn what_status_json_says_will_be_is_what_a_later_build_says() {
    let sources = eventful();
    for now in ["2026-05-04T18:00:00Z", "2026-05-04T19:01:00Z", "2026-05-05T11:00:00Z", "2026-05-07T19:30:00Z"] {
        let before = status_json::document(&at(&sources, now));
        assert!(before.overall.next.iter().all(|change| change.at > moment(now)));
        for server in &before.servers {
            for change in &server.next {
                // Words of staff that come later are not foreseen.
                let later = status_json::document(&at(&quiet_after(&sources, now), &change.at.to_rfc3339()));
                let told = later.servers.iter().find(|other| other.id == server.id).expect("the same server");
                assert_eq!(told.status, change.status, "{} at {}, seen from {now}", server.id, change.at);
            }
        }
    }
}

/// The site without the update headings that are later than a moment.
fn quiet_after(sources: &Sources, now: &str) -> Sources {
    let mut quiet = sources.clone();
    let limit = now[..16].replace('T', " ");
    for file in sources.under("content/posts/") {
        let text = file.text().expect("UTF-8");
        let kept: Vec<&str> =
            text.split("\n## ").enumerate().filter(|(n, part)| *n == 0 || part[..16] <= limit[..]).map(|(_, part)| part).collect();
        quiet.insert(&file.path.clone(), kept.join("\n## "));
    }
    quiet
}

#[test]
fn a_thread_is_one_incident_with_all_its_updates_newest_first() {
    let site = at(&eventful(), "2026-05-04T00:00:00Z");
    let incidents = Api::of(&site).incidents().incidents;
    let relay = incidents.iter().find(|incident| incident.name == "Relay \"slow\"").expect("the incident");
    let said: Vec<String> = relay.incident_updates.iter().map(|update| format!("{:?}", update.status)).collect();
    assert_eq!(said, ["Postmortem", "Resolved", "Monitoring", "Identified", "Identified", "Investigating"]);
    assert!(relay.incident_updates.windows(2).all(|pair| pair[0].created_at > pair[1].created_at));
    assert_eq!(relay.shortlink, "https://status.example.net/2026/05/01/relay/");
    assert!(
        relay.incident_updates[5].body.contains("href=\"https://status.example.net/status.txt\""),
        "{}",
        relay.incident_updates[5].body
    );
    assert!(relay.incident_updates[3 + 1].body.contains("A disk.") || relay.incident_updates[3].body.contains("Relay, update"));
    let names: Vec<&str> = incidents.iter().map(|incident| incident.name.as_str()).collect();
    assert_eq!(names, ["Relay \"slow\"", "The old one"], "neither the lab nor a notice is told of");
}

#[test]
fn a_maintenance_goes_from_scheduled_to_completed_as_time_passes() {
    let sources = eventful();
    let states = |now: &str| {
        let maintenances = Api::of(&at(&sources, now)).maintenances().scheduled_maintenances;
        let states = maintenances.iter().map(|maintenance| format!("{} {:?}", maintenance.event.name, maintenance.event.status));
        states.collect::<Vec<_>>()
    };
    assert_eq!(states("2026-05-04T18:59:00Z"), ["Switch Scheduled", "Cables Scheduled", "Disks Scheduled"]);
    assert_eq!(states("2026-05-04T19:00:00Z"), ["Switch Scheduled", "Cables Scheduled", "Disks InProgress"]);
    assert_eq!(states("2026-05-04T19:45:00Z"), ["Switch Scheduled", "Cables Scheduled", "Disks Verifying"]);
    assert_eq!(states("2026-05-07T20:00:00Z"), ["Switch Completed", "Cables Completed", "Disks Completed"]);
    let cancelled = Api::of(&at(&sources, "2026-05-05T11:00:00Z")).maintenances().scheduled_maintenances.remove(1);
    assert!(cancelled.event.incident_updates[0].body.contains("Not needed."), "a cancelled maintenance keeps its words");
}

#[test]
fn ids_are_unique_and_do_not_depend_on_the_moment() {
    let sources = eventful();
    let ids = |now: &str| {
        let mut ids = Vec::new();
        for (_, document) in documents(&at(&sources, now))
            .into_iter()
            .filter(|(path, _)| ["incidents.json", "components.json", "scheduled-maintenances.json"].contains(path))
        {
            for list in ["components", "incidents", "scheduled_maintenances"] {
                for object in document[list].as_array().into_iter().flatten() {
                    ids.push(object["id"].as_str().expect("an id").to_owned());
                    ids.extend(
                        object["incident_updates"]
                            .as_array()
                            .into_iter()
                            .flatten()
                            .map(|update| update["id"].as_str().expect("an id").to_owned()),
                    );
                }
            }
        }
        ids
    };
    let (early, late) = (ids("2026-05-04T00:00:00Z"), ids("2026-05-08T00:00:00Z"));
    assert_eq!(late.iter().collect::<BTreeSet<_>>().len(), late.len());
    assert!(early.iter().all(|id| late.contains(id)));
}

#[test]
fn the_page_is_dated_by_the_latest_change_and_not_by_the_build() {
    let sources = eventful();
    let updated = |now: &str| Api::of(&at(&sources, now)).status().page.updated_at.0;
    assert_eq!(updated("2026-05-04T19:10:00Z"), moment("2026-05-04T19:05:00Z"));
    assert_eq!(updated("2026-05-04T19:20:00Z"), moment("2026-05-04T19:05:00Z"));
    assert_eq!(updated("2030-01-01T00:00:00Z"), moment("2026-05-07T20:00:00Z"));
}

#[test]
fn the_digest_changes_with_what_is_told_and_with_nothing_else() {
    let sources = eventful();
    let digest = |sources: &Sources, now: &str| status_json::document(&at(sources, now)).head.digest;
    assert_eq!(digest(&sources, "2026-05-05T11:00:00Z"), digest(&sources, "2027-05-07T11:00:00Z"));
    assert_ne!(digest(&sources, "2026-05-04T19:00:00Z"), digest(&sources, "2026-05-04T19:05:00Z"));
    let mut corrected = sources.clone();
    let post = sources.get("content/posts/2026-05-02-work.md").expect("the post").text().expect("UTF-8").replace("disks", "discs");
    corrected.insert("content/posts/2026-05-02-work.md", post);
    assert_ne!(digest(&sources, "2026-05-05T11:00:00Z"), digest(&corrected, "2026-05-05T11:00:00Z"));
}

#[test]
fn text_and_widget_stay_small_in_every_language_and_on_a_large_site() {
    let mut large = crowded();
    let servers: String =
        (0..200).map(|n| format!("[[server]]\nid = \"s{n}\"\nname = \"A server with a long name, number {n}\"\n\n")).collect();
    large.insert("content/servers.toml", format!("{SERVERS}\n{servers}"));
    for n in 0..40 {
        let post = format!(
            "+++\ntitle = \"Planned work with a rather long title that goes on and on, number {n}\"\nkind = \"maintenance\"\nserver = \"s{n}\"\n\
             date = 2026-04-30T00:00:00Z\nstart = 2026-06-{:02}T19:00:00Z\nend = 2026-06-{:02}T20:00:00Z\n+++\nWork.\n",
            n % 28 + 1,
            n % 28 + 1
        );
        large.insert(&format!("content/posts/2026-04-30-work-{n}.md"), post);
    }
    for language in ["en", "de", "fr", "es", "ar", "he", "pt-BR", "ja", "ru", "pl", "xx"] {
        large.insert("site.toml", format!("{SETTINGS}language = \"{language}\"\n"));
        let site = at(&large, "2026-05-01T12:00:00Z");
        let text = status_text::text(&site);
        assert!(text.len() < 2000, "{language}: status.txt has {} bytes", text.len());
        assert!(text.contains("NC023") && text.contains("… +"), "{language}:\n{text}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        for (file, length) in [("widget.js", widget::script(&site).len()), ("widget/", widget::page(&site).len())] {
            assert!(length < 3000, "{language}: {file} has {length} bytes");
        }
    }
}

#[test]
fn the_widget_page_has_neither_script_nor_style_of_its_own() {
    for (name, site) in every_site() {
        let page = scraper::Html::parse_document(&widget::page(&site));
        let count = |selector: &str| page.select(&scraper::Selector::parse(selector).expect("a selector")).count();
        assert_eq!((count("script"), count("style"), count("[style]"), count("[onclick]"), count("b")), (0, 0, 0, 0, 0), "{name}");
        assert_eq!(
            (count("meta[http-equiv=Content-Security-Policy]"), count("main[data-status] a[href]"), count("h1")),
            (1, 1, 1),
            "{name}"
        );
    }
}

#[test]
fn the_uptime_table_accounts_for_every_minute() {
    let site = at(&eventful(), "2026-05-08T00:00:00Z");
    let csv = uptime_csv::table(&site, (0..site.servers.len()).filter(|server| site.servers[*server].standing != Standing::Internal));
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("month,server,minutes,operational,degraded,partial_outage,major_outage,maintenance,uptime_percent"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    for row in &rows {
        let minutes: Vec<i64> = row[2..8].iter().map(|field| field.parse().expect("a number")).collect();
        assert_eq!(minutes[0], minutes[1..].iter().sum::<i64>(), "{row:?}");
    }
    let find = |month: &str, server: &str| rows.iter().find(|row| row[..2] == [month, server]).map(|row| row.join(","));
    // 60 minutes degraded, 90 of partial outage, 30 of major outage, of the days since the first event.
    assert_eq!(find("2026-05", "nc023").as_deref(), Some("2026-05,nc023,9480,9300,60,90,30,0,98.734"));
    assert_eq!(find("2026-05", "nc033").as_deref().map(|row| row.ends_with(",50,100.000")), Some(true), "{csv}");
    assert!(find("2025-01", "nc027").is_some_and(|row| row.starts_with("2025-01,nc027,24480,24480")), "{csv}");
    assert!(find("2025-02", "old").is_some() && !csv.contains(",lab,"), "{csv}");
}
