//! A served room with two hundred people in it while a thousand signals a second arrive: how long a key takes, what a
//! session weighs, and that one who does not read starves nobody. Prints what it measured; a release build is held to the goals.

use super::ssh::Served;
use russh::client::{self, AuthResult, Msg};
use russh::keys::{PrivateKeyWithHashAlg, PublicKeyOrCertificate, load_secret_key};
use russh::{Channel, ChannelMsg};
use sitroom::domain::{Body, Signal, SignalId, SourceName, Time};
use sitroom::store::Store;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};

const PEOPLE: usize = 200;
/// Keys each of them presses.
const ROUNDS: u32 = 6;
const PAUSE: Duration = Duration::from_secs(3);
const A_SECOND: usize = 1_000;
const BATCH: usize = 100;
const BOUND: Duration = Duration::from_secs(60);
/// What a key is held to: at its 99th percentile, and what a session may weigh.
const SLOWEST: Duration = Duration::from_millis(100);
const HEAVIEST: u64 = 4 << 10;

struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

/// A person at a terminal of 120x40, reading all the time.
struct Guest {
    channel: Channel<Msg>,
    _connection: client::Handle<Trusting>,
}

impl Guest {
    async fn new(served: &Served) -> Self {
        let connection = logged_in(served).await;
        let channel = connection.channel_open_session().await.unwrap();
        channel.request_pty(true, "xterm-256color", 120, 40, 0, 0, &[]).await.unwrap();
        channel.request_shell(true).await.unwrap();
        let mut guest = Self { channel, _connection: connection };
        guest.until(b"Situation").await;
        guest.channel.data_bytes("3").await.unwrap();
        guest
    }

    /// Reads until the bytes come; how long that took.
    async fn until(&mut self, wanted: &[u8]) -> Duration {
        let began = Instant::now();
        let mut seen: Vec<u8> = Vec::new();
        let found = async {
            while let Some(message) = self.channel.wait().await {
                if let ChannelMsg::Data { data } = message {
                    seen.extend_from_slice(&data);
                    if seen.windows(wanted.len()).any(|window| window == wanted) {
                        return;
                    }
                }
            }
            panic!("the session has ended");
        };
        timeout(BOUND, found).await.expect("a key is answered");
        began.elapsed()
    }

    async fn read_for(&mut self, time: Duration) {
        let _ = timeout(time, async { while self.channel.wait().await.is_some() {} }).await;
    }

    /// Opens the help and closes it, again and again.
    async fn press(mut self, place: usize) -> Vec<Duration> {
        let mut taken = Vec::new();
        self.read_for(PAUSE * u32::try_from(place).unwrap() / u32::try_from(PEOPLE).unwrap()).await;
        for _ in 0..ROUNDS {
            self.channel.data_bytes("?").await.unwrap();
            taken.push(self.until(b"Keys here").await);
            self.channel.data_bytes("\x1b").await.unwrap();
            self.read_for(PAUSE).await;
        }
        taken
    }
}

async fn logged_in(served: &Served) -> client::Handle<Trusting> {
    let config = Arc::new(client::Config::default());
    let mut connection = client::connect(config, served.address(), Trusting).await.unwrap();
    let key = load_secret_key(served.key("dana"), None).unwrap();
    let key = PrivateKeyWithHashAlg::new(Arc::new(key), None);
    let entered = connection.authenticate_publickey("dana", key).await.unwrap();
    assert!(matches!(entered, AuthResult::Success));
    connection
}

/// Packets that say they are gigabytes long, greetings that never end, a thousand channels and ten thousand variables.
#[test]
#[ignore = "needs OpenSSH's client"]
fn a_hostile_client_costs_bounded_memory_and_nobody_elses_session() {
    let served = Served::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let grown = runtime.block_on(async {
        let mut well = Guest::new(&served).await;
        let before = served.weight();
        let mut strangers = Vec::new();
        for round in 0..48 {
            let mut stream = TcpStream::connect(served.address()).await.unwrap();
            let said: &[u8] = match round % 4 {
                0 => &[b'x'; 4_096],
                1 => b"SSH-2.0-giant\r\n\xff\xff\xff\xff\x00\x14",
                2 => b"S",
                _ => b"",
            };
            // Whom the server has cut off has been answered.
            let _ = stream.write_all(said).await;
            strangers.push(stream);
        }
        let hostile = logged_in(&served).await;
        for _ in 0..1_000 {
            let Ok(channel) = hostile.channel_open_session().await else { continue };
            for n in 0..1_000 {
                channel.set_env(false, format!("NAME_{n}"), "x".repeat(1_000)).await.unwrap();
            }
            // Dropped, and still open for the server: a client need not say goodbye.
            std::mem::forget(channel);
        }
        well.channel.data_bytes("?").await.unwrap();
        let taken = well.until(b"Keys here").await;
        (served.weight().saturating_sub(before), taken)
    });
    println!("a hostile client costs {} KiB, and a key beside it {:?}", grown.0, grown.1);
    assert!(grown.0 < 64 << 10, "{} KiB", grown.0);
}

#[test]
#[ignore = "needs OpenSSH's client, and a minute"]
fn two_hundred_people_and_a_thousand_signals_a_second() {
    let served = Served::with(&["--sessions", "256", "--each", "256"]);
    // One who does not read: the pipe fills, and then the channel.
    let mut deaf =
        served.ssh("dana", &["-tt"], &[]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (mut taken, heavier) = runtime.block_on(async {
        let before = served.weight();
        let mut guests = Vec::new();
        while guests.len() < PEOPLE {
            guests.push(Guest::new(&served).await);
        }
        let store = Store::open(&served.store()).await.unwrap();
        let flood = flood(&store);
        let presses = async {
            let mut all: JoinSet<_> =
                guests.into_iter().enumerate().map(|(n, guest)| guest.press(n)).collect();
            let mut taken = Vec::new();
            while let Some(times) = all.join_next().await {
                taken.push(times.unwrap());
            }
            (taken, served.weight())
        };
        let ((taken, after), ()) = tokio::select! {
            measured = presses => (measured, ()),
            () = flood => unreachable!("it floods for ever"),
        };
        store.close().await;
        (taken, after.saturating_sub(before) / PEOPLE as u64)
    });
    deaf.kill().unwrap();
    deaf.wait().unwrap();
    assert_eq!(taken.len(), PEOPLE, "nobody is starved");
    let slowest_person = taken.iter().map(|times| median(times)).max().unwrap();
    let mut all: Vec<_> = taken.drain(..).flatten().collect();
    all.sort();
    let at = |percent: usize| all[(all.len() - 1) * percent / 100];
    let (half, late) = (at(50), at(99));
    println!(
        "{PEOPLE} sessions, {A_SECOND} signals/s: key p50 {half:?}, p99 {late:?}, worst median {slowest_person:?}, {heavier} KiB a session"
    );
    if !cfg!(debug_assertions) {
        assert!(late < SLOWEST && heavier < HEAVIEST);
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}

/// Through the keeping, as whoever pushes signals does it.
async fn flood(store: &Store) {
    let began = Time::from(jiff::Timestamp::now());
    let mut turn =
        interval(Duration::from_secs(1) * u32::try_from(BATCH).unwrap() / u32::try_from(A_SECOND).unwrap());
    for batch in 0.. {
        turn.tick().await;
        let signals: Vec<_> = (0..BATCH).map(|n| signal(began, batch * BATCH + n)).collect();
        store.keep(&signals).await.unwrap();
    }
}

fn signal(began: Time, n: usize) -> Signal {
    Signal {
        id: SignalId::of("inbox", &n.to_string()),
        at: Time::from_millis(began.millis() + i64::try_from(n).unwrap()),
        source: SourceName::new("inbox"),
        service: Some("api".into()),
        title: format!("line {n} of the log"),
        body: Body::Note,
        link: None,
        raw: None,
    }
}
