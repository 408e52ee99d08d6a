//! Statuspage: `incidents.json` and `scheduled-maintenances.json` of its public API v2.
//!
//! These say kind, window, impact and states outright. The API gives the fifty newest of each.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::exported_event::ExportedEvent;
use super::{Affected, Export, File, Item, Refused, StatedUpdate};
use crate::load::times;
use crate::model::{Impact, Kind, Moment, State, slug};

#[derive(Deserialize)]
struct Document {
    page: Page,
    #[serde(default)]
    incidents: Vec<Value>,
    #[serde(default)]
    scheduled_maintenances: Vec<Value>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct Incident {
    id: String,
    name: String,
    status: String,
    #[serde(default)]
    impact: Option<String>,
    created_at: DateTime<Utc>,
    #[serde(default)]
    updated_at: Option<DateTime<Utc>>,
    #[serde(default)]
    started_at: Option<DateTime<Utc>>,
    #[serde(default)]
    resolved_at: Option<DateTime<Utc>>,
    #[serde(default)]
    scheduled_for: Option<DateTime<Utc>>,
    #[serde(default)]
    scheduled_until: Option<DateTime<Utc>>,
    #[serde(default)]
    incident_updates: Vec<IncidentUpdate>,
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Deserialize)]
struct IncidentUpdate {
    status: String,
    #[serde(default)]
    body: Option<String>,
    created_at: DateTime<Utc>,
    #[serde(default)]
    display_at: Option<DateTime<Utc>>,
    #[serde(default)]
    affected_components: Option<Vec<AffectedComponent>>,
}

#[derive(Deserialize)]
struct AffectedComponent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    new_status: String,
}

#[derive(Deserialize)]
struct Component {
    name: String,
}

pub fn export(file: &File, now: Moment) -> Result<Export, Refused> {
    let refused = |why: String| Refused { file: file.name.clone(), why: format!("is not a document of Statuspage's API: {why}") };
    let document: Document = serde_json::from_slice(&file.bytes).map_err(|error| refused(error.to_string()))?;
    let lists = [(Kind::Incident, document.incidents), (Kind::Maintenance, document.scheduled_maintenances)];
    if lists.iter().all(|(_, list)| list.is_empty()) {
        return Err(refused("it has no `incidents` and no `scheduled_maintenances`".to_owned()));
    }
    let mut export = Export::default();
    let home = document.page.url.trim_end_matches('/').to_owned();
    for (kind, list) in lists {
        for incident in list {
            let called = ["name", "id"].iter().find_map(|key| incident[key].as_str()).map_or_else(|| "without a name".to_owned(), quoted);
            let incident: Incident = match serde_json::from_value(incident) {
                Ok(incident) => incident,
                // The others are as good as they were.
                Err(error) => {
                    export.report.skip(&format!("cannot be read: {error}"), &called);
                    continue;
                }
            };
            if times::is_kept(incident.created_at) {
                export.items.push(item_of(kind, incident, &home, now));
            } else {
                export.report.skip("without a usable date", &called);
            }
        }
    }
    export.homes.extend(Some(home).filter(|home| !home.is_empty()));
    Ok(export)
}

fn quoted(name: &str) -> String {
    format!("“{name}”")
}

fn item_of(kind: Kind, incident: Incident, home: &str, now: Moment) -> Item {
    // Names are plain text: what looks like HTML in one is a part of it.
    let title = incident.name;
    let link = format!("{home}/incidents/{}", incident.id);
    let mut item = Item { slug: slug(&title), title, link, changed: incident.updated_at, ..Item::default() };
    let mut notes = BTreeSet::new();
    let mut unknown = |what: &str, word: &str| notes.insert(format!("the {what} “{word}” has no meaning here, and is left out"));
    let mut updates = Vec::new();
    for update in incident.incident_updates {
        let mut changes = Vec::new();
        for component in update.affected_components.into_iter().flatten() {
            match impact_of(&component.new_status) {
                Some(impact) => changes.push(Affected { component: component.name, impact }),
                None => _ = unknown("component's status", &component.new_status),
            }
        }
        let state = state(&update.status);
        if state.is_none() {
            unknown("status", &update.status);
        }
        updates.push(StatedUpdate {
            at: update.display_at.unwrap_or(update.created_at),
            state,
            html: update.body.unwrap_or_default().replace('\n', "<br>"),
            affected: changes,
        });
    }
    if state(&incident.status).is_none() {
        unknown("status", &incident.status);
    }
    if let Some(word) = incident.impact.as_deref()
        && !matches!(word, "none" | "minor" | "major" | "critical" | "maintenance")
    {
        unknown("impact", word);
    }
    item.notes = notes;
    let (start, end) = match kind {
        Kind::Maintenance => (incident.scheduled_for, incident.scheduled_until),
        _ => (incident.started_at, incident.resolved_at),
    };
    let impact = match (kind, incident.impact.as_deref()) {
        (Kind::Incident, Some("none")) => Some(Impact::None),
        (Kind::Incident, Some("major")) => Some(Impact::PartialOutage),
        (Kind::Incident, Some("critical")) => Some(Impact::MajorOutage),
        _ => None,
    };
    // Where the word is none of the API's, the time says so.
    let is_over = state(&incident.status).map_or(incident.resolved_at.is_some(), |state| state.is_final() || state == State::Postmortem);
    let event = ExportedEvent {
        kind,
        date: incident.created_at,
        start: start.unwrap_or(incident.created_at),
        end,
        is_over,
        impact,
        components: incident.components.into_iter().map(|component| component.name).collect(),
        html: String::new(),
        updates,
    };
    item.set_event(event, now);
    if item.stated.as_ref().is_some_and(|stated| stated.kind != kind) {
        item.notes.insert(format!("is not over by the export ({}): a notice here, which has no effect", incident.status));
    }
    item
}

/// What a component's status says.
fn impact_of(status: &str) -> Option<Impact> {
    match status {
        "operational" => Some(Impact::None),
        "degraded_performance" => Some(Impact::Degraded),
        "partial_outage" => Some(Impact::PartialOutage),
        "major_outage" => Some(Impact::MajorOutage),
        "under_maintenance" => Some(Impact::Maintenance),
        _ => None,
    }
}

fn state(status: &str) -> Option<State> {
    State::from_word(&status.replace('_', " "))
}
