//! Where an event stands, in the original's words.
//!
//! In: the phase and the states of our updates. Out: the nearest word of the original's two enumerations.

use super::shape::{EventImpact, IncidentStatus, MaintenanceStatus};
use crate::model::{Event, Impact, Moment, Phase, State};

/// The states of incidents, or those of maintenances.
pub trait Progress: Copy {
    /// Where an event stands at the moment when it is first told of.
    fn at_first(event: &Event, at: Moment) -> Self;

    /// Where it stands after an update at `at`: by its state, else by its window, else where it stood before.
    fn after(self, state: Option<State>, event: &Event, at: Moment) -> Self;

    /// Where it stands at the site's moment, `last` being what its newest update left.
    fn now(event: &Event, last: Self) -> Self;

    /// Whether nothing more is expected.
    fn is_over(self) -> bool;

    /// The worst that the event did.
    fn impact(worst: Impact) -> EventImpact;

    /// Whether a state is the one that `monitoring_at` dates.
    fn is_monitoring(self) -> bool;
}

impl Progress for IncidentStatus {
    fn at_first(_: &Event, _: Moment) -> IncidentStatus {
        IncidentStatus::Investigating
    }

    fn after(self, state: Option<State>, event: &Event, at: Moment) -> IncidentStatus {
        let said = state.and_then(|state| match state {
            State::Investigating => Some(IncidentStatus::Investigating),
            State::Identified | State::InProgress => Some(IncidentStatus::Identified),
            State::Monitoring | State::Verifying => Some(IncidentStatus::Monitoring),
            State::Resolved | State::Completed | State::Cancelled => Some(IncidentStatus::Resolved),
            State::Postmortem => Some(IncidentStatus::Postmortem),
            State::Update | State::Scheduled => None,
        });
        match said {
            Some(said) => said,
            None if event.reopened.binary_search(&at).is_ok() => IncidentStatus::Investigating,
            None if !self.is_over() && has_closed(event, at) => IncidentStatus::Resolved,
            None => self,
        }
    }

    fn now(event: &Event, last: IncidentStatus) -> IncidentStatus {
        match (event.phase.is_over(), last) {
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
    fn at_first(event: &Event, at: Moment) -> MaintenanceStatus {
        if at < event.start { MaintenanceStatus::Scheduled } else { MaintenanceStatus::InProgress }
    }

    fn after(self, state: Option<State>, event: &Event, at: Moment) -> MaintenanceStatus {
        let said = state.and_then(|state| match state {
            State::Scheduled => Some(MaintenanceStatus::Scheduled),
            State::InProgress | State::Investigating | State::Identified => Some(MaintenanceStatus::InProgress),
            State::Verifying | State::Monitoring => Some(MaintenanceStatus::Verifying),
            State::Completed | State::Cancelled | State::Resolved | State::Postmortem => Some(MaintenanceStatus::Completed),
            State::Update => None,
        });
        match said {
            Some(said) => said,
            None if event.reopened.binary_search(&at).is_ok() => MaintenanceStatus::InProgress,
            None if has_closed(event, at) => MaintenanceStatus::Completed,
            None if self == MaintenanceStatus::Scheduled && event.start <= at => MaintenanceStatus::InProgress,
            None => self,
        }
    }

    fn now(event: &Event, last: MaintenanceStatus) -> MaintenanceStatus {
        match event.phase {
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

fn has_closed(event: &Event, at: Moment) -> bool {
    event.closed.is_some_and(|closed| closed <= at)
}
