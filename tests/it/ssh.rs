//! The room over SSH, with a client of our own: what one visitor does to another, and what a bad one cannot do.

use russh::client::{self, AuthResult};
use russh::keys::key::safe_rng;
use russh::keys::{Algorithm, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{ChannelMsg, Disconnect};
use sitroom::domain::rights::Right;
use sitroom::domain::{Clock, Intent, Person, Time, event::Severity};
use sitroom::engine::{Engine, Guest, Handle, Parts, SubmitError};
use sitroom::journal::MemoryJournal;
use sitroom::keymap::Keymap;
use sitroom::ssh::door::Door;
use sitroom::ssh::hostkey::HostKey;
use sitroom::ssh::people::{add, remove};
use sitroom::ssh::{Errand, Host, Limits, Lobby, People, Reply, Screen, Server, Terminal, Visitor};
use sitroom::theme::Theme;
use sitroom::tui::follow::Gallery;
use sitroom::tui::ui::{Look, Ui, Zone};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// What must come, comes within this even where the machine is busy.
const BOUND: Duration = Duration::from_secs(60);

struct Table {
    engine: Handle,
    clock: Clock,
    gallery: Gallery,
}

impl Host for Table {
    async fn screen(&self, visitor: &Visitor, terminal: &Terminal) -> Screen {
        let look = Look::only(Theme::default(), false);
        let zone = Zone::new(jiff::tz::TimeZone::UTC);
        let (keymap, abilities) = (Arc::new(Keymap::default()), terminal.abilities);
        let mut ui = Ui::new(visitor.person.clone(), look, keymap, zone, abilities, terminal.size);
        ui.right = visitor.right;
        let chores = Arc::new(|snapshot: &sitroom::engine::Snapshot, _| (*snapshot.situation).clone());
        assert_ne!(visitor.person.as_str(), "crash", "a screen that cannot be made");
        Screen {
            ui,
            engine: self.engine.clone(),
            clock: self.clock.clone(),
            chores,
            attendance: None,
            drafts: None,
            stall: Some(self.gallery.enter(visitor.person.clone())),
            logs: None,
        }
    }

    fn farewell(&self) -> &'static str {
        "The room is closing; what was shown as saved is saved"
    }

    async fn left(&self, _: &Visitor) {}

    fn errand(&self, _: &Visitor, line: &str) -> Result<Errand, Reply> {
        match line {
            "cat" => Ok(Errand { program: "/bin/cat".into(), arguments: Vec::new() }),
            "fail" => {
                let script = "echo said; echo wrong >&2; exit 7";
                Ok(Errand { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()] })
            }
            _ => Err(Reply { code: 2, err: "no such thing\n".to_owned(), ..Reply::default() }),
        }
    }
}

/// A served room, until it is dropped.
struct Served {
    home: TempDir,
    address: SocketAddr,
    engine: Handle,
    lobby: Arc<Lobby>,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

type Client = client::Handle<Trusting>;

fn key() -> PrivateKey {
    PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).unwrap()
}

impl Served {
    async fn new(limits: Limits) -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = Clock::wall(|| Time::from_millis(1_773_842_940_000));
        let engine = Engine::start(Parts::new("payments-prod", MemoryJournal::new(), clock.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let people = Arc::new(People::open(home.path().join("people.toml")).unwrap());
        let lobby = Lobby::new(limits);
        let host = Arc::new(Table { engine: engine.clone(), clock, gallery: Gallery::default() });
        let (door, key) = (Arc::new(Door::default()), Arc::new(HostKey::open(home.path()).unwrap()));
        let server = Server { host, people, door, lobby: Arc::clone(&lobby), key };
        let (stop, stopped) = oneshot::channel::<()>();
        #[expect(clippy::disallowed_methods, reason = "the server is a task of the test, and awaited")]
        let running = tokio::spawn(server.run(listener, async {
            let _ = stopped.await;
        }));
        Self { home, address, engine, lobby, stop: Some(stop), running }
    }

    fn knows(&self, name: &str, right: Right) -> Arc<PrivateKey> {
        let key = key();
        let file = self.home.path().join("people.toml");
        add(&file, &Person::new(name), key.public_key(), right, None).unwrap();
        Arc::new(key)
    }

    async fn login(&self, key: Arc<PrivateKey>) -> Option<Client> {
        let mut client = client::connect(Arc::default(), self.address, Trusting).await.ok()?;
        let key = PrivateKeyWithHashAlg::new(key, None);
        let answer = client.authenticate_publickey("anybody", key).await.ok()?;
        matches!(answer, AuthResult::Success).then_some(client)
    }

    async fn visit(&self, name: &str, right: Right) -> Client {
        self.login(self.knows(name, right)).await.unwrap()
    }
}

/// A screen, as far as it has been read.
struct Seen {
    channel: russh::Channel<client::Msg>,
    screen: vt100::Parser,
    code: Option<u32>,
}

impl Seen {
    async fn open(client: &Client) -> Self {
        let channel = client.channel_open_session().await.unwrap();
        channel.request_pty(true, "xterm-256color", 100, 30, 0, 0, &[]).await.unwrap();
        channel.request_shell(true).await.unwrap();
        let [rows, columns] = [30, 100].map(|cells| std::num::NonZero::new(cells).unwrap());
        Self { channel, screen: vt100::Parser::new(rows, columns, 0), code: None }
    }

    async fn press(&self, keys: &str) {
        self.channel.data_bytes(keys.as_bytes().to_vec()).await.unwrap();
    }

    async fn shows(&mut self, words: &str) {
        let seen = timeout(BOUND, async {
            while !self.screen.screen().contents().contains(words) && self.read().await {}
        });
        let in_time = seen.await.is_ok();
        let contents = self.screen.screen().contents();
        assert!(in_time && contents.contains(words), "{words:?} is not on the screen:\n{contents}");
    }

    async fn read(&mut self) -> bool {
        match self.channel.wait().await {
            Some(ChannelMsg::Data { data }) => self.screen.process(&data),
            Some(ChannelMsg::ExitStatus { exit_status }) => self.code = Some(exit_status),
            Some(_) => {}
            None => return false,
        }
        true
    }

    async fn ends(&mut self) -> Option<u32> {
        timeout(BOUND, async { while self.read().await {} }).await.unwrap();
        self.code
    }
}

async fn runs(client: &Client, line: &str, input: &[u8]) -> (Option<u32>, String, String) {
    let mut channel = client.channel_open_session().await.unwrap();
    channel.exec(true, line).await.unwrap();
    channel.data_bytes(input.to_vec()).await.unwrap();
    channel.eof().await.unwrap();
    let (mut out, mut err, mut code) = (Vec::new(), Vec::new(), None);
    let read = async {
        while let Some(message) = channel.wait().await {
            match message {
                ChannelMsg::Data { data } => out.extend_from_slice(&data),
                ChannelMsg::ExtendedData { data, .. } => err.extend_from_slice(&data),
                ChannelMsg::ExitStatus { exit_status } => code = Some(exit_status),
                _ => {}
            }
        }
    };
    timeout(BOUND, read).await.unwrap();
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn declare() -> Intent {
    Intent::Declare {
        title: "checkout fails".to_owned(),
        severity: Severity::ALL[1],
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    }
}

#[tokio::test]
async fn what_one_writes_the_other_sees() {
    let served = Served::new(Limits::default()).await;
    served.engine.submit(Person::new("lee"), declare()).await.unwrap();
    let (dana, sam) = (served.visit("dana", Right::Respond).await, served.visit("sam", Right::Observe).await);
    let (mut hers, mut his) = (Seen::open(&dana).await, Seen::open(&sam).await);
    hers.shows("payments-prod").await;
    his.shows("payments-prod").await;
    hers.press("2").await;
    his.press("2").await;
    hers.shows("TIMELINE").await;
    hers.press("n").await;
    hers.press("f the cache is cold").await;
    hers.shows("the cache is cold").await;
    hers.press("\r").await;
    his.shows("the cache is cold").await;
    his.press("n").await;
    his.shows("needs the right to respond").await;
}

#[tokio::test]
async fn the_engine_denies_whatever_a_screen_lets_through() {
    let served = Served::new(Limits::default()).await;
    let guest = |right| Guest { person: Person::new("sam"), right, key: "SHA256:x".into() };
    let observer = served.engine.of(guest(Right::Observe));
    assert!(matches!(observer.submit(Person::new("sam"), declare()).await, Err(SubmitError::Denied(_))));
    assert!(matches!(observer.report(Vec::new()).await, Err(SubmitError::Denied(_))));
    let responder = served.engine.of(guest(Right::Respond));
    let record = responder.submit(Person::new("dana"), declare()).await.unwrap();
    assert_eq!(record.by, Person::new("sam"), "a guest has one name");
    let incident = record.event.incident().unwrap();
    let take = Intent::TakeCommand { incident, relieving: None };
    assert!(matches!(responder.submit(Person::new("sam"), take.clone()).await, Err(SubmitError::Denied(_))));
    assert!(served.engine.of(guest(Right::Command)).submit(Person::new("sam"), take).await.is_ok());
}

#[tokio::test]
async fn of_several_asked_at_once_only_what_is_denied_comes_to_nothing() {
    let served = Served::new(Limits::default()).await;
    let incident =
        served.engine.submit(Person::new("lee"), declare()).await.unwrap().event.incident().unwrap();
    let guest = Guest { person: Person::new("sam"), right: Right::Respond, key: "SHA256:x".into() };
    let asked = vec![declare(), Intent::Resolve(incident), Intent::ReleaseCommand(incident), declare()];
    let outcomes = served.engine.of(guest).submit_all(Person::new("dana"), asked).await;
    let [first, denied, refused, last] = outcomes.try_into().unwrap();
    assert!(matches!(denied, Err(SubmitError::Denied(_))), "{denied:?}");
    assert!(matches!(refused, Err(SubmitError::Refused(_))), "{refused:?}");
    assert!([first, last].iter().all(|outcome| outcome.as_ref().unwrap().by == Person::new("sam")));
}

#[tokio::test]
async fn what_one_screen_says_of_itself_no_other_says() {
    let served = Served::new(Limits::default()).await;
    let guest = |name| Guest { person: Person::new(name), right: Right::Observe, key: "SHA256:x".into() };
    let (hers, his) = (served.engine.of(guest("dana")), served.engine.of(guest("sam")));
    let (she, he) = (hers.doing(), his.doing());
    hers.does("Feed");
    assert_eq!((she.borrow().as_str(), he.borrow().as_str()), ("Feed", ""));
}

#[tokio::test]
async fn a_key_that_is_not_listed_opens_nothing() {
    let served = Served::new(Limits::default()).await;
    assert!(served.login(Arc::new(key())).await.is_none());
    let listed = served.knows("dana", Right::Observe);
    assert!(served.login(Arc::clone(&listed)).await.is_some());
    remove(&served.home.path().join("people.toml"), &Person::new("dana")).unwrap();
    assert!(served.login(listed).await.is_none());
}

#[tokio::test]
async fn whoever_is_taken_off_the_list_has_to_leave() {
    let served = Served::new(Limits::default()).await;
    let dana = served.visit("dana", Right::Respond).await;
    let mut hers = Seen::open(&dana).await;
    hers.shows("payments-prod").await;
    remove(&served.home.path().join("people.toml"), &Person::new("dana")).unwrap();
    hers.shows("Your access has changed").await;
    hers.ends().await;
    timeout(BOUND, served.lobby.emptied()).await.unwrap();
}

#[tokio::test]
async fn a_command_has_its_own_streams_and_its_exit_status() {
    let served = Served::new(Limits::default()).await;
    let dana = served.visit("dana", Right::Respond).await;
    let answer = runs(&dana, "fail", b"").await;
    assert_eq!(answer, (Some(7), "said\n".to_owned(), "wrong\n".to_owned()));
    assert_eq!(runs(&dana, "nonsense", b"").await, (Some(2), String::new(), "no such thing\n".to_owned()));
    // More than any window or pipe between the two holds.
    let long = "0123456789abcde\n".repeat(64 << 10);
    let (code, out, err) = runs(&dana, "cat", long.as_bytes()).await;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out == long, "{} of {} bytes came back", out.len(), long.len());
}

#[tokio::test]
async fn sessions_are_limited_and_say_so() {
    let served = Served::new(Limits { each: 1, ..Limits::default() }).await;
    let dana = served.visit("dana", Right::Respond).await;
    let mut first = Seen::open(&dana).await;
    first.shows("payments-prod").await;
    let (code, _, err) = runs(&dana, "fail", b"").await;
    assert_eq!(code, Some(3));
    assert!(err.contains("you have 1 sessions already"), "{err}");
    first.press("q").await;
    assert_eq!(first.ends().await, Some(0));
    assert_eq!(runs(&dana, "fail", b"").await.0, Some(7));
}

#[tokio::test]
async fn a_session_that_crashes_apologises_and_nobody_else_notices() {
    let served = Served::new(Limits::default()).await;
    let (dana, unlucky) =
        (served.visit("dana", Right::Respond).await, served.visit("crash", Right::Respond).await);
    let mut hers = Seen::open(&dana).await;
    hers.shows("payments-prod").await;
    let mut theirs = Seen::open(&unlucky).await;
    theirs.shows("This session has crashed").await;
    assert_eq!((theirs.ends().await, served.lobby.panics()), (Some(1), 1));
    hers.press("q").await;
    assert_eq!(hers.ends().await, Some(0));
}

#[tokio::test]
async fn forwarding_and_subsystems_are_refused() {
    let served = Served::new(Limits::default()).await;
    let dana = served.visit("dana", Right::Administer).await;
    assert!(dana.channel_open_direct_tcpip("127.0.0.1", 1, "127.0.0.1", 1).await.is_err());
    assert!(dana.tcpip_forward("127.0.0.1", 0).await.is_err());
    let mut channel = dana.channel_open_session().await.unwrap();
    channel.request_subsystem(true, "sftp").await.unwrap();
    let refused = timeout(BOUND, async {
        loop {
            match channel.wait().await {
                Some(ChannelMsg::Failure) => break true,
                Some(ChannelMsg::Success) | None => break false,
                Some(_) => {}
            }
        }
    });
    assert!(refused.await.unwrap());
}

#[tokio::test]
async fn a_room_that_closes_says_goodbye() {
    let mut served = Served::new(Limits::default()).await;
    let dana = served.visit("dana", Right::Respond).await;
    let mut hers = Seen::open(&dana).await;
    hers.shows("payments-prod").await;
    served.stop.take().unwrap().send(()).unwrap();
    hers.shows("The room is closing").await;
    assert_eq!(hers.ends().await, Some(3));
    drop(dana);
    timeout(BOUND, &mut served.running).await.unwrap().unwrap();
}

#[tokio::test]
async fn one_who_does_not_read_holds_up_nobody() {
    let served = Served::new(Limits::default()).await;
    let (deaf, dana) =
        (served.visit("lee", Right::Observe).await, served.visit("dana", Right::Respond).await);
    let stuck = Seen::open(&deaf).await;
    for _ in 0..200 {
        stuck.press("1263").await;
    }
    let mut hers = Seen::open(&dana).await;
    hers.shows("payments-prod").await;
    hers.press("2").await;
    hers.press("q").await;
    assert_eq!(hers.ends().await, Some(0));
}

#[tokio::test]
async fn garbage_and_silence_at_the_door_cost_nobody_else_anything() {
    let served = Served::new(Limits::default()).await;
    let mut silent = Vec::new();
    for round in 0..40_u8 {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        let said: &[u8] = match round % 4 {
            0 => &[round; 4_096],
            // A packet that says it is four gigabytes long.
            1 => b"SSH-2.0-giant\r\n\xff\xff\xff\xff\x00\x14",
            // A greeting that never ends, a letter at a time.
            2 => b"S",
            _ => b"",
        };
        let _ = stream.write_all(said).await;
        let mut answer = Vec::new();
        let _ = timeout(Duration::from_millis(1), stream.read_to_end(&mut answer)).await;
        silent.push(stream);
    }
    let dana = served.visit("dana", Right::Respond).await;
    for n in 0..1_000 {
        let channel = dana.channel_open_session().await;
        assert!(n < 10 || channel.is_err(), "channel {n}");
        if let Ok(channel) = channel {
            for m in 0..1_000 {
                channel.set_env(false, format!("NAME_{m}"), "x".repeat(1_000)).await.unwrap();
            }
            // Dropped, and still open for the server: a client need not say goodbye.
            std::mem::forget(channel);
        }
    }
    let sam = served.visit("sam", Right::Respond).await;
    assert_eq!(runs(&sam, "fail", b"").await.0, Some(7));
    dana.disconnect(Disconnect::ByApplication, "", "").await.unwrap();
}
