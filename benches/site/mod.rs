//! A realistic site of any size, for benches and tests: the same for the same shape, and valid throughout.
//!
//! Posts of 1.5 to 2 KB over fifteen years: six in ten incidents with updates, two maintenance, one a notice, one the follow-up of
//! an incident. One to three of 40 servers and of 60 tags each. Everything has ended but one incident and the coming maintenance.

#![allow(dead_code, reason = "every bench and test that includes this module uses a part of it")]

pub mod random;
pub mod words;

use std::path::Path;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use random::Random;
use signalpost::source::Sources;

/// How large a site, and which one.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub posts: usize,
    pub servers: usize,
    /// At most 60.
    pub tags: usize,
    pub years: usize,
    pub seed: u64,
}

impl Shape {
    /// The shape of the published figures, with this many posts.
    pub fn of(posts: usize) -> Shape {
        Shape { posts, servers: 40, tags: 60, years: 15, seed: 1 }
    }
}

/// A post, before it is written in some program's form.
#[derive(Debug, Clone)]
pub struct Post {
    pub date: DateTime<Utc>,
    /// Unique in the site.
    pub slug: String,
    pub title: String,
    pub kind: &'static str,
    pub servers: Vec<String>,
    pub tags: Vec<&'static str>,
    pub start: Option<DateTime<Utc>>,
    pub end: Option<DateTime<Utc>>,
    pub impact: Option<&'static str>,
    /// The slug of the post before it in its thread.
    pub follows: Option<String>,
    /// Markdown.
    pub text: String,
    pub updates: Vec<Update>,
}

#[derive(Debug, Clone)]
pub struct Update {
    pub at: DateTime<Utc>,
    pub state: &'static str,
    /// `{impact=degraded}`, or empty.
    pub attributes: &'static str,
    pub text: String,
}

/// The moment that generated sites describe; all but planned maintenance lies before it.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).single().expect("a moment that exists")
}

/// The ids of the servers, in the order of the servers file.
pub fn server_ids(shape: Shape) -> Vec<String> {
    (0..shape.servers).map(|n| format!("nc{:03}", 10 + n)).collect()
}

/// All posts, oldest first.
pub fn posts(shape: Shape) -> Vec<Post> {
    let mut random = Random::new(shape.seed);
    let servers = server_ids(shape);
    let span = TimeDelta::days(365 * shape.years as i64 - 30).num_minutes();
    let mut posts: Vec<Post> = Vec::with_capacity(shape.posts);
    for n in 0..shape.posts {
        let minutes = span - span * n as i64 / shape.posts.max(1) as i64 + random.below(60) as i64;
        let date = now() - TimeDelta::minutes(minutes + 120);
        let is_last = n + 1 == shape.posts;
        let earlier = posts.last().filter(|post| post.kind == "incident" && post.follows.is_none());
        let post = match random.below(10) {
            _ if is_last => incident(n, date, &servers, shape, &mut random, true),
            0..=5 => incident(n, date, &servers, shape, &mut random, false),
            6 | 7 => maintenance(n, date, &servers, shape, &mut random),
            8 => notice(n, date, &servers, shape, &mut random),
            _ => match earlier {
                Some(earlier) => follow_up(n, date, earlier, &mut random),
                None => notice(n, date, &servers, shape, &mut random),
            },
        };
        posts.push(post);
    }
    posts
}

/// The files of a site for signalpost, by their paths from the root.
pub fn files(shape: Shape) -> Vec<(String, String)> {
    let mut files = vec![("site.toml".to_owned(), SITE.to_owned()), ("content/servers.toml".to_owned(), servers_file(shape))];
    files.push(("content/pages/about.md".into(), "+++\ntitle = \"About this page\"\n+++\n\nAll times are UTC.\n".into()));
    files.extend(posts(shape).iter().map(|post| (post.path(), post.signalpost())));
    files
}

/// A site in memory.
pub fn sources(shape: Shape) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in files(shape) {
        sources.insert(&path, text);
    }
    sources
}

/// Writes a site below a folder.
pub fn write(shape: Shape, folder: &Path) -> std::io::Result<()> {
    write_files(&files(shape), folder)
}

pub fn write_files(files: &[(String, String)], folder: &Path) -> std::io::Result<()> {
    for (path, text) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}

const SITE: &str = r#"title       = "Northwind Hosting status"
base_url    = "https://status.example.net"
description = "Incidents and maintenance on Northwind's servers"
time_zones  = ["Africa/Lusaka", "America/Vancouver", "Australia/Perth"]
"#;

fn servers_file(shape: Shape) -> String {
    let mut text = String::new();
    for (n, id) in server_ids(shape).iter().enumerate() {
        let (town, country) = words::TOWNS[n % words::TOWNS.len()];
        text += &format!(
            "[[server]]\nid = \"{id}\"\nname = \"{}\"\nabout = \"{}\"\ngroup = \"{}\"\nlocation = {{ name = \"{town}\", country = \"{country}\" }}\n\n",
            id.to_uppercase(),
            words::JOBS[n % words::JOBS.len()],
            words::GROUPS[n * words::GROUPS.len() / shape.servers],
        );
    }
    text
}

impl Post {
    /// `2014-03-05-1030-nc023-mail-slow-00042`
    pub fn stem(&self) -> String {
        format!("{}-{}", self.date.format("%Y-%m-%d-%H%M"), self.slug)
    }

    /// `content/posts/2014/STEM.md`
    pub fn path(&self) -> String {
        format!("content/posts/{}/{}.md", self.date.format("%Y"), self.stem())
    }

    /// The post as signalpost reads it.
    pub fn signalpost(&self) -> String {
        let mut text = format!("+++\ntitle = \"{}\"\n", self.title);
        if self.follows.is_none() {
            text += &format!("kind = \"{}\"\nservers = {:?}\n", self.kind, self.servers);
        }
        text += &format!("tags = {:?}\n", self.tags);
        let times = [("start", self.start), ("end", self.end)];
        for (key, at) in times.iter().filter_map(|(key, at)| at.map(|at| (key, at))) {
            text += &format!("{key} = {}\n", at.format("%Y-%m-%dT%H:%M:%SZ"));
        }
        for (key, word) in [("impact", self.impact), ("follows", self.follows.as_deref())] {
            if let Some(word) = word {
                text += &format!("{key} = \"{word}\"\n");
            }
        }
        text + "+++\n\n" + &self.body(true)
    }

    /// The Markdown; the headings' attributes only where asked for.
    pub fn body(&self, attributes: bool) -> String {
        let mut text = self.text.clone();
        for update in &self.updates {
            let heading = format!(
                "{} UTC — {} {}",
                update.at.format("%Y-%m-%d %H:%M"),
                update.state,
                if attributes { update.attributes } else { "" }
            );
            text += &format!("\n## {}\n\n{}", heading.trim_end(), update.text);
        }
        text
    }
}

fn some_servers(servers: &[String], random: &mut Random) -> Vec<String> {
    let first = random.below(servers.len());
    let mut chosen: Vec<String> = (0..1 + random.below(3)).map(|n| servers[(first + n * 7) % servers.len()].clone()).collect();
    chosen.sort();
    chosen.dedup();
    chosen
}

fn some_tags(shape: Shape, random: &mut Random) -> Vec<&'static str> {
    let first = random.below(shape.tags);
    (0..1 + random.below(3)).map(|n| words::TAGS[(first + n * 11) % shape.tags]).collect()
}

fn incident(n: usize, date: DateTime<Utc>, servers: &[String], shape: Shape, random: &mut Random, open: bool) -> Post {
    let servers = some_servers(servers, random);
    let (fault, short) = *random.of(words::FAULTS);
    let start = date - TimeDelta::minutes(2 + random.below(10) as i64);
    let mut at = date;
    let mut updates = Vec::new();
    for state in ["Identified", "Monitoring", "Resolved"].iter().skip(random.below(2)) {
        at += TimeDelta::minutes(4 + random.below(25) as i64);
        let attributes = match *state {
            "Identified" => *random.of(&["", "{impact=degraded}", "{impact=partial-outage}"]),
            "Monitoring" => "{impact=none}",
            _ => "",
        };
        updates.push(Update { at, state, attributes, text: words::paragraph(random, 3) });
    }
    if open {
        updates.truncate(1);
        updates[0] = Update { state: "Identified", attributes: "", ..updates[0].clone() };
    }
    Post {
        date,
        slug: format!("{}-{short}-{n:05}", servers[0]),
        title: format!("{}: {fault}", servers[0].to_uppercase()),
        kind: "incident",
        tags: some_tags(shape, random),
        start: Some(start),
        end: None,
        impact: Some(*random.of(&["degraded", "partial-outage", "major-outage"])),
        follows: None,
        text: words::opening(random),
        updates,
        servers,
    }
}

/// Tells what was found after the incident was over: it changes nothing.
fn follow_up(n: usize, date: DateTime<Utc>, earlier: &Post, random: &mut Random) -> Post {
    Post {
        date,
        slug: format!("{}-afterwards-{n:05}", earlier.servers[0]),
        title: format!("{}: what we found", earlier.servers[0].to_uppercase()),
        follows: Some(earlier.slug.clone()),
        start: None,
        end: None,
        impact: None,
        text: words::opening(random) + "\n" + &words::paragraph(random, 4),
        updates: Vec::new(),
        ..earlier.clone()
    }
}

fn maintenance(n: usize, date: DateTime<Utc>, servers: &[String], shape: Shape, random: &mut Random) -> Post {
    let servers = some_servers(servers, random);
    let (work, short) = *random.of(words::WORKS);
    let start = date + TimeDelta::days(2 + random.below(6) as i64);
    let end = start + TimeDelta::minutes(30 * (1 + random.below(4) as i64));
    let mut updates = Vec::new();
    if end < now() {
        updates.push(Update { at: start, state: "In progress", attributes: "", text: words::paragraph(random, 3) });
        updates.push(Update { at: end, state: "Completed", attributes: "{impact=none}", text: words::paragraph(random, 1) });
    }
    Post {
        date,
        slug: format!("{}-{short}-{n:05}", servers[0]),
        title: format!("{}: {work}", servers[0].to_uppercase()),
        kind: "maintenance",
        tags: some_tags(shape, random),
        start: Some(start),
        end: Some(end),
        impact: None,
        follows: None,
        text: words::opening(random),
        updates,
        servers,
    }
}

fn notice(n: usize, date: DateTime<Utc>, servers: &[String], shape: Shape, random: &mut Random) -> Post {
    let servers = some_servers(servers, random);
    let (subject, short) = *random.of(words::SUBJECTS);
    Post {
        date,
        slug: format!("{short}-{n:05}"),
        title: subject.to_owned(),
        kind: "notice",
        tags: some_tags(shape, random),
        start: None,
        end: None,
        impact: None,
        follows: None,
        text: words::opening(random) + "\n" + &words::paragraph(random, 3),
        updates: Vec::new(),
        servers,
    }
}
