//! Impacts as a post's `impact` table or the attributes of an update's heading say them: a server has several names, and one impact.

use std::collections::BTreeMap;

use super::fields::shown;
use super::servers::Servers;
use crate::findings::{Code, Finding, Findings};
use crate::model::{Impact, ImpactChange, ServerIx};
use crate::source::Span;

/// What one table or heading has said so far, and where.
#[derive(Debug, Default)]
pub struct SaidImpacts {
    all: Option<(Impact, Span)>,
    servers: BTreeMap<ServerIx, (Impact, Span)>,
}

impl SaidImpacts {
    /// `impact=degraded`: for all servers of the post.
    pub fn insert_all(&mut self, impact: Impact, span: Span, findings: &mut Findings) {
        match &self.all {
            None => self.all = Some((impact, span)),
            Some((_, first)) => findings.push(said_twice("`impact` is said twice".to_owned(), span, first).help(
                "it is for all servers of the post: take one of the two out, or name the server that it is meant for: `SERVER=degraded`",
            )),
        }
    }

    /// `word` is what the server is called here.
    pub fn insert(&mut self, server: ServerIx, impact: Impact, word: &str, span: Span, servers: &Servers, findings: &mut Findings) {
        if let Some((_, first)) = self.servers.get(&server) {
            let id = &servers.list[server].id;
            let is = if **id == *word { String::new() } else { format!("`{}` is the server `{id}`, and ", shown(word)) };
            findings.push(
                said_twice(format!("{is}the impact on `{id}` is said twice"), span, first)
                    .help("a server has one impact here, whichever of its names is written: take one of the two out"),
            );
            return;
        }
        self.servers.insert(server, (impact, span));
    }

    pub fn into_change(self) -> ImpactChange {
        ImpactChange {
            all: self.all.map(|(impact, _)| impact),
            servers: self.servers.into_iter().map(|(server, (impact, _))| (server, impact)).collect(),
        }
    }
}

/// The finding for a thing that was said at `first` already: which of the two is meant, nobody can know.
pub fn said_twice(message: String, span: Span, first: &Span) -> Finding {
    Finding::new(Code::SaidTwice, span, message).related(first.clone(), "first here")
}
