//! Where an event stands, in the original's words.
//!
//! In: the states of an event's steps, and its phase. Out: the nearest word of the original's two enumerations.

use super::shape::{EventImpact, IncidentStatus, MaintenanceStatus};
use crate::model::{Impact, Phase, State};

/// The states of incidents, or those of maintenances.
pub trait Progress: Copy {
    /// Where a step left the event.
    fn of(state: State) -> Self;

    /// Where the event stands at the site's moment, `last` being where its newest step left it.
    fn now(phase: Phase, last: Self) -> Self;

    /// Whether nothing more is expected.
    fn is_over(self) -> bool;

    /// The worst that the event did.
    fn impact(worst: Impact) -> EventImpact;

    /// Whether a state is the one that `monitoring_at` dates.
    fn is_monitoring(self) -> bool;
}

impl Progress for IncidentStatus {
    fn of(state: State) -> IncidentStatus {
        match state {
            State::Investigating | State::Scheduled | State::Update => IncidentStatus::Investigating,
            State::Identified | State::InProgress => IncidentStatus::Identified,
            State::Monitoring | State::Verifying => IncidentStatus::Monitoring,
            State::Resolved | State::Completed | State::Cancelled => IncidentStatus::Resolved,
            State::Postmortem => IncidentStatus::Postmortem,
        }
    }

    fn now(phase: Phase, last: IncidentStatus) -> IncidentStatus {
        match (phase.is_over(), last) {
            (true, IncidentStatus::Postmortem) => IncidentStatus::Postmortem,
            (true, _) => IncidentStatus::Resolved,
            // Told as resolved, but its `end` says that it goes on.
            (false, last) if last.is_over() => IncidentStatus::Monitoring,
            (false, last) => last,
        }
    }

    fn is_over(self) -> bool {
        matches!(self, IncidentStatus::Resolved | IncidentStatus::Postmortem)
    }

    fn impact(worst: Impact) -> EventImpact {
        EventImpact::of_incident(worst)
    }

    fn is_monitoring(self) -> bool {
        self == IncidentStatus::Monitoring
    }
}

impl Progress for MaintenanceStatus {
    fn of(state: State) -> MaintenanceStatus {
        match state {
            State::Scheduled | State::Update => MaintenanceStatus::Scheduled,
            State::InProgress | State::Investigating | State::Identified => MaintenanceStatus::InProgress,
            State::Verifying | State::Monitoring => MaintenanceStatus::Verifying,
            State::Completed | State::Cancelled | State::Resolved | State::Postmortem => MaintenanceStatus::Completed,
        }
    }

    fn now(phase: Phase, last: MaintenanceStatus) -> MaintenanceStatus {
        match phase {
            Phase::Scheduled => MaintenanceStatus::Scheduled,
            // The original completes a maintenance by itself at its planned end; so its clients see one that staff forgot.
            Phase::WindowOver | Phase::Completed | Phase::Cancelled | Phase::Resolved => MaintenanceStatus::Completed,
            Phase::InProgress | Phase::Overrunning | Phase::Ongoing if last == MaintenanceStatus::Verifying => MaintenanceStatus::Verifying,
            Phase::InProgress | Phase::Overrunning | Phase::Ongoing => MaintenanceStatus::InProgress,
        }
    }

    fn is_over(self) -> bool {
        self == MaintenanceStatus::Completed
    }

    fn impact(worst: Impact) -> EventImpact {
        EventImpact::of_maintenance(worst)
    }

    /// The original dates the monitoring of incidents only.
    fn is_monitoring(self) -> bool {
        false
    }
}
