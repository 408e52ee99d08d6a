//! Making a folder hold exactly the wanted files: links to files that exist, files written anew, nothing else.
//!
//! Whatever the folder held before may be there: a tree of the build before, one that was cut off, nothing. What is
//! already the wanted file (the same inode) stays, so that after a small change little is to be done. A file is never
//! written through: it could be a link to one that readers are reading.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use foldhash::HashSet;
use rayon::prelude::*;

use super::at;
use super::folder::Folder;
use super::interrupt::Interrupts;
use super::manifest::{self, folders_of};
use super::scan::{Entry, FileMode, Kind, remove, scan, survey};
use super::staging::Staging;
use crate::failure::Failure;

/// What a folder shall hold.
#[derive(Default)]
pub struct Tree<'a> {
    pub files: BTreeMap<&'a str, Node>,
    /// Folders beside those that the files need, and those that they lie in.
    pub folders: Vec<&'a str>,
    /// What the folders have to have that are there.
    pub mode: FileMode,
}

/// What one file shall be.
#[derive(Clone, Copy)]
pub enum Node {
    /// A new one, which is staged under this number.
    New(usize),
    /// The file of the same path in the other tree.
    Link(Entry),
}

impl Tree<'_> {
    /// Makes it at `root`; links lead to the files of `other`, new files come from where they wait.
    pub fn make(&self, root: &Path, other: &Path, staging: Option<&Staging>, interrupts: &Interrupts) -> Result<(), Failure> {
        let folders = self.all_folders();
        if root.is_symlink() {
            remove(root).map_err(at("remove", root))?; // a tree is a folder of its own: nothing is cleared behind a link
        }
        let todo = match fs::create_dir(root) {
            Ok(()) => self.files.iter().collect(),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.clear(root, &folders)?,
            Err(error) => return Err(at("create", root)(error)),
        };
        let held = Folder::open(root).map_err(at("open", root))?;
        let create = |folder: &&str| {
            interrupts.check()?;
            held.create_folder(folder).map_err(at("create", &root.join(folder)))
        };
        // Each branch by one thread, because two that make folders in one place wait for each other. Those of a branch stand together,
        // each before those in it.
        let (branches, below): (Vec<&str>, Vec<&str>) = folders.iter().copied().partition(|folder| !folder.contains('/'));
        branches.iter().try_for_each(create)?;
        let parts: Vec<&[&str]> = below.chunk_by(|one, next| one.split('/').next() == next.split('/').next()).collect();
        parts.par_iter().try_for_each(|part| part.iter().try_for_each(create))?;
        todo.par_iter().try_for_each(|(path, node)| {
            interrupts.check()?;
            let place = root.join(path);
            match node {
                Node::New(number) => {
                    let from = staging.map_or_else(|| place.clone(), |staging| staging.place(path, *number));
                    fs::rename(&from, &place).map_err(at("put a file at", &place))
                }
                Node::Link(entry) => link(&other.join(path), &place, *entry),
            }
        })
    }

    /// Every folder that is needed.
    fn all_folders(&self) -> Vec<&str> {
        let mut folders = folders_of(self.files.keys().copied());
        folders.extend(&self.folders);
        if !self.folders.is_empty() {
            folders.sort_unstable();
            folders.dedup();
        }
        folders
    }

    /// Takes away what does not belong there, and says which files are still to be made.
    fn clear(&self, root: &Path, folders: &[&str]) -> Result<Vec<(&&str, &Node)>, Failure> {
        let there = match manifest::of(root)? {
            Some((manifest, written)) => survey(root, &manifest, written, self.mode)?,
            None => scan(root)?, // it was cut off while it was made
        };
        let own = root.join(manifest::FOLDER);
        remove(&own).map_err(at("remove", &own))?;
        let fits = |path: &str, entry: &Entry| matches!(self.files.get(path), Some(Node::Link(wanted)) if wanted.kind == Kind::File && wanted.is_same(entry));
        let unlink = |path: &String| fs::remove_file(root.join(path)).map_err(at("remove", &root.join(path)));
        there.files.par_iter().filter(|(path, entry)| !fits(path, entry)).try_for_each(|(path, _)| unlink(path))?;
        let folders: HashSet<&str> = folders.iter().copied().collect();
        for folder in there.folders.iter().rev().filter(|folder| !folders.contains(folder.as_str())) {
            fs::remove_dir(root.join(folder)).map_err(at("remove", &root.join(folder)))?;
        }
        Ok(self.files.iter().filter(|(path, _)| !there.files.get(**path).is_some_and(|entry| fits(path, entry))).collect())
    }
}

/// A second name for a file; where the file system has none, a copy with the same time of modification.
fn link(from: &Path, to: &Path, entry: Entry) -> Result<(), Failure> {
    let linked = match entry.kind {
        Kind::File => fs::hard_link(from, to).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Err(error),
            _ => copy(from, to),
        }),
        Kind::Link | Kind::Special => copy_link(from, to),
    };
    linked.map_err(at("link over", from))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let modified = fs::metadata(from)?.modified()?;
    fs::copy(from, to)?;
    File::options().write(true).open(to)?.set_modified(modified)
}

#[cfg(unix)]
fn copy_link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(from)?, to)
}

#[cfg(not(unix))]
fn copy_link(from: &Path, to: &Path) -> io::Result<()> {
    copy(from, to)
}
