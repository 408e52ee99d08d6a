//! What the outputs in the shape of Atlassian Statuspage share: the states of an event, the text of an
//! update, and the words that the original writes by itself, which stay English.

use serde::{Deserialize, Serialize};

use crate::model::{Kind, Post, Site, State, Update, escape};

/// The states of an incident. The original has no others: readers would not know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentStatus {
    Investigating,
    Identified,
    Monitoring,
    Resolved,
    Postmortem,
}

/// The states of a maintenance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaintenanceStatus {
    Scheduled,
    InProgress,
    Verifying,
    Completed,
}

impl From<State> for IncidentStatus {
    fn from(state: State) -> IncidentStatus {
        match state {
            State::Investigating | State::Scheduled | State::Update => IncidentStatus::Investigating,
            State::Identified | State::InProgress => IncidentStatus::Identified,
            State::Monitoring | State::Verifying => IncidentStatus::Monitoring,
            State::Resolved | State::Completed | State::Cancelled => IncidentStatus::Resolved,
            State::Postmortem => IncidentStatus::Postmortem,
        }
    }
}

impl From<State> for MaintenanceStatus {
    fn from(state: State) -> MaintenanceStatus {
        match state {
            State::Scheduled | State::Update => MaintenanceStatus::Scheduled,
            State::InProgress | State::Investigating | State::Identified => MaintenanceStatus::InProgress,
            State::Verifying | State::Monitoring => MaintenanceStatus::Verifying,
            State::Completed | State::Cancelled | State::Resolved | State::Postmortem => MaintenanceStatus::Completed,
        }
    }
}

impl IncidentStatus {
    /// The English name that people read.
    pub fn name(self) -> &'static str {
        match self {
            IncidentStatus::Investigating => "Investigating",
            IncidentStatus::Identified => "Identified",
            IncidentStatus::Monitoring => "Monitoring",
            IncidentStatus::Resolved => "Resolved",
            IncidentStatus::Postmortem => "Postmortem",
        }
    }
}

impl MaintenanceStatus {
    pub fn name(self) -> &'static str {
        match self {
            MaintenanceStatus::Scheduled => "Scheduled",
            MaintenanceStatus::InProgress => "In progress",
            MaintenanceStatus::Verifying => "Verifying",
            MaintenanceStatus::Completed => "Completed",
        }
    }
}

/// What is said where an event comes to a state that no update tells.
pub fn untold(kind: Kind, state: State) -> &'static str {
    match (kind, state.is_over()) {
        (Kind::Maintenance, true) => "The scheduled maintenance has been completed.",
        (Kind::Maintenance, false) => "The scheduled maintenance goes on.",
        (_, true) => "This incident has been resolved.",
        (_, false) => "This incident has been reopened.",
    }
}

/// An update's text as HTML with full URLs, below its own heading where it has one. `first` is the post that the event has its name from.
pub fn text(site: &Site, first: &Post, post: &Post, update: &Update) -> String {
    let base = site.base();
    let text = update.html.with_prefix(&format!("{}{}", base.origin, base.path), &base.absolute(&post.address));
    // A follow-up's title would be lost: the incident has the first post's.
    let follow_up = (update.is_opening() && post.id != first.id).then_some(&post.title);
    match update.title.as_ref().or(follow_up) {
        Some(title) => format!("<p><strong>{}</strong></p>\n{text}", escape(title.as_str())),
        None => text.into_owned(),
    }
}
