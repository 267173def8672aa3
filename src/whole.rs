//! Files that are there whole or not at all: written beside their place and put there in one step, and given to whoever
//! the folder or the file before belonged to.
//!
//! What the superuser writes for a service would otherwise be a file that the service cannot read any more.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;
use tempfile::{Builder, NamedTempFile};

/// Makes a file, and never one that is there already.
pub fn make(file: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let folder = folder(file)?;
    let draft = draft(folder, bytes, mode, &fs::metadata(folder)?)?;
    draft.persist_noclobber(file).map(drop).map_err(|failed| failed.error)
}

/// Puts other words into a file, whose rights stay as they were; a link stays a link.
pub fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = &file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let folder = folder(file)?;
    let like = fs::metadata(file).or_else(|_| fs::metadata(folder))?;
    let mode = if like.is_dir() { 0o600 } else { like.mode() & 0o777 };
    draft(folder, bytes, mode, &like)?.persist(file).map(drop).map_err(|failed| failed.error)
}

/// Holds off everybody else who changes what is in the folder of a file, until it is dropped. A file system without
/// locks is no reason to change nothing.
pub fn alone(file: &Path) -> io::Result<File> {
    let held = File::open(folder(file)?)?;
    let _ = held.lock();
    Ok(held)
}

fn folder(file: &Path) -> io::Result<&Path> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    Ok(folder)
}

fn draft(folder: &Path, bytes: &[u8], mode: u32, like: &Metadata) -> io::Result<NamedTempFile> {
    let mut draft = Builder::new().permissions(Permissions::from_mode(mode)).tempfile_in(folder)?;
    draft.write_all(bytes)?;
    let is_ours = draft.as_file().metadata()?;
    if (is_ours.uid(), is_ours.gid()) != (like.uid(), like.gid()) {
        // Only the superuser can give a file away; anybody else keeps it, as with any other program.
        let _ = fchown(draft.as_file(), Some(like.uid()), Some(like.gid()));
    }
    draft.as_file().sync_all()?;
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_is_there_is_never_made_again_and_nothing_is_left_over() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("keys/key");
        make(&file, b"one", 0o600).unwrap();
        assert_eq!(make(&file, b"two", 0o600).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&file).unwrap(), b"one");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn rights_owner_and_link_stay_as_they_were() {
        let home = tempfile::tempdir().unwrap();
        let [file, link] = ["people.toml", "link.toml"].map(|name| home.path().join(name));
        fs::write(&file, "one").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        symlink(&file, &link).unwrap();
        let given_away = fchown(File::open(&file).unwrap(), Some(4_321), Some(4_321)).is_ok();
        replace(&link, b"two").unwrap();
        let after = fs::symlink_metadata(&file).unwrap();
        assert_eq!((fs::read(&file).unwrap(), after.mode() & 0o777), (b"two".to_vec(), 0o644));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(after.uid() == 4_321, given_away);
    }
}
