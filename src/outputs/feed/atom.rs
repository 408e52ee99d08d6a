//! Atom of everything (RFC 4287), in threads (RFC 4685).

use std::io;

use quick_xml::events::{BytesPI, Event};

use super::super::item::{Item, Items, clean, tag_uri};
use super::super::{Output, OutputKind};
use super::xml::{Xml, author, document, html, line, link, text};
use super::{Channel, STYLESHEET};
use crate::model::{Address, Site, escape, rfc3339};
use crate::plan::Plan;
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/atom.xml`",
    about: "Atom, one entry an update, threaded by incident (RFC 4685)",
    list: |_plan, _theme: &Theme| vec![Output::made("atom.xml", |plan| feed(plan).expect("writing to memory does not fail"))],
};

fn feed(plan: &Plan) -> io::Result<Vec<u8>> {
    let Plan { site, words, .. } = plan;
    let channel = super::everything(plan, "/atom.xml");
    let items = Items::of(site, words);
    let mut xml = document()?;
    let style = format!("xml-stylesheet type=\"text/css\" href=\"{}\"", escape(&site.base().href(&Address::new(STYLESHEET))));
    xml.write_event(Event::PI(BytesPI::new(style)))?;
    line(&mut xml)?;
    xml.create_element("feed")
        .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
        .with_attribute(("xmlns:thr", "http://purl.org/syndication/thread/1.0"))
        .with_attribute(("xml:lang", clean(&site.config.language).as_ref()))
        .write_inner_content(|xml| {
            about(xml, site, &channel)?;
            for ix in super::newest(site) {
                line(xml)?;
                entry(xml, &items.item(site, &site.feed_entries[ix]))?;
            }
            line(xml)
        })?;
    line(&mut xml)?;
    Ok(xml.into_inner())
}

fn about(xml: &mut Xml, site: &Site, channel: &Channel) -> io::Result<()> {
    text(xml, "id", &tag_uri(site, channel.address.as_str()))?;
    text(xml, "title", &clean(&channel.title))?;
    if !site.config.description.is_empty() {
        text(xml, "subtitle", &clean(&site.config.description))?;
    }
    text(xml, "updated", &rfc3339(super::changed(site, super::newest(site).next())))?;
    link(xml, "self", "application/atom+xml", &site.base().absolute(&channel.address))?;
    link(xml, "alternate", "text/html", &site.base().absolute(&channel.page))?;
    author(xml, &clean(&site.config.title))
}

fn entry(xml: &mut Xml, item: &Item) -> io::Result<()> {
    let at = rfc3339(item.at);
    let entry = xml.create_element("entry").write_inner_content(|xml| {
        text(xml, "id", &item.id)?;
        text(xml, "title", &item.title)?;
        link(xml, "alternate", "text/html", &item.link)?;
        text(xml, "published", &at)?;
        text(xml, "updated", &at)?;
        author(xml, &item.creator)?;
        if let Some(first) = &item.reply_to {
            xml.create_element("thr:in-reply-to").with_attribute(("ref", first.as_str())).write_empty()?;
        }
        for category in &item.categories {
            xml.create_element("category").with_attribute(("term", category.as_str())).write_empty()?;
        }
        html(xml, &item.html)
    });
    entry.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{made, plan, post, site, update};
    use super::*;
    use crate::model::State;

    #[test]
    fn entries_of_one_incident_reply_to_its_first() {
        let mut relay = post("relay", "Relay \u{2} & <co>", "2026-05-04T19:00:00Z");
        relay.updates.push(update("2026-05-04T19:15:00Z", Some(State::Resolved), "<p>Done.</p>"));
        let xml = made(&KIND, &plan(site(vec![relay])), "atom.xml");
        let document = roxmltree::Document::parse(&xml).unwrap();
        let replies: Vec<_> =
            document.descendants().filter(|node| node.tag_name().name() == "in-reply-to").map(|node| node.attribute("ref")).collect();
        assert_eq!(replies, [Some("tag:status.example.net,2026:relay/opening")]);
        let feed = feed_rs::parser::parse(xml.as_bytes()).unwrap();
        assert_eq!(feed.id, "tag:status.example.net,2026:/atom.xml");
        assert_eq!(feed.updated.unwrap().to_rfc3339(), "2026-05-04T19:15:00+00:00");
        assert_eq!(feed.entries[1].title.as_ref().unwrap().content, "Incident: Relay & <co> (NC023)");
    }

    #[test]
    fn a_feed_without_entries_is_dated_by_its_authority() {
        let xml = made(&KIND, &plan(site(vec![])), "atom.xml");
        assert!(xml.contains("<updated>2026-01-01T00:00:00Z</updated>"), "{xml}");
    }
}
