//! Threads as incidents and scheduled maintenances.

use std::cmp::Reverse;

use chrono::TimeDelta;
use quick_xml::escape::escape;

use super::components::{Components, is_public, status_at};
use super::id;
use super::progress::Progress;
use super::shape::{
    AffectedComponent, Component, Incident, IncidentStatus, IncidentUpdate, MaintenanceStatus, ScheduledMaintenance, Stamp,
};
use crate::model::{Event, Impact, Kind, Moment, Post, ServerIx, Site, Thread, Update};

/// How long a maintenance without any `end` is said to last: the original demands an end.
const DEFAULT_LENGTH: TimeDelta = TimeDelta::hours(1);

/// Every incident and maintenance that customers see, newest first.
pub struct Events<'a> {
    incidents: Vec<PublicEvent<'a, IncidentStatus>>,
    maintenances: Vec<PublicEvent<'a, MaintenanceStatus>>,
}

/// A thread with an event, and where that stands at the site's moment.
struct PublicEvent<'a, S> {
    site: &'a Site,
    thread: &'a Thread,
    event: &'a Event,
    /// The first post that is not withdrawn: the event has its name.
    first: &'a Post,
    status: S,
}

impl<'a> Events<'a> {
    pub fn of(site: &'a Site) -> Events<'a> {
        Events { incidents: of_kind(site, Kind::Incident), maintenances: of_kind(site, Kind::Maintenance) }
    }

    pub fn newest_incidents(&self, limit: usize, components: &Components) -> Vec<Incident> {
        self.incidents.iter().take(limit).map(|incident| incident.written(components)).collect()
    }

    pub fn unresolved_incidents(&self, components: &Components) -> Vec<Incident> {
        self.incidents.iter().filter(|incident| !incident.status.is_over()).map(|incident| incident.written(components)).collect()
    }

    pub fn newest_maintenances(&self, limit: usize, components: &Components) -> Vec<ScheduledMaintenance> {
        self.maintenances.iter().take(limit).map(|maintenance| maintenance.written_with_window(components)).collect()
    }

    pub fn upcoming_maintenances(&self, components: &Components) -> Vec<ScheduledMaintenance> {
        self.maintenances_that(|status| status == MaintenanceStatus::Scheduled, components)
    }

    pub fn active_maintenances(&self, components: &Components) -> Vec<ScheduledMaintenance> {
        self.maintenances_that(|status| matches!(status, MaintenanceStatus::InProgress | MaintenanceStatus::Verifying), components)
    }

    /// When each event changed last.
    pub fn changes(&self) -> impl Iterator<Item = Stamp> {
        let incidents = self.incidents.iter().map(|incident| Stamp(incident.changed()));
        incidents.chain(self.maintenances.iter().map(|maintenance| Stamp(maintenance.changed())))
    }

    /// Soonest first.
    fn maintenances_that(&self, holds: impl Fn(MaintenanceStatus) -> bool, components: &Components) -> Vec<ScheduledMaintenance> {
        let chosen = self.maintenances.iter().filter(|maintenance| holds(maintenance.status));
        let mut written: Vec<_> = chosen.map(|maintenance| maintenance.written_with_window(components)).collect();
        written.sort_by(|a, b| (a.scheduled_for, &a.event.id).cmp(&(b.scheduled_for, &b.event.id)));
        written
    }
}

/// The events of a kind, newest first by the date of their first post.
fn of_kind<S: Progress>(site: &Site, kind: Kind) -> Vec<PublicEvent<'_, S>> {
    let mut events: Vec<PublicEvent<'_, S>> =
        site.threads.iter().filter_map(|thread| PublicEvent::of(site, thread)).filter(|event| event.event.kind == kind).collect();
    events.sort_by_key(|event| (Reverse(event.first.date), &event.first.address));
    events
}

impl<'a, S: Progress> PublicEvent<'a, S> {
    /// `None` for what customers do not see: notices, withdrawn events, those on internal servers alone, incidents that are yet to come.
    fn of(site: &'a Site, thread: &'a Thread) -> Option<PublicEvent<'a, S>> {
        let event = thread.event.as_ref()?;
        let first = thread.posts.iter().map(|post| site.posts[*post].as_ref()).find(|post| !post.withdrawn)?;
        let internal_alone = !thread.servers.is_empty() && thread.servers.iter().all(|server| is_internal(site, *server));
        if internal_alone || (event.kind == Kind::Incident && site.now < event.start) {
            return None;
        }
        let last = statuses::<S>(site, thread, event).last().map_or_else(|| S::at_first(event, first.date), |(_, _, status)| status);
        Some(PublicEvent { site, thread, event, first, status: S::now(event, last) })
    }

    /// The event as the API writes it, with all its updates newest first.
    fn written(&self, components: &Components) -> Incident<S> {
        let id = id::incident(self.site, &self.site.posts[self.thread.posts[0]]);
        let over = self.status.is_over().then(|| self.event.closed.or(self.event.end)).flatten();
        let mut updates = self.updates(&id, components);
        updates.reverse();
        Incident {
            name: self.first.title.clone(),
            status: self.status,
            created_at: Stamp(self.first.date),
            updated_at: Stamp(self.changed()),
            monitoring_at: updates.iter().find(|update| update.status.is_monitoring()).map(|update| update.created_at),
            resolved_at: over.filter(|at| *at <= self.site.now).map(Stamp),
            impact: S::impact(self.worst_impact()),
            shortlink: self.site.base().absolute(&self.first.address),
            started_at: Stamp(self.event.start),
            page_id: id::page(self.site),
            incident_updates: updates,
            components: self.servers().filter_map(|server| components.get(server)).cloned().collect(),
            reminder_intervals: None,
            id,
        }
    }

    /// The servers concerned that customers see.
    fn servers(&self) -> impl Iterator<Item = ServerIx> + '_ {
        self.thread.servers.iter().copied().filter(|server| is_public(self.site, *server))
    }

    /// Oldest first.
    fn updates(&self, incident_id: &str, components: &Components) -> Vec<IncidentUpdate<S>> {
        let servers: Vec<(ServerIx, &Component)> = self.servers().filter_map(|ix| Some((ix, components.get(ix)?))).collect();
        let mut before = self.event.start.min(self.first.date) - TimeDelta::seconds(1);
        let mut updates = Vec::with_capacity(self.thread.updates.len());
        for (post, update, status) in statuses::<S>(self.site, self.thread, self.event) {
            let at = Stamp(update.at);
            let affected = servers.iter().map(|(server, component)| AffectedComponent {
                code: component.id.clone(),
                name: full_name(self.site, *server),
                old_status: status_at(self.site, *server, before),
                new_status: status_at(self.site, *server, update.at),
            });
            updates.push(IncidentUpdate {
                id: id::update(self.site, post, update),
                status,
                body: body(self.site, self.first, post, update),
                incident_id: incident_id.to_owned(),
                created_at: at,
                updated_at: at,
                display_at: at,
                affected_components: (!servers.is_empty()).then(|| affected.collect()),
                deliver_notifications: post.notify,
                custom_tweet: None,
                tweet_id: None,
            });
            before = update.at;
        }
        updates
    }

    /// When anything about the event changed last: a word of staff, its end, or its window.
    fn changed(&self) -> Moment {
        let last_word = shown_updates(self.site, self.thread).map(|(_, update)| update.at).max();
        let window = [Some(self.event.start), self.event.closed, self.event.end];
        let by_itself = window.into_iter().flatten().filter(|at| *at <= self.site.now);
        by_itself.chain(last_word).max().map_or(self.first.date, |at| at.max(self.first.date))
    }

    /// The worst that the event did to a server that customers see; for one without effect, what its posts say.
    fn worst_impact(&self) -> Impact {
        let done = self.event.stretches.iter().filter(|stretch| !is_internal(self.site, stretch.server));
        done.map(|stretch| stretch.impact).max().unwrap_or_else(|| said_impact(self.event.kind, self.first))
    }
}

impl PublicEvent<'_, MaintenanceStatus> {
    fn written_with_window(&self, components: &Components) -> ScheduledMaintenance {
        let posts = || self.thread.posts.iter().map(|post| &self.site.posts[*post]).filter(|post| !post.withdrawn);
        let scheduled_for = posts().find_map(|post| post.start).unwrap_or(self.event.start);
        let planned_end = posts().filter_map(|post| post.end).last().or(self.event.end);
        ScheduledMaintenance {
            event: self.written(components),
            scheduled_for: Stamp(scheduled_for),
            scheduled_until: Stamp(planned_end.map_or(scheduled_for + DEFAULT_LENGTH, |end| end.max(scheduled_for))),
        }
    }
}

/// The updates of a thread that customers read, oldest first: those of withdrawn follow-ups are left out.
fn shown_updates<'a>(site: &'a Site, thread: &'a Thread) -> impl Iterator<Item = (&'a Post, &'a Update)> {
    let updates = thread.updates.iter().map(|(post, update)| (site.posts[*post].as_ref(), *update));
    updates.filter(|(post, _)| !post.withdrawn).map(|(post, update)| (post, &post.updates[update]))
}

/// Each update with where it left the event, oldest first.
fn statuses<'a, S: Progress + 'a>(
    site: &'a Site,
    thread: &'a Thread,
    event: &'a Event,
) -> impl Iterator<Item = (&'a Post, &'a Update, S)> + 'a {
    let mut status: Option<S> = None;
    shown_updates(site, thread).map(move |(post, update)| {
        let before = status.unwrap_or_else(|| S::at_first(event, update.at));
        let now = before.after(update.state, event, update.at);
        status = Some(now);
        (post, update, now)
    })
}

/// The update's text as HTML with full URLs, below its own heading where it has one.
fn body(site: &Site, first: &Post, post: &Post, update: &Update) -> String {
    let base = site.base();
    let text = update.html.with_prefix(&format!("{}{}", base.origin, base.path), &base.absolute(&post.address));
    // A follow-up's title would be lost: the incident has the first post's.
    let follow_up = (update.is_opening() && post.id != first.id).then_some(&post.title);
    match update.title.as_ref().or(follow_up) {
        Some(title) => format!("<p><strong>{}</strong></p>\n{text}", escape(title.as_str())),
        None => text.into_owned(),
    }
}

/// `Group - Server`, as the original names an affected component.
fn full_name(site: &Site, server: ServerIx) -> String {
    let server = &site.servers[server];
    match &server.group {
        Some(group) => format!("{group} - {}", server.name),
        None => server.name.clone(),
    }
}

fn said_impact(kind: Kind, first: &Post) -> Impact {
    let single = first.impact.servers.iter().map(|(_, impact)| *impact).max();
    first.impact.all.max(single).unwrap_or_else(|| kind.default_impact())
}

fn is_internal(site: &Site, server: ServerIx) -> bool {
    site.servers[server].standing == crate::model::Standing::Internal
}
