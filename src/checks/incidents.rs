//! Incidents that nobody closed, and such that contradict each other.

use chrono::TimeDelta;

use crate::findings::{Code, Finding, Findings};
use crate::model::{Impact, Kind, Phase, Post, ServerIx, Site, Thread};
use crate::plan::Plan;
use crate::source::Span;

/// An incident that goes on longer than this is one that somebody forgot.
const WEEKS: TimeDelta = TimeDelta::days(14);

pub fn check(plan: &Plan, findings: &mut Findings) {
    let site = &plan.site;
    for thread in site.glance.active.iter().map(|at| &site.threads[*at]) {
        check_age(site, thread, findings);
    }
    check_contradictions(site, findings);
}

fn newest<'a>(site: &'a Site, thread: &Thread) -> &'a Post {
    let newest = thread.posts.last().copied().unwrap_or_default();
    &site.posts[newest]
}

fn check_age(site: &Site, thread: &Thread, findings: &mut Findings) {
    let Some(event) = &thread.event else { return };
    let age = site.now - event.start;
    if age > WEEKS && event.phase == Phase::Ongoing {
        let post = newest(site, thread);
        findings.push(
            Finding::new(
                Code::OpenForWeeks,
                post.span(&post.places.title),
                format!("this incident has been open for {} days", age.num_days()),
            )
            .help("if it is over, write a Resolved update or set `end`; `signalpost resolve` does both"),
        );
    }
}

/// Two open incidents that say different things of one server: the worse one holds, which may not be meant.
fn check_contradictions(site: &Site, findings: &mut Findings) {
    let open: Vec<(&Thread, Vec<(ServerIx, Impact)>)> = site
        .glance
        .active
        .iter()
        .map(|at| &site.threads[*at])
        .filter_map(|thread| {
            let event = thread.event.as_ref().filter(|event| event.kind == Kind::Incident)?;
            let holding = event.stretches.iter().filter(|stretch| stretch.holds(site.now));
            Some((thread, holding.map(|stretch| (stretch.server, stretch.impact)).collect()))
        })
        .collect();
    for (at, (thread, impacts)) in open.iter().enumerate() {
        for (other, other_impacts) in &open[..at] {
            let clash = impacts
                .iter()
                .find(|(server, impact)| other_impacts.iter().any(|(other, other_impact)| other == server && other_impact != impact));
            if let Some((server, _)) = clash {
                report(site, thread, other, *server, findings);
            }
        }
    }
}

fn report(site: &Site, thread: &Thread, other: &Thread, server: ServerIx, findings: &mut Findings) {
    let (mut post, mut older) = (newest(site, thread), newest(site, other));
    if older.date > post.date {
        std::mem::swap(&mut post, &mut older);
    }
    findings.push(
        Finding::new(
            Code::Contradiction,
            post.span(&post.places.title),
            format!("two open incidents say different things of `{}`", site.servers[server].id),
        )
        .help("the worse one holds: resolve one of them, or let one follow the other")
        .related(Span::new(&older.path, older.places.title.clone()), "the other incident"),
    );
}
