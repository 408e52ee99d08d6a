//! The whole site from its sources: each file is read by itself, then put together.

use std::sync::Arc;

use chrono::TimeDelta;
use foldhash::{HashSet, HashSetExt};
use rayon::prelude::*;

use super::files::{self, Texts};
use super::later::{self, Later};
use super::memo::Memo;
use super::servers;
use super::terms::{self, CATEGORIES, TAGS};
use super::threads::{self, Absent};
use super::{POSTS, about, assets, config, future, probes, unread};
use crate::findings::{Code, Finding, Findings};
use crate::model::address::slug;
use crate::model::{Address, Config, FeedEntry, Group, Html, Moment, Pinned, Post, Probes, Server, Site, Update, status};
use crate::source::{SETTINGS, SourceFile, Sources, Span};
use crate::{Now, Options};

/// Reads everything; `None` where there are no settings.
///
/// What was read of a file before is taken from `memo` while the file and all that it depends on are the same.
pub fn site(sources: &Sources, options: &Options, memo: &mut Memo, findings: &mut Findings) -> Option<Site> {
    for unreadable in &sources.unreadable {
        findings.push(
            Finding::new(
                Code::Unreadable,
                Span::whole_file(&unreadable.path),
                format!("`{}` {}", super::fields::shown(&unreadable.path), unreadable.why),
            )
            .help(unreadable.help),
        );
    }
    let settings = sources.get(SETTINGS);
    if settings.is_none() && !sources.is_unreadable(SETTINGS) {
        findings.push(
            Finding::new(Code::MissingKey, Span::whole_file(&SETTINGS.into()), "there is no site.toml").help("`signalpost init` makes one"),
        );
        return None;
    }
    unread::find(sources, findings);
    findings.extend(no_content(sources));
    let mut servers = servers::read(sources.get(servers::PATH), findings);
    servers.complete &= !sources.is_unreadable(servers::PATH);
    let config = Arc::new(match settings {
        Some(file) => config::read(file, &servers, options.base_url.as_ref(), findings),
        None => config::unreadable(&SETTINGS.into(), &servers, options.base_url.as_ref()),
    });
    memo.keep_for(&config, &servers);
    let texts = files::read(sources, options.drafts, &config, &servers, memo, findings);
    let probes = probes::read(sources.get(probes::PATH), &servers, options.now, findings);
    let assets = assets::read(sources, findings);
    Some(put_together(Parts { config, servers: servers.list, texts, probes, assets }, options.now, findings))
}

/// Tells where there is nothing to make a page of: a folder that was moved or not fetched would be published as "all is well".
fn no_content(sources: &Sources) -> Option<Finding> {
    let has_post = sources.under(POSTS).any(|file| file.path.ends_with(".md"));
    let is_unreadable = sources.unreadable.iter().any(|unreadable| unreadable.path.split('/').next() == Some("content"));
    if has_post || is_unreadable || sources.get(servers::PATH).is_some() {
        return None;
    }
    let finding = Finding::new(
        Code::NoContent,
        Span::whole_file(&servers::PATH.into()),
        "there is neither a servers file nor a post: the page would say that all is well",
    );
    Some(finding.help(
        "is `content` there? A git submodule may not be fetched, or the folder was moved; \
         a new site needs `content/servers.toml` or a post",
    ))
}

/// What was read, file by file.
pub(crate) struct Parts {
    pub config: Arc<Config>,
    pub servers: Arc<Vec<Server>>,
    pub texts: Texts,
    pub probes: Option<Probes>,
    /// Below the site: `logo.png`.
    pub assets: Vec<(String, SourceFile)>,
}

/// What follows from all files together: threads and what they do, terms, the feeds' entries, and the status of every server.
pub(crate) fn put_together(parts: Parts, now: Now, findings: &mut Findings) -> Site {
    let Parts { mut config, servers, texts: Texts { posts, broken_posts, absent, mut pages, drafts }, probes, assets } = parts;
    let mut later = Later::default();
    later.addresses.extend(broken_posts.iter().flat_map(|post| addresses(post)));
    let (mut posts, absent) = at_moment(posts, absent, now, &mut later, findings);
    if !later.is_empty() {
        for list in posts.iter().flat_map(|post| later::lists(post)) {
            later.addresses.remove(&list);
        }
        later::unlink(&later, &mut posts, &mut pages, &mut config);
    }
    if let Now::Given(moment) = now {
        threads::forget_what_came_later(&mut posts, &absent, moment);
    }
    let groups = groups(&servers);
    let pinned = posts.iter().filter_map(|post| match post.pinned {
        Pinned::Until(until) => Some(until),
        Pinned::No | Pinned::Always => None,
    });
    let runs_out = pinned.chain(probes.as_ref().and_then(Probes::next_change));
    let (mut of_threads, mut of_tags, mut of_categories) = (Findings::default(), Findings::default(), Findings::default());
    let events = || {
        let (threads, thread_of) = threads::threads(&posts, &absent, now, &mut of_threads);
        let servers_from = about::servers_from(&posts, &threads);
        let (glance, posts_of_server) = rayon::join(
            || status::glance(&servers, &groups, &threads, runs_out, now.moment()),
            || about::posts_of_server(&posts, &threads, &thread_of, &servers_from, servers.len()),
        );
        (threads, thread_of, servers_from, glance, posts_of_server)
    };
    let terms = || rayon::join(|| terms::terms(&posts, &TAGS, &mut of_tags), || terms::terms(&posts, &CATEGORIES, &mut of_categories));
    let ((threads, thread_of, servers_from, glance, posts_of_server), ((tags, categories), feed_entries)) =
        rayon::join(events, || rayon::join(terms, || feed_entries(&posts)));
    [of_threads, of_tags, of_categories].into_iter().for_each(|found| findings.extend(found));
    Site {
        config,
        servers,
        groups,
        posts,
        broken_posts,
        thread_of,
        threads,
        tags,
        categories,
        posts_of_server,
        servers_from,
        feed_entries,
        pages,
        drafts,
        assets,
        glance,
        probes,
        excused: later.addresses,
        now: now.moment(),
    }
}

/// The posts as they stood at the described moment, newest first; by the clock, what is later than now is a finding.
fn at_moment(posts: Vec<Arc<Post>>, mut absent: Absent, now: Now, later: &mut Later, findings: &mut Findings) -> (Vec<Arc<Post>>, Absent) {
    let moment = now.moment();
    let mut kept = Vec::with_capacity(posts.len());
    for post in posts {
        match now {
            Now::Clock(_) => {
                future::check(&post, moment, findings);
                kept.push(post);
            }
            Now::Given(_) if post.date > moment => {
                absent.excused.insert(post.slug.clone());
                absent.excused.insert(post.id.clone());
                later.addresses.extend(addresses(&post));
            }
            Now::Given(_) => {
                later.add_updates(&post, moment);
                kept.push(as_it_stood(post, moment));
            }
        }
    }
    kept.par_sort_unstable_by(|a, b| b.date.cmp(&a.date).then_with(|| a.address.cmp(&b.address)).then_with(|| a.path.cmp(&b.path)));
    (kept, absent)
}

/// Where a post is, where it once was, and the lists that it stands in.
fn addresses(post: &Post) -> impl Iterator<Item = Address> {
    post.aliases.iter().chain([&post.address]).cloned().chain(later::lists(post))
}

/// Without the updates that came later. A post whose first words came later had an empty opening until then.
fn as_it_stood(post: Arc<Post>, now: Moment) -> Arc<Post> {
    if post.updates.iter().all(|update| update.is_at(now)) {
        return post;
    }
    let mut post = Post::clone(&post);
    post.updates.retain(|update| update.is_at(now));
    if post.updates.is_empty() {
        post.updates.push(Update::opening(post.date, Html::default(), post.ranges.title.clone()));
    }
    Arc::new(post)
}

fn groups(servers: &[Server]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, server) in servers.iter().enumerate() {
        match groups.iter_mut().find(|group| group.name == server.group) {
            Some(group) => group.servers.push(at),
            None => groups.push(Group { name: server.group.clone(), slug: None, servers: vec![at] }),
        }
    }
    // The first of two that are spelt alike has the word alone, and keeps it.
    let mut taken = HashSet::new();
    for group in &mut groups {
        let own = group.name.as_deref().map(slug).filter(|slug| !slug.is_empty());
        group.slug = own.map(|own| {
            let numbered = (2..).map(|n| format!("{own}-{n}"));
            let free = std::iter::once(own.clone()).chain(numbered).find(|slug| !taken.contains(slug)).unwrap_or(own);
            taken.insert(free.clone());
            free
        });
    }
    groups
}

/// Updates in the order of their times, each a second later than the one before it at least.
fn feed_entries(posts: &[Arc<Post>]) -> Vec<FeedEntry> {
    // The oldest posts first: all but in order already.
    let mut entries: Vec<FeedEntry> = posts
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, post)| post.notify)
        .flat_map(|(at, post)| post.updates.iter().enumerate().map(move |(update, said)| FeedEntry { post: at, update, at: said.at }))
        .collect();
    entries.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| posts[a.post].id.cmp(&posts[b.post].id)).then_with(|| a.update.cmp(&b.update)));
    for at in 1..entries.len() {
        if entries[at].at <= entries[at - 1].at {
            entries[at].at = entries[at - 1].at + TimeDelta::seconds(1);
        }
    }
    entries
}
