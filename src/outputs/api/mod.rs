//! Atlassian Statuspage's public API v2: the eight documents under `/api/v2/`, so that its clients read this site unchanged.
//!
//! In: the site at its moment. Out: one JSON file an address, with every key, type and enumeration of the original and no key more.
//! Servers are components, groups are component groups, a thread is one incident or one scheduled maintenance. Left out: notices,
//! internal and retired servers, and events on internal servers alone. The words that the original fixes stay English.
//! Never computes a status (that is `model`), never invents a value that the original does not have.

mod components;
mod events;
mod id;
mod progress;
pub mod shape;
#[cfg(test)]
mod tests;

use chrono::{NaiveDate, NaiveTime};

use components::Components;
use events::Events;
use shape::{
    ComponentsDocument, IncidentsDocument, Indicator, MaintenancesDocument, Page, Stamp, StatusDocument, SummaryDocument, SystemStatus,
};

use super::{Output, OutputKind};
use crate::model::{Moment, Site, Status};
use crate::plan::Plan;
use crate::theme::Theme;

pub const KIND: OutputKind =
    OutputKind { name: "api", addresses: "`/api/v2/*.json`", about: "Atlassian Statuspage's public API v2, all eight documents", list };

/// How many incidents and how many maintenances the lists of all of them hold, as the original does.
const LIST_LIMIT: usize = 50;

fn list(_plan: &Plan, _theme: &Theme) -> Vec<Output> {
    vec![
        Output::json("api/v2/summary.json", |plan| Api::of(&plan.site).summary()),
        Output::json("api/v2/status.json", |plan| Api::of(&plan.site).status()),
        Output::json("api/v2/components.json", |plan| Api::of(&plan.site).components()),
        Output::json("api/v2/incidents.json", |plan| Api::of(&plan.site).incidents()),
        Output::json("api/v2/incidents/unresolved.json", |plan| Api::of(&plan.site).unresolved_incidents()),
        Output::json("api/v2/scheduled-maintenances.json", |plan| Api::of(&plan.site).maintenances()),
        Output::json("api/v2/scheduled-maintenances/upcoming.json", |plan| Api::of(&plan.site).upcoming_maintenances()),
        Output::json("api/v2/scheduled-maintenances/active.json", |plan| Api::of(&plan.site).active_maintenances()),
    ]
}

/// What the eight documents are made of; a method makes a document.
pub struct Api<'a> {
    site: &'a Site,
    components: Components,
    events: Events<'a>,
}

impl<'a> Api<'a> {
    pub fn of(site: &'a Site) -> Api<'a> {
        Api { site, components: Components::of(site), events: Events::of(site) }
    }

    /// `/api/v2/summary.json`: the page, all components, and every event that is not over.
    pub fn summary(&self) -> SummaryDocument {
        SummaryDocument {
            page: self.page(),
            components: self.components.list.clone(),
            incidents: self.events.unresolved_incidents(&self.components),
            scheduled_maintenances: [
                self.events.active_maintenances(&self.components),
                self.events.upcoming_maintenances(&self.components),
            ]
            .concat(),
            status: system_status(self.site.glance.overall),
        }
    }

    /// `/api/v2/status.json`: the page in one word.
    pub fn status(&self) -> StatusDocument {
        StatusDocument { page: self.page(), status: system_status(self.site.glance.overall) }
    }

    /// `/api/v2/components.json`
    pub fn components(&self) -> ComponentsDocument {
        ComponentsDocument { page: self.page(), components: self.components.list.clone() }
    }

    /// `/api/v2/incidents.json`: the 50 newest, in any state.
    pub fn incidents(&self) -> IncidentsDocument {
        IncidentsDocument { page: self.page(), incidents: self.events.newest_incidents(LIST_LIMIT, &self.components) }
    }

    /// `/api/v2/incidents/unresolved.json`: investigating, identified or monitoring; newest first.
    pub fn unresolved_incidents(&self) -> IncidentsDocument {
        IncidentsDocument { page: self.page(), incidents: self.events.unresolved_incidents(&self.components) }
    }

    /// `/api/v2/scheduled-maintenances.json`: the 50 newest, in any state.
    pub fn maintenances(&self) -> MaintenancesDocument {
        MaintenancesDocument { page: self.page(), scheduled_maintenances: self.events.newest_maintenances(LIST_LIMIT, &self.components) }
    }

    /// `/api/v2/scheduled-maintenances/upcoming.json`: scheduled; soonest first.
    pub fn upcoming_maintenances(&self) -> MaintenancesDocument {
        MaintenancesDocument { page: self.page(), scheduled_maintenances: self.events.upcoming_maintenances(&self.components) }
    }

    /// `/api/v2/scheduled-maintenances/active.json`: in progress or verifying; by their beginning.
    pub fn active_maintenances(&self) -> MaintenancesDocument {
        MaintenancesDocument { page: self.page(), scheduled_maintenances: self.events.active_maintenances(&self.components) }
    }

    /// The page, dated by the latest change of anything that these documents show.
    fn page(&self) -> Page {
        let base = self.site.base();
        let changes = self.components.list.iter().map(|component| component.updated_at).chain(self.events.changes());
        Page {
            id: id::page(self.site),
            name: self.site.config.title.clone(),
            url: format!("{}{}", base.origin, base.path),
            time_zone: "Etc/UTC".to_owned(),
            updated_at: changes.filter(|at| at.0 <= self.site.now).max().unwrap_or_else(|| Stamp(birth(self.site))),
        }
    }
}

/// The date of what has no date: the day on which the authority of the ids was the site's (RFC 4151), else the epoch.
fn birth(site: &Site) -> Moment {
    let authority = &site.config.feeds.authority;
    let date = authority.rsplit_once(',').map_or("", |(_, date)| date);
    let day = [date.to_owned(), format!("{date}-01"), format!("{date}-01-01")]
        .iter()
        .find_map(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").ok())
        .unwrap_or_default();
    day.and_time(NaiveTime::MIN).and_utc().min(site.now)
}

/// The page's status in the original's words.
fn system_status(overall: Status) -> SystemStatus {
    let (indicator, description) = match overall {
        Status::Operational | Status::Internal | Status::Retired => (Indicator::None, "All Systems Operational"),
        Status::Maintenance => (Indicator::Maintenance, "Service Under Maintenance"),
        Status::Degraded => (Indicator::Minor, "Partially Degraded Service"),
        Status::PartialOutage => (Indicator::Major, "Partial System Outage"),
        Status::MajorOutage | Status::Unknown => (Indicator::Critical, "Major Service Outage"),
    };
    SystemStatus { indicator, description: description.to_owned() }
}
