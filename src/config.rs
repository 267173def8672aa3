//! Configuration: defaults, then `config.toml`, then the environment, then the command line, read into [`Settings`].
//!
//! Every key stands once, in [`keys::KEYS`]; reading it, the file `config init` writes, the manual and the
//! suggestions all come from there. Loading never fails: what is broken is reported with its place and its fix,
//! keeps its default, and leaves the rest working. Nothing here reads the process's environment; it is handed in.

pub mod choice;
pub mod environment;
mod file;
pub mod forge;
pub mod init;
pub mod keys;
mod layers;
mod lines;
pub mod manual;
pub mod paths;
pub mod problem;
mod repair;
pub mod secret;
pub mod settings;
pub mod template;
pub mod value;

pub use environment::{Environment, Terminal};
pub use layers::{Origin, Override};
pub use paths::Paths;
pub use problem::{Place, Problem};
pub use secret::{Secret, SecretRef, redact};
pub use settings::Settings;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// More than this is nobody's configuration.
pub const MAX_FILE: u64 = 1 << 20;

/// What the configuration says, and everything that is wrong with it.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub settings: Settings,
    /// In the order of their places.
    pub problems: Vec<Problem>,
    file: PathBuf,
    origins: BTreeMap<String, Origin>,
}

/// Reads the file of `paths` and lays the other layers over it. A file nobody asked for by name may be missing.
pub fn load(paths: &Paths, environment: &Environment, overrides: &[Override]) -> Loaded {
    match file::bytes(&paths.config_file, paths.config_named) {
        Ok(bytes) => read(&paths.config_file, &bytes, environment, overrides),
        Err(problem) => {
            let mut loaded = read(&paths.config_file, b"", environment, overrides);
            loaded.problems.insert(0, problem);
            loaded
        }
    }
}

/// The same over bytes at hand; `file` is only what the problems call them.
pub fn read(file: &Path, bytes: &[u8], environment: &Environment, overrides: &[Override]) -> Loaded {
    let mut loaded = Loaded {
        settings: Settings::default(),
        problems: Vec::new(),
        file: file.to_owned(),
        origins: BTreeMap::new(),
    };
    layers::fallbacks(&mut loaded, environment);
    file::read(&mut loaded, bytes);
    keys::switch_off(&mut loaded);
    layers::environment(&mut loaded, environment);
    layers::overrides(&mut loaded, overrides);
    keys::check(&mut loaded);
    problem::settle(&mut loaded.problems);
    loaded
}

impl Loaded {
    /// Where the value of a key, `ui.theme` or `rules.review-turnaround.ratio`, comes from.
    pub fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).copied().unwrap_or_default()
    }

    /// Whether the file says anything at all, rightly or wrongly.
    pub fn is_written(&self) -> bool {
        let in_file = |problem: &Problem| matches!(problem.place, Place::File { .. });
        self.origins.values().any(|origin| matches!(origin, Origin::File(_)))
            || self.problems.iter().any(in_file)
    }

    /// Whether something is so broken in this section that it must stay off.
    pub fn is_off(&self, section: &str) -> bool {
        self.problems.iter().any(|problem| problem.disables == Some(section))
    }

    /// A problem with a value that only its user can judge, such as a theme that does not exist.
    pub fn problem(&self, key: &str, what: String, fix: String) -> Problem {
        let section = keys::section_of(key);
        Problem { place: self.place(key), what, fix, disables: section.disabled() }
    }

    /// What `config check` prints: the problems, then every setting that is not the default, with its origin.
    pub fn report(&self) -> String {
        self.report_with(0)
    }

    /// The same, where so many more problems were said of what the file names.
    pub fn report_with(&self, more: usize) -> String {
        let mut text = String::new();
        for problem in &self.problems {
            let _ = writeln!(text, "{problem}");
        }
        for key in keys::KEYS {
            let origin = self.origin(key.name);
            let Some(value) = key.write(&self.settings).filter(|_| origin != Origin::Default) else {
                continue;
            };
            let _ = writeln!(text, "{} = {value}  ({})", key.name, origin.say(&self.file));
        }
        let _ = match self.problems.len() + more {
            0 => writeln!(text, "{}: no problems", problem::shown(&self.file)),
            1 => writeln!(text, "{}: 1 problem", problem::shown(&self.file)),
            many => writeln!(text, "{}: {many} problems", problem::shown(&self.file)),
        };
        text
    }

    fn place(&self, key: &str) -> Place {
        let line = match self.origin(key) {
            Origin::Environment(variable) => return Place::Environment(variable),
            Origin::Flag(flag) => return Place::Flag(flag),
            Origin::File(line) => Some(line),
            Origin::Default => None,
        };
        Place::File { file: self.file.clone(), line, column: None }
    }
}
