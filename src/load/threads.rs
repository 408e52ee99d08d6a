//! Posts chained by `follows` to threads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet};
use rayon::prelude::*;

use super::fields::shown;
use super::follow_ups;
use super::names;
use crate::Now;
use crate::findings::nearest::nearest;
use crate::findings::{Code, Finding, Findings};
use crate::model::{Impact, Kind, Moment, Post, PostIx, ServerIx, Thread, UpdateIx, event, following, rfc3339};
use crate::source::Span;

/// Posts that are not part of the site, but that a `follows` may name.
#[derive(Debug, Default)]
pub struct Absent {
    /// Slugs and ids of drafts.
    pub drafts: BTreeSet<String>,
    /// Slugs and ids of posts that could not be read, or are later than the site's moment: following them is no finding.
    pub excused: BTreeSet<String>,
}

impl Absent {
    /// A file that could not be read: what its name alone says of it.
    pub fn excuse(&mut self, path: &str) {
        let name = names::file_name(path);
        self.excused.extend(name.iter().flat_map(|name| [name.stem.to_owned(), name.slug.to_owned()]));
    }
}

/// The threads of a site, in the order of their newest post, and the thread of each post.
pub fn threads(posts: &[Arc<Post>], absent: &Absent, now: Now, findings: &mut Findings) -> (Vec<Thread>, Vec<usize>) {
    let parents = parents(posts, absent, findings);
    let roots = roots(posts, &parents, findings);
    let members = members(posts, &parents, &roots);
    let threads: Vec<Thread> = members.into_par_iter().map(|members| thread(posts, members, now)).collect();
    for (post, parent) in parents.iter().enumerate().filter_map(|(post, parent)| Some((post, (*parent)?))) {
        // The first post of a circle follows none of it.
        if roots[post] != post {
            check_date(&posts[post], &posts[parent], findings);
        }
    }
    let mut thread_of = vec![0; posts.len()];
    for (at, thread) in threads.iter().enumerate() {
        for post in &thread.posts {
            thread_of[*post] = at;
        }
        if thread.posts.len() > 1 {
            check(posts, thread, now, findings);
            // A post that could not be read, or is later than the moment, may say it.
            if absent.excused.is_empty() {
                check_start(posts, thread, findings);
            }
        }
    }
    (threads, thread_of)
}

/// The posts of each thread in the order of telling; threads in the order of their newest post.
fn members(posts: &[Arc<Post>], parents: &[Option<PostIx>], roots: &[PostIx]) -> Vec<Vec<PostIx>> {
    let mut members: Vec<Vec<PostIx>> = vec![Vec::new(); posts.len()];
    for (post, root) in roots.iter().enumerate() {
        members[*root].push(post);
    }
    let mut members: Vec<Vec<PostIx>> = members
        .into_iter()
        .enumerate()
        .filter(|(_, posts_of)| !posts_of.is_empty())
        .map(|(root, mut posts_of)| {
            // Follow-ups of one day have one date where their names alone say it: each stands behind what it follows.
            let steps = |post: PostIx| std::iter::successors(Some(post), |at| parents[*at].filter(|_| *at != root)).count();
            if posts_of.len() > 1 {
                posts_of.sort_by_cached_key(|post| (*post != root, posts[*post].date, steps(*post), *post));
            }
            posts_of
        })
        .collect();
    members.sort_by_key(|posts| posts.iter().min().copied());
    members
}

/// As the site stood at a moment, the `end` of an incident that lay behind it was not known, nor that trouble would begin again: such
/// posts lose it.
pub fn forget_what_came_later(posts: &mut [Arc<Post>], absent: &Absent, now: Moment) {
    if !posts.iter().any(|post| [post.start, post.end].into_iter().flatten().any(|at| at > now)) {
        return;
    }
    // They are told when the threads are made.
    let mut findings = Findings::default();
    let parents = parents(posts, absent, &mut findings);
    let roots = roots(posts, &parents, &mut findings);
    for members in members(posts, &parents, &roots) {
        let told: Vec<&Post> = members.iter().map(|post| posts[*post].as_ref()).collect();
        if event::kind(&told) == Kind::Maintenance {
            continue;
        }
        for (position, post) in members.iter().enumerate() {
            if posts[*post].end.is_some_and(|end| end > now) {
                Arc::make_mut(&mut posts[*post]).end = None;
            }
            if position > 0 && posts[*post].start.is_some_and(|start| start > now) {
                Arc::make_mut(&mut posts[*post]).start = None;
            }
        }
    }
}

fn thread(posts: &[Arc<Post>], members: Vec<PostIx>, now: Now) -> Thread {
    let told: Vec<&Post> = members.iter().map(|post| posts[*post].as_ref()).collect();
    let kind = event::kind(&told);
    let event = event::of(&told, now.moment());
    let mut servers: Vec<ServerIx> = match &event {
        Some(event) => event.concerned.iter().chain(&event.servers).copied().collect(),
        None => told.iter().flat_map(|post| &post.servers).copied().collect(),
    };
    servers.sort_unstable();
    servers.dedup();
    let updates_of = |post: PostIx| (0..posts[post].updates.len()).map(move |update| UpdateIx { post, update });
    let mut updates: Vec<UpdateIx> = members.iter().flat_map(|post| updates_of(*post)).collect();
    updates.sort_by_key(|ix| posts[ix.post].updates[ix.update].at);
    Thread { posts: members, kind, servers, updates, event }
}

/// Which post each post follows.
fn parents(posts: &[Arc<Post>], absent: &Absent, findings: &mut Findings) -> Vec<Option<PostIx>> {
    if posts.iter().all(|post| post.follows.is_none()) {
        return vec![None; posts.len()];
    }
    // Few posts are followed: only these are noted.
    let words = posts.iter().filter_map(|post| post.follows.as_deref());
    let wanted: HashSet<&str> = words.flat_map(|word| [word, last_part(word)]).collect();
    let mut by_slug: HashMap<&str, Vec<PostIx>> = HashMap::new();
    let mut by_id: HashMap<&str, PostIx> = HashMap::new();
    let is_followed = |(_, post): &(PostIx, &Arc<Post>)| wanted.contains(post.slug.as_str()) || wanted.contains(post.id.as_str());
    let followed: Vec<(PostIx, &Arc<Post>)> = posts.par_iter().enumerate().filter(is_followed).collect();
    for (at, post) in followed {
        by_slug.entry(&post.slug).or_default().push(at);
        by_id.insert(&post.id, at);
    }
    let by_path = |word: &str| {
        let path = format!("/{}/", word.trim_matches('/'));
        by_slug.get(last_part(word))?.iter().copied().find(|post| posts[*post].address.as_str() == path)
    };
    let mut suggestions = Suggestions { posts, slugs: None, left: MOST_SUGGESTIONS };
    let mut parents = Vec::with_capacity(posts.len());
    for (at, post) in posts.iter().enumerate() {
        let Some(word) = &post.follows else {
            parents.push(None);
            continue;
        };
        // A word may be the id of one post and the slug of another.
        let called = by_id.get(word.as_str()).into_iter().chain(by_slug.get(word.as_str()).into_iter().flatten());
        let called: BTreeSet<PostIx> = called.copied().filter(|other| *other != at).collect();
        let parent = match by_path(word) {
            None if called.len() > 1 => {
                let several: Vec<String> =
                    called.iter().map(|other| format!("`{}`", posts[*other].address.as_str().trim_matches('/'))).collect();
                findings.push(
                    Finding::new(
                        Code::AmbiguousFollows,
                        post.span(&place(post)),
                        format!("{} posts are called `{}`", several.len(), shown(word)),
                    )
                    .help(format!("write which one: {}", several.join(", "))),
                );
                parents.push(None);
                continue;
            }
            by_path => by_path.or(called.first().copied()),
        };
        if parent.is_none() {
            let is_own_id = by_id.get(word.as_str()) == Some(&at);
            missing(post, word, absent, is_own_id, &mut suggestions, findings);
        }
        parents.push(parent);
    }
    parents
}

/// The slug in `2013/05/18/slug`.
pub fn last_part(word: &str) -> &str {
    word.trim_matches('/').rsplit('/').next().unwrap_or(word)
}

fn place(post: &Post) -> std::ops::Range<usize> {
    post.ranges.follows.clone().unwrap_or(0..0)
}

/// How many words that name no post are held against all slugs: whoever has made more such slips has made one slip many times.
const MOST_SUGGESTIONS: usize = 20;

/// Slugs that may have been meant.
struct Suggestions<'p> {
    posts: &'p [Arc<Post>],
    slugs: Option<BTreeSet<&'p str>>,
    left: usize,
}

impl<'p> Suggestions<'p> {
    /// The slug of another post than `post` that is near to a word.
    fn near(&mut self, word: &str, post: &Post) -> Option<&'p str> {
        self.left = self.left.checked_sub(1)?;
        let slugs = self.slugs.get_or_insert_with(|| self.posts.iter().map(|post| post.slug.as_str()).collect());
        nearest(word, slugs.iter().copied().filter(|slug| *slug != post.slug))
    }
}

fn missing(post: &Post, word: &str, absent: &Absent, is_own_id: bool, suggestions: &mut Suggestions<'_>, findings: &mut Findings) {
    let last = last_part(word);
    let span = post.span(&place(post));
    // Another post may have the same slug and be no part of the site now: then that one is meant.
    if absent.drafts.contains(last) && !is_own_id {
        findings.push(
            Finding::new(Code::FollowsDraft, span, format!("`{}` is a draft", shown(word)))
                .help("publish it first: take `draft = true` out of it"),
        );
    } else if is_own_id || post.slug == word && !absent.excused.contains(last) {
        findings.push(
            Finding::new(Code::FollowsCircle, span, "the post follows itself").help("name the post before it, or take `follows` out"),
        );
    } else if !absent.excused.contains(last) {
        let finding = Finding::new(Code::UnknownFollows, span, format!("no post is called `{}`", shown(word)));
        findings.push(match suggestions.near(word, post) {
            Some(near) => finding.help(format!("did you mean `{near}`? `follows` takes the slug or id of a post")),
            None => finding.help("write the slug or id of the post that this one continues: its file's name without date and `.md`"),
        });
    }
}

/// The first post of each post's thread; a circle is a finding, and is cut at its oldest post.
fn roots(posts: &[Arc<Post>], parents: &[Option<PostIx>], findings: &mut Findings) -> Vec<PostIx> {
    let mut roots: Vec<Option<PostIx>> = vec![None; posts.len()];
    for start in 0..posts.len() {
        if parents[start].is_none() {
            roots[start] = Some(start);
            continue;
        }
        let mut trail = vec![start];
        let root = loop {
            let last = trail[trail.len() - 1];
            if let Some(root) = roots[last] {
                break root;
            }
            match parents[last] {
                None => break last,
                Some(parent) => match trail.iter().position(|seen| *seen == parent) {
                    None => trail.push(parent),
                    Some(begin) => {
                        let circle = &trail[begin..];
                        let oldest = circle.iter().copied().max().unwrap_or(last);
                        let names: Vec<String> = circle.iter().map(|post| format!("`{}`", posts[*post].slug)).collect();
                        findings.push(
                            Finding::new(
                                Code::FollowsCircle,
                                posts[oldest].span(&place(&posts[oldest])),
                                format!("posts follow each other in a circle: {}", names.join(", ")),
                            )
                            .help("take `follows` out of the first of them"),
                        );
                        break oldest;
                    }
                },
            }
        };
        for post in trail {
            roots[post] = Some(root);
        }
    }
    roots.into_iter().enumerate().map(|(at, root)| root.unwrap_or(at)).collect()
}

/// A follow-up holds from its date on: one that seems older than what it follows would change what was true before it.
fn check_date(post: &Post, parent: &Post, findings: &mut Findings) {
    if post.date < parent.date {
        let place = post.ranges.date.clone().unwrap_or(super::names::NAME);
        findings.push(
            Finding::new(
                Code::UpdateOrder,
                post.span(&place),
                format!("the post is dated {}, before the one that it follows ({})", rfc3339(post.date), rfc3339(parent.date)),
            )
            .help("write when it was posted: into the file's name, `2026-05-04-2130-name.md`, or as `date`")
            .related(Span::new(&parent.path, parent.ranges.date.clone().unwrap_or(super::names::NAME)), "the one before it"),
        );
    }
}

/// What can only be seen with the whole thread: changes to servers that no post of it names, an end before its start.
fn check(posts: &[Arc<Post>], thread: &Thread, now: Now, findings: &mut Findings) {
    check_end(posts, thread, now, findings);
    check_kind(posts, thread, findings);
    follow_ups::check(posts, thread, now, findings);
    for post in thread.posts.iter().map(|post| &posts[*post]).filter(|post| post.servers.is_empty()) {
        let is_named = |server: &ServerIx| thread.posts.iter().any(|post| posts[*post].servers.contains(server));
        let foreign = |servers: &BTreeMap<ServerIx, Impact>| servers.keys().any(|server| !is_named(server));
        if foreign(&post.impact.servers) {
            let place = post.ranges.impact.clone().unwrap_or(0..0);
            findings.push(
                Finding::new(Code::ForeignServer, post.span(&place), "the impact of a server that no post of the thread names")
                    .help("add it to `servers`"),
            );
        }
        for update in post.updates.iter().filter(|update| foreign(&update.change.servers)) {
            findings.push(
                Finding::new(Code::ForeignServer, post.span(&update.place), "an update changes a server that no post of the thread names")
                    .help("add it to `servers`"),
            );
        }
    }
}

/// A thread tells of one event: an outage in a follow-up of planned work would be over with the work's window.
fn check_kind(posts: &[Arc<Post>], thread: &Thread, findings: &mut Findings) {
    let other = |post: &&Arc<Post>| !post.withdrawn && post.kind.is_some_and(|kind| kind != Kind::Notice && kind != thread.kind);
    for post in thread.posts.iter().map(|post| &posts[*post]).filter(other) {
        let (Some(kind), Some(place)) = (post.kind, &post.ranges.kind) else { continue };
        let message =
            format!("this thread is of the kind `{}`, and no post of it can be of the kind `{}`", thread.kind.word(), kind.word());
        findings.push(
            Finding::new(Code::BadValue, post.span(place), message)
                .help("take `kind` out; or take `follows` out, and the post tells of an event of its own"),
        );
    }
}

/// A maintenance that follows a notice or a withdrawn post begins the event, and has nobody to take a `start` from. Of a post that follows
/// nothing it was told when that was read.
fn check_start(posts: &[Arc<Post>], thread: &Thread, findings: &mut Findings) {
    let posts: Vec<&Post> = thread.posts.iter().map(|post| posts[*post].as_ref()).collect();
    let mut told = following::told(&posts).map(|at| posts[at]).peekable();
    let Some(first) = told.peek().copied().filter(|_| thread.kind == Kind::Maintenance) else { return };
    // What a thread's first post follows is missing, or a circle: both have their finding, as a `start` has that cannot be read.
    if first.follows.is_none() || posts[0].follows.is_some() || told.any(|post| post.ranges.start.is_some()) {
        return;
    }
    let place = first.ranges.kind.as_ref().or(first.ranges.impact.as_ref());
    findings.push(
        Finding::new(Code::MissingStart, first.span_or_title(place), "a maintenance without a `start`")
            .help("say when it begins: `start = 2026-05-04T19:00:00Z`; a notice or a withdrawn post begins nothing"),
    );
}

fn check_end(posts: &[Arc<Post>], thread: &Thread, now: Now, findings: &mut Findings) {
    let told: Vec<&Arc<Post>> = thread.posts.iter().map(|post| &posts[*post]).filter(|post| post.has_effect()).collect();
    let starts = told.iter().enumerate().find_map(|(at, post)| Some((at, post, post.start?)));
    // An incident that starts in a post behind its end begins again.
    let may_end = |at: usize| thread.kind == Kind::Maintenance || starts.is_some_and(|(first, ..)| first <= at);
    let ends = told.iter().enumerate().rev().find_map(|(at, post)| Some((post, post.end.filter(|_| may_end(at))?)));
    if let (Some((_, first, start)), Some((last, end))) = (starts, ends)
        && end < start
        && first.path != last.path
    {
        let place = |range: &Option<std::ops::Range<usize>>| range.clone().unwrap_or(0..0);
        findings.push(
            Finding::new(Code::EndBeforeStart, last.span(&place(&last.ranges.end)), "the event ends before it starts")
                .help("change `start` or `end`; both are UTC")
                .related(first.span(&place(&first.ranges.start)), "it starts here"),
        );
    }
    // A post that says its kind was held to this when it was read.
    if let (Now::Clock(now), Kind::Incident) = (now, thread.kind) {
        told.iter().filter(|post| post.kind.is_none()).for_each(|post| super::future::check_inherited(post, now, findings));
    }
}
