//! Each update once to webhooks and by mail: `signalpost announce`.
//!
//! In: a site at its moment, and the record of what was sent before. Out: what each channel was not told yet, as messages, and
//! what became of each. What is told is what the feeds tell, with the same ids. Choosing ([`record`]) and wording ([`announcement`],
//! [`webhook`], [`mail`]) are pure; [`http`] and [`smtp`] talk to the network, behind [`sender`]. Addresses and passwords come in as arguments and
//! are in no message and no error. Never reads the environment, the clock or the disk: that is `cli`'s.

pub mod announcement;
pub mod http;
pub mod mail;
pub mod record;
pub mod sender;
pub mod smtp;
pub mod webhook;

use crate::model::config::{MailSettings, Webhook};
use crate::model::{Config, FeedEntry, Site};

/// Where updates go: a webhook, or one recipient of mail.
#[derive(Debug, Clone, Copy)]
pub enum Channel<'a> {
    Webhook(&'a Webhook),
    Mail { settings: &'a MailSettings, to: &'a str },
}

/// Why an update was not accepted. It is tried again by the next run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// This one update: another may be taken.
    Update(String),
    /// Nothing gets through now.
    Channel(String),
}

/// Every channel of a site, webhooks first.
pub fn channels(config: &Config) -> Vec<Channel<'_>> {
    let mails = config.mail.iter().flat_map(|settings| settings.to.iter().map(move |to| Channel::Mail { settings, to }));
    config.webhooks.iter().map(Channel::Webhook).chain(mails).collect()
}

impl Channel<'_> {
    /// Its name in the record, and for people: `webhook:ops`, `mail:ops@example.net`.
    pub fn key(&self) -> String {
        match self {
            Channel::Webhook(webhook) => format!("webhook:{}", webhook.name),
            Channel::Mail { to, .. } => format!("mail:{to}"),
        }
    }

    /// The environment variable that holds its secret.
    pub fn variable(&self) -> &str {
        match self {
            Channel::Webhook(webhook) => &webhook.url_env,
            Channel::Mail { settings, .. } => &settings.smtp_env,
        }
    }

    /// Whether an update is one of those that it is narrowed to.
    pub fn wants(&self, site: &Site, entry: &FeedEntry) -> bool {
        match self {
            Channel::Webhook(Webhook { servers, kinds, .. }) => {
                (servers.is_empty() || site.servers_said(entry.post).iter().any(|server| servers.contains(server)))
                    && (kinds.is_empty() || kinds.contains(&site.kind_of(entry.post)))
            }
            Channel::Mail { .. } => true,
        }
    }
}
