//! What lies in an output folder, and how it is taken away: both on all cores, one level of folders after the other.

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use foldhash::{HashMap, HashSet, HashSetExt};
use rayon::prelude::*;

use super::at;
use super::manifest::{Manifest, folders_of};
use crate::failure::Failure;

/// Everything below a folder, by path with `/`; only for looking up, never for going through in order.
#[derive(Debug, Default)]
pub struct Scan {
    pub files: HashMap<String, Entry>,
    /// Parents before children; without the folder itself.
    pub folders: Vec<String>,
}

/// What is no folder.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub kind: Kind,
    /// 0 where the system has none.
    pub inode: u64,
    /// Size and time of modification, where they were looked at.
    pub looks: Option<(u64, SystemTime)>,
}

impl Entry {
    /// Whether both are names of one file.
    pub fn is_same(&self, other: &Entry) -> bool {
        self.inode != 0 && (self.kind, self.inode) == (other.kind, other.inode)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Link,
    Special,
}

impl Kind {
    fn of(kind: fs::FileType) -> Kind {
        if kind.is_file() {
            Kind::File
        } else if kind.is_symlink() {
            Kind::Link
        } else {
            Kind::Special
        }
    }
}

/// The permissions that a file gets now: what the umask leaves of 0666. 0 where the system has none.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileMode(pub u32);

impl FileMode {
    /// Those of a new file.
    #[cfg(unix)]
    pub fn of(new: &fs::Metadata) -> FileMode {
        FileMode(std::os::unix::fs::MetadataExt::mode(new) & 0o666)
    }

    #[cfg(not(unix))]
    pub fn of(_new: &fs::Metadata) -> FileMode {
        FileMode(0)
    }

    /// Gives a file or folder of ours what it lacks of them: under another umask it was made for fewer readers, and does not change. Where
    /// that fails, it stays as it was.
    #[cfg(unix)]
    pub fn give(self, place: &Path, there: &fs::Metadata) {
        use std::os::unix::fs::PermissionsExt;
        let wanted = match there.file_type() {
            kind if kind.is_dir() => self.0 | (self.0 & 0o444) >> 2,
            kind if kind.is_file() => self.0,
            _ => 0,
        };
        let has = there.permissions().mode();
        if has & wanted != wanted {
            let _ = fs::set_permissions(place, fs::Permissions::from_mode(has | wanted));
        }
    }

    #[cfg(not(unix))]
    pub fn give(self, _place: &Path, _there: &fs::Metadata) {}
}

/// Lists a folder that may be missing; our own folder in it ([`super::manifest::FOLDER`]) is left out.
pub fn scan(root: &Path) -> Result<Scan, Failure> {
    let mut scan = Scan::default();
    scan.add_below(root, vec![String::new()])?;
    Ok(scan)
}

/// The same for a folder with a manifest that was written last of all: a folder below that has not changed since holds
/// what the manifest says, and is not read.
pub fn survey(root: &Path, manifest: &Manifest, written: SystemTime, mode: FileMode) -> Result<Scan, Failure> {
    let known = folders_of(manifest.files.keys().map(String::as_str));
    let folders: Vec<&str> = std::iter::once("").chain(known).collect();
    let is_as_written = |folder: &&str| {
        let Ok(there) = fs::symlink_metadata(root.join(folder)) else { return false };
        // The permissions of the output itself are the user's.
        if !folder.is_empty() {
            mode.give(&root.join(folder), &there);
        }
        !manifest.mixed.contains(*folder) && there.modified().is_ok_and(|modified| modified < written)
    };
    let as_written: Vec<bool> = folders.par_iter().map(is_as_written).collect();
    let (mut settled, mut unsettled) = (HashSet::new(), Vec::new());
    for (folder, as_written) in folders.into_iter().zip(as_written) {
        let (above, is_root) = (parent_of(folder), folder.is_empty());
        if is_root || settled.contains(above) {
            if as_written {
                settled.insert(folder);
            } else {
                unsettled.push(folder.to_owned()); // with all that is below: it may be another folder of the same name
            }
        }
    }
    let files: Vec<&String> = manifest.files.keys().filter(|path| settled.contains(parent_of(path))).collect();
    let files: Vec<_> = files.par_iter().filter_map(|path| Some(((*path).clone(), look(&root.join(path), mode)?))).collect();
    let mut scan = Scan { files: files.into_iter().collect(), folders: Vec::with_capacity(settled.len()) };
    let mut below: Vec<String> =
        settled.into_iter().chain(unsettled.iter().map(String::as_str)).filter(|folder| !folder.is_empty()).map(str::to_owned).collect();
    below.sort_unstable();
    scan.folders = below;
    scan.add_below(root, unsettled)?;
    Ok(scan)
}

impl Scan {
    /// Lists these folders and all below them.
    fn add_below(&mut self, root: &Path, folders: Vec<String>) -> Result<(), Failure> {
        let mut level = folders;
        while !level.is_empty() {
            let lists: Vec<_> = level.par_iter().map(|folder| list(root, folder)).collect::<Result<_, _>>()?;
            level.clear();
            for (files, folders) in lists {
                self.files.extend(files);
                level.extend(folders);
            }
            self.folders.extend(level.iter().cloned());
        }
        Ok(())
    }
}

fn parent_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn look(place: &Path, mode: FileMode) -> Option<Entry> {
    let there = fs::symlink_metadata(place).ok()?;
    mode.give(place, &there);
    let looks = there.modified().ok().map(|modified| (there.len(), modified));
    (!there.is_dir()).then(|| Entry { kind: Kind::of(there.file_type()), inode: inode_of(&there), looks })
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
            files.push((path, Entry { kind: Kind::of(kind), inode: inode(&entry), looks: None }));
        }
    }
    Ok((files, folders))
}

#[cfg(unix)]
fn inode(entry: &fs::DirEntry) -> u64 {
    std::os::unix::fs::DirEntryExt::ino(entry)
}

#[cfg(unix)]
fn inode_of(there: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(there)
}

#[cfg(not(unix))]
fn inode_of(_there: &fs::Metadata) -> u64 {
    0
}

#[cfg(not(unix))]
fn inode(_entry: &fs::DirEntry) -> u64 {
    0
}

/// Removes a folder and all that is in it; fine where it is not there. Of a link the link alone.
pub fn remove(folder: &Path) -> io::Result<()> {
    if folder.is_symlink() {
        return fs::remove_file(folder);
    }
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
