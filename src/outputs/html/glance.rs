//! The table of all systems: Systems at a Glance.

use serde::Serialize;

use super::Maker;
use super::history::BarView;
use super::view::{LinkView, StatusView, TimeView};
use crate::model::uptime::HISTORY_DAYS;
use crate::model::{Reach, ServerIx, Standing, Status, rfc3339};

/// All systems at a glance.
#[derive(Serialize)]
pub struct GlanceView {
    /// Servers by group, in the order of the servers file; retired ones are left out.
    pub groups: Vec<GroupView>,
    /// Retired servers, in the order of the servers file.
    pub retired: Vec<RowView>,
    /// Whether it is said of a server of the groups where it stands.
    pub has_places: bool,
    /// Whether a server of the groups has something in its Ping cell.
    pub has_pings: bool,
    /// How many columns the table has with those two, or without.
    pub columns: usize,
    /// When `signalpost probe` tried the servers; nothing where it did not.
    pub probed: Option<TimeView>,
}

/// Servers that share a group.
#[derive(Serialize)]
pub struct GroupView {
    /// The group's name; empty for servers without one.
    pub name: String,
    /// The worst of its servers that are for customers.
    pub status: StatusView,
    pub rows: Vec<RowView>,
}

/// One server in the table.
#[derive(Serialize)]
pub struct RowView {
    /// Its id: `nc023`.
    pub id: String,
    /// Its name: `NC023`.
    pub name: String,
    /// What it is for, or else its other names; may be empty.
    pub about: String,
    /// Its page.
    pub href: String,
    /// Where it stands: `London`; may be empty.
    pub place: String,
    /// Its country's code: `GB`; may be empty.
    pub country: String,
    pub status: StatusView,
    /// Since when it is so; nothing for the standing state.
    pub since: Option<TimeView>,
    /// The posts that tell why; empty for the standing state.
    pub causes: Vec<LinkView>,
    /// Where the Ping cell leads; may be empty.
    pub ping: String,
    /// What `signalpost probe` found; nothing where it did not try this server.
    pub probe: Option<ProbeView>,
    /// Its last ninety days.
    pub bar: BarView,
}

/// Whether a server answered. Says nothing about its status.
#[derive(Serialize)]
pub struct ProbeView {
    /// The word for classes and scripts: `up`, `down` or `unknown`.
    pub word: &'static str,
    /// The words for people: `Answers, 12 ms`.
    pub text: String,
    /// When it was tried.
    pub at: TimeView,
    /// From when on that is too old to be believed; empty where it is already.
    pub unknown_from: String,
}

impl Maker<'_> {
    pub fn glance(&self) -> GlanceView {
        let site = self.site;
        let retired = |server: &ServerIx| site.servers[*server].standing == Standing::Retired;
        let group = |(at, group): (usize, &crate::model::Group)| GroupView {
            name: group.name.clone().unwrap_or_default(),
            status: self.status(site.glance.groups[at], &[]),
            rows: group.servers.iter().filter(|server| !retired(server)).map(|server| self.row(*server)).collect(),
        };
        let groups: Vec<GroupView> = site.groups.iter().enumerate().map(group).filter(|group| !group.rows.is_empty()).collect();
        let has = |what: fn(&RowView) -> bool| groups.iter().flat_map(|group| &group.rows).any(what);
        let has_places = has(|row| !row.place.is_empty() || !row.country.is_empty());
        let has_pings = has(|row| !row.ping.is_empty() || row.probe.is_some());
        GlanceView {
            has_places,
            has_pings,
            columns: 2 + usize::from(has_places) + usize::from(has_pings),
            groups,
            retired: (0..site.servers.len()).filter(retired).map(|server| self.row(server)).collect(),
            probed: site.probes.as_ref().filter(|probes| !probes.is_empty()).map(|probes| self.time(probes.at)),
        }
    }

    pub fn row(&self, ix: ServerIx) -> RowView {
        let site = self.site;
        let (server, now) = (&site.servers[ix], &site.glance.servers[ix]);
        let place = server.location.as_ref();
        let cause = |thread: &usize| self.post_link(site.title_ix(&site.threads[*thread]));
        RowView {
            id: server.id.to_string(),
            name: server.name.clone(),
            about: server.about.clone().unwrap_or_else(|| self.shared.words.list(&server.aliases)),
            href: self.href(&server.address()),
            place: place.map_or_else(String::new, |place| place.name.clone()),
            country: place.and_then(|place| place.country.clone()).unwrap_or_default(),
            status: self.status(now.status, &now.next),
            since: now.since.map(|since| self.time(since)),
            causes: now.causes.iter().map(cause).collect(),
            ping: server.ping.clone().unwrap_or_default(),
            probe: self.probe(ix),
            bar: self.bar(&site.days(ix, HISTORY_DAYS)),
        }
    }

    fn probe(&self, server: ServerIx) -> Option<ProbeView> {
        let probes = self.site.probes.as_ref()?;
        let reach = probes.reach(server, self.site.now)?;
        let words = &self.shared.words;
        let text = match reach {
            Reach::Up { milliseconds } => words.fill("glance.answers", &[("n", &milliseconds.to_string())]),
            Reach::Down => words.text("glance.no-answer").to_owned(),
            Reach::Unknown => words.status(Status::Unknown).to_owned(),
        };
        let unknown_from = if reach == Reach::Unknown { String::new() } else { rfc3339(probes.unknown_from()) };
        Some(ProbeView { word: reach.word(), text, at: self.time(probes.at), unknown_from })
    }
}
