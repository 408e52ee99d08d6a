//! What we wrote into an output folder: the marker that it is ours, and how the next build knows what changed without
//! reading it.
//!
//! It says nothing of times, so that the same site gives the same bytes; a file is trusted to be as the manifest says
//! where it is older than the manifest itself.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The folder inside the output that holds it.
pub const FOLDER: &str = ".signalpost";
/// Its path inside the output.
pub const PATH: &str = ".signalpost/manifest";
/// The same while files are being exchanged one by one: what the output is about to hold.
pub const JOURNAL: &str = ".signalpost/journal";

const HEADER: &str = "signalpost 1: the files of this folder that `signalpost build` wrote; it replaces and removes no others";

/// The files of an output folder that are ours, by their path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    pub files: BTreeMap<String, Record>,
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
    /// One line a file: hash, size, `=` or `-` (kept), path.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.files.len() * 96 + HEADER.len() + 1);
        text.push_str(HEADER);
        text.push('\n');
        for (path, Record { hash, size, kept }) in &self.files {
            let mark = if *kept { '-' } else { '=' };
            let _ = writeln!(text, "{hash:032x} {size} {mark} {path}");
        }
        text
    }

    /// `None` for anything that is no manifest of a version that we know.
    pub fn parse(text: &str) -> Option<Manifest> {
        let mut lines = text.lines();
        lines.next()?.starts_with("signalpost 1:").then_some(())?;
        let files = lines.map(|line| {
            let mut parts = line.splitn(4, ' ');
            let hash = u128::from_str_radix(parts.next()?, 16).ok()?;
            let size = parts.next()?.parse().ok()?;
            let kept = parts.next()? == "-";
            Some((parts.next()?.to_owned(), Record { hash, size, kept }))
        });
        Some(Manifest { files: files.collect::<Option<_>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_comes_back_from_its_text() {
        let mut manifest = Manifest::default();
        manifest.files.insert("a b/index.html".into(), Record::of(b"page"));
        manifest.files.insert("assets/site.0011aabb.css".into(), Record { kept: true, ..Record::of(b"") });
        assert_eq!(Manifest::parse(&manifest.text()), Some(manifest));
    }

    #[test]
    fn another_text_is_no_manifest() {
        for text in ["", "hello", "signalpost 2: x\n", "signalpost 1: x\nnot a line", "signalpost 1: x\n00 1 = a\n\n"] {
            assert_eq!(Manifest::parse(text), None, "{text}");
        }
    }
}
