//! What a status page says of an incident outright: kind, window, impact and updates, made what a post can say.

use chrono::TimeDelta;

use super::{Item, StatedEvent, StatedUpdate};
use crate::load::times;
use crate::model::{Impact, Kind, Moment, State};

/// An incident or maintenance as an export has it; updates in any order.
#[derive(Debug)]
pub(super) struct ExportedEvent {
    pub kind: Kind,
    /// When it was posted; the oldest update may say another time.
    pub date: Moment,
    pub start: Moment,
    pub end: Option<Moment>,
    pub impact: Option<Impact>,
    pub components: Vec<String>,
    /// What stands before all updates; where it is empty, the oldest update does.
    pub html: String,
    pub updates: Vec<StatedUpdate>,
}

impl Item {
    /// Puts an event into a post: its opening, updates that rise by time, and a window that has no effect today.
    pub(super) fn set_event(&mut self, event: ExportedEvent, now: Moment) {
        let ExportedEvent { kind, date, start, end, impact, components, html, mut updates } = event;
        updates.sort_by_key(|update| update.at);
        let all = updates.len();
        updates.retain(|update| times::is_kept(update.at) && update.at <= now);
        if updates.len() < all {
            self.notes.insert("has updates from the future, which are left out".to_owned());
        }
        let opening = if html.trim().is_empty() && !updates.is_empty() { Some(updates.remove(0)) } else { None };
        self.date = opening.as_ref().map_or(date, |opening| opening.at);
        self.html = opening.as_ref().map_or(html, |opening| opening.html.clone());
        let affected = opening.as_ref().map_or_else(Vec::new, |opening| opening.affected.clone());
        let mut last = self.date;
        for update in &mut updates {
            update.at = update.at.max(last + TimeDelta::seconds(1));
            last = update.at;
        }
        let start = match kind {
            Kind::Maintenance => start,
            _ => start.min(self.date),
        };
        let start = if times::is_kept(start) { start } else { self.date };
        // One that was over when it was told first says so in its opening. Where a later update says so, that says when as well.
        let at_once = opening.filter(is_end).map(|opening| opening.at);
        let end = if kind == Kind::Incident { end.or(at_once).filter(|end| *end <= now && !updates.iter().any(is_end)) } else { end };
        let end = end.filter(|end| *end >= start && times::is_kept(*end));
        let kind = if is_over(kind, start, end, &updates, now) { kind } else { Kind::Notice };
        self.stated = Some(StatedEvent { kind, start, end, impact, components, affected, updates });
    }
}

impl StatedEvent {
    /// Whether it is work that is still to come.
    pub(super) fn lies_ahead(&self, now: Moment) -> bool {
        self.kind == Kind::Maintenance && self.start > now && !self.updates.iter().any(is_end)
    }
}

pub(super) fn is_end(update: &StatedUpdate) -> bool {
    update.state.is_some_and(State::is_final)
}

/// Whether it has no effect at the moment, by what is said of it: an end, or a window that has not begun.
fn is_over(kind: Kind, start: Moment, end: Option<Moment>, updates: &[StatedUpdate], now: Moment) -> bool {
    let is_reopened = |after: &[StatedUpdate]| after.iter().any(|update| update.state.is_some_and(State::reopens));
    if let Some(last) = updates.iter().rposition(is_end) {
        return updates[last].at <= now && !is_reopened(&updates[last + 1..]);
    }
    let has_begun = start <= now || updates.iter().any(|update| update.state == Some(State::InProgress));
    let later = |end: Moment| updates.iter().any(|update| update.at > end);
    match kind {
        Kind::Notice => true,
        Kind::Maintenance => !has_begun || end.is_some_and(|end| end <= now && !later(end)),
        Kind::Incident => end.is_some_and(|end| !later(end)),
    }
}
