//! Whether an output folder may be written to, and what of its contents is ours.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::at;
use super::manifest::{self, Manifest, parents};
use super::scan::{FileMode, Kind, Scan, scan, survey};
use crate::failure::Failure;

/// Folders of a site in which nothing may be published.
const OF_THE_SITE: [&str; 3] = ["content", "themes", ".git"];
/// What may lie in a folder that we have not written to yet: a branch's worktree that a host publishes from.
const OF_A_WORKTREE: [&str; 5] = [".git", "CNAME", ".nojekyll", ".gitattributes", ".gitignore"];

/// An output folder as the last build left it, and whoever was there since.
#[derive(Debug, Default)]
pub struct Previous {
    /// What the last build wrote; empty where there was none.
    pub manifest: Manifest,
    /// When, if it can be told: a file that is older has not been touched since.
    pub written: Option<SystemTime>,
    /// What a build that was cut off may have written.
    pub journal: Manifest,
    pub scan: Scan,
    /// The files that no build wrote, in order.
    pub foreign: Vec<String>,
    /// What files that stay as they are have to have.
    pub mode: FileMode,
}

impl Previous {
    /// Whether there was nothing at all.
    pub fn is_nothing(&self) -> bool {
        let Previous { manifest, written: _, journal, scan, foreign: _, mode: _ } = self;
        manifest.files.is_empty() && journal.files.is_empty() && scan.files.is_empty() && scan.folders.is_empty()
    }

    /// Whether a path is one that a build wrote.
    pub fn is_ours(&self, path: &str) -> bool {
        self.manifest.files.contains_key(path) || self.journal.files.contains_key(path)
    }
}

/// The real, absolute place of an output folder, which need not exist. Refuses a place where publishing could destroy
/// sources.
pub fn resolve(output: &Path, root: Option<&Path>) -> Result<PathBuf, Failure> {
    let refused = |why: String| Failure::refused(format!("publish into `{}`", output.display()), why);
    let place = real(&std::path::absolute(output).map_err(at("publish into", output))?).map_err(at("publish into", output))?;
    if place.parent().is_none() {
        return Err(refused("it is the root of the file system".into()).help("name a folder of its own: `--output public`"));
    }
    match fs::symlink_metadata(&place) {
        Ok(metadata) if !metadata.is_dir() => return Err(refused("it is not a folder".into()).help("name a folder: `--output public`")),
        _ => {}
    }
    if let Some(root) = root {
        let root = real(root).map_err(at("publish into", output))?;
        let inside = OF_THE_SITE.into_iter().find(|folder| place.starts_with(root.join(folder)));
        let why = match inside {
            _ if place == root => Some("it is the site's own folder".to_owned()),
            _ if root.starts_with(&place) => Some("the site itself lies in it".to_owned()),
            Some(folder) => Some(format!("it lies in `{folder}`, which the site is made from")),
            None => None,
        };
        if let Some(why) = why {
            return Err(refused(why).help("name a folder beside the sources: `--output public`"));
        }
    }
    Ok(place)
}

/// Follows links as far as the path exists, and keeps the rest as it is.
fn real(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => Ok(real(parent)?.join(name)),
            _ => Err(error),
        },
        result => result,
    }
}

/// Looks at the output folder. Refuses one with files that we did not write, where the site would replace them or
/// where we have never been; `force` takes it over, and even then keeps what the site does not have itself.
pub fn inspect(output: &Path, paths: &[&str], force: bool, mode: FileMode) -> Result<Previous, Failure> {
    let refused = |why: String, help: &str| Err(Failure::refused(format!("publish into `{}`", output.display()), why).help(help));
    let (manifest, journal) = (manifest::of(output)?, Manifest::read(output, manifest::JOURNAL)?);
    let is_ours = manifest.is_some() || journal.is_some();
    let scan = match &manifest {
        Some((manifest, written)) => survey(output, manifest, *written, mode)?,
        None => scan(output)?,
    };
    let (manifest, written) = manifest.unzip();
    let (manifest, journal) = (manifest.unwrap_or_default(), journal.unwrap_or_default());
    let mut old = Previous { manifest, written, journal, scan, foreign: Vec::new(), mode };
    old.foreign = old.scan.files.keys().filter(|path| !old.is_ours(path)).cloned().collect();
    old.foreign.sort_unstable();
    if !is_ours
        && !force
        && let Some(name) = stranger(&old.scan)
    {
        return refused(
            format!("it holds files that signalpost did not write (`{name}`)"),
            "name an empty folder, or take this one over with `--force`; files that the site does not have stay",
        );
    }
    let is_file = |path: &str| paths.binary_search(&path).is_ok();
    for path in &old.foreign {
        if needs_a_folder_at(paths, path) || parents(path).any(is_file) {
            return refused(
                format!("`{path}` in it is not signalpost's, and stands where the site needs a folder or a file"),
                "move it away",
            );
        }
    }
    Ok(old)
}

/// Refuses to replace somebody else's file by one of the site, unless they are the same.
pub fn check_foreign(old: &Previous, path: &str, bytes: &[u8], output: &Path, force: bool) -> Result<(), Failure> {
    let is_foreign = old.foreign.binary_search_by(|foreign| foreign.as_str().cmp(path)).is_ok();
    if !is_foreign || force && old.scan.files[path].kind == Kind::File || fs::read(output.join(path)).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let help = if force { "move it away" } else { "move it away, or let the site replace it with `--force`" };
    let why = format!("`{path}` in it is not signalpost's, and the site has a file of that name");
    Err(Failure::refused(format!("publish into `{}`", output.display()), why).help(help))
}

/// The first name in a folder that does not belong to a worktree.
fn stranger(scan: &Scan) -> Option<&str> {
    let names = scan.files.keys().chain(&scan.folders).map(|path| path.split_once('/').map_or(path.as_str(), |(first, _)| first));
    names.filter(|name| !OF_A_WORKTREE.contains(name)).min()
}

fn needs_a_folder_at(paths: &[&str], path: &str) -> bool {
    let below = format!("{path}/");
    let first = paths.partition_point(|path| *path <= below.as_str());
    paths.get(first).is_some_and(|path| path.starts_with(&below))
}
