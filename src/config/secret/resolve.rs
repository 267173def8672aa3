//! Fetching a secret from where it is kept. A driver: it reads files and runs the user's own token command.
//!
//! What the command prints beyond the secret is never repeated, since it may be the secret.

use super::{Secret, SecretRef};
use crate::config::file::reason;
use crate::config::problem::shown;
use crate::config::{Environment, Paths};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Longer than any token, and than a bundle of certificates.
const LONGEST: u64 = 64 * 1024;

/// Why there is no secret; names the place, never the content.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct SecretError {
    pub what: String,
    pub fix: String,
}

/// The secret, without the line break files and commands end with. A command has this long to answer.
pub async fn resolve(
    at: &SecretRef,
    paths: &Paths,
    environment: &Environment,
    patience: Duration,
) -> Result<Secret, SecretError> {
    let found = match at {
        SecretRef::Variable(name) => variable(name, environment)?,
        SecretRef::File(path) => private_file(&paths.resolve(path))?,
        SecretRef::Command { program, arguments } => answer(program, arguments, patience).await?,
    };
    let secret = found.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(error(format!("{at} gives an empty secret"), "put the secret there"));
    }
    Ok(Secret::new(secret))
}

fn variable(name: &str, environment: &Environment) -> Result<String, SecretError> {
    environment.get(name).map(str::to_owned).ok_or_else(|| {
        error(
            format!("the variable {name} is not set"),
            format!("set it before sitroom starts: export {name}=…"),
        )
    })
}

fn private_file(path: &Path) -> Result<String, SecretError> {
    let unreadable = |cause: &io::Error| {
        let what = format!("the secret in {} cannot be read: {}", shown(path), reason(cause));
        error(what, "correct the path, or make the file readable for you")
    };
    if !path.metadata().map_err(|cause| unreadable(&cause))?.is_file() {
        return Err(error(format!("{} is not a file", shown(path)), "keep the secret in a file of its own"));
    }
    let file = File::open(path).map_err(|cause| unreadable(&cause))?;
    refuse_readable_by_others(&file, path)
        .map_err(|cause| cause.unwrap_or_else(|cause| unreadable(&cause)))?;
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(|cause| unreadable(&cause))?;
    Ok(text)
}

#[cfg(unix)]
fn refuse_readable_by_others(file: &File, path: &Path) -> Result<(), Result<SecretError, io::Error>> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().map_err(Err)?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let what = format!("others may read the secret in {} (mode {mode:04o})", shown(path));
    Err(Ok(error(what, format!("chmod 600 {}", shown(path)))))
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_: &File, _: &Path) -> Result<(), Result<SecretError, io::Error>> {
    Ok(())
}

async fn answer(program: &str, arguments: &[String], patience: Duration) -> Result<String, SecretError> {
    let failed = |how: String| {
        error(format!("the token command {program} {how}"), format!("try it in a shell: {program}"))
    };
    let mut family = Family::start(program, arguments)
        .map_err(|cause| failed(format!("cannot be started: {}", reason(&cause))))?;
    let mut printed = String::new();
    let told = timeout(patience, async {
        if let Some(stdout) = family.0.stdout.take() {
            stdout.take(LONGEST).read_to_string(&mut printed).await?;
        }
        family.0.wait().await
    });
    match told.await {
        Ok(Ok(status)) if status.success() => Ok(printed),
        Ok(Ok(status)) => Err(failed(format!("failed ({status})"))),
        Ok(Err(cause)) => Err(failed(format!("failed: {}", reason(&cause)))),
        Err(_) => Err(failed(format!("gave no answer in {} s", patience.as_secs_f64()))),
    }
}

/// A command and whatever it starts: unless it has come to its end, all of it dies with this.
struct Family(Child);

impl Family {
    fn start(program: &str, arguments: &[String]) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(unix)]
        command.process_group(0);
        command.kill_on_drop(true).spawn().map(Self)
    }
}

#[cfg(unix)]
impl Drop for Family {
    fn drop(&mut self) {
        let leader = self.0.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()));
        if let Some(leader) = leader {
            // It may have ended by itself this very moment.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

fn error(what: impl Into<String>, fix: impl Into<String>) -> SecretError {
    SecretError { what: what.into(), fix: fix.into() }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    fn get(at: &SecretRef, home: &Path, patience: Duration) -> Result<String, SecretError> {
        let environment = [("TOKEN", "from-env")].into_iter().collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let resolved = runtime.block_on(resolve(at, &Paths::under(home), &environment, patience));
        resolved.map(|secret| secret.expose().to_owned())
    }

    fn command(words: &[&str]) -> SecretRef {
        let arguments = words[1..].iter().map(|word| (*word).to_owned()).collect();
        SecretRef::Command { program: words[0].to_owned(), arguments }
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_variable_gives_its_value_or_says_its_name() {
        let home = Path::new("/nowhere");
        assert_eq!(get(&SecretRef::Variable("TOKEN".into()), home, LONG).unwrap(), "from-env");
        let missing = get(&SecretRef::Variable("NONE".into()), home, LONG).unwrap_err();
        assert_eq!(missing.what, "the variable NONE is not set");
    }

    #[test]
    fn a_file_others_may_read_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("token");
        fs::write(&path, "from-file\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let at = SecretRef::File(path.clone());
        let refused = get(&at, home.path(), LONG).unwrap_err();
        assert_eq!(refused.fix, format!("chmod 600 {}", path.display()));
        assert!(refused.what.contains("0640"), "{refused}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(get(&at, home.path(), LONG).unwrap(), "from-file");
    }

    #[test]
    fn a_command_answers_fails_or_takes_too_long() {
        let home = Path::new("/nowhere");
        assert_eq!(get(&command(&["sh", "-c", "echo from-command"]), home, LONG).unwrap(), "from-command");
        let failed =
            get(&command(&["sh", "-c", "echo s3cret; echo s3cret >&2; exit 3"]), home, LONG).unwrap_err();
        assert!(
            failed.what.contains("exit status: 3") && !format!("{failed:?}").contains("s3cret"),
            "{failed:?}"
        );
        let silent = get(&command(&["sh", "-c", "sleep 600"]), home, Duration::from_millis(20)).unwrap_err();
        assert!(silent.what.contains("no answer"), "{silent}");
        assert!(
            get(&command(&["/no/such/program"]), home, LONG).unwrap_err().what.contains("cannot be started")
        );
        assert!(get(&command(&["true"]), home, LONG).unwrap_err().what.contains("empty"));
    }

    #[tokio::test]
    async fn what_a_command_has_started_dies_with_it() {
        let arguments = ["-c", "sleep 600 & echo started; wait"].map(str::to_owned);
        let mut family = Family::start("sh", &arguments).unwrap();
        let mut stdout = family.0.stdout.take().unwrap();
        let mut line = [0; 8];
        stdout.read_exact(&mut line).await.unwrap();
        assert_eq!(&line, b"started\n");
        drop(family);
        // The sleeping one holds this end open for as long as it lives.
        let ended = timeout(LONG, stdout.read_to_end(&mut Vec::new())).await;
        assert_eq!(ended.unwrap().unwrap(), 0);
    }
}
