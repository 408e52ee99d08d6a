//! Where the links of imported texts lead now: posts of the old site to their new pages, files to their copies.

use std::collections::{BTreeMap, BTreeSet};

use super::ExistingSite;
use super::markdown::{Target, Use};
use crate::load::links::is_allowed;
use crate::model::Address;
use crate::model::address::{collision_key, decode_path, encode_path, slug};

/// A URL of a web page in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// Lower case, without `www.`: an old site is one site by either name.
    pub host: String,
    /// Decoded.
    pub path: String,
    /// Behind `?`, empty where there is none.
    pub query: String,
}

impl Url {
    pub fn parse(url: &str) -> Option<Url> {
        let rest = url.get(..8).filter(|scheme| scheme.eq_ignore_ascii_case("https://")).map(|_| &url[8..]);
        let rest = rest.or_else(|| url.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("http://")).map(|_| &url[7..]))?;
        let rest = rest.split('#').next().unwrap_or(rest);
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
        let host = host.to_ascii_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
        (!host.is_empty()).then(|| Url { host, path: decode_path(path), query: query.to_owned() })
    }

    /// The path below another URL that this one is at or under: `/2013/05/x/`.
    pub fn below(&self, home: &Url) -> Option<String> {
        let rest = self.path.strip_prefix(home.path.trim_end_matches('/')).filter(|_| self.host == home.host)?;
        match rest {
            "" => Some("/".to_owned()),
            rest => rest.starts_with('/').then(|| rest.to_owned()),
        }
    }
}

/// One place, however it is written: paths are compared without case and final slash.
fn path_key(path: &str) -> String {
    collision_key(path.trim_matches('/')).into_owned()
}

/// What is known of where old links lead.
pub struct Links<'a> {
    existing: &'a ExistingSite<'a>,
    homes: &'a [Url],
    /// The new site itself.
    base: Option<Url>,
    pages: BTreeMap<String, Address>,
    numbers: BTreeMap<String, Address>,
    /// Pages of lists that the imported posts make.
    lists: BTreeSet<String>,
}

impl<'a> Links<'a> {
    pub fn new(homes: &'a [Url], existing: &'a ExistingSite<'a>) -> Links<'a> {
        let base = Url::parse(&existing.site.config.base_url.home());
        Links { existing, homes, base, pages: BTreeMap::new(), numbers: BTreeMap::new(), lists: BTreeSet::new() }
    }

    /// A post that was at `link` and called `number` there.
    pub fn add(&mut self, link: &str, number: &str, address: &Address) {
        let path = match Url::parse(link) {
            Some(url) => self.homes.iter().find_map(|home| url.below(home)),
            None => Some(link.to_owned()),
        };
        if let Some(path) = path.filter(|path| path.len() > 1) {
            self.pages.insert(path_key(&path), address.clone());
        }
        if !number.is_empty() {
            self.numbers.insert(number.to_owned(), address.clone());
        }
        self.pages.insert(path_key(address.as_str()), address.clone());
        let parts: Vec<&str> = address.as_str().split('/').collect();
        self.lists.extend([parts[1].to_owned(), [parts[1], parts[2]].join("/")]);
    }

    /// A tag or category (`kind`) that will have a page.
    pub fn add_term(&mut self, kind: &str, word: &str) {
        self.lists.insert(format!("{kind}/{}", slug(word)));
    }

    /// Where a link of the post at `page` leads now.
    pub fn target(&self, url: &str, page: &str, asked: Use, found: &mut LinkFindings) -> Target {
        let url: String = url.trim().chars().filter(|c| !c.is_control()).collect();
        if url.starts_with('#') || url.is_empty() {
            return Target::Words(String::new());
        }
        let absolute = absolute(&url, page);
        let Some(parsed) = absolute.as_deref().and_then(Url::parse) else {
            let ours = url.starts_with('/').then(|| self.ours(&decode_path(url.split(['?', '#']).next().unwrap_or(&url)), "", found));
            return ours.flatten().map_or_else(|| elsewhere(&url, asked, found), Target::To);
        };
        let absolute = absolute.unwrap_or(url);
        let is_new = self.base.as_ref().is_some_and(|base| parsed.below(base).is_some());
        let Some(path) = self.homes.iter().chain(&self.base).find_map(|home| parsed.below(home)) else {
            return elsewhere(&absolute, asked, found);
        };
        if let Some(to) = self.ours(&path, &parsed.query, found) {
            return Target::To(to);
        }
        found.notes.insert(match asked {
            Use::Picture => format!("shows a picture of the old site that is not here: {absolute}"),
            Use::Link => format!("links to a page or file of the old site that is not here: {absolute}"),
        });
        // A link into the new site that leads nowhere would be an error; one to the old host may still be answered there.
        if is_new { Target::Words(absolute) } else { Target::To(absolute) }
    }

    /// The address here of what was at a path of the old site.
    fn ours(&self, path: &str, query: &str, found: &mut LinkFindings) -> Option<String> {
        let number = query.split('&').find_map(|part| part.strip_prefix("p=").or_else(|| part.strip_prefix("page_id=")));
        if let Some(number) = number.filter(|_| path == "/") {
            return self.numbers.get(number).map(Address::encoded);
        }
        let key = path_key(path);
        if let Some(address) = self.pages.get(&key) {
            return Some(address.encoded());
        }
        if let Some((_, file)) = path.split_once("/wp-content/uploads/")
            && self.existing.media.contains(file)
        {
            found.media.insert(file.to_owned());
            return Some(encode_path(&format!("/wp-content/uploads/{file}")));
        }
        let feed = key.strip_suffix("feed").filter(|list| list.is_empty() || list.ends_with('/'));
        if let Some(list) = feed.filter(|list| list.is_empty() || self.lists.contains(list.trim_end_matches('/'))) {
            return Some(encode_path(&format!("/{list}feed.xml")));
        }
        let as_folder = format!("/{}/", path.trim_matches('/'));
        let is_output = |path: &str| self.existing.outputs.contains(&Address::new(path).file());
        if key.is_empty() {
            Some("/".to_owned())
        } else if self.lists.contains(&key) || is_output(&as_folder) {
            Some(encode_path(&as_folder))
        } else {
            is_output(path).then(|| encode_path(path))
        }
    }
}

/// What was found while the links of a post were looked up.
#[derive(Debug, Default)]
pub struct LinkFindings {
    pub media: BTreeSet<String>,
    pub notes: BTreeSet<String>,
}

/// Anything that is not on the old site: kept where it may be linked to at all.
fn elsewhere(url: &str, asked: Use, found: &mut LinkFindings) -> Target {
    let scheme = url.split(':').next().unwrap_or("").to_ascii_lowercase();
    if is_allowed(&scheme, url) {
        return Target::To(url.to_owned());
    }
    match (asked, scheme.as_str()) {
        (Use::Picture, "data") => found.notes.insert("a picture that is part of its text is left out".to_owned()),
        (_, "javascript" | "data") => found.notes.insert("a link to a script is left out".to_owned()),
        _ => {
            found.notes.insert(format!("the address {url} is kept as text: it cannot be a link here"));
            return Target::Words(url.to_owned());
        }
    };
    Target::Words(String::new())
}

/// A URL in full, as a browser makes it on a page; `None` for one that is of no web page.
fn absolute(url: &str, page: &str) -> Option<String> {
    if Url::parse(url).is_some() {
        return Some(url.to_owned());
    }
    let head = &url[..url.find(['/', '?', '#']).unwrap_or(url.len())];
    if head.contains(':') {
        return None;
    }
    let (scheme, rest) = page.split_once("://")?;
    if let Some(rest) = url.strip_prefix("//") {
        return Some(format!("{scheme}://{rest}"));
    }
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
    if url.starts_with('/') {
        return Some(format!("{scheme}://{host}{url}"));
    }
    if url.starts_with('?') {
        return Some(format!("{scheme}://{host}{path}{url}"));
    }
    let mut folders: Vec<&str> = path[..path.rfind('/').unwrap_or(0)].split('/').filter(|part| !part.is_empty()).collect();
    let mut rest = url;
    while let Some(below) = rest.strip_prefix("../").or_else(|| rest.strip_prefix("./")) {
        if rest.starts_with("..") {
            folders.pop();
        }
        rest = below;
    }
    folders.push(rest);
    Some(format!("{scheme}://{host}/{}", folders.join("/")))
}
