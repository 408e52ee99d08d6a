//! Servers and groups as components.

use super::shape::{Component, ComponentStatus, Stamp};
use super::{birth, id};
use crate::model::{Group, Moment, ServerIx, Site, Status, midnight};

/// The components of a site: each group before its servers, in the order of the glance table.
pub struct Components {
    pub list: Vec<Component>,
    /// Where in `list` a server is; `None` for one that customers do not see.
    place: Vec<Option<usize>>,
}

impl Components {
    pub fn of(site: &Site) -> Components {
        let mut components = Components { list: Vec::new(), place: vec![None; site.servers.len()] };
        let mut top_level = 0;
        for (group, status) in site.groups.iter().zip(&site.glance.groups) {
            let servers: Vec<ServerIx> = group.servers.iter().copied().filter(|server| is_public(site, *server)).collect();
            if servers.is_empty() {
                continue;
            }
            if group.name.is_some() {
                top_level += 1;
                components.push_group(site, group, *status, &servers, top_level);
            } else {
                for server in servers {
                    top_level += 1;
                    components.push_server(site, server, None, top_level);
                }
            }
        }
        components
    }

    /// The component of a server; `None` for one that customers do not see.
    pub fn get(&self, server: ServerIx) -> Option<&Component> {
        self.place[server].map(|place| &self.list[place])
    }

    fn push_group(&mut self, site: &Site, group: &Group, status: Status, servers: &[ServerIx], position: usize) {
        let id = id::group(site, group);
        let place = self.list.len();
        for (server, position) in servers.iter().zip(1..) {
            self.push_server(site, *server, Some(id.clone()), position);
        }
        let leaves = &self.list[place..];
        let head = Component {
            id,
            name: group.name.clone().unwrap_or_default(),
            status: ComponentStatus::of(status).unwrap_or(ComponentStatus::Operational),
            created_at: leaves.iter().map(|leaf| leaf.created_at).min().unwrap_or(Stamp(birth(site))),
            updated_at: leaves.iter().map(|leaf| leaf.updated_at).max().unwrap_or(Stamp(birth(site))),
            position: u8::try_from(position).unwrap_or(u8::MAX),
            description: None,
            showcase: false,
            start_date: None,
            group_id: None,
            page_id: id::page(site),
            group: true,
            only_show_if_degraded: false,
            components: Some(leaves.iter().map(|leaf| leaf.id.clone()).collect()),
        };
        self.list.insert(place, head);
        for server in servers {
            self.place[*server] = self.place[*server].map(|place| place + 1);
        }
    }

    fn push_server(&mut self, site: &Site, ix: ServerIx, group_id: Option<String>, position: usize) {
        let server = &site.servers[ix];
        let Some(status) = ComponentStatus::of(site.glance.servers[ix].status) else { return };
        let begin = begin(site, ix);
        let created_at = begin.filter(|begin| *begin <= site.now).unwrap_or_else(|| birth(site));
        self.place[ix] = Some(self.list.len());
        self.list.push(Component {
            id: id::component(site, server),
            name: server.name.clone(),
            status,
            created_at: Stamp(created_at),
            updated_at: Stamp(last_change(site, ix).map_or(created_at, |change| change.max(created_at))),
            position: u8::try_from(position).unwrap_or(u8::MAX),
            description: server.about.clone(),
            showcase: true,
            start_date: begin.map(|begin| begin.date_naive()),
            group_id,
            page_id: id::page(site),
            group: false,
            only_show_if_degraded: false,
            components: None,
        });
    }
}

/// Whether customers see the server: it is neither internal nor retired.
pub fn is_public(site: &Site, server: ServerIx) -> bool {
    site.servers[server].standing.is_public()
}

/// The status of a server that customers see at any moment.
pub fn status_at(site: &Site, server: ServerIx, at: Moment) -> ComponentStatus {
    ComponentStatus::of(site.glance.timelines[server].at(at).status).unwrap_or(ComponentStatus::Operational)
}

/// `since` of the servers file, else the oldest post about the server. It may lie ahead: a server that is being set up.
fn begin(site: &Site, server: ServerIx) -> Option<Moment> {
    let since = site.servers[server].since.map(midnight);
    since.or_else(|| site.posts_of_server[server].last().map(|post| site.posts[*post].date))
}

/// When the server's state changed last.
fn last_change(site: &Site, server: ServerIx) -> Option<Moment> {
    site.glance.timelines[server].segments.iter().filter_map(|segment| segment.from).filter(|from| *from <= site.now).max()
}
