//! Events that are over, open again or of another impact than they were shown with, where no new update says so.

use bytes::Bytes;
use foldhash::{HashMap, HashMapExt};
use serde::Deserialize;

use super::{Comparison, first_place, minute, title};
use crate::findings::{Code, Finding, Findings};
use crate::model::{Event, Impact, Moment, Phase, PostIx, Site, State, Thread, ThreadIx};
use crate::outputs::item;

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
    end: Option<Moment>,
    latest: Latest,
}

#[derive(Deserialize)]
struct Latest {
    url: String,
}

pub fn check(comparison: &Comparison<'_>, findings: &mut Findings) {
    let Some(document) = comparison.old.get("status.json").and_then(|file: &Bytes| serde_json::from_slice::<Document>(file).ok()) else {
        return;
    };
    let Comparison { site, .. } = *comparison;
    let by_id: HashMap<&str, ThreadIx> = site.threads.iter().enumerate().map(|(ix, thread)| (site.id_of(thread), ix)).collect();
    let thread_of = |shown: &Shown| {
        let at_address = || comparison.pages.post_at(&shown.url).map(|post| site.thread_of[post]);
        by_id.get(shown.id.as_str()).copied().or_else(at_address)
    };
    let mut was_open: HashMap<ThreadIx, &Shown> = HashMap::new();
    for (thread, shown) in document.active.iter().filter_map(|shown| Some((thread_of(shown)?, shown))) {
        let worst = was_open.entry(thread).or_insert(shown);
        if shown.impact > worst.impact {
            *worst = shown;
        }
    }
    // A post that followed another is an event of its own without that.
    let was_part = |post: &PostIx| {
        let tells =
            |shown: &Shown| comparison.pages.post_at(&shown.latest.url) == Some(*post) || comparison.pages.tells_of(&shown.url, *post);
        document.active.iter().any(tells)
    };
    for (ix, thread) in site.threads.iter().enumerate() {
        let event = thread.event.as_ref();
        let finding = match (was_open.get(&ix), event) {
            (Some(shown), Some(event)) if event.phase.is_active() => {
                let now = event.worst_impact();
                (shown.impact != now).then(|| other_impact(site, thread, shown.impact, now))
            }
            // That its window would be over was told before.
            (Some(shown), Some(event)) if event.phase == Phase::WindowOver && event.end == shown.end => None,
            (Some(_), Some(event)) if event.phase.is_over() => Some(over(site, thread, event)),
            (Some(_), _) => Some(gone(site, thread)),
            (None, Some(event)) if event.phase == Phase::Ongoing => (!thread.posts.iter().any(was_part)).then(|| open_again(site, thread)),
            (None, _) => None,
        };
        findings.extend(finding.filter(|_| is_untold(comparison, thread)));
    }
}

/// Whether subscribers know the event and would hear nothing new of it. What was forgotten years ago, and is in no feed any more, is
/// closed without a word.
fn is_untold(comparison: &Comparison<'_>, thread: &Thread) -> bool {
    let Comparison { site, .. } = *comparison;
    let is_known = |post: &PostIx| {
        let post = &site.posts[*post];
        post.updates.iter().any(|update| comparison.knows(&item::update_id(site, post, update)))
    };
    let is_recent = thread.event.as_ref().is_some_and(|event| event.is_recent(site.now));
    is_silent(comparison, thread) && (is_recent || thread.posts.iter().any(is_known))
}

/// Whether subscribers are told of a thread, and nothing new. Where an update is gone, that is found by itself.
pub fn is_silent(comparison: &Comparison<'_>, thread: &Thread) -> bool {
    let mut told = thread.posts.iter().filter(|post| comparison.site.posts[**post].notify).peekable();
    told.peek().is_some() && !told.any(|post| comparison.has_finding_or_news(*post))
}

fn over(site: &Site, thread: &Thread, event: &Event) -> Finding {
    let is_final = |state: State| state.is_final();
    let said = site.standing_updates(thread).rev().find(|(post, update)| site.posts[*post].updates[*update].state.is_some_and(is_final));
    let by_end = || first_place(site.posts_of(thread).filter(|post| !post.withdrawn).rev(), |ranges| &ranges.end);
    let (span, keep) = match said {
        Some((post, update)) => (site.posts[post].span(&site.posts[post].updates[update].place), "leave the heading as it was told, and "),
        None => (by_end().unwrap_or_else(|| title(site, thread)), ""),
    };
    let since = event.end.map(|end| format!(" since {}", minute(end))).unwrap_or_default();
    let (what, state) = match event.phase {
        Phase::Cancelled => ("this work", "cancelled"),
        Phase::Completed => ("this work", "completed"),
        _ => ("this incident", "resolved"),
    };
    let message = format!("{what} is open in what was published and over{since} now, and no new update says so");
    let help = format!("{keep}say it: `signalpost update POST {state} \"…\"`; where it was over before, `end` says since when");
    Finding::new(Code::UntoldChange, span, message).help(help)
}

/// An event that is withdrawn, that is none any more, or whose window is another one.
fn gone(site: &Site, thread: &Thread) -> Finding {
    let help = match site.title_post(thread).withdrawn {
        true => "say first that it was a mistake, `signalpost resolve POST \"…\"`, and withdraw it then",
        false => "say it, `signalpost update POST update \"…\"`; if it goes on, put back what said so",
    };
    let message = "this event goes on in what was published and does not now, and no new update says so";
    Finding::new(Code::UntoldChange, title(site, thread), message).help(help)
}

fn open_again(site: &Site, thread: &Thread) -> Finding {
    let help = "say it: `signalpost update POST investigating \"…\"`; if it is over, put back what said so";
    let message = "this incident is not open in what was published and is open now, and no new update says so";
    Finding::new(Code::UntoldChange, title(site, thread), message).help(help)
}

fn other_impact(site: &Site, thread: &Thread, before: Impact, now: Impact) -> Finding {
    let written = first_place(site.posts_of(thread).filter(|post| !post.withdrawn), |ranges| &ranges.impact);
    let message =
        format!("the worst impact of this event was published as `{}` and is `{}`, and no new update says so", before.word(), now.word());
    let help = format!(
        "where it is so only now, leave what was said, and `signalpost update POST --impact {} \"…\"`; where it was wrong from the \
         beginning, correct it as you did, and say that in an update",
        now.word()
    );
    Finding::new(Code::UntoldChange, written.unwrap_or_else(|| title(site, thread)), message).help(help)
}
