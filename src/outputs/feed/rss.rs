//! RSS 2.0: everything, each tag, category and server, and maintenance.
//!
//! Each item is made once, through the `rss` package, and stands byte for byte in every feed that shows it: readers keep
//! one copy of an id for all their feeds.

use std::sync::{Arc, OnceLock};

use rss::extension::{Extension, dublincore::DublinCoreExtension};
use rss::{Category, Guid};

use super::super::item::{Items, clean};
use super::super::{Output, OutputKind};
use super::{ByPost, Channel, STYLESHEET, extensions, namespaces, rfc822, self_link};
use crate::model::{Address, Kind, Moment, PostIx, Site, escape};
use crate::plan::{Listing, Plan};
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/feed.xml`, `/tag/SLUG/feed.xml`, `/category/SLUG/feed.xml`, `/server/ID/feed.xml`, `/maintenance.xml`, `/feed/index.xml`, `/feed.css`",
    about: "RSS 2.0, one item an update: of everything, one tag, category or server, and of maintenance; WordPress's address goes on working",
    list,
};

/// How long a reader may keep a feed without asking again, in minutes.
const TTL: &str = "15";

fn list(plan: &Plan, _theme: &Theme) -> Vec<Output> {
    let Plan { site, words, .. } = plan;
    let shared = Arc::new(Shared::of(site));
    let title = |key: &str, name: &str| words.fill(key, &[("site", &site.config.title), ("name", name)]);
    let part = |page: Address, title: String, of: Part| {
        let address = page.join("feed.xml");
        output(&shared, address.file(), Channel { address, title, page }, of)
    };
    let mut outputs = vec![
        output(&shared, "feed.xml".to_owned(), super::everything(plan, "/feed.xml"), Part::All),
        // WordPress's `/feed/`, for hosts that look for `index.xml` in a folder. It names `/feed.xml` as itself.
        output(&shared, "feed/index.xml".to_owned(), super::everything(plan, "/feed.xml"), Part::All),
        output(
            &shared,
            "maintenance.xml".to_owned(),
            Channel { address: Address::new("/maintenance.xml"), title: title("feed.maintenance", ""), page: Address::new("/") },
            Part::Maintenance,
        ),
        super::stylesheet(words),
    ];
    for (ix, tag) in site.tags.iter().enumerate() {
        outputs.push(part(Address::of_tag(&tag.slug), title("feed.tag", &tag.name), Part::Of(Listing::Tag(ix))));
    }
    for (ix, category) in site.categories.iter().enumerate() {
        let page = Address::of_category(&category.slug);
        outputs.push(part(page, title("feed.category", &category.name), Part::Of(Listing::Category(ix))));
    }
    for (ix, server) in site.servers.iter().enumerate() {
        outputs.push(part(server.address(), title("feed.server", &server.name), Part::Of(Listing::Server(ix))));
    }
    outputs
}

/// Which updates a feed shows.
#[derive(Debug, Clone, Copy)]
enum Part {
    All,
    Maintenance,
    Of(Listing),
}

/// What all RSS feeds of a site share, made when the first of them asks.
struct Shared {
    items: OnceLock<Items>,
    by_post: OnceLock<ByPost>,
    /// By position in `site.feed_entries`: the item as it stands in every feed.
    xml: Vec<OnceLock<Box<[u8]>>>,
}

impl Shared {
    fn of(site: &Site) -> Shared {
        Shared { items: OnceLock::new(), by_post: OnceLock::new(), xml: site.feed_entries.iter().map(|_| OnceLock::new()).collect() }
    }

    fn xml(&self, Plan { site, words, .. }: &Plan, ix: usize) -> &[u8] {
        self.xml[ix].get_or_init(|| item_xml(self.items.get_or_init(|| Items::of(site, words)), site, ix))
    }

    /// Positions in `site.feed_entries`, newest first.
    fn shown(&self, site: &Site, part: Part) -> Vec<usize> {
        let by_post = || self.by_post.get_or_init(|| ByPost::of(site));
        match part {
            Part::All | Part::Of(Listing::All) => super::newest(site).collect(),
            Part::Maintenance => {
                let of_maintenance = |&ix: &usize| site.kind_of(site.feed_entries[ix].post) == Kind::Maintenance;
                (0..site.feed_entries.len()).rev().filter(of_maintenance).take(site.config.feeds.items).collect()
            }
            Part::Of(Listing::Tag(tag)) => by_post().newest(site, site.tags[tag].posts.iter().copied()),
            Part::Of(Listing::Category(category)) => by_post().newest(site, site.categories[category].posts.iter().copied()),
            Part::Of(Listing::Server(server)) => {
                let is_about = |post: &PostIx| site.servers_said(*post).contains(&server);
                by_post().newest(site, site.posts_of_server[server].iter().copied().filter(is_about))
            }
        }
    }
}

fn output(shared: &Arc<Shared>, path: String, channel: Channel, part: Part) -> Output {
    let shared = shared.clone();
    Output::made(path, move |plan| {
        let site = &plan.site;
        let shown = shared.shown(site, part);
        let (head, tail) = frame(site, &channel, shown.first().map(|&ix| site.feed_entries[ix].at));
        let items: Vec<&[u8]> = shown.iter().map(|&ix| shared.xml(plan, ix)).collect();
        [head.as_slice(), &items.concat(), &tail].concat()
    })
}

/// The feed without its items: what stands before and after them.
fn frame(site: &Site, channel: &Channel, newest: Option<Moment>) -> (Vec<u8>, Vec<u8>) {
    let base = site.base();
    let channel = rss::Channel {
        title: clean(&channel.title).into_owned(),
        link: base.absolute(&channel.page),
        description: clean(&site.config.description).into_owned(),
        language: Some(clean(&site.config.language).into_owned()),
        last_build_date: newest.map(|at| rfc822(at, "GMT")),
        ttl: Some(TTL.to_owned()),
        extensions: self_link(&base.absolute(&channel.address)),
        namespaces: namespaces(),
        ..rss::Channel::default()
    };
    let style = format!("\n<?xml-stylesheet type=\"text/css\" href=\"{}\"?>\n", escape(&base.href(&Address::new(STYLESHEET))));
    let xml = written(&channel);
    let after_declaration = find(&xml, b"?>").map_or(0, |at| at + 2);
    let before_end = xml.len() - b"</channel></rss>".len();
    let head = [&xml[..after_declaration], style.as_bytes(), &xml[after_declaration..before_end], b"\n"].concat();
    (head, [&xml[before_end..], b"\n"].concat())
}

/// One item as XML, with a line end behind it.
fn item_xml(items: &Items, site: &Site, ix: usize) -> Box<[u8]> {
    let item = items.item(site, &site.feed_entries[ix]);
    // The package writes `description` as CDATA, which some chat connectors show as it is; as an extension it is escaped text.
    let description = Extension { name: "description".to_owned(), value: Some(item.html), ..Extension::default() };
    let item = rss::Item {
        title: Some(item.title),
        link: Some(item.link),
        guid: Some(Guid { value: item.id, permalink: false }),
        pub_date: Some(rfc822(item.at, "GMT")),
        categories: item.categories.into_iter().map(|name| Category { name, domain: None }).collect(),
        dublin_core_ext: Some(DublinCoreExtension { creators: vec![item.creator], ..DublinCoreExtension::default() }),
        extensions: extensions("", description),
        ..rss::Item::default()
    };
    // The package writes whole channels; the item is cut out of one that holds nothing else.
    let xml = written(&rss::Channel { items: vec![item], ..rss::Channel::default() });
    let start = find(&xml, b"<item>").unwrap_or(0);
    let end = xml.len() - b"</channel></rss>".len();
    [&xml[start..end], b"\n"].concat().into_boxed_slice()
}

fn written(channel: &rss::Channel) -> Vec<u8> {
    channel.write_to(Vec::with_capacity(4096)).expect("writing to memory does not fail")
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{made, plan, post, site, update};
    use super::*;
    use crate::model::State;

    fn sample() -> Plan {
        let mut relay = post("relay", "Relay \u{1}]]> & \"<offline>\"", "2026-05-04T19:00:00Z");
        relay.tags = vec!["SMTP".to_owned()];
        relay.updates.push(update("2026-05-04T19:15:00Z", Some(State::Resolved), "<p>Done ]]&gt; \u{b}.</p>"));
        let mut other = post("web", "Web", "2026-05-05T19:00:00Z");
        other.servers = vec![1];
        plan(site(vec![relay, other]))
    }

    #[test]
    fn the_feed_is_read_back_by_a_strict_and_by_a_lenient_parser() {
        let xml = made(&KIND, &sample(), "feed.xml");
        let document = roxmltree::Document::parse(&xml).unwrap();
        let text = |name: &str| document.descendants().find(|node| node.has_tag_name(name)).and_then(|node| node.text());
        assert_eq!(text("lastBuildDate"), Some("Tue, 05 May 2026 19:00:00 GMT"));
        let this = document.descendants().find(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "link"))).unwrap();
        assert_eq!(this.attribute("href"), Some("https://status.example.net/s/feed.xml"));
        let feed = feed_rs::parser::parse(xml.as_bytes()).unwrap();
        assert_eq!(feed.entries.len(), 3);
        assert_eq!(feed.entries[2].title.as_ref().unwrap().content, "Incident: Relay ]]> & \"<offline>\" (NC023)");
        assert_eq!(feed.entries[1].id, "tag:status.example.net,2026:relay/20260504T1915Z");
        assert!(!xml.contains("CDATA"), "text is escaped, never CDATA");
    }

    #[test]
    fn an_item_is_the_same_bytes_in_every_feed() {
        let plan = sample();
        let all = made(&KIND, &plan, "feed.xml");
        let items: Vec<&str> = all.lines().filter(|line| line.starts_with("<item>")).collect();
        for (path, expected) in [
            ("feed/index.xml", vec![items[0], items[1], items[2]]),
            ("tag/smtp/feed.xml", vec![items[1], items[2]]),
            ("server/nc027/feed.xml", vec![items[0]]),
            ("maintenance.xml", vec![]),
        ] {
            let part = made(&KIND, &plan, path);
            assert_eq!(part.lines().filter(|line| line.starts_with("<item>")).collect::<Vec<_>>(), expected, "{path}");
        }
    }

    #[test]
    fn a_feed_without_items_is_valid_and_says_no_date() {
        let xml = made(&KIND, &plan(site(vec![])), "feed.xml");
        assert!(roxmltree::Document::parse(&xml).is_ok() && !xml.contains("lastBuildDate"), "{xml}");
    }

    #[test]
    fn a_feed_shows_as_many_items_as_the_site_asks_for() {
        let posts = (1..=60).map(|n| post(&format!("p{n}"), &format!("P{n}"), &format!("2026-05-04T19:{:02}:00Z", n % 60)));
        let xml = made(&KIND, &plan(site(posts.collect())), "server/nc023/feed.xml");
        assert_eq!(xml.matches("<item>").count(), 50);
    }
}
