//! A server: one row of the glance table.

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use super::address::Address;
use super::impact::Standing;

/// Position of a server in `Site::servers`, the order of the servers file.
pub type ServerIx = usize;

/// One entry of `content/servers.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Stable: addresses, feeds and API ids hang on it. Lower-case letters, digits, `-` and `_`.
    pub id: Arc<str>,
    pub name: String,
    pub aliases: Vec<String>,
    pub about: Option<String>,
    pub group: Option<String>,
    pub location: Option<Location>,
    pub standing: Standing,
    /// Where the Ping cell links to.
    pub ping: Option<String>,
    /// What `signalpost probe` tries.
    pub probe: Option<String>,
    /// Since when it is in service.
    pub since: Option<NaiveDate>,
    /// Its last day in service.
    pub until: Option<NaiveDate>,
    /// Where the values stand in the servers file, for findings of later stages.
    pub ranges: ServerRanges,
}

/// Where the values of a server stand, as byte ranges of the servers file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerRanges {
    pub id: Range<usize>,
    pub group: Option<Range<usize>>,
    pub since: Option<Range<usize>>,
    pub until: Option<Range<usize>>,
}

impl Server {
    /// `/server/ID/`
    pub fn address(&self) -> Address {
        Address::new(format!("/server/{}/", self.id))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub name: String,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Option<String>,
}

/// Servers that share a `group`, in the order of the servers file; servers without one share the group `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub name: Option<String>,
    /// The word for it in addresses, which no other group has; `None` without a name, and for a name of signs alone.
    pub slug: Option<String>,
    /// Neither retired nor internal servers are left out here: every server is in exactly one group.
    pub servers: Vec<ServerIx>,
}
