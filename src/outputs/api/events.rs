//! Threads as incidents and scheduled maintenances.

use std::cmp::Reverse;
use std::sync::Arc;

use chrono::TimeDelta;

use super::components::{self, Components, status_at};
use super::id;
use super::progress::Progress;
use super::shape::{AffectedComponent, Component, Incident, IncidentUpdate, ScheduledMaintenance, Stamp};
use crate::model::{Event, Impact, Kind, Moment, Phase, Post, ServerIx, Site, Standing, State, Step, Thread, ThreadIx};
use crate::outputs::simple_html::simple;
use crate::outputs::statuspage::{self, IncidentStatus, MaintenanceStatus};

/// How long a maintenance without any `end` is said to last: the original demands an end.
const DEFAULT_LENGTH: TimeDelta = TimeDelta::hours(1);

/// How many components the updates of one event name in all. Each names all servers of the event: of many servers and many updates that
/// would be a file that no reader takes.
const MOST_AFFECTED: usize = 20_000;

/// Every incident and maintenance that customers see, newest first.
pub struct Events {
    site: Arc<Site>,
    incidents: Vec<PublicEvent<IncidentStatus>>,
    maintenances: Vec<PublicEvent<MaintenanceStatus>>,
}

/// A thread with an event, the steps that this went through, and where it stands at the site's moment.
struct PublicEvent<S> {
    thread: ThreadIx,
    steps: Vec<Step>,
    status: S,
}

/// The same, looked up in the site.
struct EventThread<'a, S> {
    site: &'a Site,
    thread: &'a Thread,
    event: &'a Event,
    steps: &'a [Step],
    status: S,
    /// The post that the event has its name from.
    first: &'a Post,
}

impl Events {
    pub fn of(site: &Arc<Site>) -> Events {
        Events { incidents: of_kind(site, Kind::Incident), maintenances: of_kind(site, Kind::Maintenance), site: site.clone() }
    }

    pub fn newest_incidents(&self, limit: usize, components: &Components) -> Vec<Incident> {
        self.incidents().take(limit).map(|incident| incident.written(components)).collect()
    }

    pub fn unresolved_incidents(&self, components: &Components) -> Vec<Incident> {
        let open = self.incidents().filter(|incident| !incident.status.is_over());
        open.map(|incident| incident.written(components)).collect()
    }

    pub fn newest_maintenances(&self, limit: usize, components: &Components) -> Vec<ScheduledMaintenance> {
        self.maintenances().take(limit).map(|maintenance| maintenance.written_with_window(components)).collect()
    }

    pub fn upcoming_maintenances(&self, components: &Components) -> Vec<ScheduledMaintenance> {
        self.maintenances_that(|status| status == MaintenanceStatus::Scheduled, components)
    }

    pub fn active_maintenances(&self, components: &Components) -> Vec<ScheduledMaintenance> {
        let is_active = |status| matches!(status, MaintenanceStatus::InProgress | MaintenanceStatus::Verifying);
        self.maintenances_that(is_active, components)
    }

    /// When an event changed last.
    pub fn last_change(&self) -> Option<Moment> {
        let changed =
            self.incidents().map(|incident| incident.changed()).chain(self.maintenances().map(|maintenance| maintenance.changed()));
        changed.filter(|at| *at <= self.site.now).max()
    }

    /// Soonest first.
    fn maintenances_that(&self, holds: impl Fn(MaintenanceStatus) -> bool, components: &Components) -> Vec<ScheduledMaintenance> {
        let chosen = self.maintenances().filter(|maintenance| holds(maintenance.status));
        let mut written: Vec<_> = chosen.map(|maintenance| maintenance.written_with_window(components)).collect();
        written.sort_by(|a, b| (a.scheduled_for, &a.event.id).cmp(&(b.scheduled_for, &b.event.id)));
        written
    }

    fn incidents(&self) -> impl Iterator<Item = EventThread<'_, IncidentStatus>> {
        self.incidents.iter().filter_map(|incident| EventThread::of(&self.site, incident))
    }

    fn maintenances(&self) -> impl Iterator<Item = EventThread<'_, MaintenanceStatus>> {
        self.maintenances.iter().filter_map(|maintenance| EventThread::of(&self.site, maintenance))
    }
}

/// The events of a kind, newest first by the date of their first post.
fn of_kind<S: Progress>(site: &Site, kind: Kind) -> Vec<PublicEvent<S>> {
    let threads = site.threads.iter().enumerate();
    let events = threads.filter_map(|(ix, thread)| {
        let event = thread.event.as_ref().filter(|event| event.kind == kind && is_public(site, thread, event))?;
        let steps = site.steps(thread);
        let last = steps.last().map_or(State::Update, |step| step.state);
        Some(PublicEvent { thread: ix, status: S::now(event.phase, S::from(last)), steps })
    });
    let mut events: Vec<_> = events.collect();
    events.sort_by_key(|event| {
        let first = site.title_post(&site.threads[event.thread]);
        (Reverse(first.date), &first.address)
    });
    events
}

/// Whether customers see an event: not on internal servers alone, and no incident that is yet to come.
fn is_public(site: &Site, thread: &Thread, event: &Event) -> bool {
    let is_yet_to_come = event.kind == Kind::Incident && site.now < event.start;
    site.is_for_customers(thread) && !is_yet_to_come
}

impl EventThread<'_, MaintenanceStatus> {
    fn written_with_window(&self, components: &Components) -> ScheduledMaintenance {
        let posts = || self.site.posts_of(self.thread).filter(|post| post.has_effect());
        let scheduled_for = posts().find_map(|post| post.start).unwrap_or(self.event.start);
        let planned_end = posts().filter_map(|post| post.end).next_back().or(self.event.end);
        ScheduledMaintenance {
            event: self.written(components),
            scheduled_for: Stamp(scheduled_for),
            scheduled_until: Stamp(planned_end.map_or(scheduled_for + DEFAULT_LENGTH, |end| end.max(scheduled_for))),
        }
    }
}

impl<'a, S: Progress> EventThread<'a, S> {
    fn of(site: &'a Site, public: &'a PublicEvent<S>) -> Option<EventThread<'a, S>> {
        let PublicEvent { thread, steps, status } = public;
        let thread = &site.threads[*thread];
        Some(EventThread { site, thread, event: thread.event.as_ref()?, steps, status: *status, first: site.title_post(thread) })
    }

    /// The event as the API writes it, with all its updates newest first.
    fn written(&self, components: &Components) -> Incident<S> {
        let id = id::incident(self.site, self.thread);
        let over = self.status.is_over().then(|| self.over()).flatten();
        let start = over.map_or(self.event.start, |over| over.min(self.event.start));
        let mut updates = self.updates(&id, components);
        updates.reverse();
        Incident {
            name: self.first.title.clone(),
            status: self.status,
            created_at: Stamp(self.first.date),
            updated_at: Stamp(self.changed()),
            monitoring_at: self.monitored().map(Stamp),
            resolved_at: over.filter(|at| *at <= self.site.now).map(Stamp),
            impact: S::impact(self.worst_impact()),
            shortlink: self.site.base().absolute(&self.first.address),
            started_at: Stamp(start),
            page_id: id::page(self.site),
            incident_updates: updates,
            components: self.servers().filter_map(|server| components.get(server)).cloned().collect(),
            reminder_intervals: None,
            id,
        }
    }

    /// When it was over: an incident when it ended, a maintenance when staff said so.
    fn over(&self) -> Option<Moment> {
        let Event { kind, end, closed, phase, .. } = *self.event;
        if kind == Kind::Incident && phase != Phase::Cancelled { end.or(closed) } else { closed.or(end) }
    }

    /// When it was last said to be monitored, where it was not before.
    fn monitored(&self) -> Option<Moment> {
        let mut was = false;
        let is = |step: &&Step| S::from(step.state).is_monitoring();
        self.steps.iter().filter(|step| !std::mem::replace(&mut was, is(step)) && is(step)).last().map(|step| step.at)
    }

    /// The servers concerned that customers see.
    fn servers(&self) -> impl Iterator<Item = ServerIx> {
        self.thread.servers_known_at(self.site.now).into_owned().into_iter().filter(|server| components::is_public(self.site, *server))
    }

    /// Oldest first. The newest say what they did to each server, as many as there is room for.
    fn updates(&self, incident_id: &str, components: &Components) -> Vec<IncidentUpdate<S>> {
        let servers: Vec<(ServerIx, &Component)> = self.servers().filter_map(|ix| Some((ix, components.get(ix)?))).collect();
        let mut previous = None;
        let with_affected = (MOST_AFFECTED / servers.len().max(1)).max(1);
        let first_with_affected = self.steps.len().saturating_sub(with_affected);
        // The last update that was told, and how many words that none says follow it.
        let mut last_told = (incident_id.to_owned(), 0);
        let mut updates = Vec::with_capacity(self.steps.len());
        for (position, step) in self.steps.iter().enumerate() {
            let at = Stamp(step.at);
            let names_affected = !servers.is_empty() && position >= first_with_affected;
            let affected = servers.iter().map(|(server, component)| AffectedComponent {
                code: component.id.clone(),
                name: full_name(self.site, *server),
                old_status: status_at(self.site, *server, self.just_before(*server, step, previous)),
                new_status: status_at(self.site, *server, step.at),
            });
            let (id, body, deliver_notifications) = match self.site.update_of(self.thread, step) {
                Some((post, update)) => {
                    last_told = (id::update(self.site, post, update), 0);
                    (last_told.0.clone(), simple(&statuspage::text(self.site, self.first, post, update)), post.notify)
                }
                None => {
                    let id = id::untold(self.site, &last_told.0, last_told.1, step.state);
                    last_told.1 += 1;
                    (id, format!("<p>{}</p>", statuspage::untold(self.event.kind, step.state)), false)
                }
            };
            updates.push(IncidentUpdate {
                id,
                status: S::from(step.state),
                body,
                incident_id: incident_id.to_owned(),
                created_at: at,
                updated_at: at,
                display_at: at,
                affected_components: names_affected.then(|| affected.collect()),
                deliver_notifications,
                custom_tweet: None,
                tweet_id: None,
            });
            previous = Some(step.at);
        }
        updates
    }

    /// A moment at which a server's status was as it was shown when a step was told: just before the step, so that what other events did
    /// since the `previous` one is none of its doing.
    fn just_before(&self, server: ServerIx, step: &Step, previous: Option<Moment>) -> Moment {
        let changed = match previous {
            None => self.event.start.min(self.first.date),
            // One moment has one status before it: the first that was told of it takes it.
            Some(previous) if previous == step.at => return step.at,
            // When trouble began and ended is often told later. The window of maintenance was shown before.
            Some(previous) if self.event.kind == Kind::Incident => {
                self.event.next_change(server, previous).filter(|change| *change < step.at).unwrap_or(step.at)
            }
            Some(_) => step.at,
        };
        changed - TimeDelta::seconds(1)
    }

    /// When anything about the event changed last: a word of staff, its end, or its window.
    fn changed(&self) -> Moment {
        let last_word = self.steps.iter().map(|step| step.at).max();
        // What does not take place has no window any more.
        let window = [Some(self.event.start), self.event.closed, self.event.end].map(|at| at.filter(|_| !self.event.is_called_off()));
        let by_itself = window.into_iter().flatten().filter(|at| *at <= self.site.now);
        by_itself.chain(last_word).max().map_or(self.first.date, |at| at.max(self.first.date))
    }

    /// The worst that the event did to a server that is not internal; for one without effect, what the post says that it has its name from.
    fn worst_impact(&self) -> Impact {
        let done = self.event.impact_windows.iter().filter(|window| !is_internal(self.site, window.server));
        done.map(|window| window.impact)
            .max()
            .unwrap_or_else(|| self.first.impact.impacts().max().unwrap_or_else(|| self.event.kind.default_impact()))
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

fn is_internal(site: &Site, server: ServerIx) -> bool {
    site.servers[server].standing == Standing::Internal
}
