//! Two files at one address: also where only case or Unicode form differs, where a file stands in a folder's place, and where the rules
//! for hosts lead elsewhere.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::Paths;
use crate::findings::{Code, Finding, Findings};
use crate::model::address::collision_key;
use crate::outputs::hosts;
use crate::plan::{Plan, Shows};
use crate::source::Span;

pub fn check(plan: &Plan, paths: &Paths<'_>, findings: &mut Findings) {
    let users = keys_of_users(plan);
    let shared: BTreeSet<String> = paths.doubles.iter().map(|(_, path)| collision_key(path).into_owned()).collect();
    let in_the_way = in_the_way(&users, paths);
    let moved: BTreeSet<&String> = users.iter().filter(|key| hosts::moved(key).is_some()).collect();
    if shared.is_empty() && in_the_way.is_empty() && moved.is_empty() {
        return;
    }
    let owners = owners(plan);
    let at = |key: &str| owners.get(key).map_or(&[][..], Vec::as_slice);
    for key in &shared {
        let outputs = 1 + paths.doubles.iter().filter(|(_, path)| collision_key(path) == *key).count();
        share(at(key), outputs, findings);
    }
    for (file, below) in in_the_way {
        let owners = [at(&collision_key(file)), at(&collision_key(below))].concat();
        let message = format!("`{}` would be both a file and a folder, for `{}`", address(file), address(below));
        blame(message, &owners, owners.len() < 2, findings);
    }
    for owner in moved.into_iter().flat_map(|key| at(key)) {
        let to = hosts::moved(&collision_key(&owner.file)).unwrap_or_default();
        let message = format!("the address `{}` is taken: it leads to `{to}`", address(&owner.file));
        let help = if owner.is_alias {
            "leave it out of `aliases`: the address goes on working as it is"
        } else {
            "rename yours: links and feed readers from before know this address"
        };
        findings.push(Finding::new(Code::DuplicateAddress, owner.span.clone(), message).help(help));
    }
}

/// One of the user's files, or an old address in it, that makes a file of the site.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Owner {
    span: Span,
    /// The file that is made.
    file: String,
    is_alias: bool,
}

/// The files that the user's own make, posts aside: assets, pages and old addresses.
fn keys_of_users(plan: &Plan) -> HashSet<String> {
    let pages = plan.pages.iter().filter(|page| matches!(page.shows, Shows::Redirect { .. } | Shows::Plain(_)));
    let assets = plan.site.assets.iter().map(|(path, _)| collision_key(path).into_owned());
    assets.chain(pages.map(|page| collision_key(&page.address.file()).into_owned())).collect()
}

/// Files that would have to be folders as well, each with a file below it. Of two of ours neither is in the other's way, so one
/// of them is the user's.
fn in_the_way<'a>(users: &HashSet<String>, paths: &Paths<'a>) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    let Some(longest) = users.iter().map(String::len).max() else { return found };
    // A folder of another length than each of the user's files is none of them: most are not looked up.
    let mut lengths = vec![false; longest + 1];
    users.iter().for_each(|file| lengths[file.len()] = true);
    let is_users = |path: &str| lengths.get(path.len()) == Some(&true) && users.contains(path);
    for (key, path) in &paths.by_key {
        let is_of_user = is_users(key);
        for (slash, _) in key.match_indices('/') {
            if is_of_user || is_users(&key[..slash]) {
                found.extend(paths.by_key.get(&key[..slash]).map(|file| (*file, *path)));
            }
        }
    }
    found
}

/// What of the user's makes each file, by its collision key and in order: the newest file's name sorts last.
fn owners(plan: &Plan) -> HashMap<String, Vec<Owner>> {
    let site = &plan.site;
    let mut owners: HashMap<String, Vec<Owner>> = HashMap::with_capacity(site.posts.len());
    let mut own = |file: String, span: Span, is_alias: bool| {
        owners.entry(collision_key(&file).into_owned()).or_default().push(Owner { span, file, is_alias });
    };
    for post in &site.posts {
        own(post.address.file(), post.span(&post.ranges.slug.clone().unwrap_or(0..0)), false);
        for (alias, range) in post.aliases.iter().zip(&post.ranges.aliases) {
            own(alias.file(), post.span(range), true);
        }
    }
    for page in &site.pages {
        own(page.address.file(), Span::whole_file(&page.path), false);
    }
    for (path, file) in &site.assets {
        own(path.clone(), Span::whole_file(&file.path), false);
    }
    owners.values_mut().for_each(|owners| owners.sort());
    owners
}

fn address(file: &str) -> String {
    format!("/{}", file.strip_suffix("index.html").unwrap_or(file))
}

/// Of all that makes one file, each but the first is told with the first; each, where `outputs` are more than the user's and so
/// one is ours. Where all are, two servers have one id, which is told of the servers file.
fn share(owners: &[Owner], outputs: usize, findings: &mut Findings) {
    let has_ours = owners.len() < outputs;
    for (at, owner) in owners.iter().enumerate() {
        let other = if has_ours { owner } else { &owners[0] };
        let message = if other.file == owner.file {
            format!("two files at the address `{}`", address(&owner.file))
        } else {
            format!("the addresses `{}` and `{}` are one place on some hosts", address(&other.file), address(&owner.file))
        };
        if has_ours {
            blame(message, std::slice::from_ref(owner), true, findings);
        } else if at > 0 {
            blame(message, &[other.clone(), owner.clone()], false, findings);
        }
    }
}

/// Tells the last of several owners, with another of them unless the other file is ours.
fn blame(message: String, owners: &[Owner], has_ours: bool, findings: &mut Findings) {
    let (Some(owner), Some(other)) = (owners.iter().max(), owners.iter().min()) else { return };
    let finding = Finding::new(Code::DuplicateAddress, owner.span.clone(), message);
    let help = match (has_ours, [owner, other].iter().filter(|owner| owner.is_alias).count()) {
        (true, 0) => "signalpost writes a file of its own there: rename yours",
        (true, _) => "signalpost writes a file of its own there: leave yours out of `aliases`",
        (false, 0) => "rename one of them, or give a post another `slug`",
        (false, 1) => "leave the old address out of `aliases`, or rename the other",
        (false, _) => "an old address leads to one page: leave one of the two out",
    };
    let finding = finding.help(help);
    findings.push(if has_ours { finding } else { finding.related(other.span.clone(), "the other file") });
}
