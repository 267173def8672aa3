//! The program's log: a file under the state directory, never the screen. Turned over by size, old ones forgotten by
//! age, and no secret in any of them.

mod file;

use super::Failure;
use crate::config::choice::Level;
use crate::config::{Paths, Secret, Settings, redact};
use file::Turning;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tracing::Metadata;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Keeps the log going; secrets that turn up later are told to it.
#[derive(Clone)]
pub struct Guard {
    secrets: Arc<RwLock<Vec<Secret>>>,
}

#[derive(Clone)]
struct Log {
    file: Arc<Mutex<Turning>>,
    secrets: Arc<RwLock<Vec<Secret>>>,
}

/// One event on its way into the file, whole, so that no secret is cut in two.
struct Line<'l> {
    log: Option<&'l Log>,
    bytes: Vec<u8>,
}

/// Begins the log of this process. What cannot be logged is lost rather than shown.
pub fn start(paths: &Paths, settings: &Settings) -> Result<Guard, Failure> {
    let folder = paths.log_dir();
    let file = Turning::open(&folder, settings.log.keep.std()).map_err(|error| {
        let what = format!("{}: the log cannot be written: {error}", folder.display());
        Failure::unable(what, "make the directory writable, or choose another place with --home DIR")
    })?;
    let secrets = Arc::new(RwLock::new(Vec::new()));
    let log = Log { file: Arc::new(Mutex::new(file)), secrets: Arc::clone(&secrets) };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(filter(settings.log.level))
        .with_ansi(false)
        .with_writer(log)
        .finish();
    // A second log in one process is a test's; the first one goes on.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(Guard { secrets })
}

impl Guard {
    /// From now on this one is taken out of every line.
    pub fn hide(&self, secret: Secret) {
        self.secrets.write().unwrap_or_else(PoisonError::into_inner).push(secret);
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
        let secrets = log.secrets.read().unwrap_or_else(PoisonError::into_inner);
        let text = redact(&text, &secrets);
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
        let log = Log { file: Arc::new(Mutex::new(file)), secrets: Arc::default() };
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
        let secrets = Arc::new(RwLock::new(vec![Secret::new("hunter2")]));
        let log = Log { file: Arc::new(Mutex::new(file)), secrets };
        write!(log.make_writer(), "the token is hun").unwrap();
        let mut line = log.make_writer();
        line.write_all(b" hun").unwrap();
        line.write_all(b"ter2\n").unwrap();
        drop(line);
        let written = fs::read_to_string(home.path().join("sitroom.log")).unwrap();
        assert_eq!(written, "the token is hun [redacted]\n");
    }
}
