//! What a status page says of an incident outright: kind, window, impact and updates, made what a post can say.

use chrono::{SubsecRound, TimeDelta};

use super::{Item, StatedEvent, StatedUpdate};
use crate::load::times;
use crate::model::{Impact, Kind, Moment, State};

/// An incident or maintenance as an export has it; times to the fraction of a second, updates in the order that they stand there.
#[derive(Debug)]
pub(super) struct ExportedEvent {
    pub kind: Kind,
    /// When it was posted; the oldest update may say another time.
    pub date: Moment,
    pub start: Moment,
    /// When an incident was over, and a maintenance is planned to be.
    pub end: Option<Moment>,
    /// Whether the export says that it is over, whatever its updates say.
    pub is_over: bool,
    pub impact: Option<Impact>,
    pub components: Vec<String>,
    /// What stands before all updates; where it is empty, the oldest update does.
    pub html: String,
    pub updates: Vec<StatedUpdate>,
}

/// Two ends of one incident that are further apart than customers would overlook.
const NOTABLE: TimeDelta = TimeDelta::minutes(5);

impl Item {
    /// Puts an event into a post: its opening, updates that rise by time, and a window that has no effect today.
    pub(super) fn set_event(&mut self, event: ExportedEvent, now: Moment) {
        let ExportedEvent { kind, date, start, end, is_over, impact, components, html, updates } = event;
        let (date, start, end) = (second(date), second(start), end.map(second));
        let mut updates = in_order(updates);
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
        let (said, end) = (end, end.filter(|end| *end >= start && times::is_kept(*end)));
        // One that was over when it was told first says so in its opening. Where a later update says so, that says when as well.
        let at_once = opening.filter(is_end).map(|opening| opening.at);
        let end = match kind {
            Kind::Incident => {
                let end = end.filter(|end| *end <= now);
                let end = if is_over {
                    let closed = self.close(end, said.is_some(), at_once, last, &mut updates);
                    if let Some(said) = said.filter(|_| end.is_none()) {
                        let when = if said < start { "which is before it began" } else { "which lies ahead" };
                        let [said, closed] = [said, closed].map(minute);
                        self.notes.insert(format!("was resolved at {said} by the export, {when}: it ends at {closed} here"));
                    }
                    Some(closed)
                } else {
                    at_once.or(end)
                };
                end.filter(|end| !updates.iter().any(|update| is_end(update) && (!is_over || update.at == *end)))
            }
            Kind::Maintenance => {
                // Work that took longer than planned, and of which no update says that it is done. What is said at the end itself lets it go on.
                let is_closed = is_over && !updates.iter().any(is_end);
                let behind = updates.last().map_or(last, |last| last.at + TimeDelta::minutes(1));
                let stands = if is_closed { end.or(said.map(|_| start)).map(|end| end.max(behind)) } else { end };
                if let Some(said) = said.filter(|_| end.is_none()) {
                    let why = if said < start { "which is before it begins" } else { "which is too far ahead" };
                    let here = stands.map_or("that end is left out".to_owned(), |end| format!("it ends at {} here", minute(end)));
                    self.notes.insert(format!("is to end at {} by the export, {why}: {here}", minute(said)));
                }
                stands
            }
            Kind::Notice => end,
        };
        let kind = if stays_over(kind, start, end, &updates, now) { kind } else { Kind::Notice };
        self.stated = Some(StatedEvent { kind, start, end, impact, components, affected, updates });
    }

    /// When an incident that is over ended. What is said of it afterwards does not open it again.
    fn close(
        &mut self,
        end: Option<Moment>,
        says_when: bool,
        at_once: Option<Moment>,
        last: Moment,
        updates: &mut [StatedUpdate],
    ) -> Moment {
        let told = updates.iter().rfind(|update| is_end(update)).map(|update| update.at).or(at_once);
        if let (Some(told), Some(end)) = (told, end)
            && (told - end).abs() >= NOTABLE
        {
            let [told, end] = [told, end].map(minute);
            self.notes.insert(format!("was resolved at {end} by the export, and at {told} by the update that says so"));
        }
        // What opens it again behind the export's end does not count.
        let goes_on =
            |told: &Moment| end.is_some_and(|end| updates.iter().any(|update| update.at > *told && update.at < end && reopens(update)));
        let closed = told.filter(|told| !goes_on(told)).or(end).unwrap_or_else(|| {
            if !says_when {
                self.notes.insert("is resolved and does not say when: it ends with what was said last".to_owned());
            }
            last
        });
        // What is said at the end itself opens only what was over already.
        let was_over = told.is_some_and(|told| told < closed);
        let is_behind = |update: &&mut StatedUpdate| update.at > closed || update.at == closed && was_over;
        for update in updates.iter_mut().filter(is_behind).filter(|update| reopens(update)) {
            update.state = Some(State::Update);
            self.notes
                .insert("is resolved by the export, and an update behind its end says that it goes on: a plain update here".to_owned());
        }
        closed
    }
}

/// By time, the oldest first. The order of those that have one time is that of the list, which begins with the newest unless its times
/// say otherwise.
fn in_order(mut updates: Vec<StatedUpdate>) -> Vec<StatedUpdate> {
    if let [first, .., last] = updates.as_slice()
        && first.at >= last.at
    {
        updates.reverse();
    }
    updates.sort_by_key(|update| update.at);
    updates.iter_mut().for_each(|update| update.at = second(update.at));
    updates
}

fn minute(at: Moment) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Headings tell seconds.
fn second(at: Moment) -> Moment {
    at.trunc_subsecs(0)
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

fn reopens(update: &StatedUpdate) -> bool {
    update.state.is_some_and(State::reopens)
}

/// Whether it has no effect at the moment, by what is said of it: an end, or a window that has not begun.
fn stays_over(kind: Kind, start: Moment, end: Option<Moment>, updates: &[StatedUpdate], now: Moment) -> bool {
    let is_open_after = |end: Moment| updates.iter().any(|update| update.at > end && reopens(update));
    if let Some(last) = updates.iter().rfind(|update| is_end(update)).map(|update| update.at)
        && (kind != Kind::Incident || end.is_none())
    {
        return last <= now && !is_open_after(last);
    }
    let has_begun = start <= now || updates.iter().any(|update| update.state == Some(State::InProgress));
    match kind {
        Kind::Notice => true,
        Kind::Maintenance => !has_begun || end.is_some_and(|end| end <= now && updates.iter().all(|update| update.at < end)),
        Kind::Incident => end.is_some_and(|end| !is_open_after(end)),
    }
}
