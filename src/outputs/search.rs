//! The search index: `/search/index.json` says which parts there are, `/search/YEAR-N.json` hold the posts.
//!
//! The script of `/search/` loads the parts newest first and stops when it has enough to show. A part holds at most
//! `PART` posts of one year, counted from the oldest, so that a new post changes one part and, where it opens none, not the
//! list of parts. Whole texts rather than an index of words: at these sizes they compress as well, and give phrases, parts
//! of words, and the sentence around a match.

use chrono::Datelike;
use serde::Serialize;

use super::{Output, OutputKind, json};
use crate::model::{Address, PostIx, Site, rfc3339, slug};
use crate::plan::Plan;
use crate::words::Words;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/search/index.json`, `/search/YEAR-N.json`",
    about: "what the search page reads: titles, texts, tags and servers of all posts, in parts",
    list,
};

/// Posts in a part: with posts of 170 words 240 kB of JSON, 50 to 80 kB compressed; 10,000 posts are 60 parts and 12 MB.
const PART: usize = 200;

fn list(plan: &Plan, _: &crate::theme::Theme) -> Vec<Output> {
    let parts = parts(&plan.site);
    let index = Index::of(&plan.site, &plan.words, &parts);
    let mut outputs = vec![Output::ready("search/index.json", json(&index))];
    for part in parts {
        outputs.push(Output::made(part.address().file(), move |plan| json(&part.posts(&plan.site, &plan.words))));
    }
    outputs
}

/// Some posts of one year.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    year: i32,
    /// 1 is the oldest of its year.
    number: usize,
    /// Newest first.
    posts: Vec<PostIx>,
}

/// All parts, newest first.
fn parts(site: &Site) -> Vec<Part> {
    let oldest_first: Vec<PostIx> = (0..site.posts.len()).rev().collect();
    let mut parts: Vec<Part> = oldest_first
        .chunk_by(|a, b| site.posts[*a].date.year() == site.posts[*b].date.year())
        .flat_map(|year| {
            let part = |(at, posts): (usize, &[PostIx])| Part {
                year: site.posts[posts[0]].date.year(),
                number: at + 1,
                posts: posts.iter().rev().copied().collect(),
            };
            year.chunks(PART).enumerate().map(part)
        })
        .collect();
    parts.reverse();
    parts
}

impl Part {
    fn address(&self) -> Address {
        Address::new(format!("/search/{}-{}.json", self.year, self.number))
    }

    fn posts<'a>(&self, site: &'a Site, words: &Words) -> Posts<'a> {
        Posts { posts: self.posts.iter().map(|&post| Entry::of(site, post, words)).collect() }
    }
}

/// `/search/index.json`
#[derive(Debug, Serialize)]
struct Index<'a> {
    /// Newest first.
    parts: Vec<IndexPart>,
    servers: Vec<IndexServer<'a>>,
    tags: Vec<IndexTag<'a>>,
    /// What the script says, by the last part of its key: `none`, `results.one`, `kind.incident`.
    words: serde_json::Map<String, serde_json::Value>,
}

#[derive(Debug, Serialize)]
struct IndexPart {
    /// With the base path, ready for fetching.
    address: String,
    year: i32,
}

#[derive(Debug, Serialize)]
struct IndexServer<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Debug, Serialize)]
struct IndexTag<'a> {
    slug: &'a str,
    name: &'a str,
}

/// `/search/YEAR-N.json`
#[derive(Debug, Serialize)]
struct Posts<'a> {
    /// Newest first.
    posts: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    /// With the base path, percent-encoded: ready for a link.
    address: String,
    title: &'a str,
    /// When it was posted, in RFC 3339.
    date: String,
    /// The same for people, in the site's language: `4 May 2026`.
    day: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    withdrawn: bool,
    /// Ids.
    servers: Vec<&'a str>,
    /// Slugs; [`Index::tags`] has their names.
    tags: Vec<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    categories: &'a [String],
    /// The words of all updates.
    text: String,
}

impl Index<'_> {
    fn of<'a>(site: &'a Site, words: &Words, parts: &[Part]) -> Index<'a> {
        Index {
            parts: parts.iter().map(|part| IndexPart { address: site.base().href(&part.address()), year: part.year }).collect(),
            servers: site.servers.iter().map(|server| IndexServer { id: &server.id, name: &server.name }).collect(),
            tags: site.tags.iter().map(|tag| IndexTag { slug: &tag.slug, name: &tag.name }).collect(),
            words: script_words(words),
        }
    }
}

/// What the script says: everything below `search.`, the kinds, and what stands between tags.
fn script_words(words: &Words) -> serde_json::Map<String, serde_json::Value> {
    let search = words.all().iter().filter_map(|(key, text)| Some((key.strip_prefix("search.")?, text)));
    let others =
        words.all().iter().filter(|(key, _)| key.starts_with("kind.") || ["state.withdrawn", "mark.comma"].contains(&key.as_str()));
    let others = others.map(|(key, text)| (key.as_str(), text));
    search.chain(others).map(|(key, text)| (key.to_owned(), text.as_str().into())).collect()
}

impl Entry<'_> {
    fn of<'a>(site: &'a Site, ix: PostIx, words: &Words) -> Entry<'a> {
        let post = &site.posts[ix];
        let mut text = String::with_capacity(post.updates.iter().map(|update| update.html.html.len()).sum());
        for update in &post.updates {
            for words in [update.title.as_deref().unwrap_or(""), &update.html.plain()] {
                if !words.is_empty() {
                    text.push_str(if text.is_empty() { "" } else { " " });
                    text.push_str(words);
                }
            }
        }
        Entry {
            address: site.base().href(&post.address),
            title: &post.title,
            date: rfc3339(post.date),
            day: words.day(post.date.date_naive()),
            kind: site.kind_of(ix).word(),
            withdrawn: post.withdrawn,
            servers: site.servers_of(ix).iter().map(|&server| &*site.servers[server].id).collect(),
            tags: post.tags.iter().map(|tag| slug(tag)).collect(),
            categories: &post.categories,
            text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outputs::testing::{made, plan, post, site};

    fn index(plan: &Plan) -> serde_json::Value {
        serde_json::from_str(&made(&KIND, plan, "search/index.json")).unwrap()
    }

    fn part(plan: &Plan, path: &str) -> serde_json::Value {
        serde_json::from_str(&made(&KIND, plan, path)).unwrap()
    }

    /// Posts of 2025 and 2026, hourly from the first of May of each.
    fn many(last_year: usize, this_year: usize) -> Plan {
        let hourly = |year: i32, count: usize| {
            (0..count).map(move |n| {
                let at = crate::outputs::testing::moment(&format!("{year}-05-01T00:00:00Z")) + chrono::TimeDelta::hours(n as i64);
                post(&format!("{year}-{n:03}"), &format!("Post {n}"), &at.to_rfc3339())
            })
        };
        plan(site(hourly(2025, last_year).chain(hourly(2026, this_year)).collect()))
    }

    #[test]
    fn parts_hold_a_year_at_most_and_come_newest_first() {
        let plan = many(1, PART + 1);
        let addresses: Vec<_> = index(&plan)["parts"].as_array().unwrap().iter().map(|part| part["address"].clone()).collect();
        assert_eq!(addresses, ["/s/search/2026-2.json", "/s/search/2026-1.json", "/s/search/2025-1.json"]);
        assert_eq!(part(&plan, "search/2026-2.json")["posts"].as_array().unwrap().len(), 1);
        assert_eq!(part(&plan, "search/2026-1.json")["posts"][0]["title"], format!("Post {}", PART - 1));
    }

    #[test]
    fn a_new_post_changes_one_part_and_nothing_else() {
        let (before, after) = (many(3, PART + 1), many(3, PART + 2));
        for same in ["search/index.json", "search/2026-1.json", "search/2025-1.json"] {
            assert_eq!(made(&KIND, &before, same), made(&KIND, &after, same), "{same}");
        }
        assert_ne!(made(&KIND, &before, "search/2026-2.json"), made(&KIND, &after, "search/2026-2.json"));
    }

    #[test]
    fn an_entry_has_all_that_a_search_looks_at() {
        let mut relay = post("relay", "Relay <b>slow</b>", "2026-05-04T19:00:00Z");
        relay.tags = vec!["Mail relay".into()];
        relay.categories = vec!["Mail".into()];
        relay.updates.push(crate::model::Update {
            title: Some("Disk found".into()),
            ..crate::outputs::testing::update("2026-05-04T20:00:00Z", None, "<p>It waits.</p>")
        });
        let plan = plan(site(vec![relay]));
        let entry = part(&plan, "search/2026-1.json")["posts"][0].clone();
        let expected = serde_json::json!({
            "address": "/s/2026/05/04/relay/", "title": "Relay <b>slow</b>", "date": "2026-05-04T19:00:00Z", "day": "4 May 2026",
            "kind": "incident", "servers": ["nc023"], "tags": ["mail-relay"], "categories": ["Mail"],
            "text": "It fails. Disk found It waits.",
        });
        assert_eq!(entry, expected);
        let index = index(&plan);
        assert_eq!(index["tags"][0], serde_json::json!({ "slug": "mail-relay", "name": "Mail relay" }));
        assert_eq!(index["servers"][1], serde_json::json!({ "id": "nc027", "name": "NC027" }));
        assert_eq!((&index["words"]["so-far.other"], &index["words"]["kind.notice"]), (&"{n} posts found so far".into(), &"Notice".into()));
    }

    #[test]
    fn a_site_without_posts_has_an_index_without_parts() {
        assert_eq!(index(&plan(site(Vec::new())))["parts"], serde_json::json!([]));
    }
}
