//! The repository's own site, read from its files.

use std::path::Path;

use chrono::{DateTime, Utc};
use signalpost::model::Phase;
use signalpost::outputs::role::{RULES, Role, rule};
use signalpost::source::Sources;
use signalpost::{Now, Options, Prepared, prepare};

fn sources() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::default();
    for top in ["site.toml", "content"] {
        for entry in walkdir::WalkDir::new(root.join(top)).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file()) {
            let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            sources.insert(&path, std::fs::read(entry.path()).unwrap());
        }
    }
    sources
}

fn prepared(now: &str) -> Prepared {
    let now: DateTime<Utc> = now.parse().unwrap();
    let (prepared, findings) = prepare(&sources(), &Options { now: Now::Given(now), drafts: false, base_url: None });
    let said: Vec<String> =
        findings.iter().map(|f| format!("{}:{} {}: {} ({:?})", f.span.path, f.span.start, f.code.name(), f.message, f.help)).collect();
    assert_eq!(said, Vec::<String>::new());
    prepared.unwrap()
}

fn statuses(prepared: &Prepared) -> Vec<(String, &'static str)> {
    let site = &prepared.plan.site;
    site.servers
        .iter()
        .zip(&site.glance.servers)
        .filter(|(_, now)| now.status.has_impact())
        .map(|(server, now)| (server.id.to_string(), now.status.word()))
        .collect()
}

#[test]
fn the_outage_in_london_shows_on_each_server_as_bad_as_it_was() {
    let prepared = prepared("2025-09-16T10:30:00Z");
    let expected = [("nc023", "major-outage"), ("nc033", "partial-outage"), ("lon1", "degraded"), ("nc031", "major-outage")];
    let mut shown = statuses(&prepared);
    shown.sort();
    let mut expected = expected.map(|(id, status)| (id.to_owned(), status));
    expected.sort();
    assert_eq!(shown, expected);
    let glance = &prepared.plan.site.glance;
    assert_eq!((glance.overall.word(), glance.active.len(), glance.planned.len()), ("major-outage", 1, 1));
    assert_eq!(glance.next_change.unwrap().to_rfc3339(), "2025-09-18T21:00:00+00:00");
}

#[test]
fn the_relay_is_under_maintenance_in_its_window() {
    let prepared = prepared("2026-05-04T19:05:00Z");
    assert_eq!(statuses(&prepared), [("nc023".to_owned(), "maintenance")]);
    let site = &prepared.plan.site;
    assert_eq!(site.threads[site.glance.active[0]].event.as_ref().unwrap().phase, Phase::InProgress);
}

#[test]
fn nothing_is_wrong_while_work_lies_ahead() {
    let prepared = prepared("2026-02-10T12:00:00Z");
    assert_eq!(statuses(&prepared), []);
    assert_eq!(prepared.plan.site.glance.planned.len(), 1);
}

#[test]
fn every_file_that_is_no_page_and_no_asset_has_a_rule_and_every_rule_a_file() {
    let prepared = prepared("2026-05-04T19:05:00Z");
    let is_given = |path: &str| prepared.plan.site.assets.iter().any(|(own, _)| own == path);
    let paths: Vec<&str> = prepared.outputs.iter().map(|output| output.path.as_str()).collect();
    let is_asset = |path: &str| path.starts_with("assets/") || path.ends_with(".css") || is_given(path);
    let without: Vec<&&str> = paths.iter().filter(|path| Role::of(path) == Role::Asset && !is_asset(path)).collect();
    assert!(without.is_empty(), "src/outputs/role.rs does not say what these are: {without:?}");
    // A sitemap in parts needs a larger site.
    let mut used: Vec<&str> = paths.iter().filter_map(|path| rule(path)).map(|(rule, _)| *rule).collect();
    used.push("/sitemap-*.xml");
    let idle: Vec<&str> = RULES.iter().map(|(rule, _)| *rule).filter(|rule| !used.contains(rule)).collect();
    assert!(idle.is_empty(), "src/outputs/role.rs has rules for files that are not there: {idle:?}");
}
