//! Statuspage: `incidents.json` and `scheduled-maintenances.json` of its public API v2.
//!
//! These say kind, window, impact and states outright. The API gives the fifty newest of each.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Deserialize;

use super::markdown::words;
use super::{Export, File, Item, Known, KnownUpdate, Refused};
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
            if super::is_usable(incident.created_at) {
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
    let mut item = Item { title: words(&incident.name), link: format!("{home}/incidents/{}", incident.id), ..Item::default() };
    item.slug = slug(&item.title);
    let mut updates: Vec<KnownUpdate> = incident
        .incident_updates
        .into_iter()
        .map(|update| KnownUpdate {
            at: second(update.display_at.unwrap_or(update.created_at)),
            state: State::from_word(&update.status.replace('_', " ")),
            html: update.body.unwrap_or_default().replace('\n', "<br>"),
        })
        .collect();
    updates.sort_by_key(|update| update.at);
    let told = updates.len();
    updates.retain(|update| super::is_usable(update.at) && update.at <= now);
    if updates.len() < told {
        item.notes.insert("has updates from the future, which are left out".to_owned());
    }
    // The oldest is what the post begins with; the others rise by a second at least.
    let opening = if updates.is_empty() { None } else { Some(updates.remove(0)) };
    item.date = opening.as_ref().map_or(second(incident.created_at), |opening| opening.at);
    let mut last = item.date;
    for update in &mut updates {
        update.at = update.at.max(last + TimeDelta::seconds(1));
        last = update.at;
    }
    let is_final = opening.iter().chain(&updates).any(|update| update.state.is_some_and(State::is_final));
    item.html = opening.map(|opening| opening.html).unwrap_or_default();
    let (start, end) = match kind {
        Kind::Maintenance => (incident.scheduled_for, incident.scheduled_until),
        _ => (Some(incident.started_at.unwrap_or(item.date).min(item.date)), incident.resolved_at),
    };
    let start = start.map_or(item.date, second);
    // A Resolved update says when it ended; what none says, the document does.
    let end = end.map(second).filter(|end| *end >= start && (kind == Kind::Maintenance || updates.iter().all(|update| !is_end(update))));
    let is_over = match kind {
        Kind::Maintenance => now < start || end.is_some_and(|end| end <= now) || incident.status == "completed" && is_final,
        _ => {
            updates.iter().any(is_end) && updates.iter().rev().find_map(|update| update.state).is_some_and(|state| !state.reopens())
                || end.is_some()
        }
    };
    if !is_over {
        item.notes.insert(format!("is not over by the export ({}): a notice here, which has no effect", incident.status));
    }
    let impact = match (kind, incident.impact.as_deref()) {
        (Kind::Incident, Some("none")) => Some(Impact::None),
        (Kind::Incident, Some("major")) => Some(Impact::PartialOutage),
        (Kind::Incident, Some("critical")) => Some(Impact::MajorOutage),
        _ => None,
    };
    let components = incident.components.into_iter().map(|component| words(&component.name)).collect();
    item.known = Some(Known { kind: if is_over { kind } else { Kind::Notice }, start, end, impact, components, updates });
    item
}

fn is_end(update: &KnownUpdate) -> bool {
    update.state.is_some_and(State::is_final)
}

fn second(at: DateTime<Utc>) -> Moment {
    at.trunc_subsecs(0)
}
