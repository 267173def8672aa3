//! Where everything is kept: under one home when there is one, else where the platform keeps such things.

use super::{Environment, Place, Problem, Settings};
use directories::ProjectDirs;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    pub config_file: PathBuf,
    /// Somebody asked for this very file, so it has to be there.
    pub config_named: bool,
    pub themes_dir: PathBuf,
    pub keymaps_dir: PathBuf,
    pub data_dir: PathBuf,
    pub state_dir: PathBuf,
    /// What `~` stands for.
    user_home: Option<PathBuf>,
}

impl Paths {
    /// `--home` and `--config` go before `SITROOM_HOME` and `SITROOM_CONFIG`, and those before the platform.
    pub fn locate(
        home: Option<&Path>,
        config: Option<&Path>,
        environment: &Environment,
    ) -> Result<Self, Problem> {
        let named = |flag: Option<&Path>, variable| {
            flag.map(Path::to_owned).or_else(|| environment.get(variable).map(PathBuf::from))
        };
        let home = named(home, "SITROOM_HOME").filter(|home| !home.as_os_str().is_empty());
        let mut paths = match home {
            Some(home) => Self::under(&home),
            None => Self::of_platform()?,
        };
        if let Some(file) = named(config, "SITROOM_CONFIG") {
            paths.config_file = file;
            paths.config_named = true;
        }
        paths.user_home = environment.get("HOME").map(PathBuf::from);
        Ok(paths)
    }

    pub fn under(home: &Path) -> Self {
        Self::of(&home.join("config"), home.join("data"), home.join("state"))
    }

    /// The journal of these settings.
    pub fn journal_file(&self, settings: &Settings) -> PathBuf {
        let path = settings.journal.path.as_deref();
        path.map_or_else(|| self.data_dir.join("journal.sqlite"), |path| self.resolve(path))
    }

    pub fn store_file(&self) -> PathBuf {
        self.data_dir.join("store.sqlite")
    }

    /// Who may come in over SSH.
    pub fn people_file(&self) -> PathBuf {
        self.config_file.with_file_name("people.toml")
    }

    pub fn log_dir(&self) -> PathBuf {
        self.state_dir.join("log")
    }

    /// A path as the configuration writes it: `~` is the user's home, and relative is beside the file.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), &self.user_home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => self.config_file.parent().unwrap_or(Path::new("")).join(path),
        }
    }

    fn of(config_dir: &Path, data_dir: PathBuf, state_dir: PathBuf) -> Self {
        Self {
            config_file: config_dir.join("config.toml"),
            config_named: false,
            themes_dir: config_dir.join("themes"),
            keymaps_dir: config_dir.join("keymaps"),
            data_dir,
            state_dir,
            user_home: None,
        }
    }

    fn of_platform() -> Result<Self, Problem> {
        let Some(dirs) = ProjectDirs::from("", "", "sitroom") else {
            return Err(Problem {
                place: Place::Environment("HOME"),
                what: "there is no home directory to keep anything in".to_owned(),
                fix: "say where with --home DIR".to_owned(),
                disables: None,
            });
        };
        let state = dirs.state_dir().map_or_else(|| dirs.data_local_dir().join("state"), Path::to_owned);
        Ok(Self::of(dirs.config_dir(), dirs.data_dir().to_owned(), state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        [("SITROOM_HOME", "/env"), ("SITROOM_CONFIG", "/etc/sitroom.toml"), ("HOME", "/users/dana")]
            .into_iter()
            .collect()
    }

    #[test]
    fn everything_is_under_one_home() {
        let paths = Paths::locate(Some(Path::new("/flag")), None, &Environment::default()).unwrap();
        assert_eq!(paths, Paths::under(Path::new("/flag")));
        assert_eq!(paths.config_file, Path::new("/flag/config/config.toml"));
        assert_eq!(paths.journal_file(&Settings::default()), Path::new("/flag/data/journal.sqlite"));
        assert_eq!(paths.log_dir(), Path::new("/flag/state/log"));
    }

    #[test]
    fn a_flag_goes_before_the_environment() {
        let paths = Paths::locate(None, None, &environment()).unwrap();
        assert_eq!(paths.data_dir, Path::new("/env/data"));
        assert_eq!((paths.config_file.as_path(), paths.config_named), (Path::new("/etc/sitroom.toml"), true));
        let paths =
            Paths::locate(Some(Path::new("/flag")), Some(Path::new("c.toml")), &environment()).unwrap();
        assert_eq!((paths.config_file, paths.data_dir), ("c.toml".into(), "/flag/data".into()));
    }

    #[test]
    fn a_path_in_the_file_is_relative_to_it() {
        let paths = Paths::locate(None, None, &environment()).unwrap();
        assert_eq!(paths.resolve(Path::new("a/b")), Path::new("/etc/a/b"));
        assert_eq!(paths.resolve(Path::new("/a/b")), Path::new("/a/b"));
        assert_eq!(paths.resolve(Path::new("~/b")), Path::new("/users/dana/b"));
    }
}
