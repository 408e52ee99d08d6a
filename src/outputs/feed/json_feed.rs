//! JSON Feed 1.1 of everything: <https://www.jsonfeed.org/version/1.1/>.

use serde::Serialize;

use super::super::item::{Items, clean};
use super::super::{Output, OutputKind};
use crate::model::{Site, rfc3339};
use crate::plan::Plan;
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/feed.json`",
    about: "JSON Feed 1.1, one item an update",
    list: |_plan, _theme: &Theme| vec![Output::made("feed.json", document)],
};

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: String,
    feed_url: String,
    description: &'a str,
    language: &'a str,
    authors: [Author; 1],
    items: Vec<Entry>,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    url: String,
    title: String,
    content_html: String,
    date_published: String,
    authors: [Author; 1],
    tags: Vec<String>,
}

fn document(plan: &Plan) -> String {
    let Plan { site, words, .. } = plan;
    let channel = super::everything(plan, "/feed.json");
    let items = Items::of(site, words);
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: &clean(&channel.title),
        home_page_url: site.base().home(),
        feed_url: site.base().absolute(&channel.address),
        description: &clean(&site.config.description),
        language: &site.config.language,
        authors: [Author { name: clean(&site.config.title).into_owned() }],
        items: super::newest(site).map(|ix| entry(&items, site, ix)).collect(),
    };
    serde_json::to_string_pretty(&feed).expect("texts and lists become JSON") + "\n"
}

fn entry(items: &Items, site: &Site, ix: usize) -> Entry {
    let item = items.item(site, &site.feed_entries[ix]);
    Entry {
        id: item.id,
        url: item.link,
        title: item.title,
        content_html: item.html,
        date_published: rfc3339(item.at),
        authors: [Author { name: item.creator }],
        tags: item.categories,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{made, plan, post, site, update};
    use super::super::{atom, rss};
    use super::*;
    use crate::model::State;

    #[test]
    fn the_three_formats_have_the_same_items_in_the_same_order() {
        let mut relay = post("relay", "Relay \u{3}\"quoted\"", "2026-05-04T19:00:00Z");
        relay.updates.push(update("2026-05-04T19:15:00Z", Some(State::Resolved), "<p>Done.</p>"));
        let plan = plan(site(vec![relay, post("web", "Web", "2026-05-04T19:10:00Z")]));
        let told = |text: String| -> Vec<(String, String)> {
            let feed = feed_rs::parser::parse(text.as_bytes()).unwrap();
            feed.entries.into_iter().map(|entry| (entry.id, entry.title.unwrap().content)).collect()
        };
        let json = told(made(&KIND, &plan, "feed.json"));
        assert_eq!(json.len(), 3);
        assert_eq!(json, told(made(&rss::KIND, &plan, "feed.xml")));
        assert_eq!(json, told(made(&atom::KIND, &plan, "atom.xml")));
    }
}
