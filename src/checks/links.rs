//! Links into the site that lead nowhere.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::Paths;
use crate::findings::nearest::{MOST_COMPARED, nearest};
use crate::findings::{Code, Finding, Findings, visible};
use crate::load::later;
use crate::model::address::encode_path;
use crate::model::text::LocalLink;
use crate::model::{Address, Html, Post};
use crate::plan::Plan;
use crate::source::Span;

pub fn check(plan: &Plan, paths: &Paths<'_>, findings: &mut Findings) {
    let site = &plan.site;
    let settings: Arc<str> = crate::source::SETTINGS.into();
    let page = |path, post, text| TextPage { path, post, text, ids: OnceCell::new() };
    let posts: Vec<TextPage<'_>> =
        site.posts.iter().chain(&site.broken_posts).map(|post| page(&post.path, Some(post.as_ref()), None)).collect();
    let plain = site.pages.iter().map(|plain| page(&plain.path, None, Some(&plain.html)));
    let blocks = site.config.sidebar.iter().filter_map(|block| block.text.as_ref()).map(|text| page(&settings, None, Some(text)));
    let others: Vec<TextPage<'_>> = plain.chain(blocks).collect();
    let targets = LinkTargets { plan, paths, posts: &posts, by_address: OnceCell::new(), helped: Cell::new(0) };
    for page in posts.iter().chain(&others) {
        for link in page.texts().flat_map(|html| &html.local_links) {
            if let Some(finding) = broken(&targets, page, link) {
                findings.push(finding);
            }
        }
    }
    for (to, place) in &site.config.local_links {
        if !exists(to, paths) {
            findings.push(not_there(&targets, to, Span::new(&settings, place.clone())));
        }
    }
}

/// The texts that stand on one page: those of a post's updates, or one.
struct TextPage<'a> {
    path: &'a Arc<str>,
    post: Option<&'a Post>,
    text: Option<&'a Html>,
    /// Collected when the first link asks for one.
    ids: OnceCell<HashSet<Cow<'a, str>>>,
}

impl<'a> TextPage<'a> {
    fn texts(&self) -> impl Iterator<Item = &'a Html> {
        self.post.into_iter().flat_map(|post| post.updates.iter().map(|update| &update.html)).chain(self.text)
    }

    fn has(&self, id: &str) -> bool {
        let collect = || {
            let anchors = self.post.into_iter().flat_map(|post| &post.updates).map(|update| Cow::Owned(update.anchor()));
            anchors.chain(self.texts().flat_map(Html::ids).map(Cow::Borrowed)).collect()
        };
        self.ids.get_or_init(collect).contains(id)
    }
}

/// The pages and files that a link may lead to.
struct LinkTargets<'a> {
    plan: &'a Plan,
    paths: &'a Paths<'a>,
    /// The site's posts in their order, then those that cannot be published.
    posts: &'a [TextPage<'a>],
    /// Collected when the first link asks for one.
    by_address: OnceCell<HashMap<&'a Address, &'a TextPage<'a>>>,
    /// How many broken links were compared with all pages.
    helped: Cell<usize>,
}

impl<'a> LinkTargets<'a> {
    fn post_at(&self, to: &Address) -> Option<&'a TextPage<'a>> {
        let collect = || self.plan.site.posts.iter().zip(self.posts).map(|(post, page)| (&post.address, page)).collect();
        self.by_address.get_or_init(collect).get(to).copied()
    }
}

/// A host answers for a file, and for a folder with an index.
fn exists(to: &Address, paths: &Paths<'_>) -> bool {
    paths.has(&to.file())
}

fn broken(targets: &LinkTargets<'_>, page: &TextPage<'_>, link: &LocalLink) -> Option<Finding> {
    let span = Span::new(page.path, link.place.clone());
    if let Some(to) = &link.to
        && !exists(to, targets.paths)
    {
        return (!later::is_of(&targets.plan.site.excused, to)).then(|| not_there(targets, to, span));
    }
    let fragment = link.fragment.as_ref()?;
    let is_there = match &link.to {
        None => page.has(fragment),
        // Of other pages, only the anchors of updates are ours to promise.
        Some(to) => !fragment.starts_with("u-") || targets.post_at(to).is_none_or(|post| post.has(fragment)),
    };
    (!is_there).then(|| {
        let shown = page.post.and_then(|post| fragment.strip_prefix(&format!("{}-", post.id))).unwrap_or(fragment);
        Finding::new(Code::BrokenLink, span, format!("a link to `#{shown}`, which is not on that page"))
            .help("an update's anchor is `#u-` and its id; a heading's is what stands behind `#` in its braces")
    })
}

fn not_there(targets: &LinkTargets<'_>, to: &Address, span: Span) -> Finding {
    let (plan, paths) = (targets.plan, targets.paths);
    let finding =
        Finding::new(Code::BrokenLink, span, format!("a link to `{}`, which is no page or file of the site", visible(to.as_str())));
    // What differs in case or Unicode form alone; the form is seen only where it is percent-encoded.
    let like =
        paths.like(&to.file()).and_then(|file| if to.as_str().ends_with('/') { file.strip_suffix("index.html") } else { Some(file) });
    if let Some(like) = like {
        return finding.help(format!("did you mean `{}`?", encode_path(&format!("/{like}"))));
    }
    let addresses = || plan.pages.iter().map(|page| page.address.as_str());
    // Of many broken links, the first are compared with every page: each takes as long as there are pages.
    let near = (targets.helped.replace(targets.helped.get() + 1) < MOST_COMPARED).then(|| {
        let with_slash = format!("{to}/");
        let near = addresses().find(|address| *address == with_slash);
        near.or_else(|| nearest(to.as_str(), addresses().filter(|address| address.len().abs_diff(to.as_str().len()) < 4)))
    });
    match near.flatten() {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("link to a post by the path of its `.md` file; a picture stands in `content/static`"),
    }
}
