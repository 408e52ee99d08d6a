//! Feeds as they were published, read back: what subscribers know. RSS and Atom, as this program writes them.

use chrono::DateTime;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use xxhash_rust::xxh3::Xxh3;

use crate::model::Moment;

/// An item of a published feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedItem {
    pub id: String,
    pub at: Moment,
    pub title: String,
    pub url: String,
    /// Of all that it says; its date aside, which may move by a second.
    pub digest: String,
}

/// The items of a feed, in its order; `None` where it is none, or not whole.
pub fn items(feed: &[u8]) -> Option<Vec<PublishedItem>> {
    let mut reader = Reader::from_reader(feed);
    let mut items = Vec::new();
    let mut open: Option<Unfinished> = None;
    let mut is_whole = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) if is_item(start.name().as_ref()) => open = Some(Unfinished::default()),
            Event::Start(start) | Event::Empty(start) => open.iter_mut().for_each(|item| item.begin(&start)),
            Event::Text(text) => {
                if let Some(item) = &mut open {
                    item.text.push_str(&text.xml_content(Default::default()).ok()?);
                }
            }
            Event::GeneralRef(entity) => {
                if let Some(item) = &mut open {
                    item.push(&entity)?;
                }
            }
            Event::End(end) if is_item(end.name().as_ref()) => items.push(open.take()?.finish()?),
            Event::End(end) => {
                is_whole |= matches!(end.name().as_ref(), b"rss" | b"feed");
                open.iter_mut().for_each(|item| item.end(end.name().as_ref()));
            }
            Event::Eof => return is_whole.then_some(items),
            _ => {}
        }
    }
}

fn is_item(name: &[u8]) -> bool {
    matches!(name, b"item" | b"entry")
}

/// An item while it is read.
#[derive(Default)]
struct Unfinished {
    id: String,
    at: Option<Moment>,
    title: String,
    url: String,
    digest: Xxh3,
    /// Of the element that is read.
    text: String,
}

impl Unfinished {
    fn begin(&mut self, element: &BytesStart<'_>) {
        self.text.clear();
        self.digest.update(element);
        if element.name().as_ref() == b"link"
            && let Ok(Some(href)) = element.try_get_attribute("href")
        {
            self.url = String::from_utf8_lossy(&href.value).into_owned();
        }
    }

    fn push(&mut self, entity: &BytesRef<'_>) -> Option<()> {
        match entity.resolve_char_ref().ok()? {
            Some(character) => self.text.push(character),
            None => self.text.push_str(resolve_xml_entity(&entity.decode().ok()?)?),
        }
        Some(())
    }

    fn end(&mut self, element: &[u8]) {
        if element != b"pubDate" {
            self.digest.update(self.text.as_bytes());
        }
        match element {
            b"guid" | b"id" => self.id = std::mem::take(&mut self.text),
            b"title" => self.title = std::mem::take(&mut self.text),
            b"link" if !self.text.is_empty() => self.url = std::mem::take(&mut self.text),
            b"pubDate" => self.at = DateTime::parse_from_rfc2822(&self.text).ok().map(|at| at.to_utc()),
            b"published" => self.at = self.text.parse().ok(),
            _ => {}
        }
        self.text.clear();
    }

    fn finish(self) -> Option<PublishedItem> {
        let digest = format!("{:016x}", self.digest.digest());
        Some(PublishedItem { id: self.id, at: self.at?, title: self.title, url: self.url, digest })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{made, plan, post, site, update};
    use super::super::{history, rss};
    use super::*;
    use crate::model::State;

    #[test]
    fn feeds_are_read_back_as_they_were_written() {
        let mut relay = post("relay", "Relay & \"<offline>\"", "2026-05-04T19:00:00Z");
        relay.updates.push(update("2026-05-04T19:15:00Z", Some(State::Resolved), "<p>Done.</p>"));
        let plan = plan(site(vec![relay.clone()]));
        let read = items(made(&rss::KIND, &plan, "feed.xml").as_bytes()).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[1].title, "Incident: Relay & \"<offline>\" (NC023)");
        assert_eq!(read[0].id, "tag:status.example.net,2026:relay/20260504T1915Z");
        assert_eq!(read[0].url, "https://status.example.net/s/2026/05/04/relay/#u-20260504T1915Z");
        assert_eq!(read[0].at.to_rfc3339(), "2026-05-04T19:15:00+00:00");
        let history = items(made(&history::KIND, &plan, "history.atom").as_bytes()).unwrap();
        assert_eq!((history[0].id.as_str(), history.len()), ("tag:status.example.net,2005:Incident/relay", 1));
        assert_eq!(history[0].url, "https://status.example.net/s/2026/05/04/relay/");

        relay.updates[1].html.html = "<p>Done!</p>".to_owned();
        let corrected = items(made(&rss::KIND, &super::super::super::testing::plan(site(vec![relay])), "feed.xml").as_bytes()).unwrap();
        assert_ne!(read[0].digest, corrected[0].digest);
        assert_eq!(read[1], corrected[1]);
    }

    #[test]
    fn what_is_no_feed_or_half_of_one_is_not_read() {
        for text in
            ["", "news", "<rss><channel>", "<rss><item><guid>a</guid>", "<rss><item><guid>a</guid></item></rss>", "<rss><item></rss>"]
        {
            assert_eq!(items(text.as_bytes()), None, "{text}");
        }
    }
}
