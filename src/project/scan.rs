//! Finding the files below a folder, and reading one.
//!
//! Symbolic links are followed where they stay inside the site and name nothing hidden; every other link, and whatever
//! is neither file nor folder, is listed as unreadable: a silent gap would be worse.

use std::fs::{File, FileType, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;

use bytes::Bytes;
use foldhash::{HashMap, HashMapExt};
use walkdir::{DirEntry, WalkDir};

use super::names;
use super::stamp::Stamp;
use crate::source::Unreadable;

/// What a search found beside files.
#[derive(Default)]
pub struct Scan {
    pub unreadable: Vec<Unreadable>,
    pub skipped: Vec<String>,
}

impl Scan {
    fn refuse(&mut self, path: String, why: String, help: &'static str) {
        self.unreadable.push(Unreadable { path: path.into(), why, help });
    }
}

const NO_LINK: &str = "a site is made of ordinary files inside its folder: put the file itself there, or take the link away";
const NO_FILE: &str = "a site is made of ordinary files inside its folder: take it away, or move it elsewhere";
const NO_ACCESS: &str = "make it readable for whoever builds the site";
const NO_UTF8: &str = "rename it: its name becomes part of an address";
const LARGE_TEXT: &str = "split it, or take out what is no text: pictures and downloads belong into `content/static`";
const LARGE_ASSET: &str = "publish it elsewhere, and link to it";
const MUCH: &str = "publish the largest of them elsewhere, and link to them: the whole site is held in memory while it is built";
const STATIC: &str = "content/static";

/// A regular file of the site.
pub struct FoundFile {
    /// From the root, with `/`.
    pub path: Arc<str>,
    /// Where to open it.
    place: PathBuf,
}

/// Everything at and below `paths`, which need not be there; files are said as soon as they are found.
pub fn below(root: &Path, paths: &[&str], found: &Sender<FoundFile>) -> Scan {
    let mut scan = Scan::default();
    let mut visits = HashMap::new();
    for path in paths {
        search(root, path, found, &mut visits, &mut scan);
    }
    scan
}

/// How many links lead to a folder. Twenty folders with two links each to the next are a million paths.
type Visits = HashMap<PathBuf, usize>;

/// Links to one folder that are followed: every path that they make is published.
const MOST_VISITS: usize = 16;

fn search(root: &Path, path: &str, found: &Sender<FoundFile>, visits: &mut Visits, scan: &mut Scan) {
    let start = root.join(path);
    if start.symlink_metadata().is_err_and(|error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)) {
        return;
    }
    let mut astray = Vec::new();
    let mut skipped = Vec::new();
    let walk = WalkDir::new(&start).follow_links(true).into_iter();
    let walk = walk.filter_entry(|entry| admit(root, entry, visits, &mut astray, &mut skipped));
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => match relative(root, entry.path()) {
                Ok(path) if entry.file_type().is_file() => {
                    // Nobody takes it only where the reader is gone, with all that it was for.
                    let _ = found.send(FoundFile { path: path.into(), place: entry.into_path() });
                }
                Ok(path) => scan.refuse(path, is_no_file(entry.file_type()), NO_FILE),
                Err(path) => scan.refuse(path, "has a name that is not UTF-8".to_owned(), NO_UTF8),
            },
            Err(error) => {
                let path = error.path().map_or_else(|| path.to_owned(), |place| relative(root, place).unwrap_or_else(|lossy| lossy));
                let (parent, name) = path.rsplit_once('/').unwrap_or(("", &path));
                if !names::is_wanted(name, parent) {
                    scan.skipped.push(path); // Emacs locks a file with a dangling link
                } else if let Some((why, help)) = why_not(&error) {
                    scan.refuse(path, why, help);
                }
            }
        }
    }
    scan.unreadable.append(&mut astray);
    scan.skipped.append(&mut skipped);
}

/// Whether the search goes on with this entry.
fn admit(root: &Path, entry: &DirEntry, visits: &mut Visits, astray: &mut Vec<Unreadable>, skipped: &mut Vec<String>) -> bool {
    let Ok(path) = relative(root, entry.path()) else { return true };
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", &path));
    if entry.depth() > 0 && !names::is_wanted(name, parent) {
        skipped.push(path);
        return false;
    }
    if entry.path_is_symlink()
        && let Some(why) = leads_astray(root, entry, visits)
    {
        astray.push(Unreadable { path: path.into(), why, help: NO_LINK });
        return false;
    }
    true
}

/// Why a symbolic link is not followed; `None` where it is.
fn leads_astray(root: &Path, entry: &DirEntry, visits: &mut Visits) -> Option<String> {
    let link = entry.path();
    let target = match link.canonicalize() {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(leads_nowhere(link)),
        Err(error) => return Some(format!("is a symbolic link that cannot be followed ({}): {error}", shown_target(link))),
    };
    let Ok(inside) = target.strip_prefix(root) else {
        return Some(format!("is a symbolic link that leaves the site (to {})", target.display()));
    };
    if link.starts_with(&target) {
        return Some(format!("is a symbolic link to a folder that it lies in ({})", shown_target(link)));
    }
    let hidden = inside.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b".") && part.as_os_str() != ".well-known");
    if hidden {
        return Some(format!("is a symbolic link to what is hidden ({})", inside.display()));
    }
    if !entry.file_type().is_dir() {
        return None;
    }
    let visits = visits.entry(target).or_default();
    *visits += 1;
    (*visits > MOST_VISITS).then(|| format!("is one of more than {MOST_VISITS} links to the same folder ({})", shown_target(link)))
}

fn leads_nowhere(link: &Path) -> String {
    format!("is a symbolic link to what is not there ({})", shown_target(link))
}

fn shown_target(link: &Path) -> String {
    std::fs::read_link(link).map_or_else(|_| "?".to_owned(), |target| target.display().to_string())
}

/// What is the matter, and what to do about it; `None` where nothing is.
fn why_not(error: &walkdir::Error) -> Option<(String, &'static str)> {
    if let Some(ancestor) = error.loop_ancestor() {
        return Some((format!("is a symbolic link that leads in a circle (to {})", ancestor.display()), NO_LINK));
    }
    match error.io_error() {
        Some(gone) if gone.kind() == io::ErrorKind::NotFound => match error.path() {
            Some(link) if link.is_symlink() => Some((leads_nowhere(link), NO_LINK)),
            _ => None, // deleted during the search
        },
        Some(other) => Some((cannot_be_read(other), if error.path().is_some_and(Path::is_symlink) { NO_LINK } else { NO_ACCESS })),
        None => Some(("cannot be read".to_owned(), NO_ACCESS)),
    }
}

fn cannot_be_read(error: &io::Error) -> String {
    format!("cannot be read: {error}")
}

/// The path from the root with `/` between folders; the error is the same with its foreign characters replaced.
fn relative(root: &Path, place: &Path) -> Result<String, String> {
    let below = place.strip_prefix(root).unwrap_or(place);
    let slashes =
        |path: &str| if std::path::MAIN_SEPARATOR == '/' { path.to_owned() } else { path.replace(std::path::MAIN_SEPARATOR, "/") };
    below.to_str().map(slashes).ok_or_else(|| slashes(&below.to_string_lossy()))
}

fn is_no_file(kind: FileType) -> String {
    format!("is {}, not a file", kind_of(kind))
}

fn kind_of(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    let _ = kind;
    "something special"
}

/// How much room there is for files that are copied, counted before they are read: a site that has more would not fit into memory.
pub struct Room {
    most: u64,
    taken: AtomicU64,
}

impl Room {
    pub fn new(most: u64, taken: u64) -> Room {
        Room { most, taken: taken.into() }
    }

    /// Whether there is room for so much more.
    fn take(&self, size: u64) -> bool {
        self.taken.fetch_add(size, Ordering::Relaxed) + size <= self.most
    }

    /// What to say of the folder where everything was counted and it is too much. Which files found no room is chance, as they are
    /// read at once.
    pub fn overfull(&self) -> Option<Unreadable> {
        let taken = self.taken.load(Ordering::Relaxed);
        let why = || format!("has {} MiB in all its files, with those of themes; the limit is {} MiB", taken >> 20, self.most >> 20);
        (taken > self.most).then(|| Unreadable { path: STATIC.into(), why: why(), help: MUCH })
    }
}

/// `Ok(None)`: not read, as it is the same as before. `Err(None)`: not there any more.
pub type ReadOutcome = Result<Option<(Bytes, Stamp)>, Option<Unreadable>>;

impl FoundFile {
    /// Reads the file unless it still is as `known` says. One that is copied and finds no room is empty.
    pub fn read(&self, known: Option<&Stamp>, room: &Room) -> ReadOutcome {
        let is_asset = names::is_asset(&self.path);
        if let Some(known) = known
            && let Ok(metadata) = std::fs::metadata(&self.place)
            && known.still_holds(&metadata)
        {
            if is_asset {
                room.take(metadata.len());
            }
            return Ok(None);
        }
        let open = || -> io::Result<(File, Metadata)> {
            let file = options().open(&self.place)?;
            let metadata = file.metadata()?;
            Ok((file, metadata))
        };
        let (file, metadata) = open().map_err(|error| self.failed(&error))?;
        if !metadata.is_file() {
            return Err(Some(self.refused(is_no_file(metadata.file_type()), NO_FILE)));
        }
        let (limit, help) = if is_asset { (super::LARGEST_ASSET, LARGE_ASSET) } else { (super::LARGEST_TEXT, LARGE_TEXT) };
        let too_large = |size: u64| Err(Some(self.refused(format!("is {} MiB large; the limit is {} MiB", size >> 20, limit >> 20), help)));
        if metadata.len() > limit {
            return too_large(metadata.len());
        }
        if is_asset && !room.take(metadata.len()) {
            return Ok(Some((Bytes::new(), Stamp::of(&metadata))));
        }
        let bytes = contents(file, metadata.len(), limit).map_err(|error| self.failed(&error))?;
        if bytes.len() as u64 > limit {
            return too_large(bytes.len() as u64);
        }
        Ok(Some((bytes.into(), Stamp::of(&metadata))))
    }

    fn refused(&self, why: String, help: &'static str) -> Unreadable {
        Unreadable { path: self.path.clone(), why, help }
    }

    fn failed(&self, error: &io::Error) -> Option<Unreadable> {
        (error.kind() != io::ErrorKind::NotFound).then(|| self.refused(cannot_be_read(error), NO_ACCESS))
    }
}

/// Reads to the end, in one call where the file has the size that it says, and never much more than `limit`.
fn contents(mut file: File, size: u64, limit: u64) -> io::Result<Vec<u8>> {
    let expected = usize::try_from(size).unwrap_or(usize::MAX);
    let mut bytes = vec![0; expected + 1];
    let mut filled = 0;
    loop {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if filled == expected {
            break; // one byte of room was left: this is the end
        }
        if filled == bytes.len() {
            bytes.truncate(filled);
            file.take(limit.saturating_sub(filled as u64) + 1).read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// A named pipe that took a file's place since the search must not make us wait.
fn options() -> std::fs::OpenOptions {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    options
}
