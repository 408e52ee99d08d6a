//! What was read of each file, kept from build to build: reading a file is pure, so the same bytes among the same settings
//! and servers are the same post.

use std::sync::Arc;

use bytes::Bytes;
use foldhash::HashMap;

use super::post::Front;
use super::servers::Servers;
use crate::findings::Finding;
use crate::model::{Address, Config, Post};
use crate::source::{SourceFile, Sources};

/// Posts by their file.
#[derive(Debug, Default)]
pub struct Memo {
    is_forgetful: bool,
    /// The settings and servers that everything here was read among.
    among: Option<(Arc<Config>, Servers)>,
    files: HashMap<Arc<str>, (Bytes, ReadFile)>,
}

/// What one file under `content/posts` says. Cheap to clone where it has no findings.
#[derive(Debug, Clone)]
pub struct ReadFile {
    pub front: Option<Arc<Front>>,
    pub front_findings: Vec<Finding>,
    pub text: Option<Arc<ReadText>>,
}

/// A post with its text, and what its links found.
#[derive(Debug, Clone)]
pub struct ReadText {
    pub post: Arc<Post>,
    /// As in [`Front::is_whole`].
    pub is_whole: bool,
    /// The addresses that source files had: when one has another now, the text is read again.
    pub looked_up: Vec<(String, Option<Address>)>,
    pub findings: Vec<Finding>,
}

impl ReadFile {
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.front_findings.iter().chain(self.text.as_deref().map_or(&[][..], |text| &text.findings))
    }
}

impl Memo {
    /// One that remembers nothing, for whoever builds once.
    pub fn forgetful() -> Memo {
        Memo { is_forgetful: true, ..Memo::default() }
    }

    /// Forgets everything where settings or servers are others.
    pub fn keep_for(&mut self, config: &Arc<Config>, servers: &Servers) {
        if !self.among.as_ref().is_some_and(|(old_config, old_servers)| old_config == config && old_servers == servers) {
            self.files.clear();
            self.among = Some((config.clone(), servers.clone()));
        }
    }

    /// What was read of a file, if its bytes are still the same.
    pub fn read(&self, file: &SourceFile) -> Option<&ReadFile> {
        let (bytes, read) = self.files.get(&file.path)?;
        let is_same = (bytes.as_ptr() == file.bytes.as_ptr() && bytes.len() == file.bytes.len()) || *bytes == file.bytes;
        is_same.then_some(read)
    }

    /// Whether anything is remembered at all.
    pub fn keeps(&self) -> bool {
        !self.is_forgetful
    }

    pub fn remember(&mut self, file: &SourceFile, read: ReadFile) {
        if self.keeps() {
            self.files.insert(file.path.clone(), (file.bytes.clone(), read));
        }
    }

    /// Forgets files that are gone once it holds more than the site has: a few do no harm, and to look for each takes time.
    pub fn forget_absent(&mut self, sources: &Sources) {
        if self.files.len() > sources.files.len() {
            self.files.retain(|path, _| sources.get(path).is_some());
        }
    }
}
