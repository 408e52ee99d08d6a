//! The objects of the API as they are written: names, types and order of the original's keys.
//!
//! Everything that the original always sends is always here; what it may send as `null` is an `Option` and is written as `null`.
//! They can be read back too, which the tests do.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{Impact, Moment, Status};
use crate::outputs::statuspage::{IncidentStatus, MaintenanceStatus};

/// `summary.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryDocument {
    pub page: Page,
    pub components: Vec<Component>,
    /// Unresolved ones, newest first.
    pub incidents: Vec<Incident>,
    /// Active ones, then those ahead.
    pub scheduled_maintenances: Vec<ScheduledMaintenance>,
    pub status: SystemStatus,
}

/// `status.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusDocument {
    pub page: Page,
    pub status: SystemStatus,
}

/// `components.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComponentsDocument {
    pub page: Page,
    pub components: Vec<Component>,
}

/// `incidents.json`, `incidents/unresolved.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentsDocument {
    pub page: Page,
    pub incidents: Vec<Incident>,
}

/// `scheduled-maintenances.json`, `scheduled-maintenances/upcoming.json`, `scheduled-maintenances/active.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaintenancesDocument {
    pub page: Page,
    pub scheduled_maintenances: Vec<ScheduledMaintenance>,
}

/// The status page itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub id: String,
    pub name: String,
    /// Without a final slash.
    pub url: String,
    /// Always `Etc/UTC`.
    pub time_zone: String,
    pub updated_at: Stamp,
}

/// The whole page in one word and one sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemStatus {
    pub indicator: Indicator,
    /// One of the original's sentences, English in every language of the site.
    pub description: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    None,
    Minor,
    Major,
    Critical,
    Maintenance,
}

/// A server, or a group of servers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    pub id: String,
    pub name: String,
    pub status: ComponentStatus,
    pub created_at: Stamp,
    pub updated_at: Stamp,
    /// From 1, within the group; groups and servers without one share a count. At most 255: some clients read a byte.
    pub position: u8,
    pub description: Option<String>,
    pub showcase: bool,
    /// Since when the server is in service.
    pub start_date: Option<NaiveDate>,
    pub group_id: Option<String>,
    pub page_id: String,
    pub group: bool,
    pub only_show_if_degraded: bool,
    /// The ids of a group's servers; the key is absent on a server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentStatus {
    Operational,
    DegradedPerformance,
    PartialOutage,
    MajorOutage,
    UnderMaintenance,
}

impl ComponentStatus {
    /// `None` for what is no status of a component: servers in these states are left out.
    pub fn of(status: Status) -> Option<ComponentStatus> {
        match status {
            Status::Operational => Some(ComponentStatus::Operational),
            Status::Maintenance => Some(ComponentStatus::UnderMaintenance),
            Status::Degraded => Some(ComponentStatus::DegradedPerformance),
            Status::PartialOutage => Some(ComponentStatus::PartialOutage),
            Status::MajorOutage => Some(ComponentStatus::MajorOutage),
            Status::Internal | Status::Retired | Status::Unknown => None,
        }
    }
}

/// An incident; with another enumeration of states also the common part of a maintenance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident<S = IncidentStatus> {
    pub id: String,
    pub name: String,
    pub status: S,
    pub created_at: Stamp,
    pub updated_at: Stamp,
    pub monitoring_at: Option<Stamp>,
    pub resolved_at: Option<Stamp>,
    pub impact: EventImpact,
    /// The full URL of the thread's first post.
    pub shortlink: String,
    pub started_at: Stamp,
    pub page_id: String,
    /// Newest first, never empty.
    pub incident_updates: Vec<IncidentUpdate<S>>,
    /// The servers concerned, as they are now.
    pub components: Vec<Component>,
    /// Always `null`: nobody is reminded.
    pub reminder_intervals: Option<String>,
}

/// A planned window of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduledMaintenance {
    #[serde(flatten)]
    pub event: Incident<MaintenanceStatus>,
    pub scheduled_for: Stamp,
    pub scheduled_until: Stamp,
}

/// How bad an event was at its worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventImpact {
    None,
    Minor,
    Major,
    Critical,
    Maintenance,
}

impl EventImpact {
    /// Of an incident, which never has `maintenance`: where a post says so all the same, it counts as the least that customers notice.
    pub fn of_incident(worst: Impact) -> EventImpact {
        match worst {
            Impact::None => EventImpact::None,
            Impact::Maintenance | Impact::Degraded => EventImpact::Minor,
            Impact::PartialOutage => EventImpact::Major,
            Impact::MajorOutage => EventImpact::Critical,
        }
    }

    /// Of a maintenance, which is at least `maintenance`.
    pub fn of_maintenance(worst: Impact) -> EventImpact {
        match worst {
            Impact::None | Impact::Maintenance => EventImpact::Maintenance,
            worse => EventImpact::of_incident(worse),
        }
    }
}

/// One update of an incident or maintenance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentUpdate<S> {
    pub id: String,
    pub status: S,
    /// HTML with full URLs.
    pub body: String,
    pub incident_id: String,
    pub created_at: Stamp,
    pub updated_at: Stamp,
    pub display_at: Stamp,
    /// `null` where the event names no server that customers see.
    pub affected_components: Option<Vec<AffectedComponent>>,
    /// Whether subscribers are told: `notify` of the post.
    pub deliver_notifications: bool,
    /// Always `null`.
    pub custom_tweet: Option<String>,
    /// Always `null`.
    pub tweet_id: Option<u64>,
}

/// What an update meant for one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AffectedComponent {
    /// The component's id.
    pub code: String,
    /// `Group - Server`, or the server's name alone.
    pub name: String,
    pub old_status: ComponentStatus,
    pub new_status: ComponentStatus,
}

/// A moment as the original writes it: UTC, milliseconds, `Z`. Strict clients refuse any other form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(pub Moment);

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Stamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        let moment = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.3fZ").map_err(serde::de::Error::custom)?;
        Ok(Stamp(DateTime::from_naive_utc_and_offset(moment, chrono::Utc)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_has_milliseconds_and_a_z_and_nothing_else_is_read() {
        let stamp = Stamp(DateTime::from_timestamp(1_777_921_200, 0).unwrap());
        assert_eq!(serde_json::to_string(&stamp).unwrap(), r#""2026-05-04T19:00:00.000Z""#);
        assert_eq!(serde_json::from_str::<Stamp>(r#""2026-05-04T19:00:00.000Z""#).unwrap(), stamp);
        assert!(serde_json::from_str::<Stamp>(r#""2026-05-04T19:00:00+00:00""#).is_err());
    }

    #[test]
    fn an_incident_never_has_the_impact_maintenance_and_a_maintenance_never_none() {
        for impact in Impact::ALL {
            assert_ne!(EventImpact::of_incident(impact), EventImpact::Maintenance);
            assert_ne!(EventImpact::of_maintenance(impact), EventImpact::None);
        }
    }
}
