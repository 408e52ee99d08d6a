//! What we wrote into an output folder: the marker that it is ours, and how the next build knows what changed without
//! reading it.
//!
//! It says nothing of times, so that the same site gives the same bytes; a file is trusted to be as the manifest says
//! where it is older than the manifest itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::SystemTime;

use super::at;
use crate::failure::Failure;

/// The folder inside the output that holds it.
pub const FOLDER: &str = ".signalpost";
/// Its path inside the output.
pub const PATH: &str = ".signalpost/manifest";
/// The same while files are being exchanged one by one: what the output is about to hold.
pub const JOURNAL: &str = ".signalpost/journal";

/// Bytes that are written at once.
const PIECE: usize = 1 << 16;

const HEADER: &str = "signalpost 1: the files of this folder that `signalpost build` wrote; it replaces and removes no others";

/// The files of an output folder that are ours, by their path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    pub files: BTreeMap<String, Record>,
    /// Folders that held something else too when it was written.
    pub mixed: BTreeSet<String>,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// xxh3, 128 bits.
    pub hash: u128,
    pub size: u64,
    /// It belongs to the build before, and stays for pages that are still in caches.
    pub kept: bool,
}

impl Record {
    pub fn of(bytes: &[u8]) -> Record {
        Record { hash: xxhash_rust::xxh3::xxh3_128(bytes), size: bytes.len() as u64, kept: false }
    }
}

impl Manifest {
    /// The one in a folder, if there is one that we can read.
    pub fn read(folder: &Path, path: &str) -> Result<Option<Manifest>, Failure> {
        let place = folder.join(path);
        match fs::read_to_string(&place) {
            Ok(text) => Ok(Manifest::parse(&text)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => Ok(None),
            Err(error) => Err(at("read", &place)(error)),
        }
    }

    fn write(&self, to: &mut impl Write) -> io::Result<()> {
        writeln!(to, "{HEADER}")?;
        for folder in &self.mixed {
            writeln!(to, "! {folder}")?;
        }
        for (path, Record { hash, size, kept }) in &self.files {
            let mark = if *kept { '-' } else { '=' };
            writeln!(to, "{hash:032x} {size} {mark} {path}")?;
        }
        writeln!(to, "end {}", self.files.len())
    }

    /// One line a file: hash, size, `=` or `-` (kept), path; before these one a mixed folder: `!` and its path; at the
    /// end the number of files, without which it is not whole.
    pub fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        let _ = self.write(&mut text); // memory takes every byte
        text
    }

    /// Writes the same as a file that is not there yet; a piece at a time, because the whole is a megabyte at 10,000 posts.
    pub fn write_new(&self, place: &Path) -> io::Result<()> {
        let mut file = BufWriter::with_capacity(PIECE, File::create_new(place)?);
        self.write(&mut file)?;
        file.flush()
    }

    /// `None` for anything that is no manifest of a version that we know.
    pub fn parse(text: &str) -> Option<Manifest> {
        let (lines, count) = text.strip_suffix('\n')?.rsplit_once("\nend ")?;
        let mut lines = lines.lines();
        lines.next()?.starts_with("signalpost 1:").then_some(())?;
        let mut manifest = Manifest::default();
        let mut files = Vec::new();
        for line in lines {
            if let Some(folder) = line.strip_prefix("! ") {
                manifest.mixed.insert(folder.to_owned());
                continue;
            }
            let mut parts = line.splitn(4, ' ');
            let hash = u128::from_str_radix(parts.next()?, 16).ok()?;
            let size = parts.next()?.parse().ok()?;
            let kept = parts.next()? == "-";
            files.push((parts.next()?.to_owned(), Record { hash, size, kept }));
        }
        (count.parse() == Ok(files.len())).then_some(())?;
        manifest.files = files.into_iter().collect();
        Some(manifest)
    }
}

/// A folder's manifest and when it was written.
pub fn of(folder: &Path) -> Result<Option<(Manifest, SystemTime)>, Failure> {
    let Some(manifest) = Manifest::read(folder, PATH)? else { return Ok(None) };
    let written = fs::metadata(folder.join(PATH)).and_then(|metadata| metadata.modified());
    Ok(Some((manifest, written.map_err(at("look at", &folder.join(PATH)))?)))
}

/// The folders that a path lies in, outermost first.
pub fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// Every folder that these files lie in, parents before children, each once. The paths come in order, so that a folder's
/// files follow each other.
pub fn folders_of<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut folders = Vec::new();
    let mut before = "";
    for path in paths {
        let common = path.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
        folders.extend(path.match_indices('/').map(|(end, _)| end).filter(|end| *end >= common).map(|end| &path[..end]));
        before = path;
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(manifest: &Manifest) -> String {
        String::from_utf8(manifest.text()).unwrap()
    }

    #[test]
    fn a_manifest_comes_back_from_its_text() {
        let mut manifest = Manifest::default();
        manifest.files.insert("a b/index.html".into(), Record::of(b"page"));
        manifest.files.insert("assets/site.0011aabb.css".into(), Record { kept: true, ..Record::of(b"") });
        manifest.mixed = ["".into(), "a b".into()].into();
        assert_eq!(Manifest::parse(&text(&manifest)), Some(manifest));
    }

    #[test]
    fn folders_are_told_once_and_parents_first() {
        let paths = ["a", "a.b", "a/b-c/x", "a/b.x", "a/b/c/d", "a/b/c/e", "ab/c", "z"];
        assert_eq!(folders_of(paths.into_iter()), ["a", "a/b-c", "a/b", "a/b/c", "ab"]);
    }

    #[test]
    fn another_text_is_no_manifest() {
        for text in ["", "hello", "signalpost 2: x\nend 0\n", "signalpost 1: x\nnot a line\nend 1\n", "signalpost 1: x\n00 1 = a\nend 2\n"]
        {
            assert_eq!(Manifest::parse(text), None, "{text}");
        }
        let mut manifest = Manifest::default();
        manifest.files.insert("a".into(), Record::of(b"a"));
        let text = text(&manifest);
        for end in 0..text.len() {
            assert_eq!(Manifest::parse(&text[..end]), None, "cut off at {end}");
        }
    }
}
