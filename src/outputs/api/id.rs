//! Ids that never change: a hash of the site's authority and of the ids that the files carry.
//!
//! In: `feeds.authority`, post, server and update ids. Out: twelve lower-case letters and digits, as the original's ids look.
//! No title, slug, address or date goes in, so that none of them can change an id. XXH3 is a fixed algorithm: its values are the
//! same for ever and everywhere.

use xxhash_rust::xxh3::Xxh3Default;

use crate::model::{Group, Post, Server, Site, State, Thread, Update};

pub fn page(site: &Site) -> String {
    id(site, &["page"])
}

pub fn component(site: &Site, server: &Server) -> String {
    id(site, &["server", &server.id])
}

/// A group has no id but its name.
pub fn group(site: &Site, group: &Group) -> String {
    id(site, &["group", group.name.as_deref().unwrap_or("")])
}

/// Of an incident or maintenance.
pub fn incident(site: &Site, thread: &Thread) -> String {
    id(site, &["event", site.id_of(thread)])
}

pub fn update(site: &Site, post: &Post, update: &Update) -> String {
    id(site, &["update", &post.id, &update.id])
}

/// Of the word that an event is over, or open again, which no update says: of the update before it, and of how many such words stand
/// between them. A corrected `end` leaves it; what happens once more after another update is another word.
pub fn untold(site: &Site, after: &str, number: usize, state: State) -> String {
    id(site, &["end", after, &number.to_string(), state.word()])
}

fn id(site: &Site, parts: &[&str]) -> String {
    digest(&site.config.feeds.authority, parts)
}

/// 62 bits of the hash in base 36: among a million ids two are equal once in ten million sites.
fn digest(authority: &str, parts: &[&str]) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut hash = Xxh3Default::new();
    for part in std::iter::once(&authority).chain(parts) {
        // The length first, so that no two lists of parts are the same bytes.
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut rest = hash.digest128();
    let mut id = String::with_capacity(12);
    for _ in 0..12 {
        id.push(char::from(DIGITS[(rest % 36) as usize]));
        rest /= 36;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_same_for_ever() {
        // These values are in the caches of clients: a change of the algorithm makes every incident a new one.
        assert_eq!(digest("status.example.net,2026", &["server", "nc023"]), "en23fmf1d4cc");
        assert_eq!(digest("status.example.net,2026", &["update", "2026-05-04-relay", "opening"]), "ofqcs7jqo1uq");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(digest("a", &["b", "cd"]), digest("a", &["bc", "d"]));
        assert_ne!(digest("a", &["", "b"]), digest("a", &["b", ""]));
    }
}
