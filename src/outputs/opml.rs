//! `/feeds.opml`: the feeds of the site as one list that feed readers import (OPML 2.0).
//!
//! Left out are the history, whose entries tell the same incidents under other ids, and retired servers, of which nothing new will come.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Output, OutputKind};
use crate::model::{Address, Standing};
use crate::plan::{Listing, Page, Plan, Shows};
use crate::words::Words;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/feeds.opml`",
    about: "the feeds as one list for feed readers: of everything, of maintenance, of each tag, category and server that is not retired",
    list: |_, _| vec![Output::made("feeds.opml", opml)],
};

/// A feed and the page that it belongs to. RSS alone: with every form of a feed a reader would tell everything thrice.
struct Feed {
    title: String,
    feed: Address,
    page: Address,
}

fn opml(plan: &Plan) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write_opml(&mut writer, plan, &plan.words).expect("writing to memory does not fail");
    writer.into_inner()
}

fn write_opml(writer: &mut Writer<Vec<u8>>, plan: &Plan, words: &Words) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
    writer.create_element("head").write_inner_content(|writer| {
        writer.create_element("title").write_text_content(BytesText::new(&plan.site.config.title))?;
        Ok(())
    })?;
    writer.write_event(Event::Start(BytesStart::new("body")))?;
    for feed in whole_site(plan, words) {
        write_feed(writer, plan, &feed)?;
    }
    for (title, feeds) in groups(plan, words) {
        if feeds.is_empty() {
            continue;
        }
        writer.write_event(Event::Start(BytesStart::new("outline").with_attributes([("text", title)])))?;
        for feed in feeds {
            write_feed(writer, plan, &feed)?;
        }
        writer.write_event(Event::End(BytesEnd::new("outline")))?;
    }
    writer.write_event(Event::End(BytesEnd::new("body")))?;
    writer.write_event(Event::End(BytesEnd::new("opml")))?;
    writer.write_event(Event::Text(BytesText::new("\n")))
}

fn whole_site(plan: &Plan, words: &Words) -> [Feed; 2] {
    let site = &plan.site.config.title;
    let feed = |key: &str, feed: &str, page: &str| Feed {
        title: words.fill(key, &[("site", site)]),
        feed: Address::new(feed),
        page: Address::new(page),
    };
    [feed("feed.all", "/feed.xml", "/"), feed("feed.maintenance", "/maintenance.xml", "/")]
}

fn groups<'a>(plan: &Plan, words: &'a Words) -> [(&'a str, Vec<Feed>); 3] {
    let site = &plan.site;
    let of = |page: &Page, key: &str, name: &str| Feed {
        title: words.fill(key, &[("site", &site.config.title), ("name", name)]),
        feed: page.address.join("feed.xml"),
        page: page.address.clone(),
    };
    let [mut servers, mut tags, mut categories] = [const { Vec::new() }; 3];
    for page in &plan.pages {
        match page.shows {
            Shows::Server(server) if site.servers[server].standing != Standing::Retired => {
                servers.push(of(page, "feed.server", &site.servers[server].name));
            }
            Shows::Newest { of: Listing::Tag(tag), .. } => tags.push(of(page, "feed.tag", &site.tags[tag].name)),
            Shows::Newest { of: Listing::Category(category), .. } => {
                categories.push(of(page, "feed.category", &site.categories[category].name))
            }
            _ => {}
        }
    }
    [(words.text("page.servers"), servers), (words.text("page.tags"), tags), (words.text("page.categories"), categories)]
}

fn write_feed(writer: &mut Writer<Vec<u8>>, plan: &Plan, feed: &Feed) -> std::io::Result<()> {
    let (xml, html) = (plan.site.base().absolute(&feed.feed), plan.site.base().absolute(&feed.page));
    let title = feed.title.as_str();
    let attributes = [("type", "rss"), ("text", title), ("title", title), ("xmlUrl", xml.as_str()), ("htmlUrl", html.as_str())];
    writer.write_event(Event::Empty(BytesStart::new("outline").with_attributes(attributes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outputs::testing::{made, plan, post, site};

    #[test]
    fn every_feed_is_listed_once_with_its_page() {
        let mut relay = post("relay", "Relay", "2026-05-04T19:00:00Z");
        relay.tags = vec!["R&D".into()];
        let mut plan = plan(site(vec![relay]));
        let page = |address: &str, shows: Shows| Page { address: Address::new(address), shows, changed: None };
        let newest = Shows::Newest { of: Listing::Tag(0), posts: vec![0], older: None };
        plan.pages = vec![page("/", Shows::Front), page("/tag/rd/", newest), page("/server/nc023/", Shows::Server(0))];
        let text = made(&KIND, &plan, "feeds.opml");
        let document = roxmltree::Document::parse(&text).unwrap();
        let feeds: Vec<_> = document
            .descendants()
            .filter(|node| node.attribute("type") == Some("rss"))
            .map(|node| (node.attribute("text").unwrap(), node.attribute("xmlUrl").unwrap(), node.attribute("htmlUrl").unwrap()))
            .collect();
        let expected = [
            ("Northwind status: all updates", "/feed.xml", "/"),
            ("Northwind status: maintenance", "/maintenance.xml", "/"),
            ("Northwind status: NC023", "/server/nc023/feed.xml", "/server/nc023/"),
        ]
        .map(|(title, feed, page)| (title, format!("https://status.example.net/s{feed}"), format!("https://status.example.net/s{page}")));
        for (feed, (title, address, page)) in feeds.iter().zip(&expected) {
            assert_eq!(*feed, (*title, address.as_str(), page.as_str()));
        }
        assert_eq!((feeds.len(), feeds[3].1), (4, "https://status.example.net/s/tag/rd/feed.xml"));
        assert!(feeds[3].0.contains("R&D"));
    }
}
