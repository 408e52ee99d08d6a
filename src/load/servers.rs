//! `content/servers.toml` to servers, and the words that posts use for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::clean::is_visible;
use super::fields::{Fields, shown};
use super::front_matter;
use super::keys::{LOCATION, SERVER, SERVERS};
use super::links;
use super::parsed::TomlSource;
use super::syntax;
use crate::findings::nearest::{MOST_COMPARED, did_you_mean, nearest};
use crate::findings::{Code, Finding, Findings};
use crate::model::address::slug;
use crate::model::characters::{NAME_BYTES, composed, is_server_id};
use crate::model::server::ServerRanges;
use crate::model::{Location, Server, ServerIx, Standing};
use crate::source::{SourceFile, Span};

pub const PATH: &str = "content/servers.toml";

/// The servers and how posts may call them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Servers {
    pub list: Arc<Vec<Server>>,
    /// Lower-case ids, names and aliases.
    words: BTreeMap<String, ServerIx>,
    /// Whether every id, name and alias could be read; if not, an unknown name may be one of the lost ones and is no finding.
    pub complete: bool,
}

impl Servers {
    /// Of a list that was read before.
    pub fn of(list: &Arc<Vec<Server>>) -> Servers {
        let mut servers = Servers { list: list.clone(), words: BTreeMap::new(), complete: true };
        for (index, server) in list.iter().enumerate() {
            for word in [&*server.id, &server.name].into_iter().chain(server.aliases.iter().map(String::as_str)) {
                servers.words.entry(key(word)).or_insert(index);
            }
        }
        servers
    }

    /// By id, name or alias, in any case.
    pub fn find(&self, word: &str) -> Option<ServerIx> {
        self.words.get(&key(word)).copied()
    }

    /// Tells that a word is no server, unless it may be one that was lost. The first findings of a file say which is nearest.
    pub fn report_unknown(&self, word: &str, span: Span, findings: &mut Findings) {
        if !self.complete {
            return;
        }
        let listed = "The servers are listed in content/servers.toml";
        let help = if findings.len() < MOST_COMPARED { self.nearest(word, listed) } else { listed.to_owned() };
        findings.push(Finding::new(Code::UnknownServer, span, format!("no server is called `{}`", shown(word))).help(help));
    }

    fn nearest(&self, word: &str, listed: &str) -> String {
        let mut words: Vec<&str> = self.list.iter().map(|server| server.id.as_ref()).collect();
        let ids = words.len();
        words.extend(self.list.iter().flat_map(|server| server.aliases.iter().map(String::as_str)));
        match nearest(word, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? {listed}"),
            None => did_you_mean("", &words[..ids], listed),
        }
    }
}

/// Words that differ in case or Unicode form alone are one.
fn key(word: &str) -> String {
    composed(word).to_lowercase()
}

/// Reads the servers file; a site without one has no servers.
pub fn read(file: Option<&SourceFile>, findings: &mut Findings) -> Servers {
    let mut servers = Servers { complete: true, ..Servers::default() };
    let Some(file) = file else { return servers };
    let before = findings.len();
    let Some(text) = front_matter::text(file, findings) else { return Servers { complete: false, ..servers } };
    let source = TomlSource { path: &file.path, offset: file.text_offset() };
    let mut mended = String::new();
    let parsed = syntax::parse(text, &mut mended, source, findings);
    let top = Fields::of(&parsed, SERVERS, "the servers file", findings);
    servers.complete = findings.len() == before;
    let entries = top.tables("server", SERVER, "a server", findings);
    servers.complete &= !entries.is_empty() || top.range_of("server").is_none();
    let mut taken: BTreeMap<String, Span> = BTreeMap::new();
    for entry in entries {
        match server(&entry, &mut servers.complete, findings) {
            Some(server) => add(&mut servers, server, &entry, &mut taken, findings),
            None => servers.complete = false,
        }
    }
    check_groups(&servers.list, &file.path, findings);
    servers
}

/// Groups that share a word in addresses are numbered in the order of the file: who sorts that swaps their badges.
fn check_groups(servers: &[Server], path: &Arc<str>, findings: &mut Findings) {
    let groups = servers.iter().filter_map(|server| Some((server.group.as_deref()?, server.ranges.group.as_ref()?)));
    let mut seen = BTreeSet::new();
    let mut first = BTreeMap::new();
    for (name, place) in groups.filter(|(name, _)| seen.insert(*name)) {
        let word = slug(name);
        let (other, earlier) = *first.entry(word.clone()).or_insert((name, place));
        // A name without a letter or digit has its finding.
        if other == name || word.is_empty() {
            continue;
        }
        let message =
            format!("the groups `{}` and `{}` have one address, and which badge is whose hangs on their order", shown(other), shown(name));
        findings.push(
            Finding::new(Code::Contradiction, Span::new(path, place.clone()), message)
                .help("if they are one group, write its name the same way; if they are two, give this one a name of other letters")
                .related(Span::new(path, earlier.clone()), "the other group"),
        );
    }
}

fn add(servers: &mut Servers, server: Server, entry: &Fields<'_, '_>, taken: &mut BTreeMap<String, Span>, findings: &mut Findings) {
    let span_of = |key: &str| Span::new(entry.source().path, entry.range_of(key).unwrap_or(entry.range.clone()));
    let mut words = vec![(server.id.to_string(), span_of("id")), (server.name.clone(), span_of("name"))];
    words.extend(server.aliases.iter().map(|alias| (alias.clone(), span_of("aliases"))));
    // A block that was copied is one slip and no server of its own; the words that were changed in it are those of no other.
    let original = servers.find(&server.id).filter(|first| servers.list[*first].id == server.id);
    let index = original.unwrap_or(servers.list.len());
    for (word, span) in words {
        match servers.words.get(&key(&word)) {
            Some(other) if *other != index || original.is_some() && word == *server.id => {
                let mut finding = Finding::new(
                    Code::DuplicateServer,
                    span,
                    format!("`{}` already means the server `{}`", shown(&word), servers.list[*other].id),
                )
                .help("give each server its own id, name and aliases");
                if let Some(first) = taken.get(&key(&word)) {
                    finding = finding.related(first.clone(), "first here");
                }
                findings.push(finding);
            }
            Some(_) => {}
            None => {
                servers.words.insert(key(&word), index);
                taken.insert(key(&word), span);
            }
        }
    }
    if original.is_none() {
        Arc::make_mut(&mut servers.list).push(server);
    }
}

/// A server; it makes the list incomplete where a word for it is lost.
fn server(entry: &Fields<'_, '_>, complete: &mut bool, findings: &mut Findings) -> Option<Server> {
    let path = entry.source().path;
    let before = findings.len();
    let id = entry.name("id", findings);
    let name = entry.text("name", findings);
    let aliases = entry.texts("aliases", findings);
    *complete &= findings.len() == before && !entry.has_misspelt(&["id", "name", "aliases"]);
    let about = entry.text("about", findings);
    let group = entry.text("group", findings);
    let standing = entry.word("status", Standing::from_word, findings);
    let ping = url(entry, "ping", &["http", "https"], findings);
    let probe = url(entry, "probe", &["tcp", "http", "https"], findings);
    let since = entry.date("since", findings);
    let until = entry.date("until", findings);
    if let (Some(since), Some(until), Some(range)) = (since, until, entry.range_of("until"))
        && until < since
    {
        findings.push(
            Finding::new(Code::EndBeforeStart, Span::new(path, range), "the last day in service is before the first")
                .help("change `since` or `until`"),
        );
    }
    let location = entry.table("location", LOCATION, "a location", findings).and_then(|fields| location(&fields, findings));
    let id = id?;
    if !is_server_id(&id.value) {
        let finding = Finding::new(Code::BadName, entry.at(&id), format!("`{}` cannot be a server's id", shown(&id.value)));
        findings.push(finding.help(format!("an id is made of lower-case letters, digits, `-` and `_`: `{}`", slug(&id.value))));
        return None;
    }
    if let Some(name) = name.as_ref().filter(|name| !is_visible(&name.value)) {
        findings.push(
            Finding::new(Code::EmptyTitle, entry.at(name), "a server's name that shows nothing")
                .help("write what people call it, or take the line out"),
        );
    }
    for (called, name) in [("the name", &name), ("the group", &group)] {
        if let Some(name) = name {
            entry.check_name(called, name, findings);
        }
    }
    if let Some(group) = group.as_ref().filter(|group| slug(&group.value).is_empty()) {
        findings.push(Finding::new(Code::BadName, entry.at(group), "a group needs a letter or digit in its name"));
    }
    if let Some(group) = group.as_ref().filter(|group| slug(&group.value).len() > NAME_BYTES) {
        let finding = Finding::new(Code::BadName, entry.at(group), "a group's name is longer than an address can be");
        findings.push(finding.help(format!("at most {NAME_BYTES} bytes")));
    }
    Some(Server {
        name: name.map_or_else(|| id.value.to_uppercase(), |name| name.value),
        id: Arc::from(id.value),
        aliases: aliases.into_iter().map(|alias| alias.value).filter(|alias| !alias.is_empty()).collect(),
        about: about.map(|about| about.value).filter(|about| !about.is_empty()),
        group: group.map(|group| group.value).filter(|group| !group.is_empty()),
        location,
        standing: standing.map_or(Standing::Operational, |standing| standing.value),
        ping,
        probe,
        since,
        until,
        ranges: ServerRanges {
            id: id.range,
            group: entry.range_of("group"),
            since: entry.range_of("since"),
            until: entry.range_of("until"),
        },
    })
}

fn location(fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<Location> {
    let name = fields.text("name", findings)?.value;
    let country = fields.text("country", findings);
    if let Some(country) =
        country.as_ref().filter(|country| country.value.len() != 2 || !country.value.bytes().all(|b| b.is_ascii_alphabetic()))
    {
        findings.push(
            Finding::new(Code::BadValue, fields.at(country), format!("`{}` is no country code", shown(&country.value)))
                .help("write two letters (ISO 3166-1): `GB`"),
        );
    }
    Some(Location { name, country: country.map(|country| country.value.to_uppercase()) })
}

/// A URL of one of some schemes.
pub fn url(fields: &Fields<'_, '_>, key: &str, schemes: &[&str], findings: &mut Findings) -> Option<String> {
    let url = fields.text(key, findings)?;
    let scheme = links::scheme(&url.value);
    let is_fine = scheme.as_deref().is_some_and(|scheme| {
        schemes.contains(&scheme) && (links::host_and_port(&url.value).is_some() || links::is_allowed(scheme, &url.value))
    });
    if !is_fine || url.value.chars().any(char::is_whitespace) {
        let kinds: Vec<String> = schemes
            .iter()
            .map(|scheme| match *scheme {
                "mailto" | "tel" => format!("`{scheme}:…`"),
                "tcp" => "`tcp://HOST:PORT`".to_owned(),
                _ => format!("`{scheme}://…`"),
            })
            .collect();
        findings.push(
            Finding::new(Code::BadUrl, fields.at(&url), format!("`{key}` takes a URL, found `{}`", shown(&url.value)))
                .help(format!("write {}", kinds.join(" or "))),
        );
        return None;
    }
    Some(url.value)
}
