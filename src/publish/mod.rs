//! A bundle to a folder, in one step: a reader, or whoever kills us at any instant, finds the whole old site or the whole new one.
//!
//! In: the bundle, in memory. Out: the output folder, and which files are other than before. The new tree is made beside
//! the output on the same file system: unchanged files by a link to the old ones, so that they keep inode and time, the
//! others written; then the two are exchanged in one call. An output that cannot be exchanged is published file by file
//! ([`in_place`]). Never reads sources; never removes or replaces a file that no build wrote.
//!
//! Data is not forced to the disk unless [`PublishOptions::sync`] asks for it: killing a process loses nothing, only a
//! power cut can, and then the next build repairs what it finds to be other.

mod claim;
mod difference;
mod exchange;
mod in_place;
mod interrupt;
mod manifest;
mod room;
mod scan;
mod tree;

use std::fmt;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use serde::Serialize;

use crate::failure::{Failure, Why, at};
use crate::render::Bundle;
use claim::Old;
use difference::Difference;
use exchange::Exchanged;
use interrupt::Interrupts;
use room::Room;

/// How a site is published.
#[derive(Debug, Clone, Copy, Default)]
pub struct PublishOptions<'a> {
    /// The site's own folder: an output above it, or among its sources, is refused.
    pub root: Option<&'a Path>,
    /// Takes over a folder that holds other files. Those that the site does not have itself stay.
    pub force: bool,
    /// File by file, for a server that holds on to the folder itself, as a container with a bind mount does.
    pub in_place: bool,
    /// Forces everything to the disk before it is put in place (Linux only).
    pub sync: bool,
}

/// What a publish did: paths below the output folder, each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Published {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
    pub unchanged: usize,
    /// In seconds, in JSON.
    #[serde(serialize_with = "in_seconds")]
    pub elapsed: Duration,
}

/// How many files a tree must have to be kept for the next build: making so many folders anew takes longer than anything else.
const WORTH_KEEPING: usize = 1_000;
/// How far the file system's clock may be behind ours.
const CLOCK_LAG: Duration = Duration::from_millis(50);

/// Makes `output` hold the files of `bundle`. On a failure it is as it was.
pub fn publish(bundle: &Bundle, output: &Path, options: &PublishOptions<'_>) -> Result<Published, Failure> {
    let started = Instant::now();
    check_paths(bundle)?;
    let output = claim::resolve(output, options.root)?;
    let interrupts = interrupt::hold();
    let mut room = Room::open(&output)?;
    exchange::restore(&room, &output)?;
    room.keep_tree = output.exists() && room.tree().exists();
    let looked = SystemTime::now() - CLOCK_LAG;
    let old = claim::inspect(&output, bundle, options.force)?;
    let difference = Difference::between(bundle, &old, &output);
    interrupts.check()?;
    if !difference.is_nothing(&old) {
        let done = !must_stay(&output, &room, options) && by_exchange(&difference, &old, &output, &mut room, looked, options, &interrupts)?;
        if !done {
            in_place::publish(&difference, &output, &interrupts)?;
        }
    }
    drop(room);
    let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
    Ok(Published {
        added: owned(&difference.added),
        changed: owned(&difference.changed),
        removed: owned(&difference.removed),
        unchanged: difference.unchanged,
        elapsed: started.elapsed(),
    })
}

/// Whether the output folder itself must stay where it is.
fn must_stay(output: &Path, room: &Room, options: &PublishOptions<'_>) -> bool {
    options.in_place || !room.is_beside || output.join(".git").symlink_metadata().is_ok() || is_mount_point(output)
}

/// Makes the new tree and exchanges it; `false` where the system does not let it be exchanged.
fn by_exchange(
    difference: &Difference<'_>,
    old: &Old,
    output: &Path,
    room: &mut Room,
    looked: SystemTime,
    options: &PublishOptions<'_>,
    interrupts: &Interrupts,
) -> Result<bool, Failure> {
    let tree = room.tree();
    let made = difference.tree.make(&tree, output, interrupts).and_then(|()| finish(difference, &tree, output, options));
    if let Err(failure) = made {
        if matches!(failure.why, Why::System(_)) {
            room.keep_tree = false; // make room on a full disk
        }
        return Err(failure);
    }
    interrupts.check()?;
    match exchange::exchange(room, output)? {
        Exchanged::Impossible => {
            room.keep_tree = false;
            Ok(false)
        }
        Exchanged::Done => {
            exchange::rescue(room, output, old, looked)?;
            room.keep_tree = old.scan.files.len() >= WORTH_KEEPING;
            Ok(true)
        }
    }
}

/// The manifest, which is newer than every file of the tree, and what the folder itself had.
fn finish(difference: &Difference<'_>, tree: &Path, output: &Path, options: &PublishOptions<'_>) -> Result<(), Failure> {
    tree::create_folder(&tree.join(manifest::FOLDER))?;
    tree::write_new(&tree.join(manifest::PATH), difference.manifest.text().as_bytes())?;
    if let Ok(metadata) = fs::metadata(output) {
        fs::set_permissions(tree, metadata.permissions()).map_err(at("set the permissions of", tree))?;
    }
    if options.sync {
        sync(tree)?;
    }
    Ok(())
}

/// The last guard before the disk: a path that could leave the output, or that no file system holds, is a mistake of ours.
fn check_paths(bundle: &Bundle) -> Result<(), Failure> {
    let is_fine =
        |part: &str| !part.is_empty() && part != "." && part != ".." && part.len() <= 255 && !part.contains(['\\', '\0', '\n', '\r']);
    for path in bundle.files.keys() {
        if !path.split('/').all(is_fine) || path.split('/').next() == Some(manifest::FOLDER) {
            return Err(Failure::refused("publish the site", format!("it has a file at an impossible path: {path:?}")));
        }
    }
    match manifest::folders_of(bundle.files.keys().map(String::as_str)).into_iter().find(|folder| bundle.files.contains_key(*folder)) {
        Some(path) => Err(Failure::refused("publish the site", format!("`{path}` would be both a file and a folder"))),
        None => Ok(()),
    }
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

#[cfg(any(target_os = "linux", target_os = "android"))]
fn sync(tree: &Path) -> Result<(), Failure> {
    fs::File::open(tree).and_then(|folder| Ok(rustix::fs::syncfs(folder)?)).map_err(at("force to the disk", tree))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn sync(_tree: &Path) -> Result<(), Failure> {
    Ok(())
}

/// "14 files changed, 40,212 unchanged, 1 removed in 0.31 s"
impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = self.added.len() + self.changed.len();
        let files = if written == 1 { "file" } else { "files" };
        write!(f, "{} {files} changed, {} unchanged, {} removed", grouped(written), grouped(self.unchanged), grouped(self.removed.len()))?;
        write!(f, " in {:.2} s", self.elapsed.as_secs_f64())
    }
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn in_seconds<S: serde::Serializer>(elapsed: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((elapsed.as_secs_f64() * 1e3).round() / 1e3)
}

#[cfg(test)]
mod tests;
