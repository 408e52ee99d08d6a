//! What is posted to a webhook, in each shape.
//!
//! Our own for programs; and the bodies of incoming webhooks as Slack ("Sending messages using incoming webhooks", Block Kit),
//! Discord ("Execute Webhook") and Microsoft Teams ("Create incoming webhooks", Adaptive Cards 1.4) document them. Texts of posts are
//! texts there: they mention nobody, and the one link is the page's.

use serde_json::{Value, json};

use super::announcement::Announcement;
use crate::model::config::WebhookFormat;
use crate::model::plain::shorten;
use crate::model::rfc3339;

/// The body for one update.
pub fn body(format: WebhookFormat, announcement: &Announcement<'_>) -> Value {
    match format {
        WebhookFormat::Json => own(announcement),
        WebhookFormat::Slack => slack(announcement),
        WebhookFormat::Discord => discord(announcement),
        WebhookFormat::Teams => teams(announcement),
    }
}

/// Ours. Within version 1 keys may be added and none is removed or changes its meaning.
fn own(announcement: &Announcement<'_>) -> Value {
    let servers: Vec<Value> =
        announcement.servers.iter().map(|(server, impact)| json!({ "id": &*server.id, "name": server.name, "impact": impact })).collect();
    json!({
        "version": 1,
        "id": announcement.item.id,
        "thread": announcement.item.reply_to.as_ref().unwrap_or(&announcement.item.id),
        "post": announcement.post,
        "update": announcement.update,
        "kind": announcement.kind,
        "state": announcement.state,
        "impact": announcement.impact(),
        "servers": servers,
        "title": announcement.item.title,
        "text": announcement.text,
        "html": announcement.item.html,
        "url": announcement.item.link,
        "published_at": rfc3339(announcement.published),
        "site": { "title": announcement.site_title, "url": announcement.site_url },
    })
}

/// A header of at most 150 characters and a section of at most 3000, both plain; the link is all that is marked up.
fn slack(announcement: &Announcement<'_>) -> Value {
    let plain = |text: String| json!({ "type": "plain_text", "text": text, "emoji": false });
    let link = format!("<{}|{}>", slack_text(&announcement.item.link), slack_text(announcement.site_title));
    json!({
        "text": slack_text(&announcement.item.title),
        "blocks": [
            { "type": "header", "text": plain(fit(&announcement.item.title, 150, slack_text)) },
            { "type": "section", "text": plain(fit(&announcement.text, 3000, slack_text)) },
            { "type": "context", "elements": [{ "type": "mrkdwn", "text": link, "verbatim": true }] },
        ],
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

/// The three characters that Slack gives a meaning to; without them nothing is a mention (`<!everyone>`) or a link (`<https://…>`).
fn slack_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An embed: its title at most 256 characters, its description 4096. Nobody is pinged, whatever it says.
fn discord(announcement: &Announcement<'_>) -> Value {
    json!({
        "allowed_mentions": { "parse": [] },
        "embeds": [{
            "title": fit(&announcement.item.title, 256, discord_text),
            "url": announcement.item.link,
            "description": fit(&announcement.text, 4096, discord_text),
            "timestamp": rfc3339(announcement.published),
        }],
    })
}

/// Every sign behind a backslash: none of them is Markdown, a mention, an emoji or a part of a link then.
fn discord_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// An Adaptive Card whose texts are `TextRun`s, which know no Markdown. All of it must stay below 28 KB, most of which a text of many
/// short paragraphs needs for their frames.
fn teams(announcement: &Announcement<'_>) -> Value {
    let mut length = 4000;
    loop {
        let card = teams_card(announcement, length);
        if length < 2 || card.to_string().len() < 28_000 {
            return card;
        }
        length = length * 3 / 4;
    }
}

/// The card with so many characters of the text.
fn teams_card(announcement: &Announcement<'_>, length: usize) -> Value {
    let runs = |run: Value| json!({ "type": "RichTextBlock", "inlines": [run] });
    let text = shorten(&announcement.text, length);
    let paragraphs = text.split("\n\n").map(|text| runs(json!({ "type": "TextRun", "text": text })));
    let title = runs(json!({ "type": "TextRun", "text": shorten(&announcement.item.title, 256), "weight": "Bolder", "size": "Medium" }));
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "lang": announcement.language,
                "body": std::iter::once(title).chain(paragraphs).collect::<Vec<Value>>(),
                "actions": [{ "type": "Action.OpenUrl", "title": announcement.site_title, "url": announcement.item.link }],
            },
        }],
    })
}

/// A text that has at most `limit` characters once it is escaped.
fn fit(text: &str, limit: usize, escape: fn(&str) -> String) -> String {
    let mut length = limit;
    loop {
        let escaped = escape(&shorten(text, length));
        if escaped.chars().count() <= limit || length < 2 {
            return escaped;
        }
        length = length * 3 / 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Post, Site};
    use crate::outputs::item::Items;
    use crate::outputs::testing::{post, site};
    use crate::words::Words;

    const HOSTILE: &str = "<!everyone> @everyone @here <@U1> [x](https://evil.example/) https://evil.example/ `a` **b** <at>all</at>";

    fn hostile() -> Site {
        let mut post: Post = post("relay", HOSTILE, "2026-05-04T19:00:00Z");
        post.updates[0].html.html = format!("<p>{}</p><p>Second.</p>", crate::model::escape(HOSTILE));
        site(vec![post])
    }

    fn made(format: WebhookFormat, site: &Site) -> Value {
        body(format, &Announcement::of(site, &Items::of(site, &Words::of(&site.config)), &site.feed_entries[0]))
    }

    #[test]
    fn our_own_shape_has_all_that_a_program_asks_for() {
        let site = site(vec![post("relay", "Relay offline", "2026-05-04T19:00:00Z")]);
        assert_eq!(
            made(WebhookFormat::Json, &site),
            json!({
                "version": 1,
                "id": "tag:status.example.net,2026:relay/opening",
                "thread": "tag:status.example.net,2026:relay/opening",
                "post": "relay",
                "update": "opening",
                "kind": "incident",
                "state": null,
                "impact": "degraded",
                "servers": [{ "id": "nc023", "name": "NC023", "impact": "degraded" }],
                "title": "Incident: Relay offline (NC023)",
                "text": "It fails.\n\nServers: NC023 · 4 May 2026, 19:00 UTC (21:00 CAT)",
                "html": "<p>It fails.</p><p>Servers: NC023 · 4 May 2026, 19:00 UTC (21:00 CAT) · <a href=\"https://status.example.net/s/2026/05/04/relay/\">About this incident</a></p>",
                "url": "https://status.example.net/s/2026/05/04/relay/#u-opening",
                "published_at": "2026-05-04T19:00:00Z",
                "site": { "title": "Northwind status", "url": "https://status.example.net/s/" },
            })
        );
    }

    #[test]
    fn slack_is_given_no_mention_and_no_link_but_ours() {
        let made = made(WebhookFormat::Slack, &hostile());
        for text in [&made["text"], &made["blocks"][0]["text"]["text"], &made["blocks"][1]["text"]["text"]] {
            assert!(!text.as_str().unwrap().contains(['<', '>']), "{text}");
        }
        assert_eq!((&made["blocks"][0]["text"]["type"], &made["blocks"][1]["text"]["type"]), (&json!("plain_text"), &json!("plain_text")));
        let link = "<https://status.example.net/s/2026/05/04/relay/#u-opening|Northwind status>";
        assert_eq!(made["blocks"][2]["elements"][0]["text"], link);
    }

    #[test]
    fn discord_pings_nobody_and_shows_every_sign_as_itself() {
        let made = made(WebhookFormat::Discord, &hostile());
        assert_eq!(made["allowed_mentions"], json!({ "parse": [] }));
        let text = made["embeds"][0]["description"].as_str().unwrap();
        assert!(text.contains(r"\[x\]\(https\:\/\/evil\.example\/\)") && text.contains(r"\<\!everyone\> \@everyone"), "{text}");
        assert!(made.get("content").is_none());
    }

    #[test]
    fn teams_shows_texts_that_know_no_markdown() {
        let made = made(WebhookFormat::Teams, &hostile());
        let card = &made["attachments"][0]["content"];
        assert!(card.get("msteams").is_none(), "mentions need entities");
        let blocks = card["body"].as_array().unwrap();
        assert!(blocks.iter().all(|block| block["type"] == "RichTextBlock"), "{card}");
        assert_eq!(blocks[2]["inlines"][0]["text"], "Second.");
        assert_eq!(card["actions"][0]["url"], "https://status.example.net/s/2026/05/04/relay/#u-opening");
    }

    #[test]
    fn an_endless_text_stays_within_the_limits_of_the_services() {
        let with = |html: String| {
            let mut post = post("relay", "Relay", "2026-05-04T19:00:00Z");
            post.updates[0].html.html = html;
            site(vec![post])
        };
        let site = with(format!("<p>{}</p>", "&lt;&amp;&gt;... ".repeat(20_000)));
        let length = |value: &Value| value.as_str().unwrap().chars().count();
        assert!(length(&made(WebhookFormat::Slack, &site)["blocks"][1]["text"]["text"]) <= 3000);
        assert!(length(&made(WebhookFormat::Discord, &site)["embeds"][0]["description"]) <= 4096);
        for site in [&site, &with(format!("<ul>{}</ul>", "<li>a</li>".repeat(5_000)))] {
            let made = made(WebhookFormat::Teams, site).to_string().len();
            assert!((4_000..28_000).contains(&made), "{made}");
        }
        assert!(length(&made(WebhookFormat::Json, &site)["text"]) > 100_000, "programs get all of it");
    }
}
