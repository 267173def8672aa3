//! The program's log: a file under the state directory, never the screen. Turned over by size, old ones forgotten by
//! age, and no secret in any of them.

mod file;

use super::Failure;
use crate::config::choice::Level;
use crate::config::{Paths, Secret, Settings, redact};
use file::Turning;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tracing::Metadata;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Secrets that are taken out of every line of the log, from when they are fetched on.
#[derive(Clone, Default)]
pub struct Withheld(Arc<RwLock<Vec<Secret>>>);

/// Tokens are bought anew by the hour; older ones than these have long expired.
const MOST_WITHHELD: usize = 256;

#[derive(Clone)]
struct Log {
    file: Arc<Mutex<Turning>>,
    withheld: Withheld,
}

/// One event on its way into the file, whole, so that no secret is cut in two.
struct Line<'l> {
    log: Option<&'l Log>,
    bytes: Vec<u8>,
}

/// Begins the log of this process. What cannot be logged is lost rather than shown.
pub fn start(paths: &Paths, settings: &Settings, withheld: &Withheld) -> Result<(), Failure> {
    let folder = paths.log_dir();
    let file = Turning::open(&folder, settings.log.keep.std()).map_err(|error| {
        let what = format!("{}: the log cannot be written: {error}", folder.display());
        Failure::unable(what, "make the directory writable, or choose another place with --home DIR")
    })?;
    let log = Log { file: Arc::new(Mutex::new(file)), withheld: withheld.clone() };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(filter(settings.log.level))
        .with_ansi(false)
        .with_writer(log)
        .finish();
    // A second log in one process is a test's; the first one goes on.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}

impl Withheld {
    /// From now on this one is taken out of every line.
    pub fn add(&self, secret: &Secret) {
        let mut secrets = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if !secrets.contains(secret) {
            let spare = (secrets.len() + 1).saturating_sub(MOST_WITHHELD);
            secrets.drain(..spare);
            secrets.push(secret.clone());
        }
    }

    fn redacted(&self, text: &str) -> String {
        redact(text, &self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Never what is withheld.
impl fmt::Debug for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Withheld")
    }
}

impl<'l> MakeWriter<'l> for Log {
    type Writer = Line<'l>;

    fn make_writer(&'l self) -> Line<'l> {
        Line { log: Some(self), bytes: Vec::new() }
    }

    /// What libraries tell in detail is theirs to explain, and may hold what they were sent: below information only
    /// sitroom itself is heard.
    fn make_writer_for(&'l self, about: &Metadata<'_>) -> Line<'l> {
        let is_heard = *about.level() <= tracing::Level::INFO || about.target().starts_with("sitroom");
        Line { log: is_heard.then_some(self), bytes: Vec::new() }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let Some(log) = self.log else { return };
        let text = String::from_utf8_lossy(&self.bytes);
        let text = log.withheld.redacted(&text);
        let mut file = log.file.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = file.write(text.as_bytes());
    }
}

fn filter(level: Level) -> LevelFilter {
    match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::time::Duration;

    #[test]
    fn libraries_are_not_heard_in_detail() {
        let home = tempfile::tempdir().unwrap();
        let file = Turning::open(home.path(), Duration::from_secs(60)).unwrap();
        let log = Log { file: Arc::new(Mutex::new(file)), withheld: Withheld::default() };
        let subscriber =
            tracing_subscriber::fmt().with_max_level(filter(Level::Trace)).with_writer(log).finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::debug!(target: "hyper::client", "the whole request");
            tracing::warn!(target: "hyper::client", "it was cut off");
            tracing::trace!("a step of ours");
        });
        let written = fs::read_to_string(home.path().join("sitroom.log")).unwrap();
        assert!(!written.contains("the whole request"), "{written}");
        assert!(written.contains("it was cut off") && written.contains("a step of ours"), "{written}");
    }

    #[test]
    fn a_secret_never_reaches_the_file() {
        let home = tempfile::tempdir().unwrap();
        let file = Turning::open(home.path(), Duration::from_secs(60)).unwrap();
        let withheld = Withheld::default();
        let log = Log { file: Arc::new(Mutex::new(file)), withheld: withheld.clone() };
        withheld.add(&Secret::new("hunter2"));
        write!(log.make_writer(), "the token is hun").unwrap();
        let mut line = log.make_writer();
        line.write_all(b" hun").unwrap();
        line.write_all(b"ter2\n").unwrap();
        drop(line);
        let written = fs::read_to_string(home.path().join("sitroom.log")).unwrap();
        assert_eq!(written, "the token is hun [redacted]\n");
    }

    #[test]
    fn the_latest_secrets_are_hidden_and_each_is_kept_once() {
        let withheld = Withheld::default();
        for n in 0..2 * MOST_WITHHELD {
            withheld.add(&Secret::new(format!("token-{n}-")));
            withheld.add(&Secret::new(format!("token-{n}-")));
        }
        assert_eq!(withheld.0.read().unwrap().len(), MOST_WITHHELD);
        assert_eq!(withheld.redacted("token-511- token-0-"), "[redacted] token-0-");
    }
}
