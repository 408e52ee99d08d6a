//! What was sent already: `announced.json`.
//!
//! It holds for each channel the ids that are done with: those that it accepted, those that are not for it, and those that were
//! there before it. A channel without an entry is new. What is new to a channel is told by its id and not by its date: a file name may
//! give no more than a day. After [`KEPT`] ids are forgotten and updates are announced no more, so that the file does not grow.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

use super::Channel;
use crate::model::{FeedEntry, Moment, Site, rfc3339};
use crate::outputs::item;

/// How long an id is kept. An update that is older is announced no more.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// The record of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Older updates are not announced.
    pub since: Moment,
    /// Ids by the key of their channel.
    pub sent: BTreeMap<String, BTreeSet<String>>,
}

impl Record {
    /// Reads the file; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Record, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// The file's text.
    pub fn text(&self) -> String {
        format!("{:#}\n", json!({ "since": rfc3339(self.since), "sent": self.sent }))
    }

    /// The record that a run goes on with: a new channel is told nothing of what the site has already, or, with `since`, nothing of
    /// what was published before that moment.
    pub fn begin(old: Option<Record>, site: &Site, channels: &[Channel<'_>], since: Option<Moment>) -> Record {
        let Record { since: oldest, mut sent } = old.unwrap_or_else(|| Record { since: site.now - KEPT, sent: BTreeMap::new() });
        for channel in channels {
            let is_there = |entry: &&FeedEntry| at(site, entry) >= oldest && since.is_none_or(|since| at(site, entry) < since);
            let there = || site.feed_entries.iter().filter(is_there).map(|entry| item::id(site, entry)).collect();
            sent.entry(channel.key()).or_insert_with(there);
        }
        Record { since: oldest, sent }
    }

    /// What a channel is still to be told, oldest first: all that the feeds tell, and so also an update that is some minutes ahead of
    /// the clock. The opening of an imported post is not: the old system told it.
    pub fn pending<'a>(&self, site: &'a Site, channel: &Channel<'_>) -> Vec<&'a FeedEntry> {
        let sent = self.sent.get(&channel.key());
        let is_imported = |entry: &FeedEntry| {
            let post = &site.posts[entry.post];
            post.guid.is_some() && post.updates[entry.update].is_opening()
        };
        let is_new = |entry: &&FeedEntry| {
            at(site, entry) >= self.since && !is_imported(entry) && !sent.is_some_and(|sent| sent.contains(&item::id(site, entry)))
        };
        site.feed_entries.iter().filter(is_new).collect()
    }

    /// An update is done with, for a channel.
    pub fn mark(&mut self, site: &Site, channel: &Channel<'_>, entry: &FeedEntry) {
        self.sent.entry(channel.key()).or_default().insert(item::id(site, entry));
    }

    /// Forgets what is too old to be announced again. Ids that the site does not have are kept: their posts may come back.
    pub fn forget_old(&mut self, site: &Site) {
        self.since = self.since.max(site.now - KEPT);
        let old: HashSet<String> =
            site.feed_entries.iter().filter(|entry| at(site, entry) < self.since).map(|entry| item::id(site, entry)).collect();
        for sent in self.sent.values_mut() {
            sent.retain(|id| !old.contains(id));
        }
    }
}

/// When an update was published: its own time, which no other update can move.
fn at(site: &Site, entry: &FeedEntry) -> Moment {
    site.posts[entry.post].updates[entry.update].at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Post;
    use crate::model::config::{Webhook, WebhookFormat};
    use crate::outputs::testing::{moment, post, site_at, update};

    fn webhook(name: &str) -> Webhook {
        Webhook { name: name.to_owned(), url_env: "X".to_owned(), format: WebhookFormat::Json, servers: Vec::new(), kinds: Vec::new() }
    }

    /// Updates on 1, 10 and 20 November.
    fn posts() -> Vec<Post> {
        let mut first = post("first", "First", "2026-11-01T12:00:00Z");
        first.updates.push(update("2026-11-10T12:00:00Z", None, "<p>On.</p>"));
        vec![first, post("second", "Second", "2026-11-20T12:00:00Z")]
    }

    /// The site of these three on the 21st.
    fn three() -> Site {
        site_at("2026-11-21T19:00:00Z", posts())
    }

    fn ids(site: &Site, record: &Record, channel: &Channel<'_>) -> Vec<String> {
        let short = |entry: &FeedEntry| item::id(site, entry).rsplit(':').next().unwrap_or_default().to_owned();
        record.pending(site, channel).into_iter().map(short).collect()
    }

    #[test]
    fn a_first_run_begins_now_or_where_it_is_told_to() {
        let (site, ops) = (three(), webhook("ops"));
        let ops = Channel::Webhook(&ops);
        let record = Record::begin(None, &site, &[ops], None);
        assert_eq!((record.since, ids(&site, &record, &ops)), (site.now - KEPT, vec![]));
        let record = Record::begin(None, &site, &[ops], Some(moment("2026-11-10T12:00:00Z")));
        assert_eq!(ids(&site, &record, &ops), ["first/20261110T1200Z", "second/opening"]);
    }

    #[test]
    fn what_is_done_with_is_pending_no_more_and_survives_the_file() {
        let (site, ops) = (three(), webhook("ops"));
        let ops = Channel::Webhook(&ops);
        let mut record = Record::begin(None, &site, &[ops], Some(moment("2026-11-01T00:00:00Z")));
        record.mark(&site, &ops, &site.feed_entries[1]);
        let record = Record::parse(&record.text()).unwrap();
        assert_eq!(ids(&site, &record, &ops), ["first/opening", "second/opening"]);
    }

    #[test]
    fn a_new_channel_is_told_nothing_of_before_and_disturbs_no_old_one() {
        let (site, old, new) = (three(), webhook("old"), webhook("new"));
        let (old, new) = (Channel::Webhook(&old), Channel::Webhook(&new));
        let record = Record::begin(None, &site, &[old], Some(moment("2026-11-05T00:00:00Z")));
        let later = Record::begin(Some(record.clone()), &site, &[old, new], None);
        assert_eq!((ids(&site, &later, &old).len(), ids(&site, &later, &new).len()), (2, 0));
        let earlier = Record::begin(Some(record), &site, &[old, new], Some(moment("2026-11-01T00:00:00Z")));
        assert_eq!((ids(&site, &earlier, &old).len(), ids(&site, &earlier, &new).len()), (2, 3));
    }

    #[test]
    fn after_thirty_days_ids_are_forgotten_and_are_not_sent_again() {
        let (site, ops) = (three(), webhook("ops"));
        let ops = Channel::Webhook(&ops);
        let mut record = Record::begin(None, &site, &[ops], Some(moment("2026-11-01T00:00:00Z")));
        for entry in &site.feed_entries {
            record.mark(&site, &ops, entry);
        }
        record.sent.get_mut("webhook:ops").unwrap().insert("tag:x,2026:a-draft-again/opening".to_owned());
        let site = site_at("2026-12-10T12:00:00Z", posts());
        record.forget_old(&site);
        assert_eq!(record.since, moment("2026-11-10T12:00:00Z"));
        assert_eq!(record.sent["webhook:ops"].len(), 3, "{record:?}");
        assert_eq!(ids(&site, &record, &ops), Vec::<String>::new());
    }

    #[test]
    fn an_imported_post_was_announced_by_the_system_that_it_is_from() {
        let ops = webhook("ops");
        let ops = Channel::Webhook(&ops);
        let imported = |post: Post| Post { guid: Some(format!("https://old.example.net/?p={}", post.id)), ..post };
        let site = site_at("2026-11-21T19:00:00Z", posts().into_iter().map(imported).collect());
        let record = Record::begin(None, &site, &[ops], Some(moment("2026-11-01T00:00:00Z")));
        assert_eq!(ids(&site, &record, &ops), ["first/20261110T1200Z"], "what was added since is news");
    }

    #[test]
    fn what_comes_after_the_first_run_is_new_whatever_its_date_says() {
        let ops = webhook("ops");
        let ops = Channel::Webhook(&ops);
        let record = Record::begin(None, &three(), &[ops], None);
        let mut posts = vec![post("dated-by-day", "A", "2026-11-21T00:00:00Z"), post("of-last-week", "B", "2026-11-14T12:00:00Z")];
        posts.push(post("too-old", "C", "2026-10-01T12:00:00Z"));
        posts.push(self::posts().remove(0));
        // The first is within the grace that a clock gets: the feeds have it.
        let later = site_at("2026-11-20T23:58:00Z", posts);
        assert_eq!(ids(&later, &record, &ops), ["of-last-week/opening", "dated-by-day/opening"]);
    }
}
