//! Small sites made by hand, for the unit tests of outputs.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::findings::Findings;
use crate::model::config::{Editor, FeedSettings, RemoteImages};
use crate::model::thread::{Event, Phase};
use crate::model::{
    Address, BaseUrl, Config, FeedEntry, Glance, Html, ImpactChange, Kind, Moment, Pinned, Post, Server, Site, Standing, State, Status,
    Term, Thread, Update, slug,
};
use crate::plan::Plan;
use crate::source::Sources;
use crate::theme::Theme;

pub fn config() -> Config {
    Config {
        title: "Northwind status".to_owned(),
        base_url: BaseUrl::parse("https://status.example.net/s").expect("a base URL"),
        description: "Incidents & maintenance".to_owned(),
        language: "en".to_owned(),
        time_zones: vec![chrono_tz::Africa::Lusaka],
        theme: "default".to_owned(),
        posts_per_page: 20,
        remote_images: RemoteImages::Link,
        stale_after: TimeDelta::hours(26),
        feeds: FeedSettings { items: 50, authority: "status.example.net,2026".to_owned() },
        editor: Editor::default(),
        sidebar: Vec::new(),
        words: [
            ("kind.incident", "Incident"),
            ("kind.maintenance", "Maintenance"),
            ("state.update", "Update"),
            ("state.resolved", "Resolved"),
            ("state.scheduled", "Scheduled"),
            ("feed.withdrawn", "Withdrawn: {title}"),
            ("feed.servers", "Servers: {names}"),
            ("feed.tag", "{site}: {name}"),
            ("calendar.cancelled", "Cancelled: {title}"),
        ]
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .to_vec(),
        extra: toml::Table::new(),
        logo: None,
        favicon: None,
        local_links: Vec::new(),
        accent: None,
        webhooks: Vec::new(),
        mail: None,
        security_contact: None,
    }
}

pub fn moment(text: &str) -> Moment {
    text.parse().expect("a moment in RFC 3339")
}

pub fn html(html: &str) -> Html {
    Html { html: html.to_owned(), local_links: Vec::new() }
}

pub fn update(at: &str, state: Option<State>, text: &str) -> Update {
    let at = moment(at);
    Update {
        id: at.format("%Y%m%dT%H%MZ").to_string(),
        at,
        state,
        title: None,
        change: ImpactChange::default(),
        html: html(text),
        place: 0..0,
    }
}

/// An incident with its opening alone: `id` is the file's stem, about the server 0.
pub fn post(id: &str, title: &str, date: &str) -> Post {
    let date = moment(date);
    Post {
        path: format!("content/posts/{id}.md").into(),
        id: id.to_owned(),
        slug: id.to_owned(),
        address: Address::new(format!("/{}/{id}/", date.format("%Y/%m/%d"))),
        title: title.to_owned(),
        kind: Some(Kind::Incident),
        servers: vec![0],
        impact: ImpactChange::default(),
        tags: Vec::new(),
        categories: Vec::new(),
        date,
        start: Some(date),
        end: None,
        follows: None,
        aliases: Vec::new(),
        guid: None,
        pinned: Pinned::No,
        draft: false,
        author: None,
        summary: None,
        withdrawn: false,
        notify: true,
        updates: vec![Update { id: Update::OPENING.to_owned(), ..update(&date.to_rfc3339(), None, "<p>It fails.</p>") }],
        ranges: Default::default(),
    }
}

/// A site of posts that each stand alone; servers NC023 and NC027.
pub fn site(mut posts: Vec<Post>) -> Site {
    posts.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.address.cmp(&b.address)));
    let mut feed_entries: Vec<FeedEntry> = posts
        .iter()
        .enumerate()
        .filter(|(_, post)| post.notify)
        .flat_map(|(ix, post)| post.updates.iter().enumerate().map(move |(update, it)| FeedEntry { post: ix, update, at: it.at }))
        .collect();
    feed_entries.sort_by_key(|entry| entry.at);
    let threads: Vec<Thread> = posts.iter().enumerate().map(|(ix, post)| thread(ix, post)).collect();
    Site {
        config: Arc::new(config()),
        servers: Arc::new(vec![server("nc023", "NC023"), server("nc027", "NC027")]),
        groups: Vec::new(),
        thread_of: (0..posts.len()).collect(),
        tags: terms(&posts),
        categories: Vec::new(),
        posts_of_server: (0..2).map(|server| (0..posts.len()).filter(|&ix| posts[ix].servers.contains(&server)).collect()).collect(),
        threads,
        feed_entries,
        pages: Vec::new(),
        drafts: Vec::new(),
        assets: Vec::new(),
        glance: Glance {
            timelines: Vec::new(),
            servers: Vec::new(),
            groups: Vec::new(),
            overall: Status::Operational,
            overall_next: Vec::new(),
            active: Vec::new(),
            planned: Vec::new(),
            window_over: Vec::new(),
            next_change: None,
        },
        probes: None,
        later: std::collections::HashSet::new(),
        now: moment("2026-11-21T19:00:00Z"),
        posts: posts.into_iter().map(Arc::new).collect(),
    }
}

fn thread(ix: usize, post: &Post) -> Thread {
    let event = Event {
        kind: post.kind.unwrap_or(Kind::Incident),
        servers: post.servers.clone(),
        start: post.start.unwrap_or(post.date),
        end: post.end,
        phase: Phase::Ongoing,
        state: post.updates.iter().rev().find_map(|update| update.state),
        reopened: Vec::new(),
        closed: None,
        impact_windows: Vec::new(),
    };
    Thread {
        posts: vec![ix],
        kind: post.kind.unwrap_or(Kind::Incident),
        servers: post.servers.clone(),
        updates: (0..post.updates.len()).map(|update| (ix, update)).collect(),
        event: (!post.withdrawn).then_some(event),
    }
}

fn terms(posts: &[Post]) -> Vec<Term> {
    let mut names: Vec<String> = posts.iter().flat_map(|post| post.tags.clone()).collect();
    names.sort();
    names.dedup();
    let of = |name: &String| (0..posts.len()).filter(|&ix| posts[ix].tags.contains(name)).collect();
    names.iter().map(|name| Term { name: name.clone(), slug: slug(name), spellings: vec![name.clone()], posts: of(name) }).collect()
}

fn server(id: &str, name: &str) -> Server {
    Server {
        id: id.into(),
        name: name.to_owned(),
        aliases: Vec::new(),
        about: None,
        group: None,
        location: None,
        standing: Standing::Operational,
        ping: None,
        probe: None,
        since: None,
        until: None,
    }
}

pub fn plan(site: Site) -> Plan {
    Plan { site: Arc::new(site), pages: Vec::new() }
}

/// The built-in theme.
pub fn theme(plan: &Plan) -> Theme {
    let theme = crate::theme::load(&Sources::default(), &plan.site.config, &mut Findings::default());
    let mut theme = theme.expect("the built-in theme can be used");
    super::html::share(plan, &mut theme);
    theme
}

/// The bytes of one output of a kind, as text.
pub fn made(kind: &super::OutputKind, plan: &Plan, path: &str) -> String {
    let theme = theme(plan);
    let outputs = (kind.list)(plan, &theme);
    let output = outputs.iter().find(|output| output.path == path).unwrap_or_else(|| panic!("no output {path}"));
    let bytes = output.bytes(plan, &theme).unwrap_or_else(|problem| panic!("{problem:?}"));
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
