//! The documents of small sites made by hand; whole sites are in `tests/api.rs`.

use std::sync::Arc;

use super::Api;
use super::shape::{ComponentStatus, EventImpact, IncidentStatus, Indicator, MaintenanceStatus};
use crate::model::status::{Segment, ServerNow, Timeline};
use crate::model::{Group, Impact, ImpactWindow, Kind, Moment, Phase, Post, Site, Standing, State, Status};
use crate::outputs::testing::{moment, post, site, update};

/// NC023 in the group Mail is as its segments say, NC027 stands alone and is operational.
fn with_glance(posts: Vec<Post>, segments: &[(&str, Status)]) -> Site {
    let mut site = site(posts);
    let standing = Segment { from: None, status: Status::Operational };
    let turns = segments.iter().map(|(from, status)| Segment { from: Some(moment(from)), status: *status });
    let timeline = Timeline { segments: std::iter::once(standing.clone()).chain(turns).collect(), causes: vec![0] };
    let status = timeline.at(site.now).status;
    let now = |status| ServerNow { status, since: None, causes: Vec::new(), next: Vec::new() };
    site.glance.timelines = vec![timeline, Timeline { segments: vec![standing], causes: Vec::new() }];
    site.glance.servers = vec![now(status), now(Status::Operational)];
    site.glance.groups = vec![status, Status::Operational];
    site.glance.overall = status;
    site.groups = vec![
        Group { name: Some("Mail".into()), slug: Some("mail".into()), servers: vec![0] },
        Group { name: None, slug: None, servers: vec![1] },
    ];
    Arc::make_mut(&mut site.servers)[0].group = Some("Mail".into());
    site
}

fn maintenance(id: &str, phase: Phase) -> Site {
    let mut work = post(id, "Disks", "2026-11-20T10:00:00Z");
    work.kind = Some(Kind::Maintenance);
    work.start = Some(moment("2026-11-21T18:00:00Z"));
    work.end = Some(moment("2026-11-21T20:00:00Z"));
    let mut site = with_glance(vec![work], &[]);
    if let Some(event) = &mut site.threads[0].event {
        event.phase = phase;
    }
    site
}

fn api(site: &Site) -> Api {
    Api::of(&Arc::new(site.clone()))
}

fn stamps(moments: &[Moment]) -> Vec<String> {
    moments.iter().map(|at| at.format("%H:%M").to_string()).collect()
}

#[test]
fn a_site_without_posts_is_operational_and_has_a_date_that_does_not_move() {
    let mut site = with_glance(Vec::new(), &[]);
    let summary = api(&site).summary();
    assert_eq!((summary.status.indicator, summary.incidents.len(), summary.components.len()), (Indicator::None, 0, 3));
    site.now += chrono::TimeDelta::days(3);
    assert_eq!(api(&site).summary(), summary);
    assert_eq!(summary.page.updated_at.0, moment("2026-01-01T00:00:00Z"));
    assert_eq!(summary.page.url, "https://status.example.net/s");
}

#[test]
fn a_group_stands_before_its_servers_and_names_them() {
    let site = with_glance(vec![post("a", "A", "2026-11-20T10:00:00Z")], &[("2026-11-20T10:00:00Z", Status::PartialOutage)]);
    let components = api(&site).components().components;
    let [group, leaf, alone] = components.as_slice() else { panic!("{components:#?}") };
    assert_eq!((group.group, group.components.as_deref(), group.status), (true, Some([leaf.id.clone()].as_slice()), leaf.status));
    assert_eq!((leaf.status, leaf.group_id.as_ref()), (ComponentStatus::PartialOutage, Some(&group.id)));
    assert_eq!((alone.group_id.as_ref(), alone.position, group.position, leaf.position), (None, 2, 1, 1));
    assert_eq!(leaf.start_date.map(|date| date.to_string()).as_deref(), Some("2026-11-20"));
}

#[test]
fn an_incident_has_its_updates_newest_first_with_what_they_did_to_each_server() {
    let mut relay = post("a", "Relay", "2026-11-20T10:00:00Z");
    relay.updates.push(update("2026-11-20T11:00:00Z", Some(State::Monitoring), "<p>Better.</p>"));
    relay.updates.push(update("2026-11-20T12:00:00Z", Some(State::Resolved), "<p>Done.</p>"));
    let mut site =
        with_glance(vec![relay], &[("2026-11-20T10:00:00Z", Status::MajorOutage), ("2026-11-20T12:00:00Z", Status::Operational)]);
    if let Some(event) = &mut site.threads[0].event {
        event.phase = Phase::Resolved;
        event.closed = Some(moment("2026-11-20T12:00:00Z"));
        event.impact_windows = vec![ImpactWindow { server: 0, from: event.start, until: event.closed, impact: Impact::MajorOutage }];
    }
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

#[test]
fn of_more_updates_than_there_is_room_for_the_newest_say_what_they_did_to_each_server() {
    let mut relay = post("a", "Relay", "2026-11-20T10:00:00Z");
    for minute in 1..=20_000 {
        let mut later = update("2026-11-20T11:00:00Z", None, "<p>Still.</p>");
        later.id = format!("u{minute}");
        relay.updates.push(later);
    }
    let incidents = api(&with_glance(vec![relay], &[])).incidents().incidents;
    let told: Vec<bool> = incidents[0].incident_updates.iter().map(|update| update.affected_components.is_some()).collect();
    assert_eq!((told.len(), told[19_999], told[20_000]), (20_001, true, false));
}

#[test]
fn an_open_incident_is_never_told_as_over() {
    let mut relay = post("a", "Relay", "2026-11-20T10:00:00Z");
    relay.updates.push(update("2026-11-20T11:00:00Z", Some(State::Resolved), "<p>Done.</p>"));
    let site = with_glance(vec![relay], &[]);
    assert_eq!(api(&site).summary().incidents[0].status, IncidentStatus::Monitoring);
}

#[test]
fn a_maintenance_goes_through_the_four_states() {
    for (phase, status, lists) in [
        (Phase::Scheduled, MaintenanceStatus::Scheduled, (1, 0)),
        (Phase::InProgress, MaintenanceStatus::InProgress, (0, 1)),
        (Phase::Overrunning, MaintenanceStatus::InProgress, (0, 1)),
        (Phase::WindowOver, MaintenanceStatus::Completed, (0, 0)),
        (Phase::Completed, MaintenanceStatus::Completed, (0, 0)),
        (Phase::Cancelled, MaintenanceStatus::Completed, (0, 0)),
    ] {
        let site = maintenance("a", phase);
        let api = api(&site);
        let all = api.maintenances().scheduled_maintenances;
        assert_eq!((all.len(), all[0].event.status, all[0].event.impact), (1, status, EventImpact::Maintenance), "{phase:?}");
        assert_eq!(stamps(&[all[0].scheduled_for.0, all[0].scheduled_until.0]), ["18:00", "20:00"]);
        let told = (api.upcoming_maintenances().scheduled_maintenances.len(), api.active_maintenances().scheduled_maintenances.len());
        assert_eq!(told, lists, "{phase:?}");
        assert_eq!(api.summary().scheduled_maintenances.len(), lists.0 + lists.1);
        assert!(api.incidents().incidents.is_empty());
    }
}

#[test]
fn a_maintenance_without_an_end_is_given_one() {
    let mut site = maintenance("a", Phase::InProgress);
    Arc::make_mut(&mut site.posts[0]).end = None;
    if let Some(event) = &mut site.threads[0].event {
        event.end = None;
    }
    assert_eq!(stamps(&[api(&site).maintenances().scheduled_maintenances[0].scheduled_until.0]), ["19:00"]);
}

#[test]
fn internal_and_retired_servers_and_events_on_internal_ones_alone_are_left_out() {
    for (standing, incidents) in [(Standing::Internal, 0), (Standing::Retired, 1)] {
        let mut site = with_glance(vec![post("a", "A", "2026-11-20T10:00:00Z")], &[]);
        Arc::make_mut(&mut site.servers)[0].standing = standing;
        let summary = api(&site).summary();
        assert_eq!(summary.components.iter().map(|component| component.name.as_str()).collect::<Vec<_>>(), ["NC027"]);
        assert_eq!(summary.incidents.len(), incidents, "{standing:?}");
        assert!(summary.incidents.iter().all(|incident| incident.components.is_empty()));
    }
}

#[test]
fn an_id_survives_a_new_title_slug_and_address() {
    let before = with_glance(vec![post("a", "A", "2026-11-20T10:00:00Z")], &[]);
    let mut renamed = post("a", "Another title", "2026-11-20T10:00:00Z");
    renamed.slug = "another".into();
    renamed.address = crate::model::Address::new("/another/");
    let after = with_glance(vec![renamed], &[]);
    let ids = |site: &Site| {
        let incident = api(site).incidents().incidents.remove(0);
        (incident.id, incident.incident_updates[0].id.clone())
    };
    assert_eq!(ids(&before), ids(&after));
}

#[test]
fn every_document_holds_its_schema_and_reads_back_as_it_was_written() {
    let nasty = ["\"quoted\" <b>&amp;</b>", "bell \u{7} and \u{1f}", "🚀 \u{202e}turned", "\u{2028}", "back\\slash"];
    let mut posts: Vec<Post> = (0..100).map(|n| post(&format!("p{n}"), nasty[n % nasty.len()], "2026-11-20T10:00:00Z")).collect();
    posts[0].updates.push(update("2026-11-20T11:00:00Z", Some(State::Identified), "<p>\u{b} \"</p>"));
    let crowded = with_glance(posts, &[("2026-11-20T10:00:00Z", Status::Degraded)]);
    assert_eq!(api(&crowded).unresolved_incidents().incidents.len(), 100);
    assert_eq!(api(&crowded).incidents().incidents.len(), 50);
    let phases = Phase::ALL.into_iter().map(|phase| maintenance("m", phase));
    for site in phases.chain([crowded, with_glance(Vec::new(), &[])]) {
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
