//! Rules for hosts that read them from the site (Netlify, Cloudflare Pages and others): `/_headers` and `/_redirects`.
//!
//! Both files follow the syntax that these hosts share: a path with `*` at its end or `:name` for one folder, and headers
//! of all matching rules together. So no header stands in two rules that match one path, but for policies, which add up, and for the
//! form of `init --decap`, which a policy more would break: there `! NAME` takes out what stands above (Cloudflare), or what stands
//! below holds (Netlify).
//! The README has the same rules for nginx, Apache and Caddy, and `tests/hosts` asks these servers.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use super::policy::{FORM_POLICY, content_security_policy};
use super::role::{self, RULES, media_type};
use super::{Output, OutputKind};
use crate::model::{Address, BaseUrl};
use crate::plan::{Plan, Shows};
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/_headers`, `/_redirects`",
    about: "types, caching, redirects and security headers, for hosts that read these files",
    list: |plan, theme| {
        let cached = cached_for_ever(plan, theme);
        vec![Output::made("_headers", move |plan| headers(plan, &cached)), Output::made("_redirects", redirects)]
    },
};

/// The name changes with the content.
const ASSET_CACHE: &str = "Cache-Control: public, max-age=31536000, immutable";
const ANY_ORIGIN: &str = "Access-Control-Allow-Origin: *";

/// The folder of the page that other sites may show in a frame.
const EMBEDDABLE: &str = "widget";

/// `cached` are the paths of what may be kept for ever.
fn headers(plan: &Plan, cached: &[String]) -> String {
    let base = plan.site.base();
    let policy = format!("Content-Security-Policy: {}", content_security_policy(&plan.site.config));
    let everywhere = [
        policy.as_str(),
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: strict-origin-when-cross-origin",
        "Permissions-Policy: camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy: same-origin",
    ];
    let mut text = String::new();
    rule(&mut text, base, "/*", &everywhere);
    for path in cached {
        rule(&mut text, base, path, &[ASSET_CACHE]);
    }
    for (path, role) in RULES.iter().filter(|(_, role)| role.is_for_programs()) {
        let mut headers = vec![format!("Content-Type: {}", media_type(path))];
        headers.extend(role.max_age().map(|seconds| format!("Cache-Control: public, max-age={seconds}")));
        headers.push(ANY_ORIGIN.to_owned());
        // Behind a `*` hosts allow nothing.
        let path = path.split_inclusive('*').next().unwrap_or(path);
        rule(&mut text, base, path, &headers);
    }
    let not_in_frames = "Content-Security-Policy: frame-ancestors 'none'";
    // One by one: there are few folders, and collecting would sort a name for each page.
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    folders.extend(plan.pages.iter().filter_map(|page| page.address.as_str()[1..].split_once('/')).map(|(name, _)| name));
    rule(&mut text, base, "/", &[not_in_frames]);
    for folder in folders.into_iter().filter(|&folder| folder != EMBEDDABLE) {
        rule(&mut text, base, &format!("{}*", Address::new(format!("/{folder}/")).encoded()), &[not_in_frames]);
    }
    if has_form(plan) {
        let policy = format!("Content-Security-Policy: {FORM_POLICY}; frame-ancestors 'none'");
        // Behind a login stands a window that the form opened, and that tells it of the end.
        let opener = "Cross-Origin-Opener-Policy: same-origin-allow-popups";
        rule(&mut text, base, "/admin/*", &["! Content-Security-Policy", &policy, "! Cross-Origin-Opener-Policy", opener]);
    }
    text
}

/// Whether the site has the form of `init --decap`. Another page of the user's at that address needs none of what that does.
fn has_form(plan: &Plan) -> bool {
    ["admin/index.html", "admin/config.yml"].iter().all(|file| plan.site.assets.iter().any(|(path, _)| path == file))
}

/// The theme's files, whose names change with their content. Where the user has files in their folder, which keep their names, a rule
/// for each: else one for the folder, since hosts take a limited number of rules.
fn cached_for_ever(plan: &Plan, theme: &Theme) -> Vec<String> {
    if plan.site.assets.iter().any(|(path, _)| path.starts_with("assets/")) {
        theme.assets.iter().map(|asset| asset.address.encoded()).collect()
    } else {
        vec!["/assets/*".to_owned()]
    }
}

fn rule(text: &mut String, base: &BaseUrl, path: &str, headers: &[impl fmt::Display]) {
    let _ = writeln!(text, "{}{path}", base.path);
    for header in headers {
        let _ = writeln!(text, "  {header}");
    }
}

/// Where WordPress and Statuspage had what we have elsewhere.
const MOVED: &[(&str, &str)] = &[
    ("/feed", "/feed.xml"),
    ("/feed/", "/feed.xml"),
    ("/feed/rss/", "/feed.xml"),
    ("/feed/rss2/", "/feed.xml"),
    ("/feed/rdf/", "/feed.xml"),
    ("/feed/atom/", "/atom.xml"),
    ("/history", "/archives/"),
];

/// Rules for many addresses stand last: Cloudflare wants it so.
const MOVED_PARTS: &[(&str, &str)] = &[
    ("/tag/:slug/feed", "/tag/:slug/feed.xml"),
    ("/tag/:slug/feed/", "/tag/:slug/feed.xml"),
    ("/category/:slug/feed", "/category/:slug/feed.xml"),
    ("/category/:slug/feed/", "/category/:slug/feed.xml"),
];

/// Where the rules lead from the address of a file, so that nothing of the user's can stand there: `/feed.xml` for `feed/index.html`.
pub fn moved(file: &str) -> Option<String> {
    let asked = file.strip_suffix("/index.html").unwrap_or(file);
    let is_asked = |from: &str| role::matches(from.trim_matches('/'), asked);
    let (_, to) = MOVED.iter().chain(MOVED_PARTS).find(|(from, _)| is_asked(from))?;
    Some(to.replace(":slug", asked.split('/').nth(1).unwrap_or_default()))
}

fn redirects(plan: &Plan) -> String {
    let base = plan.site.base();
    let mut text = String::new();
    for (from, to) in MOVED {
        let _ = writeln!(text, "{0}{from} {0}{to} 301", base.path);
    }
    for page in &plan.pages {
        if let Shows::Redirect { to } = &page.shows {
            let _ = writeln!(text, "{} {} 301", base.href(&page.address), base.href(to));
        }
    }
    for (from, to) in MOVED_PARTS {
        let _ = writeln!(text, "{0}{from} {0}{to} 301", base.path);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::testing::{made, plan, site};
    use super::*;
    use crate::plan::Page;
    use crate::source::SourceFile;

    fn page(address: &str, shows: Shows) -> Page {
        Page { address: Address::new(address), shows, changed: None }
    }

    #[test]
    fn what_programs_read_has_its_type_and_age_and_is_open_to_all() {
        let text = made(&KIND, &plan(site(vec![])), "_headers");
        for rule in [
            "/s/feed/index.xml\n  Content-Type: application/xml; charset=utf-8\n  Cache-Control: public, max-age=300\n  Access-Control-Allow-Origin: *\n/",
            "/s/feeds.opml\n  Content-Type: application/xml; charset=utf-8\n  Cache-Control: public, max-age=300\n  Access-Control-Allow-Origin: *\n/",
            "/s/api/v2/*\n  Content-Type: application/json; charset=utf-8\n  Cache-Control: public, max-age=60\n  Access-Control-Allow-Origin: *\n/",
            "/s/uptime.csv\n  Content-Type: text/csv; charset=utf-8\n  Access-Control-Allow-Origin: *\n/",
        ] {
            assert!(text.contains(rule), "{rule} is not in\n{text}");
        }
        assert!(!text.contains("sitemap") && !text.contains("/_headers"), "{text}");
        for folder in ["feed", "api", "schema"] {
            assert!(!text.contains(&format!("/s/{folder}/*")), "what a user has in that folder is no file of ours: {text}");
        }
    }

    #[test]
    fn the_users_own_files_are_not_kept_for_a_year() {
        let mut plan = plan(site(vec![]));
        assert!(made(&KIND, &plan, "_headers").contains("/s/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"));
        let logo = SourceFile { path: "content/static/assets/logo.png".into(), bytes: "".into() };
        Arc::make_mut(&mut plan.site).assets = vec![("assets/logo.png".into(), logo)];
        let text = made(&KIND, &plan, "_headers");
        assert!(!text.contains("/s/assets/*") && !text.contains("logo.png"), "{text}");
        let (_, style) = text.split_once("/s/assets/site.").unwrap_or_else(|| panic!("{text}"));
        let (hash, style) = style.split_once('.').unwrap_or_else(|| panic!("{text}"));
        assert!(hash.len() == 10 && style.starts_with("css\n  Cache-Control: public, max-age=31536000, immutable\n"), "{text}");
    }

    #[test]
    fn every_page_but_the_widget_keeps_out_of_frames() {
        let mut plan = plan(site(vec![]));
        plan.pages = vec![page("/", Shows::Front), page("/2026/05/", Shows::Archives), page("/widget/", Shows::Search)];
        let text = made(&KIND, &plan, "_headers");
        assert!(text.contains("/s/\n  Content-Security-Policy: frame-ancestors 'none'\n"), "{text}");
        assert!(text.contains("/s/2026/*\n  Content-Security-Policy: frame-ancestors 'none'\n"), "{text}");
        assert!(!text.contains("/s/widget/*"), "{text}");
    }

    #[test]
    fn the_form_has_what_it_needs_and_every_other_page_what_it_had() {
        let mut plan = plan(site(vec![]));
        let strict = made(&KIND, &plan, "_headers");
        let file = |path: &str| (path.to_owned(), SourceFile { path: format!("content/static/{path}").into(), bytes: "".into() });
        Arc::make_mut(&mut plan.site).assets = vec![file("admin/index.html")];
        assert_eq!(made(&KIND, &plan, "_headers"), strict, "a page of another kind");
        Arc::make_mut(&mut plan.site).assets.push(file("admin/config.yml"));
        let text = made(&KIND, &plan, "_headers");
        let rule = text.strip_prefix(&strict).unwrap_or_else(|| panic!("{text}"));
        let lines: Vec<&str> = rule.lines().collect();
        assert_eq!(lines[..2], ["/s/admin/*", "  ! Content-Security-Policy"], "{rule}");
        assert!(lines[2].contains("script-src 'self' 'unsafe-eval';") && lines[2].ends_with("; frame-ancestors 'none'"), "{rule}");
        assert_eq!(lines[3..], ["  ! Cross-Origin-Opener-Policy", "  Cross-Origin-Opener-Policy: same-origin-allow-popups"], "{rule}");
    }

    #[test]
    fn where_a_rule_leads_on_nothing_can_stand() {
        for (file, to) in [
            ("feed/index.html", Some("/feed.xml")),
            ("feed", Some("/feed.xml")),
            ("feed/atom/index.html", Some("/atom.xml")),
            ("tag/mail/feed/index.html", Some("/tag/mail/feed.xml")),
            ("history/index.html", Some("/archives/")),
            ("feed/index.xml", None),
            ("feed.xml", None),
            ("tag/mail/index.html", None),
            ("history/old/index.html", None),
            ("index.html", None),
        ] {
            assert_eq!(moved(file).as_deref(), to, "{file}");
        }
    }

    #[test]
    fn old_feed_addresses_and_aliases_lead_on() {
        let mut plan = plan(site(vec![]));
        plan.pages = vec![page("/old post/", Shows::Redirect { to: Address::new("/2026/05/04/relay/") })];
        let text = made(&KIND, &plan, "_redirects");
        let lines: Vec<&str> = text.lines().collect();
        for line in [
            "/s/feed/ /s/feed.xml 301",
            "/s/feed/atom/ /s/atom.xml 301",
            "/s/tag/:slug/feed/ /s/tag/:slug/feed.xml 301",
            "/s/category/:slug/feed/ /s/category/:slug/feed.xml 301",
            "/s/old%20post/ /s/2026/05/04/relay/ 301",
        ] {
            assert!(lines.contains(&line), "{line} is not in\n{text}");
        }
        assert!(lines.iter().all(|line| line.split(' ').count() == 3), "{text}");
    }
}
