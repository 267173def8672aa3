//! The built binary as scripts use it: what it prints, what it exits with, and what it says when it cannot.

mod catalog;
mod exporting;
mod incidents;
mod looking;
mod plan;
mod readiness;
mod sealing;
mod services;
mod story;
mod trouble;
mod work;

use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A home of its own and nothing of ours in the environment.
struct Shell {
    dir: TempDir,
}

#[derive(Debug)]
struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Shell {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sitroom"));
        command.env_clear().env("USER", "dana").env("HOME", self.dir.path()).env("TERM", "xterm-256color");
        command.arg("--home").arg(self.home()).args(arguments).current_dir(self.dir.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        answer(self.command(arguments).output().unwrap())
    }

    fn fed(&self, arguments: &[&str], input: &str) -> Answer {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        answer(child.wait_with_output().unwrap())
    }

    /// What it prints when it is done without a word of complaint.
    fn done(&self, arguments: &[&str]) -> String {
        let Answer { code, out, err } = self.run(arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}: {out}");
        out
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(arguments)).unwrap()
    }

    fn declared() -> Self {
        let shell = Self::new();
        shell.done(&["incident", "declare", "--title", "Checkout fails", "--sev", "2"]);
        shell
    }

    fn configure(&self, text: impl AsRef<[u8]>) -> PathBuf {
        let file = self.home().join("config/config.toml");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        file
    }
}

impl Answer {
    /// One line says what, and the fix stands on the next.
    fn complains(&self, code: i32, what: &str, fix: &str) {
        assert_eq!(self.code, code, "{self:?}");
        let (first, rest) = self.err.split_once('\n').unwrap_or((&self.err, ""));
        assert!(first.contains(what), "{self:?} does not say {what}");
        assert!(rest.contains(fix), "{self:?} does not say {fix}");
    }
}

impl Answer {
    /// A configuration that is wrong, with everything that is wrong printed.
    fn complains_in_print(&self, what: &[&str]) {
        assert_eq!(self.code, 2, "{self:?}");
        assert!(what.iter().all(|what| self.out.contains(what)), "{self:?} does not say {what:?}");
    }
}

fn answer(output: std::process::Output) -> Answer {
    Answer {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn written(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
