//! Texts in memory, and places in them.
//!
//! In: paths and bytes, from `project` or from a test. Out: the same, sorted by path, with places that a person can find.
//! Never reads the disk.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

/// The settings, at the root of a site.
pub const SETTINGS: &str = "site.toml";

/// One file of the user's, as it is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is, from the site's root, with `/` between folders: `content/posts/2026-05-04-relay.md`.
    pub path: Arc<str>,
    /// Its bytes, nothing decoded.
    pub bytes: Bytes,
}

impl SourceFile {
    /// The text, without a byte-order mark; the error is the offset of the first byte that is not UTF-8.
    pub fn text(&self) -> Result<&str, usize> {
        let text = std::str::from_utf8(&self.bytes).map_err(|error| error.valid_up_to())?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// How many bytes of the file stand before [`SourceFile::text`] begins: 3 where there is a byte-order mark.
    pub fn text_offset(&self) -> usize {
        if self.bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
    }
}

/// Something in the user's folder that could not become a [`SourceFile`]; `load` makes findings of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreadable {
    pub path: Arc<str>,
    /// What is the matter, in words: "is a symbolic link that leaves the site (to /etc/passwd)".
    pub why: String,
    /// What to do about it.
    pub help: &'static str,
}

/// Everything that a build reads: the site's files by their path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    pub files: BTreeMap<Arc<str>, SourceFile>,
    pub unreadable: Vec<Unreadable>,
}

impl Sources {
    /// Adds a file, or replaces the one at that path.
    pub fn insert(&mut self, path: &str, bytes: impl Into<Bytes>) {
        let path: Arc<str> = path.into();
        self.files.insert(path.clone(), SourceFile { path, bytes: bytes.into() });
    }

    /// Lets go of the bytes of files that nobody will look at any more.
    pub fn release(&mut self, is_needed: impl Fn(&str) -> bool) {
        self.files.values_mut().filter(|file| !is_needed(&file.path)).for_each(|file| file.bytes = Bytes::new());
    }

    /// Whether there is something at a path that could not be read.
    pub fn is_unreadable(&self, path: &str) -> bool {
        self.unreadable.iter().any(|unreadable| *unreadable.path == *path)
    }

    pub fn get(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(path)
    }

    /// The files below a folder, in the order of their paths; `folder` ends in `/`.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a SourceFile> {
        self.files
            .range::<str, _>((std::ops::Bound::Included(folder), std::ops::Bound::Unbounded))
            .map(|(_, file)| file)
            .take_while(move |file| file.path.starts_with(folder))
    }
}

/// A place in one of the user's files: a range of bytes of the original file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub path: Arc<str>,
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(path: &Arc<str>, range: Range<usize>) -> Span {
        Span { path: path.clone(), start: range.start, end: range.end }
    }

    /// The beginning of a file, for what concerns the whole of it.
    pub fn whole_file(path: &Arc<str>) -> Span {
        Span { path: path.clone(), start: 0, end: 0 }
    }
}
