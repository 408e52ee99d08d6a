//! The site's folder: what its name leads to now. A link can be made to lead elsewhere, and another folder take the place of one that
//! is moved away; both are common ways to deploy.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A folder by its name, and which one that was when we looked.
#[derive(Debug, Clone)]
pub struct Root {
    /// Absolute, with its links.
    name: PathBuf,
    /// Without links.
    place: PathBuf,
    identity: Identity,
}

/// What no two folders share: device and inode, and the time of making, since a new folder often gets the inode of a removed one.
type Identity = (u64, u64, Option<SystemTime>);

impl Root {
    pub fn open(name: &Path) -> io::Result<Root> {
        let name = std::path::absolute(name)?;
        let place = name.canonicalize()?;
        let identity = identity(&fs::metadata(&place)?);
        Ok(Root { name, place, identity })
    }

    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Looks where the name leads now; whether that is another folder than before. Where there is none, all stays as it was.
    pub fn look_again(&mut self) -> bool {
        let Ok(now) = Root::open(&self.name) else { return false };
        let is_another = (&now.place, now.identity) != (&self.place, self.identity);
        *self = now;
        is_another
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino(), metadata.created().ok())
}

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> Identity {
    (0, 0, metadata.created().ok())
}
