//! What every template sees of the site itself.

use serde::Serialize;

use super::view::LinkView;
use crate::model::{Address, Config, Site};
use crate::outputs::policy::content_security_policy;
use crate::theme::{Markup, Theme};
use crate::words::{Words, zone_name};

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
    /// The Content-Security-Policy that every page keeps.
    pub policy: String,
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
    /// The forge's page for a new post; empty where `[editor]` has no `new_url`.
    pub new_url: String,
    /// Whether there are posts with categories.
    pub has_categories: bool,
    /// Status words by their key, as JSON for the script.
    pub script_words: Markup,
    /// `[extra]` of `site.toml`, untouched.
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
            policy: content_security_policy(&site.config),
            logo: site.config.logo.as_deref().map_or_else(String::new, own),
            favicon: site.config.favicon.as_deref().map_or_else(|| asset("favicon.svg"), own),
            picture: theme.asset("share.png").map_or_else(String::new, |asset| base.absolute(&asset.address)),
            time_zones: time_zones.iter().map(|zone| zone_name(*zone)).collect(),
            pages: site.pages.iter().map(|page| LinkView { title: page.title.clone(), href: base.href(&page.address) }).collect(),
            new_url: site.config.editor.new_url.clone().unwrap_or_default(),
            has_categories: !site.categories.is_empty(),
            script_words: script_words(words),
            extra: extra.clone(),
        }
    }
}

/// The words that the script shows when a status or phase changes by the clock, as JSON that HTML may hold.
fn script_words(words: &Words) -> Markup {
    let rooms = ["status.", "phase.", "overall.", "script."];
    let texts: serde_json::Map<String, serde_json::Value> = words
        .all()
        .iter()
        .filter(|(key, _)| rooms.iter().any(|room| key.starts_with(room)))
        .map(|(key, text)| (key.clone(), text.clone().into()))
        .collect();
    let json = serde_json::to_string(&texts).unwrap_or_default();
    Markup::new(&json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}
