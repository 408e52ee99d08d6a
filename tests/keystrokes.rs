//! A key hit by mistake never changes a status in silence: each single slip in a post either leaves every status and state as it was, or is
//! told. Only digits are let be, since another time is a time as well.

mod support;

use std::ops::Range;

use rayon::prelude::*;
use signalpost::Options;
use signalpost::model::Site;
use support::{clock, loaded, sources};

/// Each with the moment of its build, by the clock.
const POSTS: [(&str, &str, &str); 3] = [
    (
        "content/posts/2026-05-04-relay-maintenance.md",
        "2026-05-05T00:00:00Z",
        r#"+++
title   = "NC023: disk replacement"
kind    = "maintenance"
servers = ["nc023"]
start   = 2026-05-04T19:00:00Z
end     = 2026-05-04T19:30:00Z
+++

We will replace a disk in the relay. Mail waits.

## 2026-05-04 19:02 UTC — In progress
The relay is down for the work.

## 2026-05-04 19:14 UTC — Completed {impact=none}
Disk replaced, relay back.
"#,
    ),
    (
        "content/posts/2026-05-04-1900-mail-slow.md",
        "2026-05-04T21:00:00Z",
        r#"+++
title = "Mail is slow"
servers = ["nc023", "nc027"]
start = 2026-05-04T19:00:00Z
impact = { nc023 = "major-outage", nc027 = "degraded" }
+++

Mail is slow. We look at it.

- one
- two

## 2026-05-04 19:20 UTC — Identified: a disk {nc027=none}
A disk.

## 2026-05-04 19:50 UTC — Monitoring {impact=degraded}

Better.

## 2026-05-04 20:14 UTC - Resolved
All well.
"#,
    ),
    (
        "content/posts/2026-05-04-1900-mail-down.md",
        "2026-05-04T21:00:00Z",
        r#"+++
title = "Mail is down"
server = "relay"
impact = "partial-outage"
start = 2026-05-04T19:00:00Z
+++

Mail is down.

## 2026-05-04 19:20 UTC: Investigating
We look at it.
"#,
    ),
];

/// What keys put into a text beside letters, and do to it.
const KEYS: [char; 14] = [' ', '\n', '\t', '-', '#', '>', '*', '`', '"', '{', '+', '=', '.', 'x'];

#[test]
fn a_slip_of_one_key_is_harmless_or_told() {
    for (path, now, text) in POSTS {
        let options = clock(now);
        let (before, told) = read(path, text, &options);
        assert_eq!(told, Vec::<&str>::new(), "{path}");
        let before = before.expect("the post is right");
        let silent: Vec<String> = slips(text, 0..front_matter_end(text))
            .into_par_iter()
            .filter(|(_, slipped)| {
                let (after, told) = read(path, slipped, &options);
                told.is_empty() && after.is_none_or(|after| after != before) && is_silent_in_a_build(path, slipped, &options)
            })
            .map(|(name, _)| name)
            .collect();
        assert_eq!(silent, Vec::<String>::new(), "{path}");
    }
}

/// Every server is named by a post, and each has its keys.
const SERVERS: &str = r#"[[server]]
id     = "nc023"
name   = "Outgoing mail"
status = "operational"
group  = "Mail"
aliases = ["relay"]

[[server]]
id     = "nc027"
status = "internal"
location = { name = "London", country = "GB" }

[[server]]
id     = "nc018"
status = "retired"
since  = 2014-03-22
"#;

const ABOUT_ALL: &str = r#"+++
title = "Power failure"
servers = ["nc023", "nc027", "nc018"]
start = 2026-05-04T19:00:00Z
+++

No power.
"#;

#[test]
fn a_slip_of_one_key_in_the_servers_file_is_harmless_or_told() {
    let options = clock("2026-05-04T21:00:00Z");
    let read = |servers: &str| {
        let (site, findings) =
            loaded(&sources(&[("content/servers.toml", servers), ("content/posts/2026-05-04-1900-power.md", ABOUT_ALL)]), &options);
        let servers = |site: &Site| site.servers.iter().map(|server| (server.id.to_string(), server.standing)).collect::<Vec<_>>();
        (site.map(|site| (servers(&site), facts(&site))), support::codes(&findings))
    };
    let (before, told) = read(SERVERS);
    assert_eq!(told, Vec::<&str>::new());
    let before = before.expect("the servers file is right");
    let silent: Vec<String> = slips(SERVERS, 0..SERVERS.len())
        .into_par_iter()
        .filter(|(_, slipped)| {
            let (after, told) = read(slipped);
            told.is_empty() && after.is_none_or(|after| after != before)
        })
        .map(|(name, _)| name)
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

/// The statuses and states that a post brings about, and the codes of what is said of it while it is read.
fn read(path: &str, text: &str, options: &Options) -> (Option<String>, Vec<&'static str>) {
    let (site, findings) = loaded(&sources(&[(path, text)]), options);
    (site.map(|site| facts(&site)), support::codes(&findings))
}

fn facts(site: &Site) -> String {
    let segments = site.glance.timelines.iter().flat_map(|timeline| &timeline.segments).map(|segment| (segment.from, segment.status));
    let updates = site.posts.iter().flat_map(|post| &post.updates).map(|update| (update.at, update.state, &update.change));
    let titles = site.posts.iter().map(|post| post.kind);
    format!("{:?} {:?} {:?}", segments.collect::<Vec<_>>(), updates.collect::<Vec<_>>(), titles.collect::<Vec<_>>())
}

/// Some rules look at the whole site: the few slips that reading does not tell are held against these as well.
fn is_silent_in_a_build(path: &str, text: &str, options: &Options) -> bool {
    signalpost::prepare(&sources(&[(path, text)]), options).1.is_empty()
}

fn front_matter_end(post: &str) -> usize {
    post.match_indices("+++").nth(1).expect("it is closed").0 + 4
}

/// Every text that one slip makes of this, with a name. `toml` is where its TOML stands.
fn slips(text: &str, toml: Range<usize>) -> Vec<(String, String)> {
    let mut slips = Vec::new();
    for (at, c) in text.char_indices() {
        let (before, behind) = (&text[..at], &text[at + c.len_utf8()..]);
        let line = 1 + before.matches('\n').count();
        let next = behind.chars().next();
        if !c.is_ascii_digit() {
            slips.push((format!("line {line}: {c:?} left out"), format!("{before}{behind}")));
            slips.push((format!("line {line}: {c:?} typed twice"), format!("{before}{c}{c}{behind}")));
            if let Some(next) = next.filter(|next| !next.is_ascii_digit() && *next != c) {
                let rest = &behind[next.len_utf8()..];
                slips.push((format!("line {line}: {c:?} and {next:?} in the other order"), format!("{before}{next}{c}{rest}")));
            }
        }
        // `#` makes a comment of a key: that is TOML, and how a key is taken out on purpose.
        for key in KEYS.into_iter().filter(|key| *key != '#' || !toml.contains(&at)) {
            slips.push((format!("line {line}: {key:?} before {c:?}"), format!("{before}{key}{c}{behind}")));
            if !c.is_ascii_digit() && key != c {
                slips.push((format!("line {line}: {key:?} for {c:?}"), format!("{before}{key}{behind}")));
            }
        }
    }
    slips
}
