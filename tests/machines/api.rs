//! The Statuspage API.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use signalpost::model::Site;
use signalpost::outputs::api::Api;

use super::problems;
use super::sites::{at, eventful, every_site, moment};

#[test]
fn the_api_of_every_site_satisfies_a_strict_schema() {
    for (name, site) in every_site() {
        for (path, document) in documents(&site) {
            let problems = problems(include_str!("../schemas/statuspage-v2.json"), path, &document);
            assert!(problems.is_empty(), "{name}, {path}: {problems:#?}");
        }
    }
}

/// The eight documents by their names below `/api/v2/`.
fn documents(site: &Arc<Site>) -> Vec<(&'static str, Value)> {
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
