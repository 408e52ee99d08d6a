//! Servers, their uptime and their history.

use chrono::{Datelike, NaiveDate};

use super::changes;
use super::shape::{Day, History, Location, Minutes, Month, Probe, Server, UptimeFigures};
use crate::model::uptime::{HISTORY_DAYS, Uptime};
use crate::model::{Impact, Reach, ServerIx, Site, Status, midnight};

pub fn server(site: &Site, ix: ServerIx) -> Server {
    let server = &site.servers[ix];
    let now = &site.glance.servers[ix];
    Server {
        id: server.id.to_string(),
        name: server.name.clone(),
        about: server.about.clone(),
        group: server.group.clone(),
        location: server.location.as_ref().map(|place| Location { name: place.name.clone(), country: place.country.clone() }),
        standing: server.standing,
        status: now.status,
        since: now.since,
        posts: site.causes_of(ix).map(|post| site.base().absolute(&post.address)).collect(),
        next: changes(&now.next),
        url: site.base().absolute(&server.address()),
        ping: server.ping.clone(),
        probe: probe(site, ix),
        in_service_since: server.since,
        uptime: uptime(site, ix),
        history: history(site, ix),
    }
}

fn probe(site: &Site, server: ServerIx) -> Option<Probe> {
    let probes = site.probes.as_ref()?;
    let reach = probes.reach(server, site.now)?;
    let milliseconds = match reach {
        Reach::Up { milliseconds } => Some(milliseconds),
        Reach::Down | Reach::Unknown => None,
    };
    Some(Probe { answer: reach.word().to_owned(), milliseconds, at: probes.at, unknown_from: probes.unknown_from() })
}

/// Each month from the server's beginning, oldest first.
pub fn months(site: &Site, ix: ServerIx) -> Vec<Month> {
    let months = site.months(ix).into_iter().map(|uptime| Month {
        month: format!("{:04}-{:02}", uptime.year, uptime.month.unwrap_or_default()),
        minutes: uptime.minutes.total(),
        operational: uptime.minutes[Impact::None],
        down: Minutes::of(&uptime.minutes),
        uptime_percent: percent(&uptime),
    });
    months.collect()
}

fn uptime(site: &Site, ix: ServerIx) -> Option<UptimeFigures> {
    let new_year = midnight(NaiveDate::from_ymd_opt(site.now.year(), 1, 1)?);
    let months = site.months_from(ix, new_year);
    let years = Uptime::years(&months);
    // In its first minute a month, or a year, has nothing to count yet.
    let month = months.last().filter(|last| (last.year, last.month) == (site.now.year(), Some(site.now.month())));
    let year = years.last().filter(|last| last.year == site.now.year());
    (!months.is_empty()).then(|| UptimeFigures { month: month.and_then(percent), year: year.and_then(percent) })
}

/// `None` where nothing is left to count.
fn percent(uptime: &Uptime) -> Option<f64> {
    uptime.millipercent().map(|share| share as f64 / 1000.0)
}

fn history(site: &Site, ix: ServerIx) -> Option<History> {
    let days = site.days(ix, HISTORY_DAYS);
    let mut known = days.iter().filter(|day| day.worst != Status::Unknown);
    let first = known.next()?;
    let last = known.next_back().unwrap_or(first);
    let eventful = days.iter().filter(|day| day.worst.has_impact()).map(|day| Day {
        date: day.date,
        status: day.worst,
        minutes: Minutes::of(&day.minutes),
    });
    Some(History { from: first.date, to: last.date, days: eventful.collect() })
}
