//! The served room as OpenSSH's own `ssh` finds it: keys and certificates, screens, commands, and what is refused.

use super::pty::Pty;
use ratatui::layout::Size;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server on a port of its own, with dana who may command and lee who may look.
pub struct Served {
    dir: TempDir,
    server: Child,
    port: String,
    health: String,
    more: Vec<&'static str>,
}

impl Served {
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// Started with more to be said to it.
    pub fn with(more: &[&'static str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (port, health) = (free_port(), free_port());
        let server = Command::new("true").spawn().unwrap();
        let mut served = Self { server, dir, port, health, more: more.to_vec() };
        for name in ["dana", "lee", "stranger", "ca"] {
            served.keygen(&["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", &served.key(name)]);
        }
        fs::create_dir_all(served.path("home/config")).unwrap();
        fs::write(served.path("home/config/config.toml"), "room = \"payments\"\n").unwrap();
        served.people("dana", "command");
        served.people("lee", "observe");
        served.start();
        served
    }

    fn start(&mut self) {
        self.server.wait().unwrap();
        let (listen, health) = (format!("127.0.0.1:{}", self.port), format!("127.0.0.1:{}", self.health));
        let mut command = self.sitroom(&["serve", "--listen", &listen, "--health", &health]);
        command.args(&self.more);
        self.server = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(self.server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("listening on"), "{line}");
    }

    fn sitroom(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sitroom"));
        command.env_clear().env("HOME", self.dir.path()).env("PATH", "/usr/bin:/bin");
        command.arg("--home").arg(self.path("home")).args(arguments);
        command
    }

    fn people(&self, name: &str, rights: &str) {
        let key = format!("{}.pub", self.key(name));
        let added =
            self.sitroom(&["people", "add", name, "--key", &key, "--rights", rights]).output().unwrap();
        assert!(added.status.success(), "{added:?}");
    }

    fn keygen(&self, arguments: &[&str]) {
        assert!(Command::new("ssh-keygen").args(arguments).status().unwrap().success());
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn key(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// What `ssh` is told, with somebody's key and nothing of this machine's own configuration.
    pub fn flags(&self, name: &str) -> Vec<String> {
        let known = format!("UserKnownHostsFile={}", self.path("known_hosts").display());
        let options = [
            "IdentitiesOnly=yes",
            "StrictHostKeyChecking=accept-new",
            "BatchMode=yes",
            "LogLevel=ERROR",
            "ConnectTimeout=10",
            &known,
        ];
        let flags = ["-F", "/dev/null", "-p", &self.port, "-i", &self.key(name)].map(str::to_owned);
        flags
            .into_iter()
            .chain(options.into_iter().flat_map(|option| ["-o".to_owned(), option.to_owned()]))
            .collect()
    }

    pub fn ssh(&self, name: &str, more: &[&str], line: &[&str]) -> Command {
        let mut command = Command::new("ssh");
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.dir.path());
        command.args(self.flags(name)).args(more).arg("127.0.0.1").args(line).stdin(Stdio::null());
        command
    }

    fn asks(&self, name: &str, line: &[&str]) -> (i32, String, String) {
        told(&self.ssh(name, &[], line).output().unwrap())
    }

    fn screen(&self, name: &str) -> Pty {
        let flags = self.flags(name);
        let mut words: Vec<&str> = flags.iter().map(String::as_str).collect();
        words.extend(["-t", "127.0.0.1"]);
        Pty::start(Size::new(100, 30), "ssh", &words, &[])
    }

    pub fn address(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.port.parse().unwrap())
    }

    pub fn store(&self) -> PathBuf {
        self.path("home/data/store.sqlite")
    }

    /// What the server holds in memory, in KiB.
    pub fn weight(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    fn http(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", self.health)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

const DECLARE: &[&str] = &["incident", "declare", "--title", "'Checkout fails'", "--sev", "2"];

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn commands_run_under_the_persons_name_and_rights() {
    let served = Served::new();
    let (code, out, err) = served.asks("dana", DECLARE);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let mut note = served
        .ssh("dana", &["-T"], &["note", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    note.stdin.take().unwrap().write_all(b"f it began at noon\nh a bad deploy\n").unwrap();
    assert!(note.wait_with_output().unwrap().status.success());
    let (code, _, err) = served.asks("dana", &["note", "f -7m the playbook is outdated"]);
    assert_eq!((code, err.as_str()), (0, ""), "the quotes are gone when it comes here");
    let (code, out, _) = served.asks("lee", &["incident", "show", "--json"]);
    assert_eq!(code, 0);
    for words in ["it began at noon", "a bad deploy", "\"dana\"", "the playbook is outdated"] {
        assert!(out.contains(words), "{words}: {out}");
    }
    let (code, out, err) = served.asks("lee", &["note", "'f mine'"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("needs the right to respond; you may observe"), "{err}");
    assert_eq!(served.asks("dana", &["note", "x", "--as", "sam"]).0, 2);
    assert_eq!(served.asks("dana", &["nonsense"]).0, 2);
    assert_eq!(served.asks("dana", &[]).0, 2, "without a terminal there is no screen");
}

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn strangers_passwords_forwarding_and_files_are_refused() {
    let served = Served::new();
    let (code, _, err) = served.asks("stranger", &["status"]);
    assert_eq!(code, 255);
    assert!(err.contains("Permission denied (publickey)"), "{err}");
    let password = ["-o", "PreferredAuthentications=password,keyboard-interactive"];
    assert_eq!(served.ssh("dana", &password, &["status"]).status().unwrap().code(), Some(255));
    let old = ["-o", "KexAlgorithms=diffie-hellman-group14-sha256"];
    assert_eq!(served.ssh("dana", &old, &["status"]).output().unwrap().status.code(), Some(255));
    let forwards: [&[&str]; 2] =
        [&["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1", "-N"], &["-W", "127.0.0.1:1"]];
    for flags in forwards {
        let refused = served.ssh("dana", flags, &[]).output().unwrap();
        assert_ne!(refused.status.code(), Some(0), "{flags:?}");
    }
    let sftp = served.ssh("dana", &["-s"], &["sftp"]).output().unwrap();
    assert_ne!(sftp.status.code(), Some(0));
    assert!(served.http("/metrics").contains("sitroom_keys_refused_total"));
}

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn a_certificate_of_the_authority_opens_the_room_for_whom_it_names() {
    let served = Served::new();
    let list = served.path("home/config/people.toml");
    let ca = fs::read_to_string(served.path("ca.pub")).unwrap();
    let authority = format!("\n[[authority]]\nkey = \"{}\"\nrights = \"respond\"\n", ca.trim());
    fs::OpenOptions::new().append(true).open(list).unwrap().write_all(authority.as_bytes()).unwrap();
    let stranger = format!("{}.pub", served.key("stranger"));
    served.keygen(&["-q", "-s", &served.key("ca"), "-I", "of-sam", "-n", "dana", "-V", "+1h", &stranger]);
    let certificate = format!("CertificateFile={}-cert.pub", served.key("stranger"));
    let (code, _, err) = told(&served.ssh("stranger", &["-o", &certificate], DECLARE).output().unwrap());
    assert_eq!((code, err.as_str()), (0, ""));
    // The authority may not give what dana has otherwise.
    let taken = served.ssh("stranger", &["-o", &certificate], &["ic", "take"]).output().unwrap();
    assert_eq!(taken.status.code(), Some(1));
}

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn two_people_see_the_same_room_and_one_who_is_removed_has_to_leave() {
    let served = Served::new();
    assert_eq!(served.asks("dana", DECLARE).0, 0);
    let (mut dana, mut lee) = (served.screen("dana"), served.screen("lee"));
    dana.shows("payments");
    lee.shows("payments");
    dana.send(b"2");
    lee.send(b"2");
    lee.shows("Checkout fails");
    dana.shows("Checkout fails");
    assert_eq!(served.asks("dana", &["note", "'f seen by everybody'"]).0, 0);
    dana.shows("seen by everybody");
    lee.shows("seen by everybody");
    lee.send(b"n");
    lee.shows("needs the right to respond");
    lee.resize(Size::new(40, 10));
    lee.wait_for("the word for a small terminal", |pty| !pty.screen().contains("Situation"));
    lee.resize(Size::new(120, 40));
    lee.shows("seen by everybody");
    let removed = served.sitroom(&["people", "remove", "lee"]).output().unwrap();
    assert!(removed.status.success());
    lee.ends();
    assert_eq!(served.asks("lee", &["status"]).0, 255);
    dana.send(b"q");
    assert!(dana.ends().success());
}

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn health_says_ready_and_a_stop_says_goodbye() {
    let mut served = Served::new();
    let mut dana = served.screen("dana");
    dana.shows("payments");
    assert!(served.http("/health").contains("\"ready\":true"));
    assert!(served.http("/metrics?all").contains("sitroom_sessions 1"));
    let silent: Vec<_> =
        (0..8).map(|_| TcpStream::connect(format!("127.0.0.1:{}", served.health)).unwrap()).collect();
    let asked = Instant::now();
    assert!(served.http("/health").contains("200 OK"));
    assert!(asked.elapsed() < Duration::from_secs(2), "one who says nothing holds up nobody");
    drop(silent);
    let key = fs::read_to_string(served.path("known_hosts")).unwrap();
    let server = rustix::process::Pid::from_child(&served.server);
    rustix::process::kill_process(server, rustix::process::Signal::TERM).unwrap();
    dana.shows("The room is closing");
    dana.ends();
    assert!(served.server.wait().unwrap().success());
    served.server = Command::new("true").spawn().unwrap();
    served.start();
    let mut again = served.screen("dana");
    again.shows("payments");
    assert_eq!(fs::read_to_string(served.path("known_hosts")).unwrap(), key, "the host key stays");
}

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn a_line_torn_off_in_mid_word_is_there_at_the_next_login() {
    let served = Served::new();
    assert_eq!(served.asks("dana", DECLARE).0, 0);
    let mut dana = served.screen("dana");
    dana.shows("INC-1");
    dana.send(b"n");
    dana.shows("what may be so");
    dana.send(b"f the queue is stu");
    dana.shows("the queue is stu");
    dana.wait_for_silence(Duration::from_millis(700));
    dana.hang_up();
    let mut again = served.screen("dana");
    again.shows("INC-1");
    again.send(b"n");
    again.shows("the queue is stu");
    again.send(b"ck\r");
    again.wait_for("the entry is saved", |_| {
        served.asks("dana", &["incident", "show", "--json"]).1.contains("the queue is stuck")
    });
}

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn an_announced_host_key_takes_over_under_a_running_server() {
    let served = Served::new();
    assert_eq!(served.asks("dana", &["keys"]).0, 0);
    let hostkey = |what: &str| {
        let (host, port) = served.address();
        let host = format!("[{host}]:{port}");
        let words =
            if what == "show" { vec!["hostkey", what, "--host", &host] } else { vec!["hostkey", what] };
        let (code, out, err) = told(&served.sitroom(&words).output().unwrap());
        assert_eq!(code, 0, "{err}");
        out
    };
    hostkey("announce");
    let both = hostkey("show");
    assert_eq!(both.lines().count(), 2);
    hostkey("change");
    let (code, _, err) = served.asks("dana", &["keys"]);
    assert!(code != 0 && err.contains("verification failed"), "who was not told is warned: {err}");
    fs::write(served.path("known_hosts"), both).unwrap();
    assert_eq!(served.asks("dana", &["keys"]).0, 0, "who knows both keys notices nothing");
}

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn what_is_written_over_ssh_says_by_which_key_and_a_pack_comes_out_of_the_pipe() {
    let served = Served::new();
    assert_eq!(served.asks("dana", DECLARE).0, 0);
    assert_eq!(served.asks("dana", &["note", "'f by the shell'"]).0, 0);
    let mut dana = served.screen("dana");
    dana.shows("payments");
    dana.send(b"nf by the screen\r");
    dana.wait_for("both entries with their key", |_| {
        served.asks("lee", &["incident", "show", "--json"]).1.matches("\"key\":\"SHA256:").count() == 2
    });
    let (code, pack, err) = served.asks("lee", &["export", "INC-1"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(pack.starts_with("# ") && pack.contains("by the screen"), "{pack}");
    let (code, page, _) = served.asks("lee", &["export", "--format", "html"]);
    assert!(code == 0 && page.starts_with("<!DOCTYPE html>"), "{page}");
}

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn who_looks_on_by_leave_sees_what_the_other_sees() {
    let served = Served::new();
    let (mut dana, mut lee) = (served.screen("dana"), served.screen("lee"));
    dana.shows("payments");
    lee.shows("payments");
    dana.wait_for("lee is here", |_| served.http("/metrics").contains("sitroom_sessions 2"));
    asks_to_look_on(&mut lee);
    lee.shows("Look on at dana's screen");
    lee.send(b"\r");
    dana.shows("lee asks to look on at your screen");
    dana.send(b"F");
    dana.shows("Let lee look on");
    dana.send(b"\r");
    lee.shows("dana's screen, 100x30");
    dana.send(b"3");
    lee.shows("SERVICE");
    dana.shows("lee looks on");
    lee.send(b"\x1b");
    lee.wait_for("the own screen", |pty| !pty.screen().contains("dana's screen"));
    dana.wait_for("nobody looks on", |pty| !pty.screen().contains("lee looks on"));
}

/// A screen learns within a second or two who else is here, and until then says that nobody is.
fn asks_to_look_on(pty: &mut Pty) {
    for _ in 0..20 {
        pty.send(b"F");
        pty.bytes_in(Duration::from_secs(1));
        if pty.screen().contains("Look on at") {
            return;
        }
    }
}

#[test]
#[ignore = "starts a server and OpenSSH's client"]
fn a_wall_turns_to_the_incident_by_itself_and_changes_nothing() {
    let served = Served::new();
    assert_eq!(served.asks("dana", DECLARE).0, 0);
    let list = served.path("home/config/people.toml");
    let text = fs::read_to_string(&list).unwrap();
    fs::write(&list, text.replacen("name = \"lee\"", "name = \"lee\"\nkiosk = true", 1)).unwrap();
    let mut wall = served.screen("lee");
    wall.shows("TIMELINE");
    wall.send(b"D");
    wall.shows("needs the right to respond");
}
