//! Posts that an export holds more than once, as people collect overlapping saves, and posts that are there in another state.

use std::collections::BTreeMap;

use super::addresses::PostLocation;
use super::links::Url;
use super::{ExistingSite, Item, Report};
use crate::model::address::collision_key;
use crate::model::{Post, rfc3339};

/// Each item once: of two states of one, the newer, which is the one that comes later where the export does not say. What differs is told.
pub fn without_repeats(items: Vec<Item>, report: &mut Report) -> Vec<Item> {
    let mut kept: Vec<Item> = Vec::with_capacity(items.len());
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for item in items {
        let Some(identity) = identity(&item) else {
            kept.push(item);
            continue;
        };
        let place = *places.entry(identity).or_insert(kept.len());
        let Some(other) = kept.get_mut(place) else {
            kept.push(item);
            continue;
        };
        let older = if item.changed >= other.changed { std::mem::replace(other, item) } else { item };
        let differences = differences(&older, other);
        let why = if differences.is_empty() {
            "twice in the export".to_owned()
        } else {
            format!("twice in the export, and the newer differs in {}", differences.join(", "))
        };
        report.skip(&why, &format!("“{}”", older.title));
    }
    kept
}

/// What a post is called by wherever it is told: its feed id, else its old address.
fn identity(item: &Item) -> Option<String> {
    let address = || match Url::parse(&item.link) {
        Some(url) if url.path == "/" && url.query.is_empty() => None,
        Some(url) => Some(format!("{}{}?{}", url.host, collision_key(url.path.trim_end_matches('/')), url.query)),
        None => Some(item.link.clone()).filter(|link| link.starts_with('/') && link.len() > 1),
    };
    item.guid.clone().or_else(address)
}

fn differences(older: &Item, newer: &Item) -> Vec<&'static str> {
    let updates = |item: &Item| item.stated.as_ref().map(|stated| stated.updates.clone());
    let event = |item: &Item| {
        let stated = item.stated.clone()?;
        Some((stated.kind, stated.start, stated.end, stated.impact, stated.components, stated.affected))
    };
    let all = [
        ("its title", older.title != newer.title),
        ("its time", older.date != newer.date),
        ("its text", older.html != newer.html),
        ("its updates", updates(older) != updates(newer)),
        ("kind, window, impact or components", event(older) != event(newer)),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
}

/// Says what an export tells now of posts that are there, and those do not.
pub fn tell_news(items: &[Item], locations: &[PostLocation], existing: &ExistingSite<'_>, report: &mut Report) {
    let posts: BTreeMap<&str, &Post> = existing.site.posts.iter().map(|post| (&*post.path, &**post)).collect();
    for (item, PostLocation { path, .. }) in items.iter().zip(locations) {
        let Some(post) = posts.get(path.as_str()) else { continue };
        if *post.title != *item.title {
            report.note(path, format!("the export calls it “{}” now", item.title));
        }
        if post.date != item.date {
            report.note(path, format!("the export has it begin at {} now", rfc3339(item.date)));
        }
        for update in item.stated.iter().flat_map(|stated| &stated.updates) {
            if !post.updates.iter().any(|there| (there.at, there.state) == (update.at, update.state)) {
                let state = update.state.map_or(String::new(), |state| format!(" ({})", state.word()));
                report.note(path, format!("the export has an update of {}{state} that is not here", rfc3339(update.at)));
            }
        }
    }
}
