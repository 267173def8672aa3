//! The screen while every source fails in a manner of its own: a key costs as much as in a room without sources, and
//! what was told before stays, with its age.

use super::pty::{Pty, median};
use ratatui::layout::Size;
use sitroom::domain::Span;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const SIZE: Size = Size::new(120, 40);
const ROUNDS: usize = 40;
/// With room for a machine that does other things as well; measured alone both cost the same.
const MOST: f64 = 3.0;
/// Sources are asked every half a minute here, which is as often as they may be.
const BOUND: Duration = Duration::from_secs(150);
/// What was told before the trouble is at least so old when it is found out.
const OLD: Span = Span::seconds(20);

#[derive(Clone, Copy, Debug)]
enum Manner {
    BlackHole,
    TooMany,
    Garbage,
    Reset,
}

/// A server that is well until it is told not to be.
struct Moody {
    url: String,
    is_well: Arc<AtomicBool>,
}

impl Moody {
    fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let is_well = Arc::new(AtomicBool::new(true));
        let mood = Arc::clone(&is_well);
        // It lives as long as the test's process, and is asked by nobody else.
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming().flatten() {
                match (mood.load(Ordering::Relaxed), manner) {
                    (true, _) => {
                        std::thread::spawn(move || well(&stream));
                    }
                    (false, Manner::BlackHole) => held.push(stream),
                    (false, Manner::TooMany) => say(&stream, "429 Too Many Requests", "{}"),
                    (false, Manner::Garbage) => say(&stream, "200 OK", "<html>sign in</html>"),
                    (false, Manner::Reset) => reset(stream),
                }
            }
        });
        Self { url, is_well }
    }
}

fn well(stream: &TcpStream) {
    let Some(path) = asked(stream) else { return };
    let now = jiff::Timestamp::now();
    let body = match path.split('?').next().unwrap_or_default() {
        path if path.ends_with("/releases") => {
            format!(r#"[{{"id": 1, "tag_name": "v1", "created_at": "{now}", "published_at": "{now}"}}]"#)
        }
        path if path.ends_with("/actions/runs") => r#"{"workflow_runs": []}"#.to_owned(),
        path if path.ends_with("/graphql") => {
            r#"{"data": {"repository": {"list": {"nodes": []}}}}"#.to_owned()
        }
        path if path.starts_with("/repositories/") => {
            r#"{"values": [], "mainbranch": {"name": "main"}}"#.to_owned()
        }
        "/repos/shop/api" => r#"{"default_branch": "main"}"#.to_owned(),
        _ => "[]".to_owned(),
    };
    send(stream, "200 OK", &body);
}

/// The path of a question, which is read to its end.
fn asked(mut stream: &TcpStream) -> Option<String> {
    let (mut question, mut bytes) = (Vec::new(), [0; 4_096]);
    while !question.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut bytes).ok().filter(|read| *read > 0)?;
        question.extend_from_slice(&bytes[..read]);
    }
    let line = String::from_utf8_lossy(&question);
    line.split(' ').nth(1).map(str::to_owned)
}

fn say(stream: &TcpStream, status: &str, body: &str) {
    if asked(stream).is_some() {
        send(stream, status, body);
    }
}

fn send(mut stream: &TcpStream, status: &str, body: &str) {
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    // Whoever has gone misses nothing.
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

/// A connection that is closed with a question in it nobody has read is reset.
fn reset(mut stream: TcpStream) {
    let _ = stream.peek(&mut [0; 1]);
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n[{\"id\": 1, ");
}

fn configure(home: &Path, sources: &str) {
    let config = home.join("config");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("config.toml"), format!("room = \"shop\"\nme = \"dana\"\n{sources}")).unwrap();
}

fn cockpit(home: &Path) -> Pty {
    let place = home.display().to_string();
    let mut pty =
        Pty::start(SIZE, env!("CARGO_BIN_EXE_sitroom"), &["--home", &place], &[("SHOP_TOKEN", "planted")]);
    pty.shows("Situation");
    pty
}

/// Waits longer than a screen usually takes, for what a source does.
fn until(pty: &mut Pty, what: &str, is_so: impl Fn(&str) -> bool) {
    let began = Instant::now();
    while !is_so(&pty.screen()) {
        assert!(began.elapsed() < BOUND, "waited in vain for {what}:\n{}", pty.screen());
        pty.wait_for_silence(Duration::from_millis(200));
    }
}

/// What the page of sources says of one of them.
fn row<'s>(screen: &'s str, name: &str) -> Option<&'s str> {
    let mut rows = screen.lines().filter(|line| line.contains(&format!(" {name} ")) && line.contains('│'));
    rows.next_back().and_then(|line| line.split(name).nth(1))
}

/// How old what a failing source has told is said to be.
fn age_of_failing(screen: &str, name: &str) -> Option<Span> {
    let mut words = row(screen, name)?.split_whitespace();
    (words.next()? == "failing").then_some(())?;
    words.next()?.parse().ok()
}

#[test]
#[ignore = "takes two minutes of a terminal"]
fn a_key_costs_the_same_while_every_source_fails_and_nothing_old_is_shown_as_fresh() {
    let (with, without) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let [many, resetting, garbage, hole] =
        [Manner::TooMany, Manner::Reset, Manner::Garbage, Manner::BlackHole].map(Moody::start);
    hole.is_well.store(false, Ordering::Relaxed);
    let profile = with.path().join("profile");
    fs::write(&profile, "[profile test]\naws_access_key_id = AKIATEST\naws_secret_access_key = test\n")
        .unwrap();
    let account = |section: &str, url: &str| {
        format!(
            "[{section}]\nrepositories = [\"shop/api\"]\nurl = {url:?}\ninterval = \"30s\"\ntoken = {{ env = \"SHOP_TOKEN\" }}\n"
        )
    };
    let aws = format!(
        "[aws.prod]\nprofile = \"test\"\nconfig_file = {:?}\nregions = [\"eu-west-1\"]\nendpoint_url = {:?}\nlog_groups = [\"/ecs/api\"]\n",
        profile.display().to_string(),
        hole.url
    );
    let sources = [
        account("github.one", &many.url),
        account("github.two", &resetting.url),
        account("bitbucket.three", &garbage.url),
        aws,
    ];
    configure(with.path(), &sources.concat());
    configure(without.path(), "");
    let (mut troubled, mut calm) = (cockpit(with.path()), cockpit(without.path()));
    troubled.send(b"S");
    let told = ["github-one", "github-two", "bitbucket"];
    let is_live =
        |screen: &str| told.iter().all(|name| row(screen, name).is_some_and(|row| row.contains("live")));
    until(&mut troubled, "an answer of each source that is well", is_live);

    for server in [&many, &resetting, &garbage] {
        server.is_well.store(false, Ordering::Relaxed);
    }
    let is_old =
        |screen: &str| told.iter().all(|name| age_of_failing(screen, name).is_some_and(|age| age >= OLD));
    until(&mut troubled, "every source to fail, with the age of what it told", is_old);
    let screen = troubled.screen();
    assert!(row(&screen, "aws-prod/logs").is_some_and(|row| row.contains("failing")), "{screen}");
    troubled.send(b"\x1b");
    troubled.wait_for("the page of sources is closed", |pty| !pty.screen().contains("esc closes"));
    troubled.send(b"3");
    troubled.shows("release v1 of shop/api published");
    let header = troubled.screen().lines().nth(1).unwrap_or_default().to_owned();
    assert!(header.contains("failing"), "{header}");

    for pty in [&mut troubled, &mut calm] {
        pty.wait_for_silence(Duration::from_millis(500));
    }
    let mut taken = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (pty, taken) in [&mut calm, &mut troubled].into_iter().zip(&mut taken) {
            taken.push(pty.open_help());
        }
    }
    let [calm_takes, troubled_takes] = taken.map(|mut times| median(&mut times).as_secs_f64());
    let ratio = troubled_takes / calm_takes;
    eprintln!(
        "a key without sources {calm_takes:.4} s, with every source failing {troubled_takes:.4} s, {ratio:.2} x"
    );
    assert!(ratio <= MOST, "{ratio:.2} x");
    for mut pty in [troubled, calm] {
        pty.send(b"q");
        pty.ends();
    }
}
