//! Links into the site that lead nowhere.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::Files;
use crate::findings::{Code, Finding, Findings, visible};
use crate::load::nearest::nearest;
use crate::model::address::{decode_path, encode_path};
use crate::model::text::LocalLink;
use crate::model::{Address, Html, Post};
use crate::plan::Plan;
use crate::source::Span;

pub fn check(plan: &Plan, files: &Files<'_>, findings: &mut Findings) {
    let site = &plan.site;
    let mut texts: Vec<(&Arc<str>, &Html, Option<&Post>)> = Vec::new();
    for post in &site.posts {
        texts.extend(
            post.updates
                .iter()
                .filter(|update| !update.html.local_links.is_empty())
                .map(|update| (&post.path, &update.html, Some(post.as_ref()))),
        );
    }
    texts.extend(site.pages.iter().map(|page| (&page.path, &page.html, None)));
    let settings: Arc<str> = crate::source::SETTINGS.into();
    texts.extend(site.config.sidebar.iter().filter_map(|block| block.text.as_ref()).map(|text| (&settings, text, None)));
    let targets = LinkTargets { plan, files, posts: LazyCell::new(|| site.posts.iter().map(|post| (&post.address, &**post)).collect()) };
    for (path, html, post) in texts {
        for link in &html.local_links {
            if let Some(finding) = broken(&targets, path, html, post, link) {
                findings.push(finding);
            }
        }
    }
    for (url, place) in &site.config.local_links {
        let to = Address::new(decode_path(url.split(['?', '#']).next().unwrap_or(url)));
        if !exists(&to, files) {
            findings.push(not_there(plan, files, &to, Span::new(&settings, place.clone())));
        }
    }
}

/// The pages and files that a link may lead to.
struct LinkTargets<'a, Make: FnOnce() -> HashMap<&'a Address, &'a Post>> {
    plan: &'a Plan,
    files: &'a Files<'a>,
    posts: LazyCell<HashMap<&'a Address, &'a Post>, Make>,
}

/// A host answers for a file, and for a folder with an index.
fn exists(to: &Address, files: &Files<'_>) -> bool {
    files.has(&to.file())
}

fn broken<'a>(
    targets: &LinkTargets<'a, impl FnOnce() -> HashMap<&'a Address, &'a Post>>,
    path: &Arc<str>,
    html: &Html,
    post: Option<&Post>,
    link: &LocalLink,
) -> Option<Finding> {
    let span = Span::new(path, link.place.clone());
    if let Some(to) = &link.to
        && !exists(to, targets.files)
    {
        return (!targets.plan.site.later.contains(to)).then(|| not_there(targets.plan, targets.files, to, span));
    }
    let fragment = link.fragment.as_ref()?;
    let id = format!("id=\"{fragment}\"");
    let has_anchor = |post: &Post| post.updates.iter().any(|update| update.anchor() == *fragment || update.html.html.contains(&id));
    let is_there = match (&link.to, post) {
        (None, Some(post)) => has_anchor(post),
        (None, None) => html.html.contains(&id),
        // Of other pages, only the anchors of updates are ours to promise.
        (Some(to), _) => !fragment.starts_with("u-") || targets.posts.get(to).is_none_or(|post| has_anchor(post)),
    };
    (!is_there).then(|| {
        let shown = post.and_then(|post| fragment.strip_prefix(&format!("{}-", post.id))).unwrap_or(fragment);
        Finding::new(Code::BrokenLink, span, format!("a link to `#{shown}`, which is not on that page"))
            .help("an update's anchor is `#u-` and its id; a heading's is what stands behind `#` in its braces")
    })
}

fn not_there(plan: &Plan, files: &Files<'_>, to: &Address, span: Span) -> Finding {
    let finding =
        Finding::new(Code::BrokenLink, span, format!("a link to `{}`, which is no page or file of the site", visible(to.as_str())));
    // What differs in case or Unicode form alone; the form is seen only where it is percent-encoded.
    let like =
        files.like(&to.file()).and_then(|file| if to.as_str().ends_with('/') { file.strip_suffix("index.html") } else { Some(file) });
    if let Some(like) = like {
        return finding.help(format!("did you mean `{}`?", encode_path(&format!("/{like}"))));
    }
    let with_slash = format!("{to}/");
    let near = plan.pages.iter().map(|page| page.address.as_str()).find(|address| *address == with_slash);
    let near = near.or_else(|| {
        nearest(
            to.as_str(),
            plan.pages.iter().map(|page| page.address.as_str()).filter(|address| address.len().abs_diff(to.as_str().len()) < 4),
        )
    });
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("link to a post by the path of its `.md` file; a picture stands in `content/static`"),
    }
}
