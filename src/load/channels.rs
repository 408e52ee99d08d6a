//! `[[webhook]]` and `[mail]` of `site.toml`: to whom updates are announced.
//!
//! Addresses of webhooks and passwords are secrets: the file names the environment variables that hold them, and a secret that
//! stands in it is refused.

use super::clean::is_visible;
use super::fields::{At, Fields, shown};
use super::keys::{MAIL, WEBHOOK};
use super::servers::Servers;
use crate::findings::{Code, Finding, Findings};
use crate::model::Kind;
use crate::model::config::{MailSettings, Webhook, WebhookFormat};
use crate::source::Span;

/// The webhooks, in the order of the file.
pub fn webhooks(top: &Fields<'_, '_>, servers: &Servers, findings: &mut Findings) -> Vec<Webhook> {
    let mut webhooks: Vec<Webhook> = Vec::new();
    for entry in top.tables("webhook", WEBHOOK, "a `[[webhook]]`", findings) {
        let Some((webhook, place)) = webhook(&entry, servers, findings) else { continue };
        if webhooks.iter().any(|other| other.name == webhook.name) {
            let finding = Finding::new(Code::BadValue, place, format!("two webhooks are called `{}`", shown(&webhook.name)));
            findings.push(finding.help("give each its own `name`: what was sent is recorded by it"));
        }
        webhooks.push(webhook);
    }
    webhooks
}

/// A webhook, and where its name stands.
fn webhook(entry: &Fields<'_, '_>, servers: &Servers, findings: &mut Findings) -> Option<(Webhook, Span)> {
    let name = entry.text("name", findings);
    if let Some(name) = name.as_ref().filter(|name| !is_visible(&name.value)) {
        findings.push(Finding::new(Code::EmptyTitle, entry.at(name), "a webhook's name that shows nothing"));
    }
    let url_env = variable(entry, "url_env", findings);
    let format = entry.word("format", WebhookFormat::from_word, findings);
    let mut only = Vec::new();
    for word in entry.texts("servers", findings) {
        match servers.find(&word.value) {
            Some(server) => only.push(server),
            None => servers.report_unknown(&word.value, entry.at(&word), findings),
        }
    }
    let kinds = entry.texts("kinds", findings).into_iter();
    let kinds =
        kinds.filter_map(|word| entry.one_of("kinds", "kind of post", word, Kind::from_word, findings)).map(|kind| kind.value).collect();
    let name = name?;
    let place = entry.at(&name);
    let format = format.map(|format| format.value).unwrap_or_default();
    Some((Webhook { name: name.value, url_env: url_env?, format, servers: only, kinds }, place))
}

/// The settings of mail.
pub fn mail(top: &Fields<'_, '_>, findings: &mut Findings) -> Option<MailSettings> {
    let entry = top.table("mail", MAIL, "`[mail]`", findings)?;
    let from = entry.text("from", findings);
    if let Some(from) = from.as_ref().filter(|from| !is_mailbox(&from.value)) {
        findings.push(no_address(&entry, "from", from).help("write `Northwind status <status@example.net>`, or the address alone"));
    }
    let to = entry.texts("to", findings);
    for to in to.iter().filter(|to| !is_address(&to.value)) {
        findings.push(no_address(&entry, "to", to).help("write one address without a name in each text: `[\"ops@example.net\"]`"));
    }
    let smtp_env = variable(&entry, "smtp_env", findings);
    let mut recipients: Vec<String> = Vec::new();
    for to in to {
        if !recipients.contains(&to.value) {
            recipients.push(to.value);
        }
    }
    Some(MailSettings { from: from?.value, to: recipients, smtp_env: smtp_env? })
}

/// The name of an environment variable, and not what it holds.
fn variable(entry: &Fields<'_, '_>, key: &str, findings: &mut Findings) -> Option<String> {
    let name = entry.text(key, findings)?;
    let is_name = name.value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !is_name {
        let finding = Finding::new(Code::BadValue, entry.at(&name), format!("`{key}` takes the name of an environment variable"));
        findings.push(finding.help(
            "the address is a secret: put it into the environment of `signalpost announce`, and write the variable's name here; \
             if it has been committed, make a new one",
        ));
        return None;
    }
    Some(name.value)
}

fn no_address(entry: &Fields<'_, '_>, key: &str, text: &At<String>) -> Finding {
    Finding::new(Code::BadValue, entry.at(text), format!("`{key}` takes a mail address, found `{}`", shown(&text.value)))
}

/// `NAME <ADDRESS>`, or an address alone.
fn is_mailbox(text: &str) -> bool {
    match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
        Some((name, address)) => is_address(address) && !name.contains(['<', '>', '@', ',', ';', ':', '"', '\\']),
        None => is_address(text),
    }
}

/// The everyday form of an address (RFC 5321 allows stranger ones): no quotes, no comments, one `@`.
fn is_address(text: &str) -> bool {
    let is_atom = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let is_plain = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    text.split_once('@').is_some_and(|(local, host)| {
        is_atom(local) && local.chars().all(is_plain) && is_atom(host) && host.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_plain_address_is_an_address_and_nothing_that_could_hide_a_second() {
        for address in ["ops@example.net", "first.last+tag@mail.example.net", "ops@localhost"] {
            assert!(is_address(address) && is_mailbox(address), "{address}");
        }
        for address in ["", "ops", "@example.net", "ops@", "a@b@c", "a b@c", "a@b,c@d", "a@b\r\nBcc: c@d", "a..b@c", "<a@b>"] {
            assert!(!is_address(address), "{address}");
        }
        assert!(is_mailbox("Northwind status <status@example.net>"));
        for mailbox in ["a@b <c@d>", "x <a@b>, <c@d>", "x <a@b", "\"x\" <a@b>"] {
            assert!(!is_mailbox(mailbox), "{mailbox}");
        }
    }
}
