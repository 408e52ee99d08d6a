//! Hands a mail to a mail server (SMTP, RFC 5321).
//!
//! A mail that is not accepted is for the next run: mail servers that say "later" mean minutes. The address holds a password: of it
//! only the host is ever said.

use std::time::Duration;

use lettre::{Message, SmtpTransport, Transport};

use super::Refused;

const PATIENCE: Duration = Duration::from_secs(30);

/// A mail server.
pub struct Server {
    transport: SmtpTransport,
    pub host: String,
}

impl Server {
    /// `smtps://USER:PASSWORD@HOST:465`, `smtp://USER:PASSWORD@HOST:587?starttls`, or `smtp://HOST:25` without a password; the
    /// error says what is wrong, and not with what.
    pub fn parse(text: &str) -> Result<Server, &'static str> {
        const SHAPES: &str = "is neither `smtps://USER:PASSWORD@HOST:465` nor `smtp://USER:PASSWORD@HOST:587?starttls`";
        let text = text.trim();
        let (url, is_safe) = match (text.strip_suffix("?starttls"), text.contains('?')) {
            (Some(url), _) => (format!("{url}?tls=required"), true),
            (None, true) => return Err(SHAPES),
            (None, false) => (text.to_owned(), text.starts_with("smtps://")),
        };
        let (_, rest) = url.split_once("://").filter(|(scheme, _)| matches!(*scheme, "smtp" | "smtps")).ok_or(SHAPES)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        if !is_safe && !user.is_empty() {
            return Err("would send the password unprotected: write `smtps://…`, or `?starttls` at the end");
        }
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host).to_owned();
        let transport = SmtpTransport::from_url(&url).map_err(|_| SHAPES)?.timeout(Some(PATIENCE)).build();
        if host.is_empty() { Err(SHAPES) } else { Ok(Server { transport, host }) }
    }

    pub fn send(&self, message: &Message) -> Result<(), Refused> {
        let Err(error) = self.transport.send(message) else { return Ok(()) };
        match error.status() {
            // 53x is of the login (RFC 4954): it is as wrong for the next mail, and too many tries lock an account.
            Some(code) if error.is_permanent() && !(530..540).contains(&u16::from(code)) => {
                Err(Refused::Update(format!("answered {code}")))
            }
            Some(code) => Err(Refused::Channel(format!("answered {code}"))),
            None if error.is_timeout() => Err(Refused::Channel("no answer".to_owned())),
            None if error.is_tls() => Err(Refused::Channel("no safe connection (TLS)".to_owned())),
            None => Err(Refused::Channel("the connection failed".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_safe_or_has_no_password() {
        for (text, host) in [
            ("smtps://user:p%40ss@mail.example.net:465", "mail.example.net"),
            ("smtps://user:pass@mail.example.net", "mail.example.net"),
            ("smtp://user:pass@mail.example.net:587?starttls", "mail.example.net"),
            ("smtp://localhost:25", "localhost"),
        ] {
            assert_eq!(Server::parse(text).map(|server| server.host), Ok(host.to_owned()), "{text}");
        }
        for text in [
            "",
            "mail.example.net",
            "https://mail.example.net/",
            "smtp://user:pass@mail.example.net:587",
            "smtp://user:pass@mail.example.net?tls=opportunistic",
            "smtps://",
        ] {
            let problem = Server::parse(text).map(|server| server.host).unwrap_err();
            assert!(!problem.contains("pass@"), "{problem}");
        }
    }
}
