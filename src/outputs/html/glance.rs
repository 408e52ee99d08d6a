//! The table of all systems: Systems at a Glance.

use serde::Serialize;

use super::Maker;
use super::history::{BarView, DAYS};
use super::view::{LinkView, StatusView, TimeView};
use crate::model::{ServerIx, Standing};

/// All systems at a glance.
#[derive(Serialize)]
pub struct GlanceView {
    /// Servers by group, in the order of the servers file; retired ones are left out.
    pub groups: Vec<GroupView>,
    /// Retired servers, in the order of the servers file.
    pub retired: Vec<RowView>,
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
    /// Its last ninety days.
    pub bar: BarView,
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
        GlanceView {
            groups: site.groups.iter().enumerate().map(group).filter(|group| !group.rows.is_empty()).collect(),
            retired: (0..site.servers.len()).filter(retired).map(|server| self.row(server)).collect(),
        }
    }

    pub fn row(&self, ix: ServerIx) -> RowView {
        let site = self.site;
        let (server, now) = (&site.servers[ix], &site.glance.servers[ix]);
        let place = server.location.as_ref();
        let first_post = |thread: &usize| site.threads[*thread].posts.first().copied();
        RowView {
            id: server.id.to_string(),
            name: server.name.clone(),
            about: server.about.clone().unwrap_or_else(|| server.aliases.join(", ")),
            href: self.href(&server.address()),
            place: place.map_or_else(String::new, |place| place.name.clone()),
            country: place.and_then(|place| place.country.clone()).unwrap_or_default(),
            status: self.status(now.status, &now.next),
            since: now.since.map(|since| self.time(since)),
            causes: now.causes.iter().filter_map(first_post).map(|post| self.post_link(post)).collect(),
            ping: server.ping.clone().unwrap_or_default(),
            bar: self.bar(&site.days(ix, DAYS)),
        }
    }
}
