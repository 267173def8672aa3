//! `config init`: writes the commented file and makes the directories. What is there already is left alone.

use super::file::reason;
use super::problem::{Place, Problem};
use super::{Paths, template};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    New,
    /// A file was there, and is as it was.
    Kept,
}

pub fn write(paths: &Paths) -> Result<Written, Problem> {
    let beside = paths.config_file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let others = [&paths.themes_dir, &paths.keymaps_dir, &paths.data_dir, &paths.state_dir];
    for directory in beside.into_iter().chain(others.map(AsRef::as_ref)) {
        private_directory(directory).map_err(|cause| problem(directory, &cause))?;
    }
    let file = OpenOptions::new().write(true).create_new(true).open(&paths.config_file);
    match file.and_then(|mut file| file.write_all(template::text().as_bytes())) {
        Ok(()) => Ok(Written::New),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Ok(Written::Kept),
        Err(cause) => Err(problem(&paths.config_file, &cause)),
    }
}

/// The commented file with a room, a name and tables that somebody has answered with.
pub fn text_with(room: &str, me: &str, tables: &str) -> String {
    let mut text = template::text();
    for (key, value) in [("room", room), ("me", me)] {
        if !value.is_empty() {
            text = set(&text, key, value);
        }
    }
    text + tables
}

/// Takes the sign away from the line of a key at the top, or writes it above everything.
fn set(text: &str, key: &str, value: &str) -> String {
    let set = format!("{key} = {}", toml_edit::Value::from(value));
    let is_it = |line: &str| line.strip_prefix('#').is_some_and(|line| line.starts_with(&format!("{key} =")));
    match text.lines().find(|line| is_it(line)) {
        Some(line) => text.replacen(line, &set, 1),
        None => format!("{set}\n\n{text}"),
    }
}

/// Writes a text nobody else may read, over whatever is at the path: whole, or not at all.
pub fn write_text(paths: &Paths, to: &Path, text: &str) -> Result<(), Problem> {
    let beside = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    let others = [&paths.themes_dir, &paths.keymaps_dir, &paths.data_dir, &paths.state_dir];
    for directory in beside.into_iter().chain(others.map(AsRef::as_ref)) {
        private_directory(directory).map_err(|cause| problem(directory, &cause))?;
    }
    let mut draft = to.as_os_str().to_owned();
    draft.push(".new");
    let draft = PathBuf::from(draft);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&draft, to)).map_err(|cause| problem(to, &cause))
}

/// Journal and logs are nobody else's business on a shared host.
fn private_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

fn problem(path: &Path, cause: &io::Error) -> Problem {
    Problem {
        place: Place::File { file: path.to_owned(), line: None, column: None },
        what: format!("cannot be written: {}", reason(cause)),
        fix: "make the directory writable, or give another with --home DIR".to_owned(),
        disables: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_that_is_there_is_never_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::under(home.path());
        assert_eq!(write(&paths), Ok(Written::New));
        assert_eq!(fs::read_to_string(&paths.config_file).unwrap(), template::text());
        fs::write(&paths.config_file, "mine").unwrap();
        assert_eq!(write(&paths), Ok(Written::Kept));
        assert_eq!(fs::read_to_string(&paths.config_file).unwrap(), "mine");
        assert!(paths.data_dir.is_dir() && paths.themes_dir.is_dir());
    }

    #[test]
    fn what_was_answered_stands_in_the_file_that_is_written() {
        let text = text_with("payments", "dana", "\n[aws.prod]\nprofile = \"prod\"\n");
        let read: toml::Table = text.parse().unwrap();
        assert_eq!((read["room"].as_str(), read["me"].as_str()), (Some("payments"), Some("dana")));
        assert_eq!(read["aws"]["prod"]["profile"].as_str(), Some("prod"));
        assert_eq!(text_with("", "", ""), template::text());
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_named() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("config"), "in the way").unwrap();
        let problem = write(&Paths::under(home.path())).unwrap_err();
        assert!(
            problem.to_string().starts_with(&home.path().join("config").display().to_string()),
            "{problem}"
        );
    }
}
