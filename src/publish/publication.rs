//! A site on its way into an output folder: each file is taken as soon as it is made, and shows only when all are there.
//!
//! What is as it was is not written at all. What is new is staged out of every reader's sight: in a first build at its place
//! in the tree that will become the output, else under a number until it is known whether anything is to be done.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use rayon::prelude::*;

use super::claim::{self, Previous};
use super::difference::{self, Difference, Made};
use super::exchange::{self, Exchanged};
use super::folder::Folder;
use super::interrupt::{self, Interrupts};
use super::manifest;
use super::scan::remove;
use super::staging::Staging;
use super::tree::Tree;
use super::work_dir::WorkDir;
use super::{PublishOptions, Published, at, check_paths, in_place};
use crate::failure::{Failure, Why};

/// How many files a tree must have to be kept for the next build: making so many folders anew takes longer than anything else.
const WORTH_KEEPING: usize = 1_000;
/// How far the file system's clock may be behind ours.
const CLOCK_LAG: Duration = Duration::from_millis(50);

/// A publish that has begun. Dropped before its end, it leaves the output as it was and nothing beside it.
pub struct Publication<'a> {
    output: PathBuf,
    options: PublishOptions<'a>,
    /// Sorted; what became of each stands at the same place of `made`.
    paths: Vec<&'a str>,
    made: Vec<OnceLock<Made>>,
    /// Nanoseconds that [`Publication::put`] took, on all threads together.
    writing: AtomicU64,
    old: Previous,
    /// When we looked at the old output.
    looked: SystemTime,
    staging: Staging,
    work_dir: WorkDir,
    /// The last to go: a signal is followed when everything is cleaned away.
    interrupts: Interrupts,
}

impl<'a> Publication<'a> {
    /// Claims the output for a site with these files. Nothing in it changes before [`Publication::finish`].
    pub fn begin(
        paths: impl IntoIterator<Item = &'a str>,
        output: &Path,
        options: &PublishOptions<'a>,
    ) -> Result<Publication<'a>, Failure> {
        let mut paths: Vec<&str> = paths.into_iter().collect();
        paths.par_sort_unstable();
        let folders = check_paths(&paths)?;
        let output = claim::resolve(output, options.root)?;
        let interrupts = interrupt::hold();
        let mut work_dir = WorkDir::open(&output)?;
        work_dir.unlock_tree();
        exchange::restore(&work_dir, &output)?;
        work_dir.keep_tree = output.exists() && work_dir.tree().is_dir() && !work_dir.tree().is_symlink();
        let looked = SystemTime::now() - CLOCK_LAG;
        let old = claim::inspect(&output, &paths, options.force, work_dir.mode())?;
        let (inside, beside) = (output.join(manifest::FOLDER).join("stage"), work_dir.place.join("stage"));
        for stage in [&inside, &beside] {
            remove(stage).map_err(at("remove", stage))?; // of a build that died
        }
        let staging = if must_stay(&output, &work_dir, options) {
            Staging::Numbered(if output.exists() { inside } else { beside })
        } else if old.is_nothing() {
            Tree { folders, ..Tree::default() }.make(&work_dir.tree(), &output, None, &interrupts)?;
            Staging::InTree(Folder::open(&work_dir.tree()).map_err(at("open", &work_dir.tree()))?)
        } else {
            Staging::Numbered(beside)
        };
        let made = paths.iter().map(|_| OnceLock::new()).collect();
        let writing = AtomicU64::new(0);
        Ok(Publication { output, options: *options, paths, made, writing, old, looked, staging, work_dir, interrupts })
    }

    /// Takes the bytes of one file; from any thread, in any order.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.interrupts.check()?;
        let began = Instant::now();
        let Ok(number) = self.paths.binary_search(&path) else {
            return Err(Failure::refused("publish the site", format!("`{path}` was not announced")));
        };
        claim::check_foreign(&self.old, path, bytes, &self.output, self.options.force)?;
        let made = difference::compare(path, bytes, &self.old, &self.output);
        if made.same.is_none() {
            self.staging.write(path, number, bytes)?;
        }
        self.writing.fetch_add(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.made[number].set(made).map_err(|_| Failure::refused("publish the site", format!("`{path}` was made twice")))
    }

    /// Shows the site, if it is other than the old one; every file must be there.
    pub fn finish(mut self) -> Result<Published, Failure> {
        self.interrupts.check()?;
        if self.made.iter().any(|made| made.get().is_none()) {
            return Err(Failure::refused("publish the site", "not all of its files were made"));
        }
        let (old, output) = (std::mem::take(&mut self.old), std::mem::take(&mut self.output));
        let difference = Difference::of(&self.paths, self.made.iter().flat_map(OnceLock::get), &old);
        if !difference.is_nothing(&old) {
            let done = !must_stay(&output, &self.work_dir, &self.options) && self.by_exchange(&difference, &old, &output)?;
            if !done {
                in_place::publish(&difference, &output, &self.staging, &self.options, &self.interrupts)?;
            }
        }
        let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
        let (added, changed, removed) = (owned(&difference.added), owned(&difference.changed), owned(&difference.removed));
        let writing = Duration::from_nanos(self.writing.load(Ordering::Relaxed));
        Ok(Published { added, changed, removed, unchanged: difference.unchanged, writing })
    }

    /// Makes the new tree whole and exchanges it; `false` where the system does not let it be exchanged.
    fn by_exchange(&mut self, difference: &Difference<'_>, old: &Previous, output: &Path) -> Result<bool, Failure> {
        let tree = self.work_dir.tree();
        let made = match &self.staging {
            Staging::InTree(_) => Ok(()),
            staging => difference.tree.make(&tree, output, Some(staging), &self.interrupts),
        };
        if let Err(failure) = made.and_then(|()| self.complete(difference, &tree, output)) {
            if matches!(failure.why, Why::System(_)) {
                self.work_dir.keep_tree = false; // make room on a full disk
            }
            return Err(failure);
        }
        self.interrupts.check()?;
        match exchange::exchange(&self.work_dir, output)? {
            Exchanged::Impossible => {
                self.work_dir.keep_tree = false;
                self.work_dir.unlock_tree();
                self.staging = Staging::InTree(Folder::open(&tree).map_err(at("open", &tree))?);
                Ok(false)
            }
            Exchanged::Done => {
                exchange::rescue(&self.work_dir, output, old, self.looked)?;
                self.work_dir.keep_tree = old.scan.files.len() >= WORTH_KEEPING;
                Ok(true)
            }
        }
    }

    /// The manifest, which is newer than every file of the tree, and what the folder itself had.
    fn complete(&self, difference: &Difference<'_>, tree: &Path, output: &Path) -> Result<(), Failure> {
        let (own, manifest) = (tree.join(manifest::FOLDER), tree.join(manifest::PATH));
        fs::create_dir(&own).map_err(at("create", &own))?;
        difference.manifest.write_new(&manifest).map_err(at("write", &manifest))?;
        if let Ok(metadata) = fs::metadata(output) {
            fs::set_permissions(tree, metadata.permissions()).map_err(at("set the permissions of", tree))?;
        }
        if self.options.sync { super::sync(tree) } else { Ok(()) }
    }
}

/// Whether the output folder itself must stay where it is.
fn must_stay(output: &Path, work_dir: &WorkDir, options: &PublishOptions<'_>) -> bool {
    options.in_place || !work_dir.is_beside || output.join(".git").symlink_metadata().is_ok() || is_mount_point(output)
}

#[cfg(unix)]
fn is_mount_point(output: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |place: &Path| fs::metadata(place).map(|metadata| metadata.dev());
    match (device(output), output.parent().map(device)) {
        (Ok(own), Some(Ok(above))) => own != above,
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_mount_point(_output: &Path) -> bool {
    false
}
