//! What a file looked like when it was read, so that a look at its metadata says whether to read it again.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// Size, times and identity of a file at the moment when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Inode and time of the last change of the inode: an editor that keeps the time of modification is seen by them.
    identity: (u64, i64, i64),
    /// It was written so shortly before it was read that a second write could leave the same times.
    fresh: bool,
}

/// How far two writes must be apart to be told apart: coarse clocks tick at up to 10 ms, FAT and old NFS at 2 s.
const TICK: Duration = Duration::from_millis(50);
const COARSE_TICK: Duration = Duration::from_secs(2);

impl Stamp {
    pub fn of(metadata: &Metadata) -> Stamp {
        let modified = metadata.modified().ok();
        let fresh = match modified {
            Some(modified) => {
                let in_whole_seconds = modified.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|since| since.subsec_nanos() == 0);
                let tick = if in_whole_seconds { COARSE_TICK } else { TICK };
                SystemTime::now().duration_since(modified).is_ok_and(|age| age < tick)
            }
            None => true,
        };
        Stamp { size: metadata.len(), modified, identity: identity(metadata), fresh }
    }

    /// Whether a file that now looks like `metadata` has surely not been written since.
    pub fn still_holds(&self, metadata: &Metadata) -> bool {
        !self.fresh && self.size == metadata.len() && self.modified == metadata.modified().ok() && self.identity == identity(metadata)
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}
