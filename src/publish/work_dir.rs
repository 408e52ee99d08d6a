//! The folder beside an output in which the next tree is made (`.public.signalpost` beside `public`), and the lock in it:
//! who holds it owns everything in there, so whatever a dead build left is the next one's to use or remove.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::at;
use super::manifest;
use super::scan::{FileMode, remove};
use crate::failure::{Failure, Why};

/// How long another build is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// The locked folder. The lock ends with the program, however that ends.
pub struct WorkDir {
    pub place: PathBuf,
    /// Whether it lies beside the output, so that trees made in it can take its place.
    pub is_beside: bool,
    /// Keep the tree for the next build.
    pub keep_tree: bool,
    lock: File,
}

impl WorkDir {
    /// Opens and locks the working folder of an output; inside the output where nothing can be made beside it.
    pub fn open(output: &Path) -> Result<WorkDir, Failure> {
        let parent = output.parent().unwrap_or(output);
        fs::create_dir_all(parent).map_err(at("create", parent))?;
        let name = output.file_name().unwrap_or_default().to_string_lossy();
        let beside = parent.join(format!(".{name}.signalpost"));
        match lock(&beside, output) {
            Ok(lock) => Ok(WorkDir { place: beside, is_beside: true, keep_tree: false, lock }),
            Err(failure) if is_forbidden(&failure) && output.is_dir() => {
                let inside = output.join(manifest::FOLDER);
                Ok(WorkDir { lock: lock(&inside, output)?, place: inside, is_beside: false, keep_tree: false })
            }
            Err(failure) => Err(failure),
        }
    }

    /// Where the next tree is made; may hold anything.
    pub fn tree(&self) -> PathBuf {
        self.place.join("tree")
    }

    /// Lets us change the tree: it may have the mode of an output that nobody may write to.
    pub fn unlock_tree(&self) {
        #[cfg(unix)]
        if let Ok(there) = fs::symlink_metadata(self.tree())
            && there.is_dir()
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = there.permissions().mode();
            // Where this fails, what we do next says so.
            let _ = fs::set_permissions(self.tree(), fs::Permissions::from_mode(mode | 0o700));
        }
    }

    /// What a new file may be read by: the lock is one.
    pub fn mode(&self) -> FileMode {
        self.lock.metadata().as_ref().map_or(FileMode::default(), FileMode::of)
    }

    /// Where the old tree is for the moment between two renames.
    pub fn aside(&self) -> PathBuf {
        self.place.join("old")
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        if self.is_beside && !self.keep_tree {
            self.unlock_tree();
            let _ = remove(&self.tree());
        }
        let _ = fs::remove_file(self.place.join("lock")); // before it is unlocked: see `lock`
        if self.is_beside {
            let _ = fs::remove_dir(&self.place); // unless another build is in it already
        }
        let _ = self.lock.unlock();
    }
}

fn is_forbidden(failure: &Failure) -> bool {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    matches!(&failure.why, Why::System(error) if matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem))
}

fn lock(place: &Path, output: &Path) -> Result<File, Failure> {
    let path = place.join("lock");
    let started = Instant::now();
    loop {
        create_private(place).map_err(at("create", place))?;
        check_ours(place, output)?;
        let mut file = match File::options().create(true).truncate(false).read(true).write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue, // the folder was removed meanwhile
            file => file.map_err(at("create", &path))?,
        };
        match file.try_lock() {
            // The build before removes its lock file before it unlocks it: then this one is nobody's any more.
            Ok(()) if is_same_file(&file, &path) => {
                let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
                return Ok(file);
            }
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if started.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(20)),
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _ = file.read_to_string(&mut pid);
                return Err(Failure::new(format!("publish into `{}`", output.display()), Why::Busy { pid })
                    .help("wait for it, or publish into another folder with `--output`"));
            }
            Err(TryLockError::Error(error)) => return Err(at("lock", &path)(error)),
        }
    }
}

/// A folder that a web server does not read: it may lie below what is served.
fn create_private(place: &Path) -> io::Result<()> {
    #[cfg(unix)]
    let created = std::os::unix::fs::DirBuilderExt::mode(&mut fs::DirBuilder::new(), 0o700).create(place);
    #[cfg(not(unix))]
    let created = fs::create_dir(place);
    match created {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}

/// Refuses a folder that somebody else may have put there, where everybody can make one (`/tmp`): what lies in it is removed.
fn check_ours(place: &Path, output: &Path) -> Result<(), Failure> {
    let refused = |why: &str| {
        let why = format!("`{}` {why}", place.display());
        Err(Failure::refused(format!("publish into `{}`", output.display()), why).help("remove it, or publish into another folder"))
    };
    match fs::symlink_metadata(place) {
        Ok(there) if !there.is_dir() => refused("is not a folder"),
        Ok(there) if !is_owned(&there, place) => refused("belongs to another user"),
        _ => Ok(()),
    }
}

/// By us, or by whom the folder above belongs to: root may build in a user's folder, and that user afterwards.
#[cfg(unix)]
fn is_owned(there: &fs::Metadata, place: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let above = place.parent().and_then(|above| fs::metadata(above).ok());
    there.uid() == rustix::process::geteuid().as_raw() || above.is_some_and(|above| above.uid() == there.uid())
}

#[cfg(not(unix))]
fn is_owned(_there: &fs::Metadata, _place: &Path) -> bool {
    true
}

#[cfg(unix)]
fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = || -> io::Result<bool> {
        let (opened, there) = (file.metadata()?, fs::metadata(path)?);
        Ok((opened.dev(), opened.ino()) == (there.dev(), there.ino()))
    };
    same().unwrap_or(false)
}

#[cfg(not(unix))]
fn is_same_file(_file: &File, path: &Path) -> bool {
    path.exists()
}
