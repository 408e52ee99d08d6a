//! One update as it is announced: the feeds' item, and what a program or a mail wants to know beside it.

use xxhash_rust::xxh3::xxh3_128;

use crate::model::{FeedEntry, Impact, Kind, Moment, Server, Site, State};
use crate::outputs::item::{Item, Items};

/// An update as it is sent to the channels, before it takes the form of one of them.
#[derive(Debug, Clone)]
pub struct Announcement<'a> {
    pub item: Item,
    /// The post's id and the update's within it: `2026-05-04-relay`, `20260504T1902Z`.
    pub post: &'a str,
    pub update: &'a str,
    pub kind: Kind,
    /// `None` for an opening and where the update has no state.
    pub state: Option<State>,
    /// The servers that it is about, and the worst that the event does to each from this update on.
    pub servers: Vec<(&'a Server, Impact)>,
    pub published: Moment,
    /// What the item says, as [`Items::text`] words it.
    pub text: String,
    pub language: &'a str,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    pub site_title: &'a str,
    pub site_url: String,
    /// The site's host, without port.
    pub host: &'a str,
}

impl<'a> Announcement<'a> {
    pub fn of(site: &'a Site, items: &Items, entry: &FeedEntry) -> Announcement<'a> {
        let post = &site.posts[entry.post];
        let update = &post.updates[entry.update];
        let item = items.item(site, entry);
        let event = site.thread(entry.post).event.as_ref();
        let impact = |server: usize| {
            let impact_windows = event.into_iter().flat_map(|event| event.windows_of(server));
            let ahead = impact_windows.filter(|held| !held.window.is_over(update.at));
            ahead.map(|held| held.impact).max().unwrap_or(Impact::None)
        };
        Announcement {
            post: &post.id,
            update: &update.id,
            kind: site.kind_of(entry.post),
            state: update.state,
            servers: site.servers_said(entry.post).iter().map(|&server| (&site.servers[server], impact(server))).collect(),
            published: update.at,
            text: items.text(site, entry),
            language: &site.config.language,
            dir: items.words.dir,
            site_title: &site.config.title,
            site_url: site.base().home(),
            host: site.base().host_name(),
            item,
        }
    }

    /// The worst that the event does to any server from this update on.
    pub fn impact(&self) -> Impact {
        self.servers.iter().map(|(_, impact)| *impact).max().unwrap_or(Impact::None)
    }

    /// What stands for the id where few characters are allowed; see [`token`].
    pub fn token(&self) -> String {
        token(&self.item.id)
    }
}

/// 32 hexadecimal digits made of an id (XXH3, 128 bits), the same in every run: receivers know a repeated message by them.
pub fn token(id: &str) -> String {
    format!("{:032x}", xxh3_128(id.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outputs::testing::{post, site, update};
    use crate::words::Words;

    #[test]
    fn an_apostrophe_is_one_in_titles_names_and_texts() {
        let mut relay = post("relay", "It's <slow>", "2026-05-04T19:00:00Z");
        relay.updates.push(update("2026-05-04T19:20:00Z", Some(State::Monitoring), "<p>We're \u{b7} <a href=\"/x/\">there</a>.</p>"));
        relay.updates[1].title = Some("it's \"better\"".into());
        let mut site = site(vec![relay]);
        std::sync::Arc::make_mut(&mut site.servers)[0].name = "O'Brien mail".to_owned();
        let announcement = Announcement::of(&site, &Items::of(&site, &Words::of(&site.config)), &site.feed_entries[1]);
        let text = "it's \"better\"\n\nWe're · there.\n\nServers: O'Brien mail · 4 May 2026, 19:20 UTC (21:20 CAT)";
        assert_eq!(announcement.text, text);
        assert_eq!(announcement.item.title, "Monitoring: It's <slow> (O'Brien mail)");
        assert!(announcement.item.html.starts_with("<p><strong>it&#39;s &quot;better&quot;</strong></p>"), "{}", announcement.item.html);
    }

    #[test]
    fn an_announcement_says_what_the_feed_says_and_what_holds_from_then_on() {
        let mut relay = post("relay", "Relay <offline>", "2026-05-04T19:00:00Z");
        relay.updates[0].html.html = "<p>It <em>fails</em> &amp; waits.</p><ul><li>one</li><li>two</li></ul>".to_owned();
        relay.updates.push(update("2026-05-04T19:20:00Z", Some(State::Resolved), "<p>Done.</p>"));
        relay.impact.all = Some(Impact::MajorOutage);
        let site = site(vec![relay]);
        let items = Items::of(&site, &Words::of(&site.config));
        let announcements: Vec<Announcement<'_>> = site.feed_entries.iter().map(|entry| Announcement::of(&site, &items, entry)).collect();
        assert_eq!(announcements[0].text, "It fails & waits.\n\none\n\ntwo\n\nServers: NC023 · 4 May 2026, 19:00 UTC (21:00 CAT)");
        assert_eq!((announcements[0].impact(), announcements[1].impact()), (Impact::MajorOutage, Impact::None));
        assert_eq!((announcements[0].host, announcements[1].state), ("status.example.net", Some(State::Resolved)));
        assert_ne!(announcements[0].token(), announcements[1].token());
        assert_eq!(announcements[1].item.reply_to.as_deref().map(token), Some(announcements[0].token()));
    }
}
