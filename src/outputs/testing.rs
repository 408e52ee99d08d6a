//! Small sites of posts that are made by hand, for the unit tests of outputs.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::Now;
use crate::findings::Findings;
use crate::load::files::Texts;
use crate::load::site::{Parts, put_together};
use crate::model::config::{Editor, FeedSettings, RemoteImages};
use crate::model::{Address, BaseUrl, Config, Html, ImpactChange, Kind, Moment, Pinned, Post, Server, Site, Standing, State, Update};
use crate::plan::Plan;
use crate::source::Sources;
use crate::theme::Theme;
use crate::words::Words;

pub fn config() -> Config {
    Config {
        title: "Northwind status".to_owned(),
        base_url: BaseUrl::parse("https://status.example.net/s").expect("a base URL"),
        description: "Incidents & maintenance".to_owned(),
        language: "en".to_owned(),
        time_zones: vec![chrono_tz::Africa::Lusaka],
        theme: "default".to_owned(),
        theme_place: 0..0,
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
        bare_states: Vec::new(),
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
        start: None,
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

/// The servers of every small site: NC023 and NC027, in no group.
pub fn servers() -> Vec<Server> {
    vec![server("nc023", "NC023"), server("nc027", "NC027")]
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
        ranges: Default::default(),
    }
}

/// The site of these posts on 21 November 2026.
pub fn site(posts: Vec<Post>) -> Site {
    site_at("2026-11-21T19:00:00Z", posts)
}

pub fn site_at(now: &str, posts: Vec<Post>) -> Site {
    site_with(servers(), now, posts)
}

/// The site is put together as one that was read from files is.
pub fn site_with(servers: Vec<Server>, now: &str, posts: Vec<Post>) -> Site {
    let texts = Texts { posts: posts.into_iter().map(Arc::new).collect(), ..Texts::default() };
    let parts = Parts { config: Arc::new(config()), servers: Arc::new(servers), texts, probes: None, assets: Vec::new() };
    let mut findings = Findings::default();
    let site = put_together(parts, Now::Clock(moment(now)), &mut findings);
    assert!(!findings.has_errors(), "no such site is published: {findings:#?}");
    site
}

pub fn plan(site: Site) -> Plan {
    Plan { words: Words::of(&site.config), site: Arc::new(site), pages: Vec::new() }
}

/// The built-in theme.
pub fn theme(plan: &Plan) -> Theme {
    let mut theme = crate::theme::load(&Sources::default(), &plan.site.config, &mut Findings::default());
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
