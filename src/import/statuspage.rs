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
    let (start, end) = match kind {
        Kind::Maintenance => (incident.scheduled_for, incident.scheduled_until),
        _ => {
            // Told when it was over, in one piece.
            let told = opening.as_ref().filter(|opening| is_end(opening)).map(|opening| opening.at);
            let start = incident.started_at.unwrap_or(item.date).min(item.date);
            (Some(start), incident.resolved_at.or(told).filter(|end| *end <= now))
        }
    };
    item.html = opening.map(|opening| opening.html).unwrap_or_default();
    let start = start.map(second).filter(|start| super::is_usable(*start)).unwrap_or(item.date);
    // Where an update says that it is over, that says when as well.
    let has_end = kind == Kind::Incident && updates.iter().any(is_end);
    let end = end.map(second).filter(|end| *end >= start && super::is_usable(*end) && !has_end);
    let is_over = is_over(kind, start, end, &updates, now);
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

/// Whether it has no effect at the moment, by what is said of it: an end, or a window that has not begun.
fn is_over(kind: Kind, start: Moment, end: Option<Moment>, updates: &[KnownUpdate], now: Moment) -> bool {
    let is_reopened = |after: &[KnownUpdate]| after.iter().any(|update| update.state.is_some_and(State::reopens));
    if let Some(last) = updates.iter().rposition(is_end) {
        return !is_reopened(&updates[last + 1..]);
    }
    let has_begun = start <= now || updates.iter().any(|update| update.state == Some(State::InProgress));
    let later = |end: Moment| updates.iter().any(|update| update.at > end);
    match kind {
        Kind::Maintenance => !has_begun || end.is_some_and(|end| end <= now && !later(end)),
        _ => end.is_some_and(|end| !later(end)),
    }
}

fn is_end(update: &KnownUpdate) -> bool {
    update.state.is_some_and(State::is_final)
}

fn second(at: DateTime<Utc>) -> Moment {
    at.trunc_subsecs(0)
}
