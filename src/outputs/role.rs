//! What a file of the site is to those who ask for it, by its path: how long it may be kept, who may read it, when it takes its place,
//! and of which type it is. Hosts are told so (`/_headers`), the preview answers so, and publishing goes by it; a file that was published
//! by an older build is known by its path alone.

/// What a file of the site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What pages ask for, and whatever else the user has.
    Asset,
    Page,
    FrontPage,
    /// What subscribers' programs read, for years at one address.
    Feed,
    /// The present status, for programs.
    Status,
    /// What was, for programs.
    Record,
    /// For crawlers, hosts and the site's own search.
    Index,
}

/// Paths with the role that their name does not say, as hosts match them: `:name` stands for one folder, `*` for all that lies below.
pub const RULES: &[(&str, Role)] = &[
    ("/feed.xml", Role::Feed),
    ("/feed/index.xml", Role::Feed),
    ("/atom.xml", Role::Feed),
    ("/feed.json", Role::Feed),
    ("/maintenance.xml", Role::Feed),
    ("/tag/:slug/feed.xml", Role::Feed),
    ("/category/:slug/feed.xml", Role::Feed),
    ("/server/:id/feed.xml", Role::Feed),
    ("/feeds.opml", Role::Feed),
    ("/history.rss", Role::Feed),
    ("/history.atom", Role::Feed),
    ("/calendar.ics", Role::Feed),
    ("/server/:id/calendar.ics", Role::Feed),
    ("/api/v2/*.json", Role::Status),
    ("/status.json", Role::Status),
    ("/server/:id/status.json", Role::Status),
    ("/status.txt", Role::Status),
    ("/badge.svg", Role::Status),
    ("/badge.json", Role::Status),
    ("/server/:id/badge.svg", Role::Status),
    ("/server/:id/badge.json", Role::Status),
    ("/group/:slug/badge.svg", Role::Status),
    ("/group/:slug/badge.json", Role::Status),
    ("/schema/status.json", Role::Status),
    ("/uptime.csv", Role::Record),
    ("/server/:id/uptime.csv", Role::Record),
    ("/widget.js", Role::Status),
    ("/sitemap.xml", Role::Index),
    ("/sitemap-*.xml", Role::Index),
    ("/robots.txt", Role::Index),
    ("/.well-known/security.txt", Role::Index),
    ("/search/*.json", Role::Index),
    ("/_headers", Role::Index),
    ("/_redirects", Role::Index),
];

impl Role {
    /// The role of a file, by its path below the output folder: `feed.xml`.
    pub fn of(path: &str) -> Role {
        match rule(path) {
            Some((_, role)) => *role,
            None if path == "index.html" => Role::FrontPage,
            None if path.ends_with(".html") && !path.starts_with("assets/") => Role::Page,
            None => Role::Asset,
        }
    }

    /// How many seconds any cache may keep it; `None` leaves that to the host. A reader hears of an outage within this time, whatever
    /// lies between.
    pub fn max_age(self) -> Option<u32> {
        match self {
            Role::Feed => Some(300),
            Role::Status => Some(60),
            _ => None,
        }
    }

    /// Whether programs of other sites may read it.
    pub fn is_for_programs(self) -> bool {
        matches!(self, Role::Feed | Role::Status | Role::Record)
    }

    /// Whether somebody who once was given its address hears nothing any more when it is gone.
    pub fn has_subscribers(self) -> bool {
        self == Role::Feed
    }

    /// When it takes its place where files are replaced one by one: what pages ask for, pages, the front page, and at last what machines
    /// read to learn that something is new.
    pub fn turn(self) -> u8 {
        match self {
            Role::Asset => 0,
            Role::Page => 1,
            Role::FrontPage => 2,
            Role::Feed | Role::Status | Role::Record | Role::Index => 3,
        }
    }
}

/// The rule of a file, if it has one.
pub fn rule(path: &str) -> Option<&'static (&'static str, Role)> {
    RULES.iter().find(|(rule, _)| matches(&rule[1..], path))
}

/// Whether a rule's path, without its first slash, matches the path of a file.
pub fn matches(rule: &str, path: &str) -> bool {
    if let Some((start, end)) = rule.split_once('*').filter(|(start, _)| !start.contains('/')) {
        return path.strip_prefix(start).is_some_and(|rest| rest.ends_with(end));
    }
    match (rule.split_once('/'), path.split_once('/')) {
        (Some((part, rule)), Some((name, path))) => (part.starts_with(':') || part == name) && matches(rule, path),
        (None, None) => rule == path,
        _ => false,
    }
}

/// The media type of a file, by its name: `text/html; charset=utf-8` for `index.html`. XML feeds have the general type: under their own
/// some browsers offer them for download instead of showing them.
pub fn media_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" if name == "feed.json" => "application/feed+json; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "xml" | "xsl" | "opml" => "application/xml; charset=utf-8",
        "rss" => "application/rss+xml; charset=utf-8",
        "atom" => "application/atom+xml; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "" if name.starts_with('_') || name == "CNAME" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_by_the_name() {
        for (path, expected) in [
            ("2026/05/04/relay/index.html", "text/html; charset=utf-8"),
            ("feed.json", "application/feed+json; charset=utf-8"),
            ("api/v2/summary.json", "application/json; charset=utf-8"),
            ("LOGO.PNG", "image/png"),
            ("_headers", "text/plain; charset=utf-8"),
            ("some.thing/unknown", "application/octet-stream"),
        ] {
            assert_eq!(media_type(path), expected, "{path}");
        }
    }

    #[test]
    fn no_path_of_a_rule_stands_in_another() {
        for (ix, (rule, _)) in RULES.iter().enumerate() {
            let path = rule[1..].replace(':', "a-").replace('*', "x");
            let first = RULES.iter().position(|(other, _)| matches(&other[1..], &path));
            let last = RULES.iter().rposition(|(other, _)| matches(&other[1..], &path));
            assert_eq!((first, last), (Some(ix), Some(ix)), "{rule}");
        }
    }

    #[test]
    fn a_path_has_the_role_of_its_rule_or_of_its_name() {
        for (path, role) in [
            ("index.html", Role::FrontPage),
            ("404.html", Role::Page),
            ("server/nc023/index.html", Role::Page),
            ("server/nc023/feed.xml", Role::Feed),
            ("server/nc023/x/feed.xml", Role::Asset),
            ("feed/index.xml", Role::Feed),
            ("feed/episodes.xml", Role::Asset),
            ("api/openapi.json", Role::Asset),
            ("api/v2/incidents/unresolved.json", Role::Status),
            ("assets/badge.svg", Role::Asset),
            ("logo.png", Role::Asset),
        ] {
            assert_eq!(Role::of(path), role, "{path}");
        }
    }
}
