//! Two files at one address: also where only case or Unicode form differs, and where a file stands in a folder's place.

use std::collections::{HashMap, HashSet};

use crate::findings::{Code, Finding, Findings};
use crate::model::Address;
use crate::outputs::Output;
use crate::plan::{Plan, Shows};
use crate::source::Span;

pub fn check(plan: &Plan, outputs: &[Output], findings: &mut Findings) {
    let owners = owners(plan);
    let mut taken: HashMap<String, &str> = HashMap::with_capacity(outputs.len());
    let mut collisions = Vec::new();
    for output in outputs {
        let key = Address::new(format!("/{}", output.path)).collision_key();
        if let Some(first) = taken.insert(key, &output.path) {
            collisions.push((first, output.path.as_str()));
        }
    }
    // Only the user's own files can be in a folder's way: our addresses are folders or have an extension.
    let files: HashSet<&str> = plan.site.assets.iter().map(|(path, _)| path.as_str()).chain(aliases(plan)).collect();
    for output in outputs {
        for (slash, _) in output.path.match_indices('/') {
            if files.contains(&output.path[..slash]) {
                collisions.push((&output.path[..slash], &output.path));
            }
        }
    }
    for (first, second) in collisions {
        report(first, second, &owners, findings);
    }
}

fn aliases(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.pages.iter().filter(|page| matches!(page.shows, Shows::Redirect { .. })).map(|page| page.address.as_str().trim_start_matches('/'))
}

/// Which of the user's files makes an output, by its path; several where they collide.
fn owners(plan: &Plan) -> HashMap<String, Vec<Span>> {
    let site = &plan.site;
    let mut owners: HashMap<String, Vec<Span>> = HashMap::with_capacity(site.posts.len());
    for page in &plan.pages {
        let span = match &page.shows {
            Shows::Post(post) => {
                let post = &site.posts[*post];
                post.span(&post.places.slug.clone().unwrap_or(0..0))
            }
            Shows::Plain(at) => Span::whole_file(&site.pages[*at].path),
            Shows::Redirect { to } => {
                let post = site.posts.iter().find(|post| post.address == *to && post.aliases.contains(&page.address));
                let Some(post) = post else { continue };
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
