//! What `site.toml` says, checked.

use std::ops::Range;

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::address::{Address, BaseUrl};
use super::moment::Moment;
use super::post::Kind;
use super::server::ServerIx;
use super::text::Html;

/// The settings of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub title: String,
    pub base_url: BaseUrl,
    pub description: String,
    /// BCP 47, as written: `en`, `pt-BR`.
    pub language: String,
    /// Zones offered beside UTC, in the user's order.
    pub time_zones: Vec<Tz>,
    pub theme: String,
    /// Where `site.toml` names it; the file's beginning where it does not.
    pub theme_place: Range<usize>,
    /// Posts on a list page, 1 to 1000.
    pub posts_per_page: usize,
    pub remote_images: RemoteImages,
    /// How old a page may get before it says so itself.
    pub stale_after: TimeDelta,
    pub feeds: FeedSettings,
    pub editor: Editor,
    pub sidebar: Vec<SidebarBlock>,
    /// The addresses of this site among the sidebar's links, the logo and the favicon, and where `site.toml` says them.
    pub local_links: Vec<(Address, Range<usize>)>,
    /// Words of the interface that the site overrides, by their key in the language file.
    pub words: Vec<(String, String)>,
    /// `[extra]`, for the theme; dates and times in it are texts.
    pub extra: toml::Table,
    /// Addresses on this site, as written.
    pub logo: Option<String>,
    pub favicon: Option<String>,
    /// A colour as `#rrggbb`.
    pub accent: Option<String>,
    /// To whom `signalpost announce` tells each update.
    pub webhooks: Vec<Webhook>,
    pub mail: Option<MailSettings>,
    /// A `mailto:`, `https:` or `tel:` URI for `/.well-known/security.txt` (RFC 9116).
    pub security_contact: Option<String>,
}

/// What becomes of an image from another host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RemoteImages {
    /// It becomes a link to it, with a warning.
    #[default]
    Link,
    Allow,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSettings {
    /// Newest updates in a feed.
    pub items: usize,
    /// Authority and date of the tag URIs (RFC 4151): `status.example.net,2026`.
    pub authority: String,
}

impl FeedSettings {
    /// The host or mail address in the authority: `status.example.net`.
    pub fn authority_name(&self) -> &str {
        self.authority.split_once(',').map_or(&self.authority, |(name, _)| name)
    }

    /// The date in the authority, of which month and day may be left out: where the ids begin to hold (RFC 4151, section 2.1).
    pub fn ids_begin(&self) -> Moment {
        let date = self.authority.split_once(',').map_or("", |(_, date)| date);
        let whole = |rest: &str| format!("{date}{rest}T00:00:00Z").parse().ok();
        ["", "-01", "-01-01"].into_iter().find_map(whole).unwrap_or_default()
    }
}

/// Links to the forge's editor; empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Editor {
    pub new_url: Option<String>,
    /// `{path}` stands for the post's path.
    pub edit_url: Option<String>,
}

/// A block of the sidebar: links, Markdown, or both.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SidebarBlock {
    pub title: String,
    pub links: Vec<SidebarLink>,
    pub text: Option<Html>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SidebarLink {
    pub title: String,
    /// `http`, `https`, `mailto`, `tel`, or an address of this site.
    pub url: String,
    /// The page or file of this site that it leads to.
    pub to: Option<Address>,
}

/// One `[[webhook]]`: an address that gets each update once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// What messages and the record of what was sent call it.
    pub name: String,
    /// The environment variable that holds the address, which is a secret.
    pub url_env: String,
    pub format: WebhookFormat,
    /// Only updates about one of these; empty: about all and none.
    pub servers: Vec<ServerIx>,
    /// Only updates of posts of these kinds; empty: of all.
    pub kinds: Vec<Kind>,
}

/// The shape of what is posted to a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookFormat {
    /// Our own, for programs.
    #[default]
    Json,
    Slack,
    Discord,
    Teams,
}

impl WebhookFormat {
    pub const ALL: [WebhookFormat; 4] = [WebhookFormat::Json, WebhookFormat::Slack, WebhookFormat::Discord, WebhookFormat::Teams];

    /// The word in `site.toml`.
    pub fn word(self) -> &'static str {
        match self {
            WebhookFormat::Json => "json",
            WebhookFormat::Slack => "slack",
            WebhookFormat::Discord => "discord",
            WebhookFormat::Teams => "teams",
        }
    }

    pub fn from_word(word: &str) -> Option<WebhookFormat> {
        WebhookFormat::ALL.into_iter().find(|format| format.word() == word)
    }
}

/// `[mail]`: who gets each update as a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// `Northwind status <status@example.net>`, or the address alone.
    pub from: String,
    /// One address each.
    pub to: Vec<String>,
    /// The environment variable that holds the mail server's address with its password.
    pub smtp_env: String,
}
