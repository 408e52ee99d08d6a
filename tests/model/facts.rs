//! Random posts as facts, and the same as the texts that staff would write. Times are minutes after [`base`].

use std::fmt::Write;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use proptest::prelude::*;

/// `servers.toml` of `support`, in its order: three that count, an internal and a retired one.
pub const SERVERS: [&str; 5] = ["nc023", "nc027", "ns1", "nc028", "nc018"];
pub const IMPACTS: [&str; 5] = ["none", "maintenance", "degraded", "partial-outage", "major-outage"];
pub const STATES: [&str; 11] = [
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "update",
    "scheduled",
    "in progress",
    "verifying",
    "completed",
    "cancelled",
    "postmortem",
];

/// Impacts by their position in [`IMPACTS`]: for all servers, and for single ones.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub all: Option<usize>,
    pub single: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
pub struct Update {
    pub at: i64,
    pub state: Option<&'static str>,
    pub change: Change,
}

#[derive(Debug, Clone)]
pub struct Post {
    pub name: String,
    pub kind: Option<&'static str>,
    pub date: i64,
    pub start: Option<i64>,
    pub end: Option<i64>,
    pub servers: Vec<usize>,
    pub impact: Change,
    pub withdrawn: bool,
    /// Whether there are words before the first update; without updates there are.
    pub has_opening: bool,
    /// Position of the post that it follows.
    pub follows: Option<usize>,
    pub updates: Vec<Update>,
}

/// Half a day before a leap day, a month's end and a year's: windows cross it.
pub fn base() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 2, 28, 18, 0, 0).unwrap()
}

pub fn moment(minutes: i64) -> DateTime<Utc> {
    base() + TimeDelta::minutes(minutes)
}

/// Up to seven posts that hold no error, whatever the moment at which they are read.
pub fn posts() -> impl Strategy<Value = Vec<Post>> {
    prop::collection::vec(raw(), 1..7).prop_map(|raws| {
        let mut posts = Vec::new();
        for (at, raw) in raws.into_iter().enumerate() {
            let post = valid(raw, at, &posts);
            posts.push(post);
        }
        posts
    })
}

type RawChange = (Option<usize>, Option<(usize, usize)>);

#[derive(Debug, Clone)]
struct Raw {
    kind: Option<usize>,
    date: i64,
    start: Option<i64>,
    lasts: Option<i64>,
    servers: u8,
    impact: RawChange,
    is_withdrawn: bool,
    has_opening: bool,
    follows: Option<usize>,
    updates: Vec<(i64, Option<usize>, RawChange)>,
}

fn change() -> impl Strategy<Value = RawChange> {
    (prop::option::weighted(0.4, 0..5_usize), prop::option::weighted(0.3, (0..5_usize, 0..5_usize)))
}

/// Steps of ten minutes on a short line: windows, updates and posts meet and coincide.
fn raw() -> impl Strategy<Value = Raw> {
    let update = (1..5_i64, prop::option::weighted(0.8, 0..STATES.len()), change());
    (
        prop::option::weighted(0.7, 0..3_usize),
        0..40_i64,
        prop::option::weighted(0.8, -4..8_i64),
        prop::option::weighted(0.6, 0..16_i64),
        0..32_u8,
        change(),
        prop::bool::weighted(0.08),
        prop::bool::weighted(0.7),
        prop::option::weighted(0.5, 0..6_usize),
        prop::collection::vec(update, 0..5),
    )
        .prop_map(|(kind, date, start, lasts, servers, impact, is_withdrawn, has_opening, follows, updates)| Raw {
            kind,
            date,
            start,
            lasts,
            servers,
            impact,
            is_withdrawn,
            has_opening,
            follows,
            updates,
        })
}

fn valid(raw: Raw, at: usize, before: &[Post]) -> Post {
    let follows = raw.follows.filter(|_| at > 0).map(|follows| follows % at);
    let root = follows.map(|follows| &before[root(before, follows)]);
    let date = 10 * follows.map_or(raw.date, |follows| raw.date.max(before[follows].date / 10));
    // Half of the follow-ups say no kind; those that do say the thread's, or are notices.
    let kind =
        raw.kind.map(|kind| ["incident", "maintenance", "notice"][kind]).filter(|_| follows.is_none() || raw.servers.is_multiple_of(2));
    let is_of_thread = |at: &usize| follows.is_some_and(|follows| self::root(before, *at) == self::root(before, follows));
    let told = (0..before.len()).filter(is_of_thread).map(|at| &before[at]).filter(|post| !post.withdrawn);
    let thread_kind = told.filter_map(kind_of).find(|kind| *kind != "notice");
    let kind = match (kind, thread_kind) {
        (Some("incident" | "maintenance"), Some(of_thread)) if !raw.is_withdrawn => Some(of_thread),
        (kind, _) => kind,
    };
    // The window of a maintenance is one: a follow-up's own `start` says nothing where the first post has said it. Where that one is a notice,
    // or withdrawn, every follow-up says the same.
    let has_work = (0..before.len()).filter(is_of_thread).any(|at| kind_of(&before[at]) == Some("maintenance"));
    let is_work = kind == Some("maintenance") || kind.is_none() && has_work && thread_kind != Some("incident");
    let own = raw.start.map(|start| date + 10 * start);
    let start = match root {
        None => own.or_else(|| (kind == Some("maintenance")).then_some(date)),
        Some(root) if is_work => {
            let has_said = kind_of(root) == Some("maintenance") && !root.withdrawn;
            (!has_said).then(|| root.start.unwrap_or(root.date))
        }
        Some(root) => own.filter(|_| kind_of(root) == Some("incident") && root.start.is_some() && !root.withdrawn),
    };
    let earliest_end = match root {
        None => start.unwrap_or(date),
        Some(root) => root.start.unwrap_or(root.date).max(start.unwrap_or(i64::MIN)),
    };
    let end = raw.lasts.map(|lasts| earliest_end + 10 * lasts);
    let servers: Vec<usize> = (0..5).filter(|server| raw.servers & (1 << server) != 0).collect();
    let named = match root {
        Some(root) if servers.is_empty() => root.servers.clone(),
        _ => servers.clone(),
    };
    let change =
        |(all, single): RawChange| Change { all, single: single.into_iter().filter(|(server, _)| named.contains(server)).collect() };
    let is_incident = kind == Some("incident") || (kind.is_none() && start.is_some());
    let mut now = start.filter(|_| is_incident).map_or(date, |start| start.max(date));
    let updates: Vec<Update> = raw
        .updates
        .into_iter()
        .map(|(gap, state, raw)| {
            now += 10 * gap;
            let mut change = change(raw);
            let state = state.map(|state| STATES[state]);
            // An end that has an impact is a contradiction, and warned of.
            if matches!(state, Some("resolved" | "completed" | "cancelled")) {
                change = Change { all: change.all.map(|_| 0), single: Vec::new() };
            }
            Update { at: now, state, change }
        })
        .collect();
    let impact = change(raw.impact);
    // Front matter has one `impact`: a word or a table.
    let impact = if impact.all.is_some() { Change { all: impact.all, single: Vec::new() } } else { impact };
    let has_opening = raw.has_opening || updates.is_empty();
    // What reads like an event says that it is none.
    let says = |change: &Change| change.all.is_some() || !change.single.is_empty();
    let of_event = |update: &Update| says(&update.change) || update.state.is_some_and(|state| !matches!(state, "update" | "postmortem"));
    let reads_like_event = follows.is_none() && start.is_none() && (says(&impact) || updates.iter().any(of_event));
    // So does a follow-up of a notice, or a withdrawn post's where its front matter tells of no trouble.
    let is_trouble = |change: &Change| change.all.is_some_and(|all| all > 0) || change.single.iter().any(|(_, impact)| *impact > 0);
    let tells = start.is_some() || is_trouble(&impact);
    let reads_like_trouble = tells
        || updates
            .iter()
            .any(|update| is_trouble(&update.change) || update.state.is_some_and(|state| !matches!(state, "update" | "postmortem")));
    let steps = |at: Option<usize>| std::iter::successors(at, |at| before[*at].follows).count();
    let is_event = |post: &Post| matches!(kind_of(post), Some("incident" | "maintenance"));
    let has_begun = (0..before.len()).filter(is_of_thread).any(|other| {
        let is_before = (before[other].date, steps(before[other].follows)) < (date, steps(follows));
        is_before && !before[other].withdrawn && is_event(&before[other])
    });
    let follows_event = std::iter::successors(follows, |at| before[*at].follows).any(|at| is_event(&before[at]));
    let is_unclear = follows.is_some() && reads_like_trouble && !raw.is_withdrawn && !has_begun && !(tells && follows_event);
    let kind = kind.or((reads_like_event || is_unclear).then_some("notice"));
    Post { name: format!("post-{at}"), kind, date, start, end, servers, impact, withdrawn: raw.is_withdrawn, has_opening, follows, updates }
}

/// The kind that a post says or that its `start` means; a follow-up that says none says nothing.
pub fn kind_of(post: &Post) -> Option<&'static str> {
    post.kind.or(match (post.follows, post.start) {
        (Some(_), _) => None,
        (None, Some(_)) => Some("incident"),
        (None, None) => Some("notice"),
    })
}

/// The first post of a post's thread.
pub fn root(posts: &[Post], mut at: usize) -> usize {
    while let Some(follows) = posts[at].follows {
        at = follows;
    }
    at
}

/// The files that tell these facts: path and text.
pub fn texts(posts: &[Post]) -> Vec<(String, String)> {
    posts.iter().map(|post| (format!("content/posts/{}.md", post.name), text(posts, post))).collect()
}

fn text(posts: &[Post], post: &Post) -> String {
    let rfc3339 = |minutes: i64| moment(minutes).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut text = format!("+++\ntitle = \"{}\"\ndate = {}\n", post.name, rfc3339(post.date));
    let mut line = |key: &str, value: String| writeln!(text, "{key} = {value}").unwrap();
    if let Some(kind) = post.kind {
        line("kind", format!("\"{kind}\""));
    }
    if let Some(start) = post.start {
        line("start", rfc3339(start));
    }
    if let Some(end) = post.end {
        line("end", format!("\"{}\"", moment(end).format("%Y-%m-%d %H:%M UTC")));
    }
    if !post.servers.is_empty() {
        let names: Vec<String> = post.servers.iter().map(|server| format!("\"{}\"", SERVERS[*server])).collect();
        line("servers", format!("[{}]", names.join(", ")));
    }
    if let Some(all) = post.impact.all {
        line("impact", format!("\"{}\"", IMPACTS[all]));
    } else if !post.impact.single.is_empty() {
        let pairs: Vec<String> =
            post.impact.single.iter().map(|(server, impact)| format!("{} = \"{}\"", SERVERS[*server], IMPACTS[*impact])).collect();
        line("impact", format!("{{ {} }}", pairs.join(", ")));
    }
    if let Some(follows) = post.follows {
        line("follows", format!("\"{}\"", posts[follows].name));
    }
    if post.withdrawn {
        line("withdrawn", "true".to_owned());
    }
    text.push_str(if post.has_opening { "+++\n\nWords.\n" } else { "+++\n" });
    for update in &post.updates {
        write!(text, "\n## {}", moment(update.at).format("%Y-%m-%d %H:%M UTC")).unwrap();
        if let Some(state) = update.state {
            write!(text, " — {state}").unwrap();
        }
        let all = update.change.all.iter().map(|impact| format!("impact={}", IMPACTS[*impact]));
        let single = update.change.single.iter().map(|(server, impact)| format!("{}={}", SERVERS[*server], IMPACTS[*impact]));
        let attributes: Vec<String> = all.chain(single).collect();
        if !attributes.is_empty() {
            write!(text, " {{{}}}", attributes.join(" ")).unwrap();
        }
        text.push_str("\nMore words.\n");
    }
    text
}
