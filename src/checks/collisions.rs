//! Two files at one address: also where only case or Unicode form differs, and where a file stands in a folder's place.

use std::collections::{HashMap, HashSet};

use super::Files;
use crate::findings::{Code, Finding, Findings};
use crate::model::{Address, Post};
use crate::outputs::Output;
use crate::plan::{Plan, Shows};
use crate::source::Span;

pub fn check(plan: &Plan, outputs: &[Output], files: &Files<'_>, findings: &mut Findings) {
    let mut collisions = files.doubles.clone();
    // Only the user's own files can be in a folder's way: our addresses are folders or have an extension.
    let own: HashSet<&str> = plan.site.assets.iter().map(|(path, _)| path.as_str()).chain(aliases(plan)).collect();
    for output in outputs.iter().filter(|_| !own.is_empty()) {
        for (slash, _) in output.path.match_indices('/') {
            if own.contains(&output.path[..slash]) {
                collisions.push((&output.path[..slash], &output.path));
            }
        }
    }
    if !collisions.is_empty() {
        let owners = owners(plan);
        collisions.into_iter().for_each(|(first, second)| report(first, second, &owners, findings));
    }
}

fn aliases(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.pages.iter().filter(|page| matches!(page.shows, Shows::Redirect { .. })).map(|page| page.address.as_str().trim_start_matches('/'))
}

/// Which of the user's files makes an output, by its path; several where they collide.
fn owners(plan: &Plan) -> HashMap<String, Vec<Span>> {
    let site = &plan.site;
    let mut owners: HashMap<String, Vec<Span>> = HashMap::with_capacity(site.posts.len());
    let with_aliases: HashMap<(&Address, &Address), &Post> =
        site.posts.iter().flat_map(|post| post.aliases.iter().map(move |alias| ((&post.address, alias), &**post))).collect();
    for page in &plan.pages {
        let span = match &page.shows {
            Shows::Post(post) => {
                let post = &site.posts[*post];
                post.span(&post.places.slug.clone().unwrap_or(0..0))
            }
            Shows::Plain(at) => Span::whole_file(&site.pages[*at].path),
            Shows::Redirect { to } => {
                let Some(post) = with_aliases.get(&(to, &page.address)) else { continue };
                let at = post.aliases.iter().position(|alias| *alias == page.address).unwrap_or(0);
                post.span(post.places.aliases.get(at).unwrap_or(&(0..0)))
            }
            _ => continue,
        };
        owners.entry(page.address.file()).or_default().push(span);
    }
    for (path, file) in &site.assets {
        owners.entry(path.clone()).or_default().push(Span::whole_file(&file.path));
    }
    owners
}

fn report(first: &str, second: &str, owners: &HashMap<String, Vec<Span>>, findings: &mut Findings) {
    let mut spans: Vec<Span> = owners.get(second).into_iter().flatten().cloned().collect();
    if first != second {
        spans.extend(owners.get(first).into_iter().flatten().cloned());
    }
    // The newest file's name sorts last, and is the one to change.
    spans.sort();
    spans.dedup();
    let Some(span) = spans.pop() else { return };
    let address = |path: &str| format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
    let message = if first == second {
        format!("two files at the address `{}`", address(second))
    } else {
        format!("the addresses `{}` and `{}` are one place on some hosts", address(first), address(second))
    };
    let mut finding = Finding::new(Code::DuplicateAddress, span, message);
    finding = match spans.pop() {
        Some(other) => finding.help("rename one of them, or give a post another `slug`").related(other, "the other file"),
        None => finding.help("signalpost writes a file of its own there: rename yours"),
    };
    findings.push(finding);
}
