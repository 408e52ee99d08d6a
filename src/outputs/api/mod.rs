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

use std::sync::{Arc, OnceLock};

use serde::Serialize;

use components::Components;
use events::Events;
use shape::{
    ComponentsDocument, IncidentsDocument, Indicator, MaintenancesDocument, Page, ScheduledMaintenance, Stamp, StatusDocument,
    SummaryDocument, SystemStatus,
};

use super::{Output, OutputKind};
use crate::model::{Moment, Site, Status};
use crate::plan::Plan;
use crate::theme::Theme;

pub const KIND: OutputKind =
    OutputKind { addresses: "`/api/v2/*.json`", about: "Atlassian Statuspage's public API v2, all eight documents", list };

/// How many incidents and how many maintenances the lists of all of them hold, as the original does.
const LIST_LIMIT: usize = 50;

fn list(_plan: &Plan, _theme: &Theme) -> Vec<Output> {
    // What all eight are made of is made once, by whichever comes first.
    let api = Arc::new(OnceLock::new());
    vec![
        document("summary.json", &api, Api::summary),
        document("status.json", &api, Api::status),
        document("components.json", &api, Api::components),
        document("incidents.json", &api, Api::incidents),
        document("incidents/unresolved.json", &api, Api::unresolved_incidents),
        document("scheduled-maintenances.json", &api, Api::maintenances),
        document("scheduled-maintenances/upcoming.json", &api, Api::upcoming_maintenances),
        document("scheduled-maintenances/active.json", &api, Api::active_maintenances),
    ]
}

fn document<T: Serialize + 'static>(path: &str, api: &Arc<OnceLock<Api>>, make: fn(&Api) -> T) -> Output {
    let api = api.clone();
    Output::json(format!("api/v2/{path}"), move |plan| make(api.get_or_init(|| Api::of(&plan.site))))
}

/// What the eight documents of a site are made of; a method makes a document.
pub struct Api {
    site: Arc<Site>,
    page: Page,
    components: Components,
    events: Events,
}

impl Api {
    pub fn of(site: &Arc<Site>) -> Api {
        let (components, events) = (Components::of(site), Events::of(site));
        Api { page: page(site, &components, &events), site: site.clone(), components, events }
    }

    /// `/api/v2/summary.json`: the page, all components, and every event that is not over.
    pub fn summary(&self) -> SummaryDocument {
        let (active, upcoming) = (self.events.active_maintenances(&self.components), self.events.upcoming_maintenances(&self.components));
        SummaryDocument {
            page: self.page.clone(),
            components: self.components.list.clone(),
            incidents: self.events.unresolved_incidents(&self.components),
            scheduled_maintenances: [active, upcoming].concat(),
            status: system_status(self.site.glance.overall),
        }
    }

    /// `/api/v2/status.json`: the page in one word.
    pub fn status(&self) -> StatusDocument {
        StatusDocument { page: self.page.clone(), status: system_status(self.site.glance.overall) }
    }

    /// `/api/v2/components.json`
    pub fn components(&self) -> ComponentsDocument {
        ComponentsDocument { page: self.page.clone(), components: self.components.list.clone() }
    }

    /// `/api/v2/incidents.json`: the 50 newest, in any state.
    pub fn incidents(&self) -> IncidentsDocument {
        let incidents = self.events.newest_incidents(LIST_LIMIT, &self.components);
        IncidentsDocument { page: self.page.clone(), incidents }
    }

    /// `/api/v2/incidents/unresolved.json`: investigating, identified or monitoring; newest first.
    pub fn unresolved_incidents(&self) -> IncidentsDocument {
        IncidentsDocument { page: self.page.clone(), incidents: self.events.unresolved_incidents(&self.components) }
    }

    /// `/api/v2/scheduled-maintenances.json`: the 50 newest, in any state.
    pub fn maintenances(&self) -> MaintenancesDocument {
        self.maintenances_document(self.events.newest_maintenances(LIST_LIMIT, &self.components))
    }

    /// `/api/v2/scheduled-maintenances/upcoming.json`: scheduled; soonest first.
    pub fn upcoming_maintenances(&self) -> MaintenancesDocument {
        self.maintenances_document(self.events.upcoming_maintenances(&self.components))
    }

    /// `/api/v2/scheduled-maintenances/active.json`: in progress or verifying; by their beginning.
    pub fn active_maintenances(&self) -> MaintenancesDocument {
        self.maintenances_document(self.events.active_maintenances(&self.components))
    }

    fn maintenances_document(&self, scheduled_maintenances: Vec<ScheduledMaintenance>) -> MaintenancesDocument {
        MaintenancesDocument { page: self.page.clone(), scheduled_maintenances }
    }
}

/// The page, dated by the latest change of anything that the documents show.
fn page(site: &Site, components: &Components, events: &Events) -> Page {
    let base = site.base();
    let changes = components.list.iter().map(|component| component.updated_at.0).chain(events.last_change());
    Page {
        id: id::page(site),
        name: site.config.title.clone(),
        url: format!("{}{}", base.origin, base.path),
        time_zone: "Etc/UTC".to_owned(),
        updated_at: Stamp(changes.filter(|at| *at <= site.now).max().unwrap_or_else(|| birth(site))),
    }
}

/// The date of what has no date: when the site's ids began.
fn birth(site: &Site) -> Moment {
    site.config.feeds.ids_begin().min(site.now)
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
