//! Files to a folder, in one step: a reader, or whoever kills us at any instant, finds the whole old site or the whole new one.
//!
//! In: the files, one by one as they are made. Out: the output folder, and which files are other than before. The new tree
//! is made beside the output on the same file system: unchanged files by a link to the old ones, so that they keep inode
//! and time, the others written; when it is whole the two are exchanged in one call. An output that cannot be exchanged is
//! published file by file (`in_place`). Never reads sources; never removes or replaces a file that no build wrote.
//!
//! Data is not forced to the disk unless [`PublishOptions::sync`] asks for it (`build --sync`): killing a process loses nothing, only a
//! power cut can, and then the next build repairs what it finds to be other.

mod claim;
mod difference;
mod exchange;
mod folder;
mod in_place;
mod interrupt;
mod manifest;
mod publication;
mod scan;
mod staging;
mod tree;
mod work_dir;

#[cfg(any(target_os = "linux", target_os = "android"))]
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use rayon::prelude::*;

pub use interrupt::follow_as_first;
pub use manifest::{Manifest, PATH as MANIFEST};
pub use publication::Publication;

use crate::failure::Failure;
use crate::model::characters::{FILE_SYSTEM_BYTES, is_dots, is_path_char};
use crate::render::Bundle;

/// How a site is published.
#[derive(Debug, Clone, Copy, Default)]
pub struct PublishOptions<'a> {
    /// The site's own folder: an output above it, or among its sources, is refused.
    pub root: Option<&'a Path>,
    /// Takes over a folder that holds other files. Those that the site does not have itself stay.
    pub force: bool,
    /// File by file, for a server that holds on to the folder itself, as a container with a bind mount does.
    pub in_place: bool,
    /// Forces everything to the disk before it is put in place, against a power failure (Linux only).
    pub sync: bool,
}

/// What a publish did: paths below the output folder, each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
    pub unchanged: usize,
    /// Comparing and writing files, on all threads together.
    pub writing: Duration,
}

/// Makes `output` hold the files of `bundle`. On a failure it is as it was.
pub fn publish(bundle: &Bundle, output: &Path, options: &PublishOptions<'_>) -> Result<Published, Failure> {
    let publication = Publication::begin(bundle.files.keys().map(String::as_str), output, options)?;
    bundle.files.par_iter().try_for_each(|(path, bytes)| publication.put(path, bytes))?;
    publication.finish()
}

/// The last guard before the disk: a path that could leave the output, or that no file system holds, is a mistake of ours.
/// Gives every folder that the files lie in, parents first; the paths are sorted.
fn check_paths<'a>(paths: &[&'a str]) -> Result<Vec<&'a str>, Failure> {
    let is_fine = |part: &str| !part.is_empty() && !is_dots(part) && part.len() <= FILE_SYSTEM_BYTES && part.chars().all(is_path_char);
    let is_impossible = |path: &&&str| !path.split('/').all(is_fine) || path.split('/').next() == Some(manifest::FOLDER);
    if let Some(path) = paths.par_iter().find_first(is_impossible) {
        return Err(Failure::refused("publish the site", format!("it has a file at an impossible path: {path:?}")));
    }
    let folders = manifest::folders_of(paths.iter().copied());
    match folders.par_iter().find_first(|folder| paths.binary_search(folder).is_ok()) {
        Some(path) => Err(Failure::refused("publish the site", format!("`{path}` would be both a file and a folder"))),
        None => Ok(folders),
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn sync(tree: &Path) -> Result<(), Failure> {
    fs::File::open(tree).and_then(|folder| Ok(rustix::fs::syncfs(folder)?)).map_err(at("force to the disk", tree))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn sync(_tree: &Path) -> Result<(), Failure> {
    Err(Failure::refused("force the site to the disk", "this system has no call for that").help("build without `--sync`"))
}

/// As [`crate::failure::at`]; where the output cannot be written, another one is a way out.
fn at<'a>(verb: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> Failure + 'a {
    move |error| {
        let is_forbidden = matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem);
        let failure = crate::failure::at(verb, path)(error);
        match failure.help.clone().filter(|_| is_forbidden) {
            Some(help) => failure.help(format!("{help}, or build into another folder with `--output`")),
            None => failure,
        }
    }
}

#[cfg(test)]
mod tests;
