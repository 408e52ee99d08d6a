//! The documents of small sites made by hand; whole sites are in `tests/machines`.

use std::sync::Arc;

use super::Api;
use super::shape::{ComponentStatus, EventImpact, Indicator};
use crate::model::{Impact, Kind, Moment, Post, Server, Site, Standing, State};
use crate::outputs::statuspage::{IncidentStatus, MaintenanceStatus};
use crate::outputs::testing::{moment, post, servers, site_with, update};

/// NC023 stands in the group Mail, NC027 alone. It is 21 November 2026.
fn site(posts: Vec<Post>) -> Site {
    site_at("2026-11-21T19:00:00Z", posts)
}

fn site_at(now: &str, posts: Vec<Post>) -> Site {
    site_with(in_groups(), now, posts)
}

fn in_groups() -> Vec<Server> {
    let mut servers = servers();
    servers[0].group = Some("Mail".into());
    servers
}

fn incident(impact: Impact) -> Post {
    let mut relay = post("a", "Relay", "2026-11-20T10:00:00Z");
    relay.impact.all = Some(impact);
    relay
}

/// Work from 18:00 to 20:00, and what was said of it.
fn maintenance(told: &[(&str, State)]) -> Post {
    let mut work = post("a", "Disks", "2026-11-20T10:00:00Z");
    work.kind = Some(Kind::Maintenance);
    work.start = Some(moment("2026-11-21T18:00:00Z"));
    work.end = Some(moment("2026-11-21T20:00:00Z"));
    work.updates.extend(told.iter().map(|(at, state)| update(at, Some(*state), "<p>Word.</p>")));
    work
}

/// The same work through time: the moment and what was said until then.
const COURSES: [(&str, &[(&str, State)]); 6] = [
    ("2026-11-21T17:00:00Z", &[]),
    ("2026-11-21T19:00:00Z", &[]),
    ("2026-11-21T21:00:00Z", &[("2026-11-21T20:10:00Z", State::InProgress)]),
    ("2026-11-21T21:00:00Z", &[]),
    ("2026-11-21T21:00:00Z", &[("2026-11-21T19:50:00Z", State::Completed)]),
    ("2026-11-21T17:00:00Z", &[("2026-11-21T16:00:00Z", State::Cancelled)]),
];

fn api(site: &Site) -> Api {
    Api::of(&Arc::new(site.clone()))
}

fn stamps(moments: &[Moment]) -> Vec<String> {
    moments.iter().map(|at| at.format("%H:%M").to_string()).collect()
}

#[test]
fn a_site_without_posts_is_operational_and_has_a_date_that_does_not_move() {
    let summary = api(&site(Vec::new())).summary();
    assert_eq!((summary.status.indicator, summary.incidents.len(), summary.components.len()), (Indicator::None, 0, 3));
    assert_eq!(api(&site_at("2026-11-24T19:00:00Z", Vec::new())).summary(), summary);
    assert_eq!(summary.page.updated_at.0, moment("2026-01-01T00:00:00Z"));
    assert_eq!(summary.page.url, "https://status.example.net/s");
}

#[test]
fn a_group_stands_before_its_servers_and_names_them() {
    let site = site(vec![incident(Impact::PartialOutage)]);
    let components = api(&site).components().components;
    let [group, leaf, alone] = components.as_slice() else { panic!("{components:#?}") };
    assert_eq!((group.group, group.components.as_deref(), group.status), (true, Some([leaf.id.clone()].as_slice()), leaf.status));
    assert_eq!((leaf.status, leaf.group_id.as_ref()), (ComponentStatus::PartialOutage, Some(&group.id)));
    assert_eq!((alone.group_id.as_ref(), alone.position, group.position, leaf.position), (None, 2, 1, 1));
    assert_eq!(leaf.start_date.map(|date| date.to_string()).as_deref(), Some("2026-11-20"));
}

#[test]
fn an_incident_has_its_updates_newest_first_with_what_they_did_to_each_server() {
    let mut relay = incident(Impact::MajorOutage);
    relay.updates.push(update("2026-11-20T11:00:00Z", Some(State::Monitoring), "<p>Better.</p>"));
    relay.updates.push(update("2026-11-20T12:00:00Z", Some(State::Resolved), "<p>Done.</p>"));
    let site = site(vec![relay]);
    let incidents = api(&site).incidents().incidents;
    let [incident] = incidents.as_slice() else { panic!("{incidents:#?}") };
    assert_eq!((incident.status, incident.impact), (IncidentStatus::Resolved, EventImpact::Critical));
    assert_eq!(stamps(&[incident.resolved_at.unwrap().0, incident.monitoring_at.unwrap().0]), ["12:00", "11:00"]);
    let told: Vec<_> = incident.incident_updates.iter().map(|update| update.status).collect();
    assert_eq!(told, [IncidentStatus::Resolved, IncidentStatus::Monitoring, IncidentStatus::Investigating]);
    let changes: Vec<_> = incident.incident_updates.iter().flat_map(|update| update.affected_components.clone().unwrap()).collect();
    let changes: Vec<_> = changes.iter().map(|change| (change.name.as_str(), change.old_status, change.new_status)).collect();
    let (fine, broken) = (ComponentStatus::Operational, ComponentStatus::MajorOutage);
    assert_eq!(changes, [("Mail - NC023", broken, fine), ("Mail - NC023", broken, broken), ("Mail - NC023", fine, broken)]);
    assert!(api(&site).summary().incidents.is_empty());
}

/// The state that each update of an event has and what it did to its only server, oldest first.
fn changes<S: Copy>(event: &super::shape::Incident<S>) -> Vec<(S, ComponentStatus, ComponentStatus)> {
    let updates = event.incident_updates.iter().rev();
    let change =
        updates.flat_map(|update| update.affected_components.iter().flatten().map(|it| (update.status, it.old_status, it.new_status)));
    change.collect()
}

#[test]
fn an_update_is_not_said_to_do_what_another_event_did() {
    use ComponentStatus::{DegradedPerformance, Operational, UnderMaintenance};
    let mut relay = post("b", "Relay", "2026-11-19T10:00:00Z");
    relay.updates.push(update("2026-11-21T20:25:00Z", Some(State::Resolved), "<p>Done.</p>"));
    let work = maintenance(&[("2026-11-21T19:00:00Z", State::InProgress), ("2026-11-21T20:26:00Z", State::Completed)]);
    let api = api(&site_at("2026-11-21T21:00:00Z", vec![relay, work]));
    let incident = &api.incidents().incidents[0];
    let [opened, resolved] = [IncidentStatus::Investigating, IncidentStatus::Resolved];
    assert_eq!(changes(incident), [(opened, Operational, DegradedPerformance), (resolved, DegradedPerformance, Operational)]);
    let work = &api.maintenances().scheduled_maintenances[0].event;
    let announced = (MaintenanceStatus::Scheduled, DegradedPerformance, DegradedPerformance);
    let at_work = (MaintenanceStatus::InProgress, DegradedPerformance, DegradedPerformance);
    assert_eq!(changes(work), [announced, at_work, (MaintenanceStatus::Completed, Operational, Operational)]);
    // The window opened and closed by itself, as was shown.
    let alone = maintenance(&[("2026-11-21T18:02:00Z", State::InProgress), ("2026-11-21T20:26:00Z", State::Completed)]);
    let work = self::api(&site_at("2026-11-21T21:00:00Z", vec![alone])).maintenances().scheduled_maintenances.remove(0).event;
    let statuses: Vec<_> = changes(&work).into_iter().map(|(_, old, new)| (old, new)).collect();
    assert_eq!(statuses, [(Operational, Operational), (UnderMaintenance, UnderMaintenance), (Operational, Operational)]);
}

#[test]
fn an_update_that_tells_later_when_trouble_began_or_ended_is_what_changed_the_server() {
    use ComponentStatus::{MajorOutage, Operational};
    let mut relay = incident(Impact::MajorOutage);
    relay.start = Some(moment("2026-11-20T09:30:00Z"));
    relay.end = Some(moment("2026-11-20T10:45:00Z"));
    relay.updates.push(update("2026-11-20T11:05:00Z", Some(State::Resolved), "<p>Since 10:45.</p>"));
    let mut again = Post { id: "b".into(), kind: None, follows: Some("a".into()), ..post("b", "Again", "2026-11-20T12:00:00Z") };
    again.start = Some(moment("2026-11-20T11:50:00Z"));
    again.impact.all = Some(Impact::MajorOutage);
    let incidents = api(&site(vec![relay, again])).incidents().incidents;
    let statuses: Vec<_> = changes(&incidents[0]).into_iter().map(|(_, old, new)| (old, new)).collect();
    assert_eq!(statuses, [(Operational, MajorOutage), (MajorOutage, Operational), (Operational, MajorOutage)]);
}

#[test]
fn of_more_updates_than_there_is_room_for_the_newest_say_what_they_did_to_each_server() {
    let mut relay = post("a", "Relay", "2026-11-20T10:00:00Z");
    for minute in 1..=20_000 {
        let mut later = update("2026-11-20T11:00:00Z", None, "<p>Still.</p>");
        later.id = format!("u{minute}");
        relay.updates.push(later);
    }
    let incidents = api(&site(vec![relay])).incidents().incidents;
    let told: Vec<bool> = incidents[0].incident_updates.iter().map(|update| update.affected_components.is_some()).collect();
    assert_eq!((told.len(), told[19_999], told[20_000]), (20_001, true, false));
}

#[test]
fn an_open_incident_is_never_told_as_over() {
    let mut relay = post("a", "Relay", "2026-11-20T10:00:00Z");
    relay.updates.push(update("2026-11-20T11:00:00Z", Some(State::Resolved), "<p>Done.</p>"));
    // By a clock that is a little ahead.
    relay.end = Some(moment("2026-11-20T11:03:00Z"));
    let status = |now: &str| api(&site_at(now, vec![relay.clone()])).incidents().incidents[0].status;
    assert_eq!(status("2026-11-20T11:01:00Z"), IncidentStatus::Monitoring);
    assert_eq!(status("2026-11-20T11:04:00Z"), IncidentStatus::Resolved);
}

#[test]
fn a_maintenance_goes_through_the_four_states() {
    let expected = [
        (MaintenanceStatus::Scheduled, (1, 0)),
        (MaintenanceStatus::InProgress, (0, 1)),
        (MaintenanceStatus::InProgress, (0, 1)),
        (MaintenanceStatus::Completed, (0, 0)),
        (MaintenanceStatus::Completed, (0, 0)),
        (MaintenanceStatus::Completed, (0, 0)),
    ];
    for ((now, told), (status, lists)) in COURSES.into_iter().zip(expected) {
        let site = site_at(now, vec![maintenance(told)]);
        let api = api(&site);
        let all = api.maintenances().scheduled_maintenances;
        assert_eq!((all.len(), all[0].event.status, all[0].event.impact), (1, status, EventImpact::Maintenance), "{now} {told:?}");
        assert_eq!(stamps(&[all[0].scheduled_for.0, all[0].scheduled_until.0]), ["18:00", "20:00"]);
        let open = (api.upcoming_maintenances().scheduled_maintenances.len(), api.active_maintenances().scheduled_maintenances.len());
        assert_eq!(open, lists, "{now} {told:?}");
        assert_eq!(api.summary().scheduled_maintenances.len(), lists.0 + lists.1);
        assert!(api.incidents().incidents.is_empty());
    }
}

#[test]
fn a_maintenance_without_an_end_is_given_one() {
    let site = site(vec![Post { end: None, ..maintenance(&[]) }]);
    assert_eq!(stamps(&[api(&site).maintenances().scheduled_maintenances[0].scheduled_until.0]), ["19:00"]);
}

#[test]
fn internal_and_retired_servers_and_events_on_internal_ones_alone_are_left_out() {
    for (standing, incidents) in [(Standing::Internal, 0), (Standing::Retired, 1)] {
        let mut servers = in_groups();
        servers[0].standing = standing;
        let site = site_with(servers, "2026-11-21T19:00:00Z", vec![incident(Impact::Degraded)]);
        let summary = api(&site).summary();
        assert_eq!(summary.components.iter().map(|component| component.name.as_str()).collect::<Vec<_>>(), ["NC027"]);
        assert_eq!(summary.incidents.len(), incidents, "{standing:?}");
        assert!(summary.incidents.iter().all(|incident| incident.components.is_empty()));
    }
}

#[test]
fn a_server_that_is_still_to_come_is_no_younger_than_the_page() {
    let mut servers = in_groups();
    servers[1].since = Some("2026-12-24".parse().unwrap());
    let document = api(&site_with(servers, "2026-11-21T19:00:00Z", vec![incident(Impact::Degraded)])).components();
    let page = document.page.updated_at;
    assert!(document.components.iter().all(|it| it.created_at <= it.updated_at && it.updated_at <= page), "{document:#?}");
}

#[test]
fn an_id_survives_a_new_title_slug_and_address() {
    let before = site(vec![post("a", "A", "2026-11-20T10:00:00Z")]);
    let mut renamed = post("a", "Another title", "2026-11-20T10:00:00Z");
    renamed.slug = "another".into();
    renamed.address = crate::model::Address::new("/another/");
    let after = site(vec![renamed]);
    let ids = |site: &Site| {
        let incident = api(site).incidents().incidents.remove(0);
        (incident.id, incident.incident_updates[0].id.clone())
    };
    assert_eq!(ids(&before), ids(&after));
}

#[test]
fn the_word_that_work_is_over_has_another_id_when_it_is_over_once_more() {
    let ids = |now: &str, work: Post| -> Vec<String> {
        let maintenances = api(&site_at(now, vec![work])).maintenances().scheduled_maintenances;
        maintenances[0].event.incident_updates.iter().rev().map(|update| update.id.clone()).collect()
    };
    let over = ids("2026-11-21T20:10:00Z", maintenance(&[]));
    let mut extended = maintenance(&[("2026-11-21T20:30:00Z", State::InProgress)]);
    extended.end = Some(moment("2026-11-21T22:00:00Z"));
    let over_again = ids("2026-11-21T22:10:00Z", extended);
    assert_eq!((over.len(), over_again.len()), (2, 3));
    assert!(!over_again.contains(&over[1]), "{over:?} {over_again:?}");
    let mut corrected = maintenance(&[]);
    corrected.end = Some(moment("2026-11-21T19:50:00Z"));
    assert_eq!(ids("2026-11-21T20:10:00Z", corrected), over, "a corrected end is told to nobody");
}

#[test]
fn every_document_holds_its_schema_and_reads_back_as_it_was_written() {
    let nasty = ["\"quoted\" <b>&amp;</b>", "bell \u{7} and \u{1f}", "🚀 \u{202e}turned", "\u{2028}", "back\\slash"];
    let mut posts: Vec<Post> = (0..100).map(|n| post(&format!("p{n}"), nasty[n % nasty.len()], "2026-11-20T10:00:00Z")).collect();
    posts[0].updates.push(update("2026-11-20T11:00:00Z", Some(State::Identified), "<p>\u{b} \"</p>"));
    let crowded = site(posts);
    assert_eq!(api(&crowded).unresolved_incidents().incidents.len(), 100);
    assert_eq!(api(&crowded).incidents().incidents.len(), 50);
    let courses = COURSES.into_iter().map(|(now, told)| site_at(now, vec![maintenance(told)]));
    for site in courses.chain([crowded, site(Vec::new())]) {
        let api = api(&site);
        holds("summary.json", &api.summary());
        holds("status.json", &api.status());
        holds("components.json", &api.components());
        holds("incidents.json", &api.incidents());
        holds("incidents/unresolved.json", &api.unresolved_incidents());
        holds("scheduled-maintenances.json", &api.maintenances());
        holds("scheduled-maintenances/upcoming.json", &api.upcoming_maintenances());
        holds("scheduled-maintenances/active.json", &api.active_maintenances());
    }
}

/// Panics unless a document satisfies its schema and survives a round trip.
fn holds<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(name: &str, document: &T) {
    let mut schema: serde_json::Value = serde_json::from_str(include_str!("../../../tests/schemas/statuspage-v2.json")).unwrap();
    schema["$ref"] = format!("#/$defs/{}", name.replace('/', "~1")).into();
    let text = serde_json::to_string(document).unwrap();
    let value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(!validator.is_valid(&serde_json::json!({})), "the schema of {name} refuses nothing");
    let problems: Vec<String> = validator.iter_errors(&value).map(|problem| format!("{}: {problem}", problem.instance_path())).collect();
    assert!(problems.is_empty(), "{name}: {problems:#?}");
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), document, "{name}");
}
