//! What is other in the new site than in the output folder: decided by hashes, sizes and times; a file is read only
//! where these leave a doubt.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::claim::Old;
use super::manifest::{Manifest, Record, folders_of};
use super::scan::{Entry, Kind};
use super::tree::{Node, Tree};
use crate::render::Bundle;

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
    pub fn between(bundle: &'a Bundle, old: &'a Old, output: &Path) -> Difference<'a> {
        let compared: Vec<_> = bundle.files.par_iter().map(|(path, bytes)| compare(path, bytes, old, output)).collect();

        let mut nodes = Vec::with_capacity(compared.len() + old.scan.files.len() / 8);
        let mut manifest = BTreeMap::new();
        let (mut added, mut changed, mut unchanged) = (Vec::new(), Vec::new(), 0);
        for ((path, bytes), (record, same)) in bundle.files.iter().zip(compared) {
            manifest.insert(path.clone(), record);
            match same {
                Some(entry) => {
                    unchanged += 1;
                    nodes.push((path.as_str(), Node::Link(entry)));
                }
                None => {
                    let list = if old.scan.files.contains_key(path) { &mut changed } else { &mut added };
                    list.push(path.as_str());
                    nodes.push((path.as_str(), Node::Write(bytes)));
                }
            }
        }

        let mut removed = Vec::new();
        let gone = |path: &&String| !bundle.files.contains_key(*path) && old.scan.files.contains_key(*path);
        for (path, record) in old.manifest.files.iter().filter(|(path, _)| gone(path)) {
            if is_hashed_asset(path) && !record.kept {
                manifest.insert(path.clone(), Record { kept: true, ..*record });
                nodes.push((path.as_str(), Node::Link(old.scan.files[path])));
            } else {
                removed.push(path.as_str());
            }
        }
        let unfinished = old.journal.files.keys().filter(|path| !old.manifest.files.contains_key(*path));
        removed.extend(unfinished.filter(gone).map(String::as_str));
        removed.sort_unstable();

        nodes.extend(
            old.foreign
                .iter()
                .filter(|path| !bundle.files.contains_key(*path))
                .map(|path| (path.as_str(), Node::Link(old.scan.files[path]))),
        );
        let folders = foreign_folders(old, bundle);
        let others = old.foreign.iter().map(String::as_str).chain(folders.iter().copied());
        let mixed = others.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()).collect();
        let tree = Tree { files: nodes.into_iter().collect(), folders };
        Difference { tree, manifest: Manifest { files: manifest, mixed }, added, changed, removed, unchanged }
    }

    /// Whether the output is as it should be already.
    pub fn is_nothing(&self, old: &Old) -> bool {
        self.added.is_empty()
            && self.changed.is_empty()
            && self.removed.is_empty()
            && self.manifest.files == old.manifest.files
            && old.journal.files.is_empty()
    }

    /// The files to be written.
    pub fn written(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.tree.files.iter().filter_map(|(path, node)| match node {
            Node::Write(bytes) => Some((*path, *bytes)),
            Node::Link(_) => None,
        })
    }
}

/// The record of a new file, and the old file where that is the same.
fn compare(path: &str, bytes: &[u8], old: &Old, output: &Path) -> (Record, Option<Entry>) {
    let record = Record::of(bytes);
    let same = old.scan.files.get(path).filter(|entry| entry.kind == Kind::File).filter(|entry| {
        let place = output.join(path);
        let looks = || fs::symlink_metadata(&place).and_then(|there| Ok((there.len(), there.modified()?))).ok();
        let Some((size, modified)) = entry.looks.or_else(looks) else { return false };
        if size != record.size {
            return false;
        }
        match (old.manifest.files.get(path), old.written) {
            (Some(known), Some(written)) if known.size == size && modified < written => known.hash == record.hash,
            _ => fs::read(&place).is_ok_and(|there| there == bytes),
        }
    });
    (record, same.copied())
}

/// Whether a file is an asset with a hash in its name (`assets/site.1a2b3c4d.css`): pages that are still in caches ask for it.
fn is_hashed_asset(path: &str) -> bool {
    let is_hash = |part: &str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let name = path.rsplit('/').next().unwrap_or_default();
    let parts: Vec<_> = name.split('.').collect();
    path.starts_with("assets/") && parts.len() > 2 && parts[1..parts.len() - 1].iter().any(|part| is_hash(part))
}

/// Folders in which no file of ours is or was.
fn foreign_folders<'a>(old: &'a Old, bundle: &Bundle) -> Vec<&'a str> {
    let of = |manifest: &'a Manifest| folders_of(manifest.files.keys().map(String::as_str));
    let ours: HashSet<&str> = of(&old.manifest).into_iter().chain(of(&old.journal)).collect();
    let is_foreign = |folder: &&str| !ours.contains(folder) && !bundle.files.contains_key(*folder);
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
