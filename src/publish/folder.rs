//! A folder held open, so that what is made in it is found from there and not each time from the root of the file system:
//! a first build makes ten thousand folders and files.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder that exists.
pub struct Folder {
    place: PathBuf,
    #[cfg(unix)]
    handle: std::os::fd::OwnedFd,
}

impl Folder {
    pub fn open(place: &Path) -> io::Result<Folder> {
        Ok(Folder {
            place: place.to_owned(),
            #[cfg(unix)]
            handle: {
                use rustix::fs::{Mode, OFlags, open};
                open(place, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?
            },
        })
    }

    /// Where a path below it is, for all else.
    pub fn join(&self, path: &str) -> PathBuf {
        self.place.join(path)
    }

    /// Writes a file that is not there yet.
    pub fn write_new(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.create(path)?.write_all(bytes)
    }

    #[cfg(unix)]
    fn create(&self, path: &str) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, openat};
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        Ok(openat(&self.handle, path, flags, Mode::from_raw_mode(0o666))?.into())
    }

    #[cfg(not(unix))]
    fn create(&self, path: &str) -> io::Result<File> {
        File::create_new(self.join(path))
    }

    /// Makes a folder; fine where it is there.
    pub fn create_folder(&self, path: &str) -> io::Result<()> {
        match self.make_folder(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && self.join(path).is_dir() => Ok(()),
            made => made,
        }
    }

    #[cfg(unix)]
    fn make_folder(&self, path: &str) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(&self.handle, path, rustix::fs::Mode::from_raw_mode(0o777))?)
    }

    #[cfg(not(unix))]
    fn make_folder(&self, path: &str) -> io::Result<()> {
        std::fs::create_dir(self.join(path))
    }
}

/// Writes a file that is not there yet.
pub fn write_new(place: &Path, bytes: &[u8]) -> io::Result<()> {
    File::create_new(place)?.write_all(bytes)
}
