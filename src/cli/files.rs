//! Files that commands write: a new one, and one changed, whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::failure::{Failure, at};

/// Writes a new file and the folders above it; `false` if there is a file of that name, which stays as it is.
pub fn create(path: &Path, content: &[u8]) -> Result<bool, Failure> {
    create_with(0o666, path, content)
}

/// The same for a script, which everybody may run.
pub fn create_program(path: &Path, content: &[u8]) -> Result<bool, Failure> {
    create_with(0o777, path, content)
}

/// `mode` is as any program asks for it: the user's umask takes away from it.
fn create_with(mode: u32, path: &Path, content: &[u8]) -> Result<bool, Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(at("make the folder", folder))?;
    let file = whole(folder, content, permissions_of(mode)).map_err(at("write", path))?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(at("write", path)(error.error)),
    }
}

/// Replaces a file by another content in one step; it keeps its mode. Behind a symbolic link the file that it names is replaced.
pub fn replace(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let path = &path.canonicalize().map_err(at("open", path))?;
    let permissions = fs::metadata(path).map_err(at("open", path))?.permissions();
    let folder = path.parent().unwrap_or(Path::new("/"));
    let file = whole(folder, content, Some(permissions.clone())).map_err(at("write", path))?;
    file.as_file().set_permissions(permissions).map_err(at("write", path))?;
    file.persist(path).map_err(|error| at("write", path)(error.error))?;
    Ok(())
}

/// Writes a file, in place of the one of that name if there is one.
pub fn put(path: &Path, content: &[u8]) -> Result<(), Failure> {
    if create(path, content)? { Ok(()) } else { replace(path, content) }
}

#[cfg(unix)]
fn permissions_of(mode: u32) -> Option<fs::Permissions> {
    Some(std::os::unix::fs::PermissionsExt::from_mode(mode))
}

/// A file has those of its folder where the system knows no modes.
#[cfg(not(unix))]
fn permissions_of(_mode: u32) -> Option<fs::Permissions> {
    None
}

/// A hidden file beside the one it will become, with all its bytes on the disk.
fn whole(folder: &Path, content: &[u8], permissions: Option<fs::Permissions>) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".signalpost-");
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.md");
        assert!(create(&path, b"one").unwrap());
        assert!(!create(&path, b"two").unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_mode_and_a_link_stays_a_link() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("post.md"), folder.path().join("link.md"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o664);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
