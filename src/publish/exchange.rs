//! Putting the new tree in the output's place.

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use foldhash::HashSet;
use rayon::prelude::*;

use super::at;
use super::claim::Previous;
use super::scan::{list, remove};
use super::work_dir::WorkDir;
use crate::failure::Failure;

/// How the exchange went.
pub enum Exchanged {
    Done,
    /// The output cannot be moved (it is a mount point, its folder is not ours): nothing has happened.
    Impossible,
}

/// Exchanges the working folder's tree with the output: in one call where the system has it, so that at no instant there is
/// neither. Elsewhere by two renames, the one gap, which [`restore`] closes after a crash. The old tree is in the working folder then.
pub fn exchange(work_dir: &WorkDir, output: &Path) -> Result<Exchanged, Failure> {
    let tree = work_dir.tree();
    let published = if output.exists() {
        swap(&tree, output).or_else(|error| if is_unknown_here(&error) { swap_by_two_renames(work_dir, output) } else { Err(error) })
    } else {
        fs::rename(&tree, output)
    };
    match published {
        Ok(()) => Ok(Exchanged::Done),
        Err(error) if is_unmovable(&error) => Ok(Exchanged::Impossible),
        Err(error) => Err(at("put the new site in the place of", output)(error)),
    }
}

/// Puts the old output back where a crash between the two renames left none, and removes it where there is a new one.
pub fn restore(work_dir: &WorkDir, output: &Path) -> Result<(), Failure> {
    let aside = work_dir.aside();
    if !work_dir.is_beside || !aside.exists() {
        return Ok(());
    }
    let restored = if output.exists() || aside.is_symlink() { remove(&aside) } else { fs::rename(&aside, output) };
    restored.map_err(at("restore", output))
}

/// Carries over what somebody else put into the old tree between our look at it and the exchange.
pub fn rescue(work_dir: &WorkDir, output: &Path, old: &Previous, looked: SystemTime) -> Result<(), Failure> {
    let tree = work_dir.tree();
    let is_touched = |folder: &&str| fs::metadata(tree.join(folder)).and_then(|metadata| metadata.modified()).is_ok_and(|at| at >= looked);
    let folders: Vec<&str> = std::iter::once("").chain(old.scan.folders.iter().map(String::as_str)).collect();
    let touched: Vec<&str> = folders.par_iter().copied().filter(is_touched).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let known: HashSet<&str> = folders.into_iter().collect();
    for folder in touched {
        let (files, folders) = list(&tree, folder)?;
        let files = files
            .into_iter()
            .filter(|(path, entry)| !old.is_ours(path) && !old.scan.files.get(path).is_some_and(|before| before.is_same(entry)));
        let folders = folders.into_iter().filter(|path| !known.contains(path.as_str()));
        for path in files.map(|(path, _)| path).chain(folders) {
            let place = output.join(&path);
            place
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| fs::rename(tree.join(&path), &place))
                .map_err(at("carry over", &place))?;
        }
    }
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn swap(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn swap(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn swap_by_two_renames(work_dir: &WorkDir, output: &Path) -> io::Result<()> {
    fs::rename(output, work_dir.aside())?;
    if let Err(error) = fs::rename(work_dir.tree(), output) {
        fs::rename(work_dir.aside(), output)?;
        return Err(error);
    }
    fs::rename(work_dir.aside(), work_dir.tree())
}

/// The call or the file system knows no exchange.
fn is_unknown_here(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

fn is_unmovable(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), CrossesDevices | PermissionDenied | ReadOnlyFilesystem | ResourceBusy)
}
