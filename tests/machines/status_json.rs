//! `status.json` and the uptime tables.

use std::sync::Arc;

use signalpost::model::{Impact, Site};
use signalpost::outputs::status_json::shape::Document;
use signalpost::outputs::status_json::{self, Events};
use signalpost::plan;
use signalpost::source::Sources;

use super::problems;
use super::sites::{at, bundle, eventful, every_site, moment};

fn document(site: &Arc<Site>) -> Document {
    status_json::document(&plan::of(site))
}

#[test]
fn status_json_of_every_site_satisfies_the_schema_that_is_published_beside_it() {
    let schema = include_str!("../../src/outputs/status_json/schema.json");
    for (name, site) in every_site() {
        let document = document(&site);
        let value = serde_json::to_value(&document).expect("a document");
        assert_eq!(problems(schema, "document", &value), [""; 0], "{name}");
        let read: Document = serde_json::from_value(value).expect("the document reads back");
        assert_eq!(read, document, "{name}");
        let events = Events::default();
        for server in 0..site.servers.len() {
            let document = status_json::server_document(&site, server, &events);
            let value = serde_json::to_value(&document).expect("a document");
            assert_eq!(problems(schema, "server_document", &value), [""; 0], "{name}");
        }
    }
}

#[test]
fn what_was_probed_stands_beside_the_status_and_satisfies_the_schema() {
    let schema = include_str!("../../src/outputs/status_json/schema.json");
    let sources = eventful();
    for (now, expected) in [
        ("2026-05-04T18:49:00Z", [None, None, None]),
        ("2026-05-04T18:51:00Z", [Some(("up", Some(12))), Some(("down", None)), None]),
        ("2026-05-04T19:20:00Z", [Some(("unknown", None)), Some(("unknown", None)), None]),
    ] {
        let document = document(&at(&sources, now));
        let told = document.servers.iter().take(3).map(|server| server.probe.as_ref());
        let told: Vec<_> = told.map(|probe| probe.map(|probe| (probe.answer.as_str(), probe.milliseconds))).collect();
        assert_eq!(told, expected, "{now}");
        assert_eq!(problems(schema, "document", &serde_json::to_value(&document).expect("a document")), [""; 0], "{now}");
    }
}

#[test]
fn what_status_json_says_will_be_is_what_a_later_build_says() {
    let sources = eventful();
    for now in ["2026-05-04T18:00:00Z", "2026-05-04T19:01:00Z", "2026-05-05T11:00:00Z", "2026-05-07T19:30:00Z"] {
        let before = document(&at(&sources, now));
        assert!(before.overall.next.iter().all(|change| change.at > moment(now)));
        let plan = plan::of(&at(&sources, now));
        for (from, headline) in &plan.site.glance.headline_next {
            let later = document(&at(&quiet_after(&sources, now), &from.to_rfc3339()));
            assert_eq!((later.overall.status, later.overall.text.as_str()), (headline.overall, plan.words.headline(*headline)), "{from}");
        }
        for server in &before.servers {
            for change in &server.next {
                // Words of staff that come later are not foreseen.
                let later = document(&at(&quiet_after(&sources, now), &change.at.to_rfc3339()));
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
fn the_digest_changes_with_what_is_told_and_with_nothing_else() {
    let sources = eventful();
    let digest = |sources: &Sources, now: &str| document(&at(sources, now)).digest;
    assert_eq!(digest(&sources, "2026-05-05T11:00:00Z"), digest(&sources, "2027-05-07T11:00:00Z"));
    assert_ne!(digest(&sources, "2026-05-04T19:00:00Z"), digest(&sources, "2026-05-04T19:05:00Z"));
    let mut corrected = sources.clone();
    let post = sources.get("content/posts/2026-05-02-work.md").expect("the post").text().expect("UTF-8").replace("disks", "discs");
    corrected.insert("content/posts/2026-05-02-work.md", post);
    assert_ne!(digest(&sources, "2026-05-05T11:00:00Z"), digest(&corrected, "2026-05-05T11:00:00Z"));
}

#[test]
fn the_uptime_table_accounts_for_every_minute() {
    let bundle = bundle(&eventful(), "2026-05-08T00:00:00Z");
    let csv = std::str::from_utf8(&bundle.files["uptime.csv"]).expect("UTF-8");
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("month,server,minutes,operational,degraded,partial_outage,major_outage,maintenance,uptime_percent"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    for row in &rows {
        let minutes: Vec<i64> = row[2..8].iter().map(|field| field.parse().expect("a number")).collect();
        assert_eq!(minutes[0], minutes[1..].iter().sum::<i64>(), "{row:?}");
    }
    let find = |month: &str, server: &str| rows.iter().find(|row| row[..2] == [month, server]).map(|row| row.join(","));
    // 60 minutes degraded, 90 of partial outage, 30 of major outage, of the days since the first event.
    assert_eq!(find("2026-05", "nc023").as_deref(), Some("2026-05,nc023,9480,9300,60,90,30,0,"));
    // A percentage is made of them when the record, which begins with that event, is a month.
    let later = crate::sites::bundle(&eventful(), "2026-06-10T00:00:00Z");
    let later = std::str::from_utf8(&later.files["uptime.csv"]).expect("UTF-8");
    assert!(later.contains("\n2026-05,nc023,44040,43860,60,90,30,0,99.727\n"), "{later}");
    assert_eq!(find("2026-05", "nc033").as_deref().map(|row| row.ends_with(",50,")), Some(true), "{csv}");
    // Its first month is shorter than that, and the year is not: maintenance counts as no outage.
    assert!(later.contains("\n2026-05,nc033,39180,39130,0,0,0,50,\n"), "{later}");
    let site = at(&eventful(), "2026-06-10T00:00:00Z");
    let nc033 = site.servers.iter().position(|server| &*server.id == "nc033").unwrap();
    let year = &signalpost::model::uptime::Uptime::years(&site.months(nc033))[0];
    assert_eq!((year.minutes[Impact::Maintenance], year.percent().as_str()), (50, "100.000"));
    assert!(find("2025-01", "nc027").is_some_and(|row| row.starts_with("2025-01,nc027,24480,24480")), "{csv}");
    assert!(find("2025-02", "old").is_some() && !csv.contains(",lab,"), "{csv}");
}

#[test]
fn news_of_one_server_leaves_the_documents_of_the_others_alone() {
    let now = "2026-05-08T00:00:00Z";
    let before = eventful();
    let mut after = before.clone();
    let post = "+++\ntitle = \"Slow\"\nserver = \"nc033\"\nstart = 2026-05-07T23:00:00Z\n+++\nSlow.\n";
    after.insert("content/posts/2026-05-07-slow.md", post);
    let (before, after) = (at(&before, now), at(&after, now));
    let (events_before, events_after) = (Events::default(), Events::default());
    let is_changed = |server: &usize| {
        let after = status_json::server_document(&after, *server, &events_after);
        status_json::server_document(&before, *server, &events_before) != after
    };
    let changed = (0..before.servers.len()).filter(is_changed).map(|server| before.servers[server].id.to_string());
    assert_eq!(changed.collect::<Vec<_>>(), ["nc033"]);
}
