//! Statuspage: `incidents.json` and `scheduled-maintenances.json` of its public API v2.
//!
//! These say kind, window, impact and states outright. The API gives the fifty newest of each.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::exported_event::ExportedEvent;
use super::markdown::words;
use super::{Affected, Export, File, Item, Refused, StatedUpdate};
use crate::load::times;
use crate::model::{Impact, Kind, Moment, State, slug};

#[derive(Deserialize)]
struct Document {
    page: Page,
    #[serde(default)]
    incidents: Vec<Incident>,
    #[serde(default)]
    scheduled_maintenances: Vec<Incident>,
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
            if times::is_kept(incident.created_at) {
                export.items.push(item_of(kind, incident, &home, now));
            } else {
                export.report.skip("without a usable date", &format!("“{}”", incident.name));
            }
        }
    }
    export.homes.extend(Some(home).filter(|home| !home.is_empty()));
    Ok(export)
}

fn item_of(kind: Kind, incident: Incident, home: &str, now: Moment) -> Item {
    let title = words(&incident.name);
    let link = format!("{home}/incidents/{}", incident.id);
    let mut item = Item { slug: slug(&title), title, link, changed: incident.updated_at, ..Item::default() };
    let updates = incident.incident_updates.into_iter().map(|update| StatedUpdate {
        at: update.display_at.unwrap_or(update.created_at),
        state: state(&update.status),
        html: update.body.unwrap_or_default().replace('\n', "<br>"),
        affected: update.affected_components.into_iter().flatten().filter_map(affected).collect(),
    });
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
        components: incident.components.into_iter().map(|component| words(&component.name)).collect(),
        html: String::new(),
        updates: updates.collect(),
    };
    item.set_event(event, now);
    if item.stated.as_ref().is_some_and(|stated| stated.kind != kind) {
        item.notes.insert(format!("is not over by the export ({}): a notice here, which has no effect", incident.status));
    }
    item
}

fn affected(component: AffectedComponent) -> Option<Affected> {
    let impact = match component.new_status.as_str() {
        "operational" => Impact::None,
        "degraded_performance" => Impact::Degraded,
        "partial_outage" => Impact::PartialOutage,
        "major_outage" => Impact::MajorOutage,
        "under_maintenance" => Impact::Maintenance,
        _ => return None,
    };
    Some(Affected { component: words(&component.name), impact })
}

fn state(status: &str) -> Option<State> {
    State::from_word(&status.replace('_', " "))
}
