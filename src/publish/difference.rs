//! What is other in the new site than in the output folder: decided by hashes, sizes and times; a file is read only
//! where these leave a doubt.

use std::fs;
use std::path::Path;

use foldhash::HashSet;

use super::claim::Previous;
use super::manifest::{Manifest, Record, folders_of, parents};
use super::scan::{Entry, Kind};
use super::tree::{Node, Tree};

/// How a new site differs from what the output folder holds.
pub struct Difference<'a> {
    /// Everything that the output shall hold, ours and foreign.
    pub tree: Tree<'a>,
    pub manifest: Manifest,
    /// Not there before.
    pub added: Vec<&'a str>,
    /// There before, with other bytes.
    pub changed: Vec<&'a str>,
    /// Written by a build before, and no part of the site any more.
    pub removed: Vec<&'a str>,
    pub unchanged: usize,
}

impl<'a> Difference<'a> {
    /// `paths` in order, and what was made of each.
    pub fn of<'m>(paths: &[&'a str], made: impl Iterator<Item = &'m Made>, old: &'a Previous) -> Difference<'a> {
        let mut nodes = Vec::with_capacity(paths.len() + old.scan.files.len() / 8);
        let mut files = Vec::with_capacity(paths.len());
        let (mut added, mut changed, mut unchanged) = (Vec::new(), Vec::new(), 0);
        for (number, (path, Made { record, same })) in paths.iter().zip(made).enumerate() {
            files.push(((*path).to_owned(), *record));
            match same {
                Some(entry) => {
                    unchanged += 1;
                    nodes.push((*path, Node::Link(*entry)));
                }
                None => {
                    let list = if old.scan.files.contains_key(*path) { &mut changed } else { &mut added };
                    list.push(*path);
                    nodes.push((*path, Node::New(number)));
                }
            }
        }
        let is_file = |path: &str| paths.binary_search(&path).is_ok();

        let mut removed = Vec::new();
        let gone = |path: &&String| !is_file(path) && old.scan.files.contains_key(*path);
        for (path, record) in old.manifest.files.iter().filter(|(path, _)| gone(path)) {
            if is_hashed_asset(path) && !record.kept {
                files.push((path.clone(), Record { kept: true, ..*record }));
                nodes.push((path.as_str(), Node::Link(old.scan.files[path])));
            } else {
                removed.push(path.as_str());
            }
        }
        let unfinished = old.journal.files.keys().filter(|path| !old.manifest.files.contains_key(*path));
        removed.extend(unfinished.filter(gone).map(String::as_str));
        removed.sort_unstable();

        let foreign = old.foreign.iter().filter(|path| !is_file(path));
        nodes.extend(foreign.map(|path| (path.as_str(), Node::Link(old.scan.files[path]))));
        let folders = foreign_folders(old, is_file);
        let others = old.foreign.iter().map(String::as_str).chain(folders.iter().copied());
        let mixed = others.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()).collect();
        let folders = folders.iter().flat_map(|folder| parents(folder).chain([*folder])).collect();
        let (nodes, files) = rayon::join(|| nodes.into_iter().collect(), || files.into_iter().collect());
        let (tree, manifest) = (Tree { files: nodes, folders, mode: old.mode }, Manifest { files, mixed });
        Difference { tree, manifest, added, changed, removed, unchanged }
    }

    /// Whether the output is as it should be already.
    pub fn is_nothing(&self, old: &Previous) -> bool {
        self.added.is_empty()
            && self.changed.is_empty()
            && self.removed.is_empty()
            && self.manifest.files == old.manifest.files
            && old.journal.files.is_empty()
    }

    /// The files to be written, by their numbers.
    pub fn written(&self) -> impl Iterator<Item = (&'a str, usize)> {
        self.tree.files.iter().filter_map(|(path, node)| match node {
            Node::New(number) => Some((*path, *number)),
            Node::Link(_) => None,
        })
    }
}

/// What became of a new file.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    pub record: Record,
    /// The old file, where that is the same.
    pub same: Option<Entry>,
}

pub fn compare(path: &str, bytes: &[u8], old: &Previous, output: &Path) -> Made {
    let record = Record::of(bytes);
    let same = old.scan.files.get(path).filter(|entry| entry.kind == Kind::File).filter(|entry| {
        let place = output.join(path);
        let looks = || {
            let there = fs::symlink_metadata(&place).ok()?;
            old.mode.give(&place, &there);
            Some((there.len(), there.modified().ok()?))
        };
        let Some((size, modified)) = entry.looks.or_else(looks) else { return false };
        if size != record.size {
            return false;
        }
        match (old.manifest.files.get(path), old.written) {
            (Some(known), Some(written)) if known.size == size && modified < written => known.hash == record.hash,
            _ => fs::read(&place).is_ok_and(|there| there == bytes),
        }
    });
    Made { record, same: same.copied() }
}

/// Whether a file is an asset with a hash in its name (`assets/site.1a2b3c4d.css`): pages that are still in caches ask for it.
fn is_hashed_asset(path: &str) -> bool {
    let is_hash = |part: &str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let name = path.rsplit('/').next().unwrap_or_default();
    let parts: Vec<_> = name.split('.').collect();
    path.starts_with("assets/") && parts.len() > 2 && parts[1..parts.len() - 1].iter().any(|part| is_hash(part))
}

/// Folders in which no file of ours is or was.
fn foreign_folders(old: &Previous, is_file: impl Fn(&str) -> bool) -> Vec<&str> {
    let ours: HashSet<&str> =
        [&old.manifest, &old.journal].into_iter().flat_map(|manifest| folders_of(manifest.files.keys().map(String::as_str))).collect();
    let is_foreign = |folder: &&str| !ours.contains(folder) && !is_file(folder);
    old.scan.folders.iter().map(String::as_str).filter(is_foreign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_with_a_hash_is_known_by_its_name() {
        for (path, expected) in [
            ("assets/site.1a2b3c4d.css", true),
            ("assets/fonts/a.0123456789abcdef.woff2", true),
            ("assets/site.css", false),
            ("assets/site.1a2b.css", false),
            ("site.1a2b3c4d.css", false),
            ("assets/1a2b3c4d.css", false),
        ] {
            assert_eq!(is_hashed_asset(path), expected, "{path}");
        }
    }
}
