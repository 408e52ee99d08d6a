//! An update as a mail to one recipient: plain text and HTML, a `Message-ID` made of the update's id, threads by `References`.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::announcement::{Announcement, token};
use crate::model::config::MailSettings;
use crate::model::escape;

/// The mail; the error says which of the addresses cannot be one.
pub fn message(announcement: &Announcement<'_>, settings: &MailSettings, to: &str) -> Result<Message, String> {
    let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|_| format!("`{text}` is no mail address"));
    let header = |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
    let message_id = |id: &str| format!("<{}@{}>", token(id), announcement.host);
    let mut builder = Message::builder()
        .from(mailbox(&settings.from)?)
        .to(mailbox(to)?)
        .subject(one_line(&announcement.item.title))
        .date(SystemTime::from(announcement.published))
        .message_id(Some(message_id(&announcement.item.id)))
        // RFC 3834: no machine answers this. RFC 2919: what to filter by.
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(header("List-Id", format!("<updates.{}>", announcement.host)));
    if let Some(first) = &announcement.item.reply_to {
        builder = builder.in_reply_to(message_id(first)).references(message_id(first));
    }
    let text = format!("{}\n\n{}\n", announcement.text, announcement.item.link);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head><body>{}</body></html>\n",
        escape(announcement.language),
        announcement.dir,
        escape(&announcement.item.title),
        announcement.item.html
    );
    // A boundary of its own would be made by chance, and two runs would differ.
    let parts =
        MultiPart::alternative().boundary(announcement.token()).singlepart(SinglePart::plain(text)).singlepart(SinglePart::html(html));
    builder.multipart(parts).map_err(|error| error.to_string())
}

/// Headers end with their line: a text that brings its own line ends must not begin another. Nor may it bring encoded words
/// (RFC 2047, `=?utf-8?q?…?=`), which would be read as something else.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ").replace("=?", "= ?")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Site;
    use crate::outputs::item::Items;
    use crate::outputs::testing::{post, site, update};
    use crate::words::Words;

    fn settings() -> MailSettings {
        MailSettings {
            from: "Northwind status <status@example.net>".to_owned(),
            to: vec!["ops@example.net".to_owned(), "boss@example.net".to_owned()],
            smtp_env: "SMTP".to_owned(),
        }
    }

    fn relay() -> Site {
        let mut relay = post("relay", "Relay: žluťoučký", "2026-05-04T19:00:00Z");
        relay.updates.push(update("2026-05-04T19:20:00Z", None, "<p>Done &amp; dusted.</p>"));
        site(vec![relay])
    }

    fn mail(site: &Site, ix: usize) -> String {
        let announcement = Announcement::of(site, &Items::of(site, &Words::of(&site.config)), &site.feed_entries[ix]);
        String::from_utf8(message(&announcement, &settings(), "ops@example.net").unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_mail_has_the_headers_that_mail_programs_sort_and_thread_by() {
        let site = relay();
        let (first, second) = (mail(&site, 0), mail(&site, 1));
        let id = |mail: &str| mail.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned();
        assert!(first.contains("To: ops@example.net\r\n") && !first.contains("boss@"), "{first}");
        assert!(first.contains("From: \"Northwind status\" <status@example.net>\r\n"), "{first}");
        assert!(first.contains("Date: Mon, 04 May 2026 19:00:00 +0000\r\n"), "{first}");
        assert!(first.contains("Auto-Submitted: auto-generated\r\nList-Id: <updates.status.example.net>\r\n"), "{first}");
        assert!(id(&first).ends_with("@status.example.net>") && !first.contains("References"), "{first}");
        let replies = format!("In-Reply-To: {0}\r\nReferences: {0}\r\n", id(&first));
        assert!(second.contains(&replies) && id(&second) != id(&first), "{second}");
        let second = second.replace("=\r\n", "");
        assert!(second.contains("Done & dusted.") && second.contains("<p>Done &amp; dusted.</p>"), "{second}");
        assert!(second.contains("https://status.example.net/s/2026/05/04/relay/#u-20260504T1920Z"), "{second}");
        assert_eq!(mail(&site, 0), first, "the same in every run");
    }

    #[test]
    fn a_mail_is_read_in_the_direction_of_its_language() {
        let mut site = relay();
        assert!(mail(&site, 0).replace("=\r\n", "").contains("<html lang=3D\"en\" dir=3D\"ltr\">"), "{}", mail(&site, 0));
        std::sync::Arc::make_mut(&mut site.config).language = "ar".to_owned();
        let announcement = Announcement::of(&site, &Items::of(&site, &Words::of(&site.config)), &site.feed_entries[0]);
        assert_eq!(announcement.dir, "rtl");
    }

    #[test]
    fn a_title_cannot_bring_headers_of_its_own() {
        let site = relay();
        let mut announcement = Announcement::of(&site, &Items::of(&site, &Words::of(&site.config)), &site.feed_entries[0]);
        announcement.item.title = "Relay\r\nBcc: evil@example.net\n\n=?utf-8?q?x?=".to_owned();
        let mail = String::from_utf8(message(&announcement, &settings(), "ops@example.net").unwrap().formatted()).unwrap();
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("Subject: Relay Bcc: evil@example.net = ?utf-8?q?x?=\r\n") && !head.contains("\nBcc"), "{head}");
    }
}
