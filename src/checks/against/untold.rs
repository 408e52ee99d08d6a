//! Events that are over, open again or of another impact than they were shown with, where no new update says so.

use bytes::Bytes;
use foldhash::{HashMap, HashMapExt};
use serde::Deserialize;

use super::{Comparison, Files, minute};
use crate::findings::{Code, Finding, Findings};
use crate::model::{Event, Impact, Kind, Phase, Post, PostIx, Site, State, Thread, ThreadIx};
use crate::source::Span;

/// What the earlier `/status.json` tells, as far as it is compared.
#[derive(Deserialize)]
struct Document {
    active: Vec<Shown>,
}

/// An event that was open.
#[derive(Deserialize)]
struct Shown {
    /// The first post's id.
    id: String,
    url: String,
    impact: Impact,
}

pub fn check(old: &Files, comparison: &Comparison<'_>, findings: &mut Findings) {
    let Some(document) = old.get("status.json").and_then(|file: &Bytes| serde_json::from_slice::<Document>(file).ok()) else { return };
    let Comparison { site, .. } = *comparison;
    let by_id: HashMap<&str, ThreadIx> =
        site.threads.iter().enumerate().map(|(ix, thread)| (site.posts[thread.posts[0]].id.as_str(), ix)).collect();
    let thread_of = |shown: &Shown| {
        let at_address = || comparison.pages.post_at(&shown.url).map(|post| site.thread_of[post]);
        by_id.get(shown.id.as_str()).copied().or_else(at_address)
    };
    let mut was_open: HashMap<ThreadIx, Impact> = HashMap::new();
    for (thread, impact) in document.active.iter().filter_map(|shown| Some((thread_of(shown)?, shown.impact))) {
        let worst = was_open.entry(thread).or_insert(impact);
        *worst = impact.max(*worst);
    }
    for (ix, thread) in site.threads.iter().enumerate() {
        let Some(event) = &thread.event else { continue };
        let (before, now) = (was_open.get(&ix).copied(), worst(event));
        let is_over = event.kind == Kind::Incident && event.phase.is_over();
        let has_changed = match before {
            Some(before) => is_over || event.phase.is_active() && before != now,
            None => event.phase == Phase::Ongoing,
        };
        if has_changed && is_untold(comparison, thread) {
            findings.push(match before {
                Some(_) if is_over => over(site, thread, event),
                Some(before) => other_impact(site, thread, before, now),
                None => open_again(site, thread),
            });
        }
    }
}

/// Whether subscribers know the event and would hear nothing new of it. Where an update is gone, that is found by itself.
fn is_untold(comparison: &Comparison<'_>, thread: &Thread) -> bool {
    let is_told = |post: &PostIx| comparison.site.posts[*post].notify;
    let has_finding_or_news = |post: &PostIx| comparison.with_lost_items.contains(post) || comparison.has_news(*post);
    thread.posts.iter().any(is_told) && !thread.posts.iter().any(has_finding_or_news)
}

fn worst(event: &Event) -> Impact {
    event.impact_windows.iter().map(|window| window.impact).max().unwrap_or(Impact::None)
}

fn over(site: &Site, thread: &Thread, event: &Event) -> Finding {
    let is_final = |state: State| state.is_final();
    let said = site.standing_updates(thread).rev().find(|(post, update)| site.posts[*post].updates[*update].state.is_some_and(is_final));
    let by_end = || posts(site, thread).rev().find_map(|post| Some(post.span(post.ranges.end.as_ref()?)));
    let (span, keep) = match said {
        Some((post, update)) => (site.posts[post].span(&site.posts[post].updates[update].place), "leave the heading as it was told, and "),
        None => (by_end().unwrap_or_else(|| title(site, thread)), ""),
    };
    let since = event.end.map(|end| format!(" since {}", minute(end))).unwrap_or_default();
    let message = format!("this incident is open in what was published and over{since} now, and no new update says so");
    let help = format!("{keep}say it: `signalpost update POST resolved \"…\"`; where it was over before, `end` says since when");
    Finding::new(Code::UntoldChange, span, message).help(help)
}

fn open_again(site: &Site, thread: &Thread) -> Finding {
    let help = "say it: `signalpost update POST investigating \"…\"`; if it is over, put back what said so";
    let message = "this incident is not open in what was published and is open now, and no new update says so";
    Finding::new(Code::UntoldChange, title(site, thread), message).help(help)
}

fn other_impact(site: &Site, thread: &Thread, before: Impact, now: Impact) -> Finding {
    let written = posts(site, thread).find_map(|post| Some(post.span(post.ranges.impact.as_ref()?)));
    let message =
        format!("the worst impact of this event was published as `{}` and is `{}`, and no new update says so", before.word(), now.word());
    let help = format!(
        "where it is so only now, leave what was said, and `signalpost update POST --impact {} \"…\"`; where it was wrong from the \
         beginning, correct it as you did, and say that in an update",
        now.word()
    );
    Finding::new(Code::UntoldChange, written.unwrap_or_else(|| title(site, thread)), message).help(help)
}

fn posts<'a>(site: &'a Site, thread: &'a Thread) -> impl DoubleEndedIterator<Item = &'a Post> {
    thread.posts.iter().map(|post| site.posts[*post].as_ref()).filter(|post| !post.withdrawn)
}

fn title(site: &Site, thread: &Thread) -> Span {
    let post = &site.posts[site.title_post(thread)];
    post.span(&post.ranges.title)
}
