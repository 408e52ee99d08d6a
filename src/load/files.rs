//! All posts and plain pages, each file by itself: first every front matter, because a text may link to any post; then the texts.

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;
use rayon::prelude::*;

use super::guard::guarded;
use super::memo::{Memo, ReadFile, ReadText};
use super::post;
use super::servers::Servers;
use super::threads::Absent;
use super::updates::{self, SiteContext};
use super::{POSTS, pages};
use crate::findings::{Code, Findings};
use crate::model::characters::composed;
use crate::model::{Address, Config, PlainPage, Post};
use crate::source::{SourceFile, Sources};
use crate::words::Words;

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

/// Reads all posts and plain pages, the posts on all threads.
pub(crate) fn read(
    sources: &Sources,
    drafts: bool,
    config: &Arc<Config>,
    servers: &Servers,
    memo: &mut Memo,
    findings: &mut Findings,
) -> Texts {
    let files: Vec<&SourceFile> = markdown(sources, POSTS).collect();
    let posts: Vec<PostFile> = files.into_par_iter().with_max_len(PORTION).map(|file| PostFile::read_front(file, servers, memo)).collect();
    let page_files: Vec<&SourceFile> = markdown(sources, pages::FOLDER).collect();
    let page_fronts: Vec<Option<pages::Front>> =
        page_files.iter().map(|file| guarded(file, findings, |findings| pages::front(file, findings)).flatten()).collect();
    let absent = absent(sources, &posts, drafts);

    // Taken out, because reading a text takes its front matter over.
    let mut of_paths: Vec<(&str, Option<Address>)> = posts.par_iter().map(|post| (&*post.file.path, post.address(drafts))).collect();
    of_paths.extend(page_files.iter().zip(&page_fronts).map(|(file, front)| (&*file.path, page_address(front.as_ref(), drafts))));
    let addresses = Addresses::of(sources, of_paths);
    let address_of = |path: &str| addresses.find(path);
    let words = Words::of(config);
    let site_context = SiteContext { config, servers, words: &words, address_of: &address_of };

    let mut texts = Texts { absent, ..Texts::default() };
    let read: Vec<(PostFile, Option<Arc<ReadText>>)> =
        posts.into_par_iter().with_max_len(PORTION).map(|post| post.read_text(drafts, memo.keeps(), &site_context)).collect();
    for (PostFile { file, read, is_remembered }, text) in read {
        findings.extend(read.findings().cloned());
        match text {
            Some(text) if text.is_whole => texts.posts.push(text.post.clone()),
            Some(text) => texts.broken_posts.push(text.post.clone()),
            None if read.front.is_some() => texts.drafts.push(file.path.clone()),
            None => {}
        }
        if !is_remembered {
            memo.remember(file, read);
        }
    }
    for (file, front) in page_files.into_iter().zip(page_fronts) {
        let Some(front) = front else { continue };
        let is_shown = drafts || !front.is_draft;
        // A draft's slips are told too.
        let page = guarded(file, findings, |findings| pages::read(file, front, &site_context, findings)).flatten();
        match is_shown {
            true => texts.pages.extend(page),
            false => texts.drafts.push(file.path.clone()),
        }
    }
    memo.forget_absent(sources);
    texts
}

fn markdown<'s>(sources: &'s Sources, folder: &'static str) -> impl Iterator<Item = &'s SourceFile> {
    sources.under(folder).filter(|file| file.path.ends_with(".md"))
}

/// A post's file and what was read of it, in this build or, where nothing has changed, in one before.
struct PostFile<'s> {
    file: &'s SourceFile,
    read: ReadFile,
    is_remembered: bool,
}

impl<'s> PostFile<'s> {
    fn read_front(file: &'s SourceFile, servers: &Servers, memo: &Memo) -> PostFile<'s> {
        if let Some(read) = memo.read(file) {
            return PostFile { file, read: read.clone(), is_remembered: true };
        }
        let mut findings = Findings::default();
        let front = guarded(file, &mut findings, |findings| post::front(file, servers, findings)).flatten();
        let read = ReadFile { front: front.map(Arc::new), front_findings: findings.into_iter().collect(), text: None };
        PostFile { file, read, is_remembered: false }
    }

    fn is_shown(&self, drafts: bool) -> bool {
        self.read.front.as_ref().is_some_and(|front| drafts || !front.post.draft)
    }

    /// What a link to it leads to. One to a draft is broken; a post that could not be read has an address after all.
    fn address(&self, drafts: bool) -> Option<Address> {
        match &self.read.front {
            Some(front) if front.is_whole => self.is_shown(drafts).then(|| front.post.address.clone()),
            _ => Some(somewhere()),
        }
    }

    /// Reads the text, which is nothing for a draft that is not shown.
    fn read_text(self, drafts: bool, keeps_front: bool, site_context: &SiteContext<'_>) -> (PostFile<'s>, Option<Arc<ReadText>>) {
        if !self.is_shown(drafts) {
            return (self, None);
        }
        let still_holds = |text: &ReadText| text.looked_up.iter().all(|(path, address)| (site_context.address_of)(path) == *address);
        let is_remembered = self.is_remembered && self.read.text.as_deref().is_some_and(still_holds);
        let read = if is_remembered { self.read } else { read_text(self.file, self.read, keeps_front, site_context) };
        let text = read.text.clone();
        (PostFile { file: self.file, read, is_remembered }, text)
    }
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

/// The address of what could not be read: it is there, and where is not known.
fn somewhere() -> Address {
    Address::new("/")
}

/// As [`PostFile::address`], of a plain page.
fn page_address(front: Option<&pages::Front>, drafts: bool) -> Option<Address> {
    match front {
        Some(front) if front.is_whole() => (drafts || !front.is_draft).then(|| front.address.clone()),
        _ => Some(somewhere()),
    }
}

/// The addresses of the pages that source files make.
struct Addresses<'s> {
    sources: &'s Sources,
    /// By path, in order.
    of_paths: Vec<(&'s str, Option<Address>)>,
    /// Positions in it by paths in composed form; made for the first path that is written in another Unicode form than its file's name:
    /// most sites have none.
    composed: OnceLock<HashMap<String, usize>>,
}

impl<'s> Addresses<'s> {
    fn of(sources: &'s Sources, mut of_paths: Vec<(&'s str, Option<Address>)>) -> Addresses<'s> {
        of_paths.sort_unstable_by_key(|(path, _)| *path);
        Addresses { sources, of_paths, composed: OnceLock::new() }
    }

    fn find(&self, path: &str) -> Option<Address> {
        let as_written = self.of_paths.binary_search_by(|(own, _)| (*own).cmp(path)).ok();
        match as_written.or_else(|| self.in_another_form(path)) {
            Some(at) => self.of_paths[at].1.clone(),
            None => self.sources.is_unreadable(path).then(somewhere),
        }
    }

    fn in_another_form(&self, path: &str) -> Option<usize> {
        if path.is_ascii() {
            return None;
        }
        let by_form = || self.of_paths.iter().enumerate().rev().map(|(at, (path, _))| (composed(path).into_owned(), at)).collect();
        self.composed.get_or_init(by_form).get(&*composed(path)).copied()
    }
}

/// Drafts that are not shown, posts whose front matter could not be read, and files that could not be read at all.
fn absent(sources: &Sources, posts: &[PostFile<'_>], drafts: bool) -> Absent {
    let mut absent = Absent::default();
    for unreadable in &sources.unreadable {
        absent.excuse(&unreadable.path);
    }
    for PostFile { file, read, .. } in posts {
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
