//! What every template sees of the site itself.

use serde::Serialize;

use super::view::LinkView;
use crate::model::address::encode_path;
use crate::model::{Address, Config, Site};
use crate::outputs::policy::content_security_policy;
use crate::theme::{Markup, Theme};
use crate::words::Words;

/// The site, as every template sees it.
#[derive(Serialize)]
pub struct SiteView {
    /// Its title, from `site.toml`.
    pub title: String,
    /// Its description, from `site.toml`.
    pub description: String,
    /// The front page: `/`, or the base path.
    pub home: String,
    /// The base path without a final slash, for links to the site's own files: `{{ site.base }}/feed.xml`.
    pub base: String,
    /// The front page's full URL.
    pub url: String,
    /// BCP 47: `en`.
    pub language: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The Content-Security-Policy that every page keeps, ready for an attribute in double quotes.
    pub policy: Markup,
    /// The logo's address; empty where there is none.
    pub logo: String,
    /// The icon's address.
    pub favicon: String,
    /// The picture that previews in chats show: a full URL.
    pub picture: String,
    /// The names of the zones offered beside UTC: `Lusaka`.
    pub time_zones: Vec<String>,
    /// The pages of `content/pages`.
    pub pages: Vec<LinkView>,
    /// The forge's page for a new post, with a file name and front matter to be filled in; empty where `[editor]` has no `new_url`.
    pub new_url: String,
    /// Whether there are posts with categories.
    pub has_categories: bool,
    /// `[extra]` of `site.toml`, as it is; a date or time is text: `2026-05-04`.
    pub extra: toml::Table,
}

impl SiteView {
    pub fn of(site: &Site, words: &Words, theme: &Theme) -> SiteView {
        let Config { title, description, language, time_zones, extra, .. } = &*site.config;
        let base = site.base();
        let own = |url: &str| if url.starts_with('/') { format!("{}{url}", base.path) } else { url.to_owned() };
        let asset = |name: &str| theme.asset(name).map_or_else(String::new, |asset| base.href(&asset.address));
        SiteView {
            title: title.clone(),
            description: description.clone(),
            home: base.href(&Address::new("/")),
            base: base.path.clone(),
            url: base.home(),
            language: language.clone(),
            dir: words.dir,
            policy: Markup::new(&content_security_policy(&site.config)),
            logo: site.config.logo.as_deref().map_or_else(String::new, own),
            favicon: site.config.favicon.as_deref().map_or_else(|| asset("favicon.svg"), own),
            picture: theme.asset("share.png").map_or_else(String::new, |asset| base.absolute(&asset.address)),
            time_zones: time_zones.iter().map(|zone| words.zone(*zone)).collect(),
            pages: site.pages.iter().map(|page| LinkView { title: page.title.clone(), href: base.href(&page.address) }).collect(),
            new_url: site.config.editor.new_url.as_deref().map_or_else(String::new, |page| new_post(page, site)),
            has_categories: !site.categories.is_empty(),
            extra: extra.clone(),
        }
    }
}

/// The forge's page for a new file, already holding the front matter of an incident, as GitHub and Forgejo take it by query.
///
/// The page may be read at any time, so the name's date and time, `servers` and `start` are left to the author; an example says their
/// form. Left empty they are a finding, so they cannot be forgotten.
fn new_post(page: &str, site: &Site) -> String {
    let server = site.servers.first().map_or("web-1", |server| &*server.id);
    let front_matter = format!(
        "+++\ntitle   = \"\"\nkind    = \"incident\"\nservers = # like [\"{server}\"]\nstart   = # in UTC, like 2027-03-01T09:10:00Z\n+++\n\n"
    );
    let join = if page.contains('?') { '&' } else { '?' };
    format!("{page}{join}filename={}&value={}", encode_query("YYYY-MM-DD-HHMM-what-is-wrong.md"), encode_query(&front_matter))
}

/// Percent-encodes the value of a query: a path's `+` would be a space here.
fn encode_query(value: &str) -> String {
    encode_path(value).replace('+', "%2B")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outputs::testing::site;

    #[test]
    fn a_new_post_opens_with_its_front_matter() {
        let site = site(Vec::new());
        let server = site.servers[0].id.to_string();
        let url = new_post("https://forge.example/new/main/content/posts", &site);
        let (page, query) = url.split_once('?').unwrap();
        assert_eq!(page, "https://forge.example/new/main/content/posts");
        let (name, value) = query.split_once('&').unwrap();
        assert_eq!(name, "filename=YYYY-MM-DD-HHMM-what-is-wrong.md");
        assert!(value.starts_with("value=%2B%2B%2B%0Atitle%20%20%20%3D%20%22%22%0A"), "{value}");
        assert!(value.contains(&format!("servers%20%3D%20%23%20like%20%5B%22{server}%22%5D")), "{value}");
        assert!(new_post("https://forge.example/new?path=posts", &site).contains("?path=posts&filename="));
    }
}
