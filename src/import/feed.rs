//! RSS 2.0: an item of a feed is a post (<https://www.rssboard.org/rss-specification>).
//!
//! A feed holds the newest posts alone, and often their first words alone: the report says so where it seems to.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::markdown::words;
use super::xml::{self, Element};
use super::{Export, File, Item, Refused};
use crate::load::times;
use crate::model::address::decode_path;

pub fn export(file: &File) -> Result<Export, Refused> {
    let channel = xml::channel(file, "an RSS feed")?;
    let mut export = Export::default();
    export.homes.extend(Some(channel.text_of("link").trim_end_matches('/').to_owned()).filter(|home| !home.is_empty()));
    for item in channel.all("item") {
        match item_of(item) {
            Some(item) => export.items.push(item),
            None => export.report.skip("without a usable date", &format!("“{}”", words(item.text_of("title")))),
        }
    }
    Ok(export)
}

fn item_of(item: &Element) -> Option<Item> {
    let date = DateTime::parse_from_rfc2822(item.text_of("pubDate")).ok().map(|date| date.with_timezone(&Utc));
    let (title, link) = (words(item.text_of("title")), item.text_of("link"));
    let (whole, first) = (item.text_of("content:encoded"), item.text_of("description"));
    let mut notes = BTreeSet::new();
    if whole.is_empty() && (first.ends_with("[…]") || first.ends_with("[&#8230;]") || first.ends_with("[...]")) {
        notes.insert("the feed has its first words alone".to_owned());
    }
    // Readers that find no `guid` know an item by its link.
    let guid = [item.text_of("guid"), link].into_iter().find(|guid| !guid.is_empty()).map(str::to_owned);
    let author = [item.text_of("dc:creator"), item.text_of("author")].into_iter().map(words).find(|author| !author.is_empty());
    let path = link.split(['?', '#']).next().unwrap_or(link);
    let last = path.split_once("://").and_then(|(_, rest)| rest.trim_end_matches('/').split_once('/')).map_or("", |(_, path)| path);
    let last = decode_path(last.rsplit('/').next().unwrap_or(last));
    let slug = last.strip_suffix(".html").or(last.strip_suffix(".htm")).or(last.strip_suffix(".php")).unwrap_or(&last);
    // A number is a name for a program; the title is better.
    let slug = if slug.bytes().all(|byte| byte.is_ascii_digit()) { String::new() } else { slug.to_owned() };
    Some(Item {
        title,
        date: date.filter(|date| times::is_kept(*date))?,
        slug,
        link: link.to_owned(),
        guid,
        html: if whole.is_empty() { first } else { whole }.to_owned(),
        author,
        categories: item.all("category").map(|category| words(&category.text)).filter(|word| !word.is_empty()).collect(),
        notes,
        ..Item::default()
    })
}
