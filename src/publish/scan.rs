//! What lies in an output folder, and how it is taken away: both on all cores, one level of folders after the other.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::failure::{Failure, at};

/// Everything below a folder, by path with `/`; only for looking up, never for going through in order.
#[derive(Debug, Default)]
pub struct Scan {
    pub files: HashMap<String, Entry>,
    /// Parents before children; without the folder itself.
    pub folders: Vec<String>,
}

/// What is no folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    /// 0 where the system has none.
    pub inode: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Link,
    Special,
}

/// Lists a folder that may be missing; our own folder in it ([`super::manifest::FOLDER`]) is left out.
pub fn scan(root: &Path) -> Result<Scan, Failure> {
    let mut scan = Scan::default();
    let mut level = vec![String::new()];
    while !level.is_empty() {
        let lists: Vec<_> = level.par_iter().map(|folder| list(root, folder)).collect::<Result<_, _>>()?;
        level.clear();
        for (files, folders) in lists {
            scan.files.extend(files);
            level.extend(folders);
        }
        scan.folders.extend(level.iter().cloned());
    }
    Ok(scan)
}

type Listing = (Vec<(String, Entry)>, Vec<String>);

pub fn list(root: &Path, folder: &str) -> Result<Listing, Failure> {
    let place = root.join(folder);
    let entries = match fs::read_dir(&place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Listing::default()),
        entries => entries.map_err(at("list", &place))?,
    };
    let (mut files, mut folders) = Listing::default();
    for entry in entries {
        let entry = entry.map_err(at("list", &place))?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            return Err(Failure::refused(
                format!("publish into `{}`", root.display()),
                format!("`{}` in it has a name that is not UTF-8", entry.path().display()),
            )
            .help("move that file away"));
        };
        if folder.is_empty() && name == super::manifest::FOLDER {
            continue;
        }
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let kind = entry.file_type().map_err(at("look at", &place))?;
        if kind.is_dir() {
            folders.push(path);
        } else {
            let kind = if kind.is_file() {
                Kind::File
            } else if kind.is_symlink() {
                Kind::Link
            } else {
                Kind::Special
            };
            files.push((path, Entry { kind, inode: inode(&entry) }));
        }
    }
    Ok((files, folders))
}

#[cfg(unix)]
fn inode(entry: &fs::DirEntry) -> u64 {
    std::os::unix::fs::DirEntryExt::ino(entry)
}

#[cfg(not(unix))]
fn inode(_entry: &fs::DirEntry) -> u64 {
    0
}

/// Removes a folder and all that is in it; fine where it is not there.
pub fn remove(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    folders.par_iter().try_for_each(|folder| remove(folder))?;
    fs::remove_dir(folder)
}
