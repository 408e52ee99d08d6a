//! Feeds and calendars whose address is gone.

use std::cell::LazyCell;

use super::{Comparison, Files, site_posts, site_toml};
use crate::findings::{Code, Finding, Findings};
use crate::load::servers::{PATH, Servers};
use crate::outputs::role::Role;
use crate::source::Span;

pub fn check(comparison: &Comparison<'_>, findings: &mut Findings) {
    let Comparison { old, new, site, .. } = *comparison;
    // Hardly ever is one gone.
    let servers = LazyCell::new(|| Servers::of(&site.servers));
    for path in old.keys().filter(|path| Role::of(path).has_subscribers() && !new.contains_key(path.as_str())) {
        let message = format!("`/{path}` was published, and it is gone: its subscribers would hear nothing any more");
        let (span, help) = match path.split('/').collect::<Vec<_>>()[..] {
            ["server", id, ..] => of_server(id, old, &servers),
            [term @ ("tag" | "category"), ..] => {
                (site_posts(), format!("keep the {term} on a post, or put what is to answer there into `content/static/{path}`"))
            }
            _ => (site_toml(), "subscribers cannot be told a new address: it must go on answering".to_owned()),
        };
        findings.push(Finding::new(Code::LostFeed, span, message).help(help));
    }
}

/// Where no server has an id any more, and what to write instead.
fn of_server(id: &str, old: &Files, servers: &Servers) -> (Span, String) {
    let keep = "keep the server in content/servers.toml with `status = \"retired\"`";
    let Some(heir) = servers.find(id).map(|server| &servers.list[server]) else {
        return (Span::whole_file(&PATH.into()), keep.to_owned());
    };
    let help = match old.contains_key(&format!("server/{}/feed.xml", heir.id)) {
        true => format!("{keep}, and take the name and alias `{id}` from `{}`, which was a server beside it", heir.id),
        false => format!(
            "if this is the same server, give it `id = \"{id}\"` back: an id stays, and a new one may stand in `name` or `aliases`; if it \
             is another, {keep}, and take the name and alias `{id}` from this"
        ),
    };
    (Span::new(&PATH.into(), heir.ranges.id.clone()), help)
}
