//! Maintenance windows in subscribers' calendars: one that lies ahead stays, in the calendars of its servers too, and moves only with an
//! update that says so.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use chrono::NaiveDateTime;

use super::{Comparison, first_place, minute, site_posts, site_toml};
use crate::findings::{Code, Finding, Findings, visible};
use crate::model::{Kind, ServerIx, Site, Thread};
use crate::outputs::calendar;
use crate::source::Span;

/// A calendar's event, as far as clients compare it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Window {
    start: String,
    end: String,
    status: String,
    sequence: u32,
}

impl Window {
    /// `2026-12-05 17:00 UTC – 2026-12-05 18:00 UTC`
    fn shown(&self) -> String {
        let time = |stamp: &str| match NaiveDateTime::parse_from_str(stamp, STAMP) {
            Ok(at) => minute(at.and_utc()),
            Err(_) => visible(stamp),
        };
        format!("{} – {}", time(&self.start), time(&self.end))
    }
}

/// How a calendar writes a time.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// Findings for windows that are gone or changed unsaid.
pub fn check(comparison: &Comparison<'_>, findings: &mut Findings) {
    let Comparison { old, new, site, .. } = *comparison;
    let read = |file: Option<&Bytes>| file.map(|file| events(&String::from_utf8_lossy(file))).unwrap_or_default();
    let of = |path: &str| (read(old.get(path)), read(new.get(path)));
    let (before, after) = of("calendar.ics");
    let now = site.now.format(STAMP).to_string();
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for (uid, before) in &before {
        let finding = match after.get(uid) {
            None => (before.end > now).then(|| lost(uid, before, site)),
            Some(after) => is_unsaid(before, after).then(|| unsaid(uid, before, after, site)),
        };
        if let Some(finding) = finding {
            found.insert(uid);
            findings.push(finding);
        }
    }
    for (ix, server) in site.servers.iter().enumerate() {
        let path = server.address().join("calendar.ics").file();
        // Most calendars are as they were.
        if old.get(&path) == new.get(&path) {
            continue;
        }
        let (before, after) = of(&path);
        for (uid, before) in before.iter().filter(|(uid, before)| before.end > now && !found.contains(uid.as_str())) {
            if before.status != "CANCELLED" && after.get(uid).is_none_or(|after| is_unsaid(before, after)) {
                findings.extend(dropped(uid, ix, site));
            }
        }
    }
}

/// Whether a calendar's event is another one, and its count says nothing of that.
fn is_unsaid(before: &Window, after: &Window) -> bool {
    let moved = (&before.start, &before.end, &before.status) != (&after.start, &after.end, &after.status);
    after.sequence < before.sequence || moved && after.sequence == before.sequence
}

/// Work that goes on, and of which a server's calendar knows no more. Where its posts do not name the server any more, they left its feed,
/// which is found by itself.
fn dropped(uid: &str, server: ServerIx, site: &Site) -> Option<Finding> {
    let is_about = |thread: &&Thread| thread.kind == Kind::Maintenance && thread.servers.contains(&server);
    let thread = site.threads.iter().filter(is_about).find(|thread| is_of(uid, site, thread))?;
    let post = site.title_post(thread);
    let place = post.span_or_title(post.ranges.impact.as_ref().or(post.ranges.servers.as_ref()));
    let server = &site.servers[server].id;
    let message = format!("the work lies ahead in the calendar of `{server}`, does not now, and no new update says so");
    Some(Finding::new(Code::UntoldChange, place, message).help(format!(
        "put back what was written of `{server}`, and say it: `signalpost update POST --impact {server}=none \"…\"`; its calendar shows \
         then that the work is called off there"
    )))
}

fn lost(uid: &str, before: &Window, site: &Site) -> Finding {
    let threads = || site.threads.iter().filter(|thread| thread.kind != Kind::Maintenance);
    if let Some(thread) = threads().find(|thread| is_of(uid, site, thread)) {
        let post = site.title_post(thread);
        let message = format!("calendars know this post as the maintenance `{}`, and it is none now", visible(uid));
        return Finding::new(Code::LostWindow, post.span_or_title(post.ranges.kind.as_ref()), message)
            .help("leave it `kind = \"maintenance\"`; where the work went wrong, end it with Completed, and post an incident");
    }
    let (what, help) = match before.status == "CANCELLED" {
        true => ("the cancelled maintenance", "keep the post: calendars show then that the work was called off"),
        false => ("the maintenance", "keep the post, with an update that says Cancelled or with `withdrawn = true`"),
    };
    let message = format!("{what} `{}` lies ahead in subscribers' calendars, and it is gone", visible(uid));
    Finding::new(Code::LostWindow, site_posts(), message).help(help)
}

/// Whether a calendar's id is that of a thread.
fn is_of(uid: &str, site: &Site, thread: &Thread) -> bool {
    let plain = |uid: &str| uid.replace(['\\', ' '], "");
    plain(&calendar::uid(site, thread)) == plain(uid)
}

fn unsaid(uid: &str, before: &Window, after: &Window, site: &Site) -> Finding {
    let thread = site.threads.iter().find(|thread| thread.kind == Kind::Maintenance && is_of(uid, site, thread));
    let span = thread.map_or_else(site_toml, |thread| changed_line(site, thread, before, after));
    let message = match after.sequence < before.sequence {
        true => format!("updates that calendars were told of are gone: {} were published, {} are left", before.sequence, after.sequence),
        false => format!("the window was {} and is {} now, and no update says so", before.shown(), after.shown()),
    };
    let finding = Finding::new(Code::CalendarSequence, span, message);
    finding.help(match thread.is_some_and(|thread| is_put_off(site, thread, before, after)) {
        true => {
            "the work had begun, and would have no true record under the new window: put `start` and `end` back, end what was done with \
             `signalpost resolve POST \"…\"`, and announce the rest: `signalpost new maintenance TITLE --start T --end T`"
        }
        false => {
            "calendars keep the old window until an update with a state is there: `signalpost update POST update \"…\"`; \
             with `--start T` or `--end T` it writes the window too"
        }
    })
}

/// Whether work whose beginning is past has a `start` ahead now. Calendars may show an earlier one, where an update began the work.
fn is_put_off(site: &Site, thread: &Thread, before: &Window, after: &Window) -> bool {
    let had_begun = NaiveDateTime::parse_from_str(&before.start, STAMP).is_ok_and(|start| start.and_utc() <= site.now);
    had_begun
        && before.start != after.start
        && thread.posts.iter().find_map(|&post| site.posts[post].start).is_some_and(|start| start > site.now)
}

/// The line that moved the window: `end` where that alone changed, else `start`.
fn changed_line(site: &Site, thread: &Thread, before: &Window, after: &Window) -> Span {
    let start = || first_place(site.posts_of(thread), |ranges| &ranges.start);
    let end = || first_place(site.posts_of(thread).rev(), |ranges| &ranges.end);
    let line = if before.start == after.start && before.end != after.end { end().or_else(start) } else { start() };
    line.unwrap_or_else(|| Span::whole_file(&site.title_post(thread).path))
}

/// The events of a calendar of ours by UID.
fn events(calendar: &str) -> BTreeMap<String, Window> {
    let mut events = BTreeMap::new();
    let (mut uid, mut window) = (String::new(), Window::default());
    for line in calendar.replace("\r\n ", "").lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.split(';').next().unwrap_or(name) {
            "UID" => value.clone_into(&mut uid),
            "DTSTART" => value.clone_into(&mut window.start),
            "DTEND" => value.clone_into(&mut window.end),
            "STATUS" => value.clone_into(&mut window.status),
            "SEQUENCE" => window.sequence = value.parse().unwrap_or(0),
            "END" if value == "VEVENT" => {
                events.insert(std::mem::take(&mut uid), std::mem::take(&mut window));
            }
            _ => {}
        }
    }
    events
}
