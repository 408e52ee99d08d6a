//! Where an event stands, in the original's words.
//!
//! In: the state of an event's newest step, and its phase. Out: the nearest word of the original's two enumerations.

use super::shape::EventImpact;
use crate::model::{Impact, Phase, State};
use crate::outputs::statuspage::{IncidentStatus, MaintenanceStatus};

/// The states of incidents, or those of maintenances.
pub trait Progress: Copy + From<State> {
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
