//! WordPress: WXR, the RSS with extensions that Tools → Export writes (versions 1.0 to 1.2).
//!
//! Its shape is that of `wp-admin/includes/export.php`. Published posts are taken over; everything else is told.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};

use super::markdown::words;
use super::xml::{self, Element};
use super::{Export, File, Item, Refused, Report};
use crate::load::times;
use crate::model::address::decode_path;
use crate::model::{Moment, slug};

mod text;

pub fn export(file: &File) -> Result<Export, Refused> {
    let channel = xml::channel(file, "a WordPress export")?;
    if channel.child("wp:wxr_version").is_none() {
        let why = "is not a WordPress export: it has no `wp:wxr_version` (Tools → Export writes one; a feed is imported by `import rss`)";
        return Err(Refused { file: file.name.clone(), why: why.to_owned() });
    }
    let mut export = Export::default();
    for home in ["wp:base_blog_url", "link"] {
        export.homes.extend(Some(channel.text_of(home).trim_end_matches('/').to_owned()).filter(|home| !home.is_empty()));
    }
    moved_terms(&channel, &mut export.report);
    let authors = channel.all("wp:author").map(|author| (author.text_of("wp:author_login"), author.text_of("wp:author_display_name")));
    let authors: BTreeMap<&str, &str> = authors.collect();
    let mut comments = 0;
    for item in channel.all("item") {
        comments += item.all("wp:comment").count();
        match item_of(item, &authors) {
            Ok(item) => export.items.push(item),
            Err(why) => export.report.skip(why, &name_of(item)),
        }
    }
    if comments > 0 {
        export.report.remark(format!("comments are not taken over: {comments}"));
    }
    Ok(export)
}

/// A title, or what else an item can be found by.
fn name_of(item: &Element) -> String {
    let title = words(item.text_of("title"));
    if title.is_empty() { format!("number {}", item.text_of("wp:post_id")) } else { format!("“{title}”") }
}

/// A published post; the error is why it is none.
fn item_of<'a>(item: &'a Element, authors: &BTreeMap<&str, &str>) -> Result<Item, &'a str> {
    match (item.text_of("wp:post_type"), item.text_of("wp:status")) {
        ("post", "publish") => {}
        ("post", "future") => return Err("scheduled for later"),
        ("post", "pending") => return Err("pending review"),
        ("post", "auto-draft") => return Err("draft"),
        ("post", status) => return Err(if status.is_empty() { "without a status" } else { status }),
        ("", _) => return Err("without a type"),
        (kind, _) => return Err(kind),
    }
    if !item.text_of("wp:post_password").is_empty() {
        return Err("with a password");
    }
    let mut notes = BTreeSet::new();
    let date = date(item, &mut notes).ok_or("without a usable date")?;
    let html = text::html(item.child("content:encoded").map_or("", |content| &content.text), &mut notes);
    let author = item.text_of("dc:creator");
    let author = authors.get(author).copied().filter(|name| !name.is_empty()).unwrap_or(author);
    let mut post = Item {
        title: words(item.text_of("title")),
        is_untitled: false,
        date,
        slug: decode_path(item.text_of("wp:post_name")),
        link: item.text_of("link").to_owned(),
        other_links: Vec::new(),
        number: item.text_of("wp:post_id").to_owned(),
        guid: Some(item.text_of("guid").to_owned()).filter(|guid| !guid.is_empty()),
        html,
        author: Some(words(author)).filter(|author| !author.is_empty()),
        summary: Some(words(item.text_of("excerpt:encoded"))).filter(|summary| !summary.is_empty()),
        categories: Vec::new(),
        tags: Vec::new(),
        is_pinned: item.text_of("wp:is_sticky") == "1",
        changed: None,
        notes,
        stated: None,
    };
    for term in item.all("category") {
        let list = match term.attribute("domain") {
            "" | "category" => &mut post.categories,
            "tag" | "post_tag" => &mut post.tags,
            _ => continue,
        };
        let word = words(&term.text);
        if !word.is_empty() && !list.contains(&word) {
            list.push(word);
        }
    }
    // Version 1.0 writes each tag without its domain too.
    let tags = &post.tags;
    let is_old = item.all("category").any(|term| term.attribute("domain") == "tag");
    post.categories.retain(|category| !is_old || !tags.contains(category));
    Ok(post)
}

/// When it was published, in UTC. A post that was never given its UTC date has it in `pubDate`.
fn date(item: &Element, notes: &mut BTreeSet<String>) -> Option<Moment> {
    let read = |name: &str| NaiveDateTime::parse_from_str(item.text_of(name), "%Y-%m-%d %H:%M:%S").ok().map(|date| date.and_utc());
    let feed = || DateTime::parse_from_rfc2822(item.text_of("pubDate")).ok().map(|date| date.with_timezone(&Utc));
    let is_usable = |date: &Moment| times::is_kept(*date);
    read("wp:post_date_gmt").filter(is_usable).or_else(|| feed().filter(is_usable)).or_else(|| {
        let local = read("wp:post_date").filter(is_usable);
        if local.is_some() {
            notes.insert("its time has no zone in the export, and is taken for UTC".to_owned());
        }
        local
    })
}

/// Categories and tags whose pages had another address than ours.
fn moved_terms(channel: &Element, report: &mut Report) {
    let terms = [("wp:category", "category", "wp:cat_name", "wp:category_nicename"), ("wp:tag", "tag", "wp:tag_name", "wp:tag_slug")];
    for (element, kind, name, nicename) in terms {
        for term in channel.all(element) {
            let (name, old) = (words(term.text_of(name)), decode_path(term.text_of(nicename)));
            let is_below = !term.text_of("wp:category_parent").is_empty();
            if !name.is_empty() && !old.is_empty() && (old != slug(&name) || is_below) {
                let parent = if is_below { format!("{}/", decode_path(term.text_of("wp:category_parent"))) } else { String::new() };
                report.remark(format!(
                    "the {kind} “{name}” was at `/{kind}/{parent}{old}/` and is at `/{kind}/{}/` now: let the host lead there",
                    slug(&name)
                ));
            }
        }
    }
}
