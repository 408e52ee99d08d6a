//! Two files at one address: also where only case or Unicode form differs, and where a file stands in a folder's place.

use std::collections::{HashMap, HashSet};

use super::Files;
use crate::findings::{Code, Finding, Findings};
use crate::model::address::collision_key;
use crate::model::{Address, Post};
use crate::plan::{Plan, Shows};
use crate::source::Span;

pub fn check(plan: &Plan, files: &Files<'_>, findings: &mut Findings) {
    let mut collisions = files.doubles.clone();
    collisions.extend(in_the_way(plan, files));
    if !collisions.is_empty() {
        let owners = owners(plan);
        collisions.into_iter().for_each(|(first, second)| report(first, second, &owners, findings));
    }
}

/// Files that would have to be folders as well, each with a file below it. Of two of ours neither is in the other's way, so one
/// of them is the user's: an asset, a page or an old address.
fn in_the_way<'a>(plan: &Plan, files: &Files<'a>) -> Vec<(&'a str, &'a str)> {
    let pages = plan.pages.iter().filter(|page| matches!(page.shows, Shows::Redirect { .. } | Shows::Plain(_)));
    let assets = plan.site.assets.iter().map(|(path, _)| collision_key(path).into_owned());
    let users: HashSet<String> = assets.chain(pages.map(|page| collision_key(&page.address.file()).into_owned())).collect();
    let mut found = Vec::new();
    let Some(longest) = users.iter().map(String::len).max() else { return found };
    // A folder of another length than each of the user's files is none of them: most are not looked up.
    let mut lengths = vec![false; longest + 1];
    users.iter().for_each(|file| lengths[file.len()] = true);
    let is_users = |path: &str| lengths.get(path.len()) == Some(&true) && users.contains(path);
    for (key, path) in &files.by_key {
        let is_of_user = is_users(key);
        for (slash, _) in key.match_indices('/') {
            if is_of_user || is_users(&key[..slash]) {
                found.extend(files.by_key.get(&key[..slash]).map(|file| (*file, *path)));
            }
        }
    }
    found
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
                post.span(&post.ranges.slug.clone().unwrap_or(0..0))
            }
            Shows::Plain(at) => Span::whole_file(&site.pages[*at].path),
            Shows::Redirect { to } => {
                let Some(post) = with_aliases.get(&(to, &page.address)) else { continue };
                let at = post.aliases.iter().position(|alias| *alias == page.address).unwrap_or(0);
                post.span(post.ranges.aliases.get(at).unwrap_or(&(0..0)))
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
    // Two of ours: of groups, tags and servers that make one address, none is read here.
    let span = spans.pop().unwrap_or_else(|| Span::whole_file(&crate::source::SETTINGS.into()));
    let address = |path: &str| format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
    let is_folder = second.len() > first.len() && collision_key(second).starts_with(&format!("{}/", collision_key(first)));
    let message = if is_folder {
        format!("`{}` would be both a file and a folder, for `{}`", address(first), address(second))
    } else if first == second {
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
