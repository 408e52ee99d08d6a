//! `/status.json` as it is written and read: version 1 of our own format.
//!
//! Moments are RFC 3339 in UTC (`2026-05-04T19:00:00Z`), dates ISO 8601, URLs complete, statuses and phases our own words. Within
//! version 1 keys may be added and none is removed or changes its meaning; a reader ignores what it does not know.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::{Impact, Kind, Moment, Standing, State, Status, uptime};

/// The version of the format.
pub const VERSION: u32 = 1;

/// `/status.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    #[serde(flatten)]
    pub head: Head,
    /// Hash of what subscribers were told: XXH3 (64 bits, 16 hexadecimal digits) of `ID SPACE AT SPACE DIGEST NEWLINE` of every
    /// item of `told`, newest first. Two builds with the same digest tell subscribers nothing new.
    pub digest: String,
    pub overall: Overall,
    /// In the order of the glance table.
    pub groups: Vec<Group>,
    /// In the order of the servers file, retired ones last.
    pub servers: Vec<Server>,
    /// Incidents that go on and maintenance at work: worst first, then newest.
    pub active: Vec<Arc<Event>>,
    /// Maintenance ahead: soonest first.
    pub planned: Vec<Arc<Event>>,
    /// What subscribers were told, as many items as a feed has: newest first.
    pub told: Vec<FeedItem>,
}

/// `/server/ID/status.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServerDocument {
    #[serde(flatten)]
    pub head: Head,
    pub server: Server,
    /// Uptime of each month, oldest first, from the server's beginning.
    pub months: Vec<Month>,
    /// Incidents that go on and maintenance at work on this server.
    pub active: Vec<Arc<Event>>,
    /// Maintenance of this server ahead: soonest first.
    pub planned: Vec<Arc<Event>>,
}

/// What both documents begin with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// [`VERSION`].
    pub version: u32,
    /// Where the JSON Schema of this document stands.
    pub schema: String,
    pub site: SiteName,
    /// The moment that the document describes.
    pub generated_at: Moment,
    /// From then on the document is too old to be believed: show `unknown`.
    pub stale_after: Moment,
    /// The next moment at which a new build would say something else, nothing new being written; `null` if nothing is planned.
    pub next_change: Option<Moment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteName {
    pub title: String,
    /// With a final slash.
    pub url: String,
}

/// The worst of the servers that are neither internal nor retired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overall {
    pub status: Status,
    /// A sentence in the site's language: `All systems operational`.
    pub text: String,
    /// When it became so; `null` for operational.
    pub since: Option<Moment>,
    pub next: Vec<Change>,
}

/// A change of status that will come by itself: a window opens or closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub at: Moment,
    pub status: Status,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// `null` for the servers without a group.
    pub name: Option<String>,
    pub status: Status,
    /// Ids.
    pub servers: Vec<String>,
    /// The SVG badge; `null` where the name has no word for an address.
    pub badge: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Server {
    pub id: String,
    pub name: String,
    pub about: Option<String>,
    pub group: Option<String>,
    pub location: Option<Location>,
    /// What it is when nothing happens to it.
    pub standing: Standing,
    pub status: Status,
    /// When the present status began; `null` for the standing one.
    pub since: Option<Moment>,
    /// URLs of the posts that cause it.
    pub posts: Vec<String>,
    pub next: Vec<Change>,
    /// Its page.
    pub url: String,
    /// Where customers can ping it.
    pub ping: Option<String>,
    /// Whether it answered when `signalpost probe` last tried it; left out where it was not tried. No part of the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<Probe>,
    pub in_service_since: Option<NaiveDate>,
    /// `null` where no minute of this year is on record: the server was out of service before, or has neither `since` nor an event.
    pub uptime: Option<UptimeFigures>,
    /// `null` where none of the 90 days is on record.
    pub history: Option<History>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// `up`, `down`, or `unknown` where the last try was too long ago.
    pub answer: String,
    /// How long the answer took; `null` unless it is `up`.
    pub milliseconds: Option<u32>,
    /// When it was tried.
    pub at: Moment,
    /// From then on the answer is too old to be believed: show `unknown`.
    pub unknown_from: Moment,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// Percent of the minutes outside maintenance that were no outage, rounded down to a thousandth; degraded service counts as up.
/// `null` where no minute is left to count, and where a record that the server's first event began has fewer than 28 days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UptimeFigures {
    /// The calendar month of `generated_at`, so far.
    pub month: Option<f64>,
    /// Its calendar year, so far.
    pub year: Option<f64>,
}

/// Those of the last 90 days in UTC that are on record: `to` is the day of `generated_at`, or the server's last in service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The days on which something was wrong or at work, oldest first. A day that is not here was quiet.
    pub days: Vec<Day>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub date: NaiveDate,
    /// The worst of the day.
    pub status: Status,
    #[serde(flatten)]
    pub minutes: Minutes,
}

/// Minutes in each state that is not operational.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    pub degraded: i64,
    pub partial_outage: i64,
    pub major_outage: i64,
    pub maintenance: i64,
}

impl Minutes {
    pub fn of(minutes: &uptime::Minutes) -> Minutes {
        Minutes {
            degraded: minutes[Impact::Degraded],
            partial_outage: minutes[Impact::PartialOutage],
            major_outage: minutes[Impact::MajorOutage],
            maintenance: minutes[Impact::Maintenance],
        }
    }
}

/// One row of `uptime.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Month {
    /// `2026-05`
    pub month: String,
    /// Minutes of the month that lie between the server's beginning and now.
    pub minutes: i64,
    pub operational: i64,
    #[serde(flatten)]
    pub down: Minutes,
    /// As [`UptimeFigures`].
    pub uptime_percent: Option<f64>,
}

/// An incident or a maintenance, told in one post or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The first post's id.
    pub id: String,
    pub kind: Kind,
    pub title: String,
    /// The first post's page, with the whole timeline.
    pub url: String,
    /// `scheduled`, `in-progress`, `overrunning`, `window-over`, `completed`, `cancelled`, `ongoing` or `resolved`.
    pub phase: String,
    /// The newest update's state word; `null` if no update has one.
    pub state: Option<State>,
    /// The worst that it does to a server at some time.
    pub impact: Impact,
    /// Ids.
    pub servers: Vec<String>,
    pub start: Moment,
    /// Planned, or `null` if nobody knows.
    pub end: Option<Moment>,
    pub next: Vec<PhaseChange>,
    /// The newest update.
    pub latest: Latest,
}

/// A change of phase that will come by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseChange {
    pub at: Moment,
    pub phase: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latest {
    pub at: Moment,
    /// The update on its page.
    pub url: String,
    /// Its first words, plain.
    pub text: String,
}

/// One item of the feeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedItem {
    /// The item's id in every feed.
    pub id: String,
    /// The item's date in every feed.
    pub at: Moment,
    pub url: String,
    pub title: String,
    /// XXH3 (64 bits, 16 hexadecimal digits) of all that the item says: another digest under the same id is a correction.
    pub digest: String,
}
