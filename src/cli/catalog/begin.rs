//! `sitroom catalog init` and `new`: files to begin with. Whatever is there already is left as it is.

use super::{place, usual};
use crate::cli::{Exit, Failure, Out, Run, Start};
use clap::{Args, Subcommand};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf, absolute};

const SERVICE: &str = include_str!("../../../assets/catalog/service.toml");
const FILES: [(&str, &str); 3] = [
    ("checklists.toml", include_str!("../../../assets/catalog/checklists.toml")),
    ("readiness.toml", include_str!("../../../assets/catalog/readiness.toml")),
    ("plan.toml", include_str!("../../../assets/catalog/plan.toml")),
];
const SERVICES: &str = "services";

/// Begin a folder with commented files
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder; the configured one, or `catalog` beside the configuration, unless said
    folder: Option<PathBuf>,
}

/// Begin the file of a service
#[derive(Debug, Args)]
pub(super) struct New {
    #[command(subcommand)]
    what: Thing,
}

#[derive(Debug, Subcommand)]
enum Thing {
    /// A file in `services/` with every key there is, commented
    Service {
        /// What the service is called
        #[arg(value_parser = name)]
        name: String,
        /// The catalog's folder, instead of the configured one
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

impl Run for Init {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_writable()?;
        let folder = folder(start, self.folder.as_ref())?;
        let services = folder.join(SERVICES);
        fs::create_dir_all(&services).map_err(|error| unwritten(&services, &error))?;
        for (name, text) in FILES {
            let file = folder.join(name);
            match write(&file, text) {
                Ok(()) => out.line(format_args!("{}: written", file.display()))?,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    out.line(format_args!("{}: is there already, and is as it was", file.display()))?;
                }
                Err(error) => return Err(unwritten(&file, &error)),
            }
        }
        if place(start).is_none_or(|place| place != folder) {
            let written = as_configured(start, &folder).display().to_string();
            out.line(format_args!("write catalog = {written:?} in config.toml"))?;
        }
        out.line("add a service with: sitroom catalog new service NAME")?;
        Ok(Exit::Done)
    }
}

impl Run for New {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_writable()?;
        let Thing::Service { name, dir } = &self.what;
        let folder = folder(start, dir.as_ref())?;
        let services = folder.join(SERVICES);
        fs::create_dir_all(&services).map_err(|error| unwritten(&services, &error))?;
        let file = services.join(format!("{name}.toml"));
        match write(&file, &SERVICE.replace("NAME", name)) {
            Ok(()) => out.line(format_args!("{}: written", file.display()))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let what = format!("{}: is there already", file.display());
                return Err(Failure::no(what, "edit that one, or choose another name"));
            }
            Err(error) => return Err(unwritten(&file, &error)),
        }
        Ok(Exit::Done)
    }
}

/// A catalog that is one file has no folder to put another into.
fn folder(start: &Start, asked: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    let folder = asked.cloned().or_else(|| place(start)).unwrap_or_else(|| usual(start));
    if folder.is_file() {
        return Err(Failure::usage(
            format!("the catalog {} is one file", folder.display()),
            "write a [[service]] into it, or name a folder",
        ));
    }
    Ok(folder)
}

/// As the configuration writes it, beside which it is looked for.
fn as_configured(start: &Start, folder: &Path) -> PathBuf {
    let whole = |path: &Path| absolute(path).unwrap_or_else(|_| path.to_owned());
    let (folder, config) = (whole(folder), whole(&start.paths.config_file));
    let beside = config.parent().and_then(|beside| folder.strip_prefix(beside).ok());
    beside.map_or_else(|| folder.clone(), Path::to_owned)
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(file)?.write_all(text.as_bytes())
}

/// It becomes the name of a file.
fn name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !text.is_empty() && text.len() <= 100 && text.chars().all(is_plain) && !text.starts_with(['.', '-']) {
        Ok(text.to_owned())
    } else {
        Err("a service's name is of letters, digits, - _ and .".to_owned())
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::unable(
        format!("{}: cannot be written: {error}", path.display()),
        "make the folder writable, or name another",
    )
}
