//! Where new files are staged until the site is whole, out of every reader's sight.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::at;
use super::folder::{Folder, write_new};
use super::scan::remove;
use crate::failure::Failure;

/// Where new files are staged.
pub enum Staging {
    /// Below this folder, at their paths.
    InTree(Folder),
    /// In this folder, by their numbers. Made with the first of them.
    Numbered(PathBuf),
}

impl Staging {
    pub fn place(&self, path: &str, number: usize) -> PathBuf {
        match self {
            Staging::InTree(tree) => tree.join(path),
            Staging::Numbered(stage) => stage.join(number.to_string()),
        }
    }

    /// Whether they wait on the file system of the output itself.
    pub fn is_within(&self, output: &Path) -> bool {
        self.place("", 0).starts_with(output)
    }

    pub fn write(&self, path: &str, number: usize, bytes: &[u8]) -> Result<(), Failure> {
        let stage = match self {
            Staging::InTree(tree) => return tree.write_new(path, bytes).map_err(at("write", &tree.join(path))),
            Staging::Numbered(stage) => stage,
        };
        let place = self.place(path, number);
        match write_new(&place, bytes) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(stage).map_err(at("create", stage))?;
                write_new(&place, bytes)
            }
            written => written,
        }
        .map_err(at("write", &place))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if let Staging::Numbered(stage) = self {
            let _ = remove(stage);
        }
    }
}
