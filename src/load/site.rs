//! The whole site from its sources: each file is read by itself, then put together.

use std::sync::{Arc, LazyLock};

use chrono::TimeDelta;
use foldhash::{HashMap, HashSet, HashSetExt};
use rayon::prelude::*;

use super::guard::guarded;
use super::later::{self, Later};
use super::memo::{Memo, ReadFile, ReadText};
use super::post::{self, Front};
use super::servers::{self, Servers};
use super::terms::{self, CATEGORIES, TAGS};
use super::threads::{self, Absent};
use super::updates::{self, SiteContext};
use super::{POSTS, about, assets, config, future, ids, pages, probes, unread};
use crate::findings::{Code, Finding, Findings};
use crate::model::address::slug;
use crate::model::characters::composed;
use crate::model::{Address, Config, FeedEntry, Group, Html, Moment, Pinned, PlainPage, Post, Probes, Server, Site, Update, status};
use crate::source::{SETTINGS, SourceFile, Sources, Span};
use crate::words::Words;
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
    let texts = read_files(sources, options, &config, &servers, memo, findings);
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
    pub servers: Vec<Server>,
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
    let ids_and_entries = || {
        ids::check(&posts, findings);
        feed_entries(&posts)
    };
    let ((threads, thread_of, servers_from, glance, posts_of_server), ((tags, categories), feed_entries)) =
        rayon::join(events, || rayon::join(terms, ids_and_entries));
    [of_threads, of_tags, of_categories].into_iter().for_each(|found| findings.extend(found));
    Site {
        config,
        servers: Arc::new(servers),
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

/// What was read of the posts and plain pages.
#[derive(Default)]
pub(crate) struct Texts {
    pub posts: Vec<Arc<Post>>,
    /// As in [`Site::broken_posts`].
    pub broken_posts: Vec<Arc<Post>>,
    pub absent: Absent,
    pub pages: Vec<PlainPage>,
    /// The files of drafts that are not shown.
    pub drafts: Vec<Arc<str>>,
}

/// How many files a core takes on at once: few, so that none is left alone with many at the end.
const PORTION: usize = 32;

/// Reads all posts and plain pages, on all threads: first every front matter, because a text may link to any post; then the texts.
fn read_files(
    sources: &Sources,
    options: &Options,
    config: &Arc<Config>,
    servers: &Servers,
    memo: &mut Memo,
    findings: &mut Findings,
) -> Texts {
    let files: Vec<&SourceFile> = sources.under(POSTS).filter(|file| file.path.ends_with(".md")).collect();
    let fronts: Vec<(ReadFile, bool)> = files
        .par_iter()
        .with_max_len(PORTION)
        .map(|file| match memo.read(file) {
            Some(read) => (read.clone(), true),
            None => (read_front(file, servers), false),
        })
        .collect();
    let mut absent = absent(files.iter().copied().zip(fronts.iter().map(|(read, _)| read)), options.drafts);
    for unreadable in &sources.unreadable {
        absent.excuse(&unreadable.path);
    }
    let shown = |front: &Front| options.drafts || !front.post.draft;
    // Taken out, because reading a text takes its front matter over. A post or page that could not be read has an address
    // after all: a link to it is not also broken. One to a draft is.
    let addresses: Vec<Option<Address>> = fronts
        .par_iter()
        .map(|(read, _)| match &read.front {
            Some(front) if front.is_whole => shown(front).then(|| front.post.address.clone()),
            _ => Some(Address::new("/")),
        })
        .collect();
    let page_files: Vec<&SourceFile> = sources.under(pages::FOLDER).filter(|file| file.path.ends_with(".md")).collect();
    let page_fronts: Vec<Option<pages::Front>> =
        page_files.iter().map(|file| guarded(file, findings, |findings| pages::front(file, findings)).flatten()).collect();
    let is_shown = |front: &pages::Front| options.drafts || !front.is_draft;
    let page_addresses: Vec<Option<Address>> = page_fronts
        .iter()
        .map(|front| match front {
            Some(front) if front.is_whole() => is_shown(front).then(|| front.address.clone()),
            _ => Some(Address::new("/")),
        })
        .collect();
    // Made for the first path that is written in another Unicode form than its file's name: most sites have none.
    let paths = LazyLock::new(|| {
        let paths = files.iter().chain(&page_files).map(|file| (composed(&file.path), &*file.path));
        paths.rev().collect::<HashMap<_, _>>()
    });
    let address_of = |path: &str| {
        let position = |files: &[&SourceFile], path: &str| files.binary_search_by(|file| (*file.path).cmp(path)).ok();
        let find = |path: &str| match position(&files, path) {
            Some(at) => Some(&addresses[at]),
            None => position(&page_files, path).map(|at| &page_addresses[at]),
        };
        let in_another_form = || if path.is_ascii() { None } else { find(paths.get(&composed(path))?) };
        match find(path).or_else(in_another_form) {
            Some(address) => address.clone(),
            None => sources.is_unreadable(path).then(|| Address::new("/")),
        }
    };
    let words = Words::of(config);
    let site_context = SiteContext { config, servers, words: &words, address_of: &address_of };
    let read: Vec<(ReadFile, Option<Arc<ReadText>>, bool)> = files
        .par_iter()
        .zip(fronts)
        .with_max_len(PORTION)
        .map(|(file, (read, is_remembered))| {
            if !read.front.as_ref().is_some_and(|front| shown(front)) {
                return (read, None, is_remembered);
            }
            let still_holds = |text: &ReadText| text.looked_up.iter().all(|(path, address)| address_of(path) == *address);
            let is_remembered = is_remembered && read.text.as_deref().is_some_and(still_holds);
            let read = if is_remembered { read } else { read_text(file, read, memo.keeps(), &site_context) };
            let text = read.text.clone();
            (read, text, is_remembered)
        })
        .collect();
    let mut posts = Vec::with_capacity(read.len());
    let (mut broken_posts, mut drafts) = (Vec::new(), Vec::new());
    for (file, (read, text, is_remembered)) in files.iter().zip(read) {
        findings.extend(read.findings().cloned());
        match text {
            Some(text) if text.is_whole => posts.push(text.post.clone()),
            Some(text) => broken_posts.push(text.post.clone()),
            None if read.front.is_some() => drafts.push(file.path.clone()),
            None => {}
        }
        if !is_remembered {
            memo.remember(file, read);
        }
    }
    let mut plain = Vec::new();
    for (file, front) in page_files.iter().zip(page_fronts) {
        let Some(front) = front else { continue };
        let is_shown = is_shown(&front);
        // A draft's slips are told too.
        let page = guarded(file, findings, |findings| pages::read(file, front, &site_context, findings)).flatten();
        plain.extend(page.filter(|_| is_shown));
        if !is_shown {
            drafts.push(file.path.clone());
        }
    }
    memo.forget_absent(sources);
    Texts { posts, broken_posts, absent, pages: plain, drafts }
}

/// Drafts that are not shown, and posts whose front matter could not be read.
fn absent<'r>(fronts: impl Iterator<Item = (&'r SourceFile, &'r ReadFile)>, drafts: bool) -> Absent {
    let mut absent = Absent::default();
    for (file, read) in fronts {
        match &read.front {
            Some(front) if front.post.draft && !drafts => absent.drafts.extend([front.post.slug.clone(), front.post.id.clone()]),
            Some(front) if front.is_whole => {}
            front => {
                absent.excused.extend(front.iter().flat_map(|front| [front.post.slug.clone(), front.post.id.clone()]));
                absent.excuse(&composed(&file.path));
            }
        }
    }
    absent
}

fn read_front(file: &SourceFile, servers: &Servers) -> ReadFile {
    let mut findings = Findings::default();
    let front = guarded(file, &mut findings, |findings| post::front(file, servers, findings)).flatten();
    ReadFile { front: front.map(Arc::new), front_findings: findings.into_iter().collect(), text: None }
}

/// Reads the text behind a front matter, which is taken over unless it is to be kept beside it.
fn read_text(file: &SourceFile, mut read: ReadFile, keeps_front: bool, site_context: &SiteContext<'_>) -> ReadFile {
    let Some(front) = read.front.take() else { return read };
    read.front = keeps_front.then(|| front.clone());
    let (is_whole, has_all_servers) = (front.is_whole, front.has_all_servers);
    let mut findings = Findings::default();
    match guarded(file, &mut findings, |findings| updates::read(file, Arc::unwrap_or_clone(front), site_context, findings)) {
        Some(text) => {
            let (post, looked_up) = (Arc::new(text.post), text.looked_up);
            let findings = findings.into_iter().filter(|finding| has_all_servers || finding.code != Code::ForeignServer).collect();
            read.text = Some(Arc::new(ReadText { post, is_whole, looked_up, findings }));
        }
        None => {
            read.front_findings.extend(findings);
            (read.front, read.text) = (None, None);
        }
    }
    read
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
