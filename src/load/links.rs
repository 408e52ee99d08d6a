//! Where a link in Markdown leads: into the site, to the outside, or nowhere that is allowed.

use std::ops::Range;

use crate::model::address::{Address, BaseUrl, decode_path, encode_path};
use crate::model::characters::{composed, is_forbidden};

/// What a link's destination turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A page or file of this site; `href` is percent-encoded from the site's root.
    Local { href: String, to: Option<Address>, fragment: Option<String> },
    /// Another post's or page's source file, from the site's root: `content/posts/2026-05-04-relay.md`.
    Source { path: String, fragment: Option<String> },
    /// An `http`, `https`, `mailto` or `tel` URL.
    Outside(String),
    /// A scheme that is not allowed, or nothing at all.
    Refused { scheme: String },
}

/// What a link is relative to.
#[derive(Debug, Clone, Copy)]
pub struct LinkOrigin<'a> {
    /// The source file: `content/posts/2026-05-04-relay.md`.
    pub source: &'a str,
    /// The page that shows it.
    pub page: &'a Address,
    pub base: &'a BaseUrl,
    /// What the anchors of this text begin with, so that two texts on one page do not clash.
    pub scope: &'a str,
}

/// Reads a destination as a browser would: after entities (done by the parser), white space and percent-encoding.
pub fn resolve(destination: &str, from: LinkOrigin<'_>) -> Destination {
    let destination: String =
        destination.trim_matches(|c: char| c <= ' ').chars().filter(|c| !c.is_control() && !is_forbidden(*c)).collect();
    if let Some(scheme) = scheme(&destination) {
        return match own_address(&destination, from.base) {
            Some(rest) => local(rest, from),
            None if is_allowed(&scheme, &destination) => Destination::Outside(destination.replace(' ', "%20")),
            None => Destination::Refused { scheme },
        };
    }
    if destination.starts_with("//") || destination.starts_with("\\\\") {
        return Destination::Outside(format!("https:{}", destination.replace('\\', "/").replace(' ', "%20")));
    }
    if destination.is_empty() {
        return Destination::Refused { scheme: String::new() };
    }
    local(&destination, from)
}

/// Whether an URL of this scheme may be linked to.
pub fn is_allowed(scheme: &str, url: &str) -> bool {
    match scheme {
        "http" | "https" => url
            .get(scheme.len() + 1..)
            .is_some_and(|rest| rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !host.starts_with(['/', '?', '#']))),
        "mailto" | "tel" => url.len() > scheme.len() + 1,
        _ => false,
    }
}

/// The host and port of `tcp://HOST:PORT`; an IPv6 address stands in brackets.
pub fn host_and_port(url: &str) -> Option<(&str, u16)> {
    let (host, port) = url.strip_prefix("tcp://")?.rsplit_once(':')?;
    let host = match host.strip_prefix('[') {
        Some(address) => address.strip_suffix(']')?,
        None if host.contains([':', '/', '@']) => return None,
        None => host,
    };
    let port = port.parse().ok().filter(|port| *port > 0)?;
    (!host.is_empty()).then_some((host, port))
}

/// The scheme, lower case, of what a browser would take for an absolute URL once it is decoded.
pub fn scheme(url: &str) -> Option<String> {
    let decoded = decode_path(url);
    let head = &decoded[..decoded.find(['/', '?', '#', '\\']).unwrap_or(decoded.len())];
    let (scheme, _) = head.split_once(':')?;
    Some(scheme.chars().filter(|c| *c > ' ').flat_map(char::to_lowercase).collect())
}

fn own_address<'a>(url: &'a str, base: &BaseUrl) -> Option<&'a str> {
    let rest = url.strip_prefix(&base.origin)?.strip_prefix(&base.path)?;
    match rest.chars().next() {
        None => Some("/"),
        Some('/') => Some(rest),
        _ => None,
    }
}

fn local(destination: &str, from: LinkOrigin<'_>) -> Destination {
    let (rest, fragment) = match destination.split_once('#') {
        Some((rest, fragment)) => (rest, Some(anchor(&decode_path(fragment), from.scope, rest.is_empty()))),
        None => (destination, None),
    };
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    // A page's address is composed; a file may be called as it likes, and what is percent-encoded is meant to the letter.
    let path = decode_path(&if path.ends_with('/') { composed(path) } else { path.into() });
    if path.is_empty() {
        return match fragment {
            Some(fragment) => Destination::Local { href: format!("#{}", encode_path(&fragment)), to: None, fragment: Some(fragment) },
            None => Destination::Refused { scheme: String::new() },
        };
    }
    if path.ends_with(".md") && query.is_none() {
        let folder = match path.strip_prefix('/') {
            Some(_) => "",
            None => &from.source[..from.source.rfind('/').map_or(0, |slash| slash)],
        };
        return Destination::Source { path: join(folder, path.trim_start_matches('/')).trim_start_matches('/').to_owned(), fragment };
    }
    let full = if path.starts_with('/') {
        join("", &path)
    } else {
        let page = from.page.as_str();
        join(&page[..page.rfind('/').unwrap_or(0)], &path)
    };
    let to = Address::new(full);
    let mut href = to.encoded();
    if let Some(query) = query {
        href.push('?');
        href.extend(query.chars().filter(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(*c)));
    }
    if let Some(fragment) = &fragment {
        href.push('#');
        href.push_str(&encode_path(fragment));
    }
    Destination::Local { href, to: Some(to), fragment }
}

/// An anchor as it stands on the page: those of updates are the site's, the text's own begin with its scope.
fn anchor(fragment: &str, scope: &str, is_own: bool) -> String {
    if is_own && !fragment.starts_with("u-") { scoped(scope, fragment) } else { fragment.to_owned() }
}

/// The id on the page of an anchor that the text itself makes.
pub fn scoped(scope: &str, anchor: &str) -> String {
    format!("{scope}-{anchor}")
}

/// Folders put together, `.` and `..` taken away; the result starts with `/`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let is_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..") || path == "." || path == "..";
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = format!("/{}", parts.join("/"));
    if is_folder && joined != "/" { joined + "/" } else { joined }
}

/// A place in the text moved by where the text stands in its file.
pub fn moved(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(destination: &str) -> Destination {
        let base = BaseUrl::parse("https://example.net/status").unwrap();
        let page = Address::new("/2026/05/04/relay/");
        resolve(destination, LinkOrigin { source: "content/posts/2026/a.md", page: &page, base: &base, scope: "t" })
    }

    #[test]
    fn a_script_is_refused_in_every_disguise() {
        for url in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "javascript%3Aalert(1)",
            "\u{1}javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "https:",
            "https:///x",
            "",
            "mailto:",
        ] {
            assert!(matches!(resolved(url), Destination::Refused { .. }), "{url:?} is {:?}", resolved(url));
        }
    }

    #[test]
    fn a_probe_of_tcp_names_a_host_and_a_port() {
        assert_eq!(host_and_port("tcp://mail.example.net:25"), Some(("mail.example.net", 25)));
        assert_eq!(host_and_port("tcp://[2001:db8::1]:25"), Some(("2001:db8::1", 25)));
        for url in ["tcp://mail", "tcp://:25", "tcp://mail:", "tcp://mail:0", "tcp://mail:66000", "tcp://2001:db8::1:25", "tcp://mail:25/x"]
        {
            assert_eq!(host_and_port(url), None, "{url}");
        }
    }

    #[test]
    fn a_link_into_the_site_is_found_however_it_is_written() {
        let local = |url: &str| match resolved(url) {
            Destination::Local { href, .. } => href,
            other => format!("{other:?}"),
        };
        assert_eq!(local("/about/"), "/about/");
        assert_eq!(local("../05/x/"), "/2026/05/04/05/x/");
        assert_eq!(local("https://example.net/status/about/?a=1#b"), "/about/?a=1#b");
        assert_eq!(local("#note"), "#t-note");
        assert_eq!(local("#u-opening"), "#u-opening");
        assert_eq!(local("/a b/"), "/a%20b/");
        assert_eq!(local("/sto\u{308}rung/"), "/st%C3%B6rung/");
        assert_eq!((local("/sto\u{308}.png"), local("/sto%CC%88/")), ("/sto%CC%88.png".into(), "/sto%CC%88/".into()));
        assert_eq!(resolved("https://x.example/\u{ffff}a\u{fffe}"), Destination::Outside("https://x.example/a".into()));
    }

    #[test]
    fn a_source_file_is_found_from_its_neighbour() {
        assert_eq!(resolved("../b.md#u-x"), Destination::Source { path: "content/posts/b.md".into(), fragment: Some("u-x".into()) });
    }
}
