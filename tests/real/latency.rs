//! How long a key takes at the local program, over the served room, and in `tmux` over OpenSSH's own server, taken in
//! turns on one machine; and that a key and an idle second cost no more bytes over SSH. Prints what it measured.

use super::pty::{Pty, median};
use super::ssh::Served;
use ratatui::layout::Size;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SIZE: Size = Size::new(120, 40);
const ROUNDS: usize = 40;
const IDLE: Duration = Duration::from_secs(5);
const SSHD: &str = "/usr/sbin/sshd";
/// The clock is eight cells, in one place; moving there and back takes the rest.
const A_SECOND: usize = 64;

#[test]
#[ignore = "needs OpenSSH's client, and half a minute"]
fn a_key_over_ssh_beside_the_local_program_and_tmux() {
    let served = Served::new();
    let home = served.path("home").display().to_string();
    let program = env!("CARGO_BIN_EXE_sitroom");
    let theirs = OpenSsh::start(&served);
    let _ended = Tmux(served.path("tmux"));
    let flags = served.flags("dana");
    let mut words: Vec<&str> = flags.iter().map(String::as_str).collect();
    words.extend(["-t", "127.0.0.1"]);
    let mut ways = vec![
        ("local", Pty::start(SIZE, program, &["--home", &home, "--as", "dana"], &[])),
        ("served", Pty::start(SIZE, "ssh", &words, &[("HOME", &home)])),
    ];
    if let Some(theirs) = &theirs {
        let socket = served.path("tmux");
        let inside =
            format!("tmux -S {} -f /dev/null new {program} --home {home} --as dana", socket.display());
        let words = theirs.words(&served, &inside);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        ways.push(("tmux over OpenSSH", Pty::start(SIZE, "ssh", &words, &[])));
    }
    for (_, pty) in &mut ways {
        pty.shows("Situation");
        pty.wait_for_silence(Duration::from_millis(500));
    }
    let mut taken = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for ((_, pty), taken) in ways.iter_mut().zip(&mut taken) {
            taken.push(pty.open_help());
        }
    }
    let medians: Vec<_> = taken.iter_mut().map(|times| median(times)).collect();
    for ((name, _), time) in ways.iter().zip(&medians) {
        let ratio = time.as_secs_f64() / medians[0].as_secs_f64();
        println!("{name}: a key p50 {time:?}, {ratio:.1} x the local program");
    }
    let bytes: Vec<_> = ways.iter_mut().map(|(_, pty)| bytes_of_a_step(pty)).collect();
    let idle: Vec<_> = ways.iter_mut().map(|(_, pty)| pty.bytes_in(IDLE) / 5).collect();
    println!("bytes of a step in a list: {bytes:?}; bytes of an idle second: {idle:?}");
    assert!(bytes[1] <= bytes[0], "a step costs {} bytes over SSH, and {} locally", bytes[1], bytes[0]);
    assert!(idle[1] <= A_SECOND, "an idle second costs {} bytes", idle[1]);
}

/// A server of tmux outlives whoever came to it; this one ends with the test.
struct Tmux(PathBuf);

impl Drop for Tmux {
    fn drop(&mut self) {
        let end = Command::new("tmux").arg("-S").arg(&self.0).arg("kill-server").output();
        drop(end);
    }
}

/// The same step through the help ten times, and the cheapest of them: the clock may tick during others. Steps that
/// go on cost differently, and a tick during the cheapest of those would leave another one to be compared.
fn bytes_of_a_step(pty: &mut Pty) -> usize {
    pty.send(b"?");
    pty.shows("Keys here");
    pty.wait_for_silence(Duration::from_millis(100));
    let steps = (0..10).map(|_| {
        pty.send(b"j");
        let bytes = pty.bytes_in(Duration::from_millis(150));
        pty.send(b"k");
        pty.wait_for_silence(Duration::from_millis(100));
        bytes
    });
    let fewest = steps.filter(|bytes| *bytes > 0).min();
    pty.send(b"q");
    pty.wait_for("the window is closed", |pty| !pty.screen().contains("Keys here"));
    pty.wait_for_silence(Duration::from_millis(300));
    fewest.unwrap()
}

/// OpenSSH's own server on a port of its own, where it is installed.
struct OpenSsh {
    server: Child,
    port: String,
}

impl OpenSsh {
    fn start(served: &Served) -> Option<Self> {
        if !Path::new(SSHD).exists() {
            eprintln!("no OpenSSH server here: tmux over it is not measured");
            return None;
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        drop(listener);
        let file = served.path("sshd_config");
        let (host, keys) = (served.key("ca"), format!("{}.pub", served.key("dana")));
        fs::create_dir_all("/run/sshd").ok()?;
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {host}\nAuthorizedKeysFile {keys}\nStrictModes no\n\
             PermitRootLogin yes\nUsePAM no\nPidFile none\n"
        );
        fs::write(&file, config).unwrap();
        let server =
            Command::new(SSHD).args(["-D", "-e", "-f"]).arg(&file).stderr(Stdio::null()).spawn().ok()?;
        let until = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
            if Instant::now() > until {
                eprintln!("the OpenSSH server does not start here: tmux over it is not measured");
                return None;
            }
        }
        Some(Self { server, port })
    }

    fn words(&self, served: &Served, inside: &str) -> Vec<String> {
        let mut words = served.flags("dana");
        let at = words.iter().position(|word| word == "-p").unwrap();
        words[at + 1].clone_from(&self.port);
        words.extend(["-t", "127.0.0.1", inside].map(str::to_owned));
        words
    }
}

impl Drop for OpenSsh {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
