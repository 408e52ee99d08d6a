//! The lock of a folder: two runs of the program that would write to it at once go one after the other.
//!
//! It is the system's lock on an open file and ends with the program: a run that was killed locks nobody out, and nothing is left to
//! clean up. On Unix the file is the folder itself, so that nothing is written into it (it may be a git tree) and a lock holds wherever
//! the folder is reached from, also out of another container. Windows opens no folders: there a file in the user's temporary folder
//! stands in for it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

/// What to do while another run holds the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenHeld {
    /// Wait, however long it takes.
    Wait,
    /// Give up at once, with [`TryLockError::WouldBlock`].
    Refuse,
}

/// Locks a folder, which must exist, until the file is dropped.
pub fn lock(folder: &Path, when_held: WhenHeld) -> Result<File, TryLockError> {
    let file = if cfg!(unix) { File::open(folder) } else { stand_in(folder) };
    lock_file(file.map_err(TryLockError::Error)?, when_held)
}

fn lock_file(file: File, when_held: WhenHeld) -> Result<File, TryLockError> {
    match when_held {
        WhenHeld::Wait => file.lock().map_err(TryLockError::Error)?,
        WhenHeld::Refuse => file.try_lock()?,
    }
    Ok(file)
}

/// A file that is the same for every run on this folder, however its path is written. It stays: removing it would let another run lock
/// a new one of the same name.
fn stand_in(folder: &Path) -> io::Result<File> {
    let folder = fs::canonicalize(folder)?;
    let name = format!("signalpost-{:032x}.lock", xxh3_128(folder.as_os_str().as_encoded_bytes()));
    File::options().create(true).truncate(false).write(true).open(std::env::temp_dir().join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_lock_is_refused_and_free_again_when_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path(), WhenHeld::Refuse).unwrap();
        assert!(matches!(lock(folder.path(), WhenHeld::Refuse), Err(TryLockError::WouldBlock)));
        drop(held);
        lock(folder.path(), WhenHeld::Wait).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written into the folder");
        assert!(matches!(lock(&folder.path().join("missing"), WhenHeld::Wait), Err(TryLockError::Error(_))));
    }

    #[test]
    fn who_waits_goes_on_when_the_lock_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path(), WhenHeld::Wait).unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| lock(folder.path(), WhenHeld::Wait).map(drop));
            std::thread::sleep(std::time::Duration::from_millis(50));
            assert!(!waiting.is_finished());
            drop(held);
            waiting.join().unwrap().unwrap();
        });
    }

    /// The way of Windows, which works on every system.
    #[test]
    fn the_file_that_stands_in_is_one_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("posts")).unwrap();
        let held = lock_file(stand_in(folder.path()).unwrap(), WhenHeld::Refuse).unwrap();
        let same = folder.path().join("posts/..");
        assert!(matches!(lock_file(stand_in(&same).unwrap(), WhenHeld::Refuse), Err(TryLockError::WouldBlock)));
        lock_file(stand_in(&folder.path().join("posts")).unwrap(), WhenHeld::Refuse).unwrap();
        drop(held);
        for folder in [folder.path().to_owned(), folder.path().join("posts")] {
            let name = format!("signalpost-{:032x}.lock", xxh3_128(fs::canonicalize(folder).unwrap().as_os_str().as_encoded_bytes()));
            fs::remove_file(std::env::temp_dir().join(name)).unwrap();
        }
    }
}
