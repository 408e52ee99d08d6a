//! The user's folder: its root, everything in it that a build reads, and what changed since.
//!
//! In: a folder. Out: [`Sources`] and, on a refresh, which paths are other than before. Never interprets a file, never writes.

mod names;
mod root;
mod scan;
mod stamp;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};

use foldhash::HashSet;
use rayon::prelude::*;

use crate::failure::{Failure, Why, at};
use crate::source::{SETTINGS, SourceFile, Sources};
pub use root::Root;
use scan::{FoundFile, ReadOutcome, Room, Scan};
use stamp::Stamp;

/// The folders that a build reads, below the root.
pub const FOLDERS: [&str; 2] = ["content", "themes"];
const EVERYTHING: [&str; 3] = [SETTINGS, FOLDERS[0], FOLDERS[1]];
/// The largest text that is read: posts, settings, templates. 16 MiB.
pub const LARGEST_TEXT: u64 = 16 << 20;
/// The largest file that is copied: pictures and the like. 256 MiB, since the whole site is held in memory.
pub const LARGEST_ASSET: u64 = 256 << 20;
/// What all of these may have together, for the same reason: 2 GiB, which the machines have that build sites.
const MOST_ASSETS: u64 = 2 << 30;

/// A site's folder as it was read last.
#[derive(Debug)]
pub struct Project {
    /// Absolute and without links.
    pub root: PathBuf,
    /// The same folder, for a look at where its name leads now.
    pub named: Root,
    pub sources: Sources,
    /// Files below `content/static` and the like that stay behind: hidden ones and editors' backups.
    pub skipped: Vec<String>,
    stamps: BTreeMap<Arc<str>, Stamp>,
    /// How much may be copied, and whether there is more: then files that found no room are here without their bytes.
    room: u64,
    is_overfull: bool,
}

/// Which paths a refresh found to be other than before, each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub added: Vec<Arc<str>>,
    /// With other bytes; a file that was saved without a change is none.
    pub changed: Vec<Arc<str>>,
    pub removed: Vec<Arc<str>>,
    /// Whether [`Sources::unreadable`] is another list.
    pub unreadable: bool,
    /// Whether the root is another folder.
    pub root: bool,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }

    /// Adds what a later refresh found.
    pub fn absorb(&mut self, other: Changes) {
        let lists = [(&mut self.added, other.added), (&mut self.changed, other.changed), (&mut self.removed, other.removed)];
        for (list, later) in lists {
            list.extend(later);
            list.sort_unstable();
            list.dedup();
        }
        self.unreadable |= other.unreadable;
        self.root |= other.root;
    }
}

/// The nearest folder with a `site.toml`, from `folder` upwards, as an absolute path.
pub fn find_root(folder: &Path) -> Result<PathBuf, Failure> {
    let start = std::path::absolute(folder).map_err(at("open", folder))?;
    match start.ancestors().find(|folder| folder.join(SETTINGS).is_file()) {
        Some(root) => Ok(root.to_owned()),
        None => Err(Failure::new(format!("find a site from `{}`", folder.display()), Why::NoSite)
            .help("`signalpost init` makes a site; `--root DIR` names one that is elsewhere")),
    }
}

/// Reads everything under the root that a build reads. What cannot be read is listed in [`Sources::unreadable`];
/// a failure is only a root that is none.
pub fn read(root: &Path) -> Result<Project, Failure> {
    let named = Root::open(root).map_err(at("open the site's folder", root))?;
    let root = named.place().to_owned();
    let mut project = Project {
        root,
        named,
        sources: Sources::default(),
        skipped: Vec::new(),
        stamps: BTreeMap::new(),
        room: MOST_ASSETS,
        is_overfull: false,
    };
    project.refresh()?;
    Ok(project)
}

/// Whether a place below the root is one that a build reads.
pub fn is_source(root: &Path, place: &Path) -> bool {
    names::source_path(root, place).is_some()
}

impl Project {
    /// Reads again what changed on the disk: files whose size, times or inode are not the remembered ones.
    pub fn refresh(&mut self) -> Result<Changes, Failure> {
        let is_another = self.named.look_again();
        if is_another {
            self.root = self.named.place().to_owned();
            self.stamps.clear();
        }
        std::fs::read_dir(&self.root).map_err(at("open the site's folder", &self.root))?;
        // Sorting and keeping, too, on a thread of the pool: it has memory left over from the reading.
        let changes = rayon::scope(|_| self.take(&EVERYTHING, false));
        Ok(Changes { root: is_another, ..changes })
    }

    /// The same for places that are known to have changed, absolute and below [`Project::root`]; the rest is not looked at.
    ///
    /// A file is read again whatever its times say; a folder is searched; what is no source is passed over.
    pub fn refresh_at<'a>(&mut self, places: impl IntoIterator<Item = &'a Path>) -> Changes {
        if self.is_overfull {
            return self.take(&EVERYTHING, true);
        }
        let paths: HashSet<String> = places.into_iter().filter_map(|place| names::source_path(&self.root, place)).collect();
        let paths: HashSet<&str> = paths.iter().map(String::as_str).collect();
        // What lies below another of them is searched with that one.
        let mut outermost: Vec<&str> = paths.iter().copied().filter(|path| !names::is_below(path, &paths)).collect();
        outermost.sort_unstable();
        self.take(&outermost, true)
    }

    /// Searches these places, none of which lies below another, and makes what is remembered at and below them equal to what is there.
    fn take(&mut self, places: &[&str], distrust: bool) -> Changes {
        let searched: HashSet<&str> = places.iter().copied().collect();
        let is_searched = |path: &str| searched.contains(path) || names::is_below(path, &searched);
        let (root, stamps) = (&self.root, &self.stamps);
        let (send, found) = mpsc::channel();
        let assets = names::ASSET_FOLDERS.iter().flat_map(|folder| self.sources.under(folder));
        let elsewhere = assets.filter(|file| names::is_asset(&file.path) && !is_searched(&file.path));
        let room = Room::new(self.room, elsewhere.map(|file| file.bytes.len() as u64).sum());
        let distrust = distrust || self.is_overfull;
        let read = |found: FoundFile| (found.read(stamps.get(&found.path).filter(|_| !distrust), &room), found.path);
        // Files are read while the search for more goes on. The search must not wait for other work of the pool.
        let (mut scan, mut read): (Scan, Vec<(ReadOutcome, Arc<str>)>) =
            rayon::join(move || scan::below(root, places, &send), || found.into_iter().par_bridge().map(read).collect());
        read.par_sort_unstable_by(|(_, a), (_, b)| a.cmp(b));
        scan.unreadable.extend(room.overfull());
        self.is_overfull = room.overfull().is_some();

        let mut changes = Changes::default();
        let is_first = self.sources.files.is_empty();
        let mut seen = Vec::with_capacity(read.len());
        let (mut files, mut stamps) = (Vec::new(), Vec::new());
        for (outcome, path) in read {
            match outcome {
                Ok(None) => seen.push(path),
                Ok(Some((bytes, stamp))) => {
                    match self.sources.files.get(&path) {
                        None => changes.added.push(path.clone()),
                        Some(old) if old.bytes != bytes => changes.changed.push(path.clone()),
                        Some(_) => {}
                    }
                    stamps.push((path.clone(), stamp));
                    files.push((path.clone(), SourceFile { path: path.clone(), bytes }));
                    seen.push(path);
                }
                Err(None) => {} // deleted since it was found
                Err(Some(unreadable)) => scan.unreadable.push(unreadable),
            }
        }
        if is_first {
            // In order as they are, which makes a map of them at once.
            (self.sources.files, self.stamps) = rayon::join(|| files.into_iter().collect(), || stamps.into_iter().collect());
        } else {
            self.sources.files.extend(files);
            self.stamps.extend(stamps);
            for place in places {
                let below = format!("{place}/");
                let known = self.sources.get(place).into_iter().chain(self.sources.under(&below)).map(|file| &file.path);
                changes.removed.extend(known.filter(|path| seen.binary_search(path).is_err()).cloned());
            }
            changes.removed.sort_unstable();
        }
        for path in &changes.removed {
            self.sources.files.remove(path);
            self.stamps.remove(path);
        }
        let mut unreadable: Vec<_> = self.sources.unreadable.iter().filter(|file| !is_searched(&file.path)).cloned().collect();
        unreadable.append(&mut scan.unreadable);
        unreadable.sort_unstable();
        unreadable.dedup();
        changes.unreadable = unreadable != self.sources.unreadable;
        self.sources.unreadable = unreadable;
        self.skipped.retain(|path| !is_searched(path));
        self.skipped.append(&mut scan.skipped);
        self.skipped.sort_unstable();
        changes
    }
}

#[cfg(test)]
mod tests;
