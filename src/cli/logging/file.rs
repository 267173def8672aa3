//! A file that is turned over when it is large: `sitroom.log`, then `sitroom.1.log` and on to the oldest.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// At this size the file is turned over.
const LARGEST: u64 = 4 << 20;

/// So many old ones are kept at most.
const OLD: u32 = 4;

pub(super) struct Turning {
    folder: PathBuf,
    file: File,
    size: u64,
}

impl Turning {
    /// Goes on with the file there is, and forgets old ones that nobody has written to for longer than `keep`.
    pub(super) fn open(folder: &Path, keep: Duration) -> io::Result<Self> {
        make(folder)?;
        let file = append(folder)?;
        let size = file.metadata()?.len();
        forget(folder, keep);
        Ok(Self { folder: folder.to_owned(), file, size })
    }

    pub(super) fn write(&mut self, line: &[u8]) -> io::Result<()> {
        if self.size > 0 && self.size + line.len() as u64 > LARGEST {
            self.turn()?;
        }
        self.file.write_all(line)?;
        self.size += line.len() as u64;
        Ok(())
    }

    /// Several processes may turn it at about the same time; at worst a file is turned early.
    fn turn(&mut self) -> io::Result<()> {
        for number in (0..OLD).rev() {
            let _ = fs::rename(old(&self.folder, number), old(&self.folder, number + 1));
        }
        self.file = append(&self.folder)?;
        self.size = self.file.metadata()?.len();
        Ok(())
    }
}

fn old(folder: &Path, number: u32) -> PathBuf {
    match number {
        0 => folder.join("sitroom.log"),
        number => folder.join(format!("sitroom.{number}.log")),
    }
}

fn append(folder: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(old(folder, 0))
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn forget(folder: &Path, keep: Duration) {
    for file in (1..=OLD).map(|number| old(folder, number)) {
        let age = fs::metadata(&file).and_then(|file| file.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > keep) {
            let _ = fs::remove_file(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_turned_over_and_the_oldest_goes() {
        let home = tempfile::tempdir().unwrap();
        let mut log = Turning::open(home.path(), Duration::from_secs(60)).unwrap();
        let line = vec![b'x'; LARGEST as usize / 2 + 1];
        for _ in 0..OLD + 3 {
            log.write(&line).unwrap();
        }
        let files = fs::read_dir(home.path()).unwrap().count();
        assert_eq!(files, OLD as usize + 1);
        assert!(old(home.path(), OLD).exists());
    }
}
