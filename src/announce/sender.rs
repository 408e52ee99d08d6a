//! A channel with its secret: what is said goes through it.

use std::time::Duration;

use super::announcement::Announcement;
use super::{Channel, Refused, http, mail, smtp, webhook};
use crate::model::config::{MailSettings, Webhook};

pub enum Sender<'a> {
    Webhook { settings: &'a Webhook, address: http::Address },
    Mail { settings: &'a MailSettings, to: &'a str, server: smtp::Server },
}

impl<'a> Sender<'a> {
    /// `secret` is what the channel's variable holds; the error says what is wrong with it, and not what it is.
    pub fn new(channel: &Channel<'a>, secret: &str) -> Result<Sender<'a>, String> {
        let wrong = |why: &str| format!("what `{}` holds {why}", channel.variable());
        match *channel {
            Channel::Webhook(settings) => match http::Address::parse(secret) {
                Some(address) => Ok(Sender::Webhook { settings, address }),
                None => Err(wrong("is no http or https URL")),
            },
            Channel::Mail { settings, to } => {
                smtp::Server::parse(secret).map(|server| Sender::Mail { settings, to, server }).map_err(wrong)
            }
        }
    }

    /// Who answers: all of the secret that may be said.
    pub fn host(&self) -> &str {
        match self {
            Sender::Webhook { address, .. } => &address.host,
            Sender::Mail { server, .. } => &server.host,
        }
    }

    /// Sends one update; `pause` waits where the receiver asks for it.
    pub fn send(&self, announcement: &Announcement<'_>, pause: impl Fn(Duration)) -> Result<(), Refused> {
        match self {
            Sender::Webhook { settings, address } => {
                http::post(address, &webhook::body(settings.format, announcement), &announcement.token(), pause)
            }
            Sender::Mail { settings, to, server } => server.send(&mail::message(announcement, settings, to).map_err(Refused::Channel)?),
        }
    }
}
