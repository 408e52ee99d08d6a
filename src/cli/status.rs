//! `signalpost status`: the glance table in the terminal, or as JSON.

use serde::Serialize;

use super::args::{Global, Status, StatusFormat};
use super::error::CommandError;
use super::terminal::{BOLD, CYAN, DIM, GREEN, RED, Terminal, YELLOW, styled};
use super::{moment, site};
use crate::findings::visible;
use crate::model::{self, ServerIx, Site, rfc3339};

pub fn run(global: &Global, args: &Status, terminal: &mut Terminal) -> Result<(), CommandError> {
    let project = site::open(global)?;
    let site = site::at(moment::of_site(args.at.now)?, &project, terminal)?;
    match args.format {
        StatusFormat::Table => terminal.data(table(&site)),
        StatusFormat::Json => terminal.data(json(&site)),
    }
}

/// One server, as the JSON list has it.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    group: Option<&'a str>,
    status: model::Status,
    /// When the present state began, RFC 3339 in UTC; `null` for the standing one.
    since: Option<String>,
    /// The addresses of the posts that cause it, with the site's path before them.
    posts: Vec<String>,
}

/// The servers that are in service, and the retired ones, each in their order.
fn retired_apart(site: &Site, servers: impl Iterator<Item = ServerIx>) -> (Vec<ServerIx>, Vec<ServerIx>) {
    servers.partition(|server| site.glance.servers[*server].status != model::Status::Retired)
}

/// Every server in the order of the servers file, retired ones last.
fn rows(site: &Site) -> Vec<Row<'_>> {
    let (serving, retired) = retired_apart(site, 0..site.servers.len());
    serving.into_iter().chain(retired).map(|server| row(site, server)).collect()
}

/// The servers by group, as on the site's pages, and retired ones last. Servers without a group need a heading only below others.
fn sections(site: &Site) -> Vec<(Option<&str>, Vec<Row<'_>>)> {
    let mut sections: Vec<(Option<&str>, Vec<ServerIx>)> = Vec::new();
    for group in &site.groups {
        let (serving, _) = retired_apart(site, group.servers.iter().copied());
        let others = (!sections.is_empty()).then_some("Others");
        if !serving.is_empty() {
            sections.push((group.name.as_deref().or(others), serving));
        }
    }
    let (_, retired) = retired_apart(site, 0..site.servers.len());
    if !retired.is_empty() {
        sections.push((Some("Retired"), retired));
    }
    sections.into_iter().map(|(heading, servers)| (heading, servers.into_iter().map(|server| row(site, server)).collect())).collect()
}

fn row(site: &Site, ix: ServerIx) -> Row<'_> {
    let server = &site.servers[ix];
    let now = &site.glance.servers[ix];
    Row {
        id: &server.id,
        name: &server.name,
        group: server.group.as_deref(),
        status: now.status,
        since: now.since.map(rfc3339),
        posts: site.causes_of(ix).map(|post| site.base().href(&post.address)).collect(),
    }
}

fn json(site: &Site) -> String {
    serde_json::to_string_pretty(&rows(site)).expect("texts and lists become JSON") + "\n"
}

/// Groups as headings, a line a server, and below it all what holds for the whole site.
fn table(site: &Site) -> String {
    let sections = sections(site);
    let rows = || sections.iter().flat_map(|(_, rows)| rows);
    let name_width = rows().map(|row| width(row.name)).max().unwrap_or(0);
    let status_width = rows().map(|row| row.status.word().len()).max().unwrap_or(0);
    let mut table = String::new();
    for (heading, rows) in &sections {
        if let Some(heading) = heading {
            table.push_str(&format!("{}\n", styled(BOLD, visible(heading))));
        }
        for row in rows {
            let name = visible(row.name);
            let gap = name_width.saturating_sub(width(&name));
            table.push_str(&format!("  {name}{:gap$}  {}", "", styled(colour(row.status), row.status.word())));
            if let Some(since) = &row.since {
                let gap = status_width - row.status.word().len();
                table.push_str(&format!("{:gap$}  since {since}", ""));
            }
            for post in &row.posts {
                table.push_str(&format!("  {}", styled(DIM, post)));
            }
            table.push('\n');
        }
    }
    let next = site.glance.next_change.map(|next| format!(", next change at {}", rfc3339(next))).unwrap_or_default();
    table.push_str(&format!("\n{} at {}{next}\n", styled(colour(site.glance.overall), site.glance.overall.word()), rfc3339(site.now)));
    table
}

fn colour(status: model::Status) -> clap::builder::styling::Style {
    match status {
        model::Status::Operational => GREEN,
        model::Status::Maintenance => CYAN,
        model::Status::Degraded | model::Status::PartialOutage => YELLOW,
        model::Status::MajorOutage => RED,
        model::Status::Internal | model::Status::Retired | model::Status::Unknown => DIM,
    }
}

/// Columns, near enough for names of servers.
fn width(text: &str) -> usize {
    text.chars().count()
}
