//! Events that are over in what was published and are told otherwise now: gone, of another window or of another worst impact, where no
//! new update says so. Of those that are open, the beginning alone; the rest is `untold`'s.
//!
//! Two documents of one shape are compared, the API's lists of the newest events, so that nothing is worked out twice.

use bytes::Bytes;
use foldhash::{HashMap, HashMapExt, HashSet};
use serde::Deserialize;

use super::untold::is_silent;
use super::{Comparison, Files, first_place, minute, title};
use crate::findings::{Code, Finding, Findings};
use crate::model::{Impact, Kind, Moment, PostIx, Site, Thread, ThreadIx};
use crate::outputs::api::shape::EventImpact;

const LISTS: [(Kind, &str); 2] = [(Kind::Incident, "api/v2/incidents.json"), (Kind::Maintenance, "api/v2/scheduled-maintenances.json")];

#[derive(Deserialize)]
struct List {
    #[serde(alias = "scheduled_maintenances")]
    incidents: Vec<Shown>,
}

/// An event as a list has it.
#[derive(Deserialize)]
struct Shown {
    id: String,
    shortlink: String,
    impact: EventImpact,
    started_at: Moment,
    resolved_at: Option<Moment>,
}

/// What an event was published with, and is not now.
enum Change {
    Gone,
    Impact,
    Beginning { was: Moment, is: Moment },
    Window { was: (Moment, Moment), is: (Moment, Moment) },
}

/// `at` is the moment that the earlier output describes, `first` the first that is compared.
pub fn check(at: Moment, first: Moment, comparison: &Comparison<'_>, findings: &mut Findings) {
    let Comparison { old, new, site, ref pages, .. } = *comparison;
    let lists = LISTS.map(|(kind, path)| (kind, read(old, path), read(new, path)));
    let thread_of = |shown: &Shown| Some(site.thread_of[pages.post_at(&shown.shortlink)?]);
    // Of events that were joined, or set apart, the servers' minutes tell whether anything is told otherwise.
    let mut before: HashMap<ThreadIx, usize> = HashMap::new();
    for thread in lists.iter().flat_map(|(_, was, _)| was).filter_map(thread_of) {
        *before.entry(thread).or_default() += 1;
    }
    let changes = lists.iter().flat_map(|(kind, was, is)| {
        let is_by_id: HashMap<&str, &Shown> = is.iter().map(|shown| (shown.id.as_str(), shown)).collect();
        let was_there: HashSet<&str> = was.iter().map(|shown| shown.id.as_str()).collect();
        let new_events = is.iter().filter(move |shown| !was_there.contains(shown.id.as_str()));
        let set_apart: Vec<PostIx> = new_events.filter_map(|shown| pages.post_at(&shown.shortlink)).collect();
        let before = &before;
        was.iter().filter(move |shown| shown.resolved_at.is_none_or(|over| over > first)).filter_map(move |shown| {
            let thread = thread_of(shown).filter(|thread| before[thread] == 1)?;
            let change = match &site.threads[thread].event {
                Some(event) if event.kind == *kind => change(shown, is_by_id.get(shown.id.as_str())?, at)?,
                // Who was told that it is over need not hear that it was a mistake: its page says so.
                None if site.title_post(&site.threads[thread]).withdrawn => return None,
                _ => shown.resolved_at.map(|_| Change::Gone)?,
            };
            let is_set_apart = set_apart.iter().any(|post| pages.tells_of(&shown.shortlink, *post));
            (!is_set_apart && is_silent(comparison, &site.threads[thread])).then_some((thread, shown, change))
        })
    });
    let reported = findings.files();
    let is_reported = |thread: &Thread| site.posts_of(thread).any(|post| reported.contains(&*post.path));
    let found: Vec<Finding> = changes
        .filter(|(thread, ..)| !is_reported(&site.threads[*thread]))
        .map(|(thread, shown, change)| finding(site, &site.threads[thread], shown, &change))
        .collect();
    findings.extend(found);
}

fn read(files: &Files, path: &str) -> Vec<Shown> {
    let list = files.get(path).and_then(|file: &Bytes| serde_json::from_slice::<List>(file).ok());
    list.map_or_else(Vec::new, |list| list.incidents)
}

/// What is told otherwise of the time up to `at`. What came later has come by itself, or is open again.
fn change(was: &Shown, is: &Shown, at: Moment) -> Option<Change> {
    match (was.resolved_at, is.resolved_at) {
        (Some(_), Some(over)) if over <= at && was.impact != is.impact => Some(Change::Impact),
        (Some(was_over), Some(over)) if over <= at => {
            let (was, is) = ((was.started_at, was_over), (is.started_at, over));
            (was != is).then_some(Change::Window { was, is })
        }
        (None, _) if was.started_at != is.started_at && was.started_at.max(is.started_at) <= at => {
            Some(Change::Beginning { was: was.started_at, is: is.started_at })
        }
        _ => None,
    }
}

fn finding(site: &Site, thread: &Thread, shown: &Shown, change: &Change) -> Finding {
    let posts = || site.posts_of(thread).filter(|post| !post.withdrawn);
    let start = || first_place(posts(), |ranges| &ranges.start);
    let end = || first_place(posts().rev(), |ranges| &ranges.end);
    let of_window = |(from, until): (Moment, Moment)| format!("{} – {}", minute(from), minute(until));
    let (place, what) = match change {
        Change::Gone => {
            (first_place(posts(), |ranges| &ranges.kind), "this event stands in the record that was published and does not now".to_owned())
        }
        Change::Impact => {
            let impact = first_place(posts(), |ranges| &ranges.impact);
            let now = thread.event.as_ref().map_or(Impact::None, |event| event.worst_impact());
            (impact, format!("the worst impact of this event was published as `{}` and is `{}`", word(shown.impact), now.word()))
        }
        Change::Beginning { was, is } => {
            (start(), format!("this event was published as begun at {} and has begun at {}", minute(*was), minute(*is)))
        }
        Change::Window { was, is } if was.0 == is.0 => {
            (end(), format!("this event was over at {}, and at {} now", minute(was.1), minute(is.1)))
        }
        Change::Window { was, is } => (start(), format!("this event was published as {} and is {}", of_window(*was), of_window(*is))),
    };
    let help = "where what was published is right, put it back; where it was wrong, leave it as you corrected it, and say that in an update, \
                `signalpost update POST update \"…\"`";
    let span = place.unwrap_or_else(|| title(site, thread));
    Finding::new(Code::UntoldChange, span, format!("{what}, and no new update says so")).help(help)
}

/// The word of a post's `impact`.
fn word(impact: EventImpact) -> &'static str {
    let impact = match impact {
        EventImpact::None => Impact::None,
        EventImpact::Minor => Impact::Degraded,
        EventImpact::Major => Impact::PartialOutage,
        EventImpact::Critical => Impact::MajorOutage,
        EventImpact::Maintenance => Impact::Maintenance,
    };
    impact.word()
}
