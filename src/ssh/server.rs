//! The listening side: lets connections in one by one, watches over how long they take to say who they are, and ends
//! them all when the room closes.

use super::Host;
use super::connection::Connection;
use super::door::{Door, Stranger};
use super::hostkey::HostKey;
use super::lobby::{Lobby, Pass};
use super::people::People;
use russh::keys::{Algorithm, EcdsaCurve, PrivateKey};
use russh::server::{Config, run_stream};
use russh::{MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// How long somebody may take to say who they are.
const LOGIN: Duration = Duration::from_secs(20);
/// How often the list of people is looked at while nobody logs in.
const REVIEW: Duration = Duration::from_secs(1);
/// How long sessions have for their last words.
const FAREWELL: Duration = Duration::from_secs(5);

pub struct Server<H> {
    pub host: Arc<H>,
    pub people: Arc<People>,
    pub door: Arc<Door>,
    pub lobby: Arc<Lobby>,
    pub key: Arc<HostKey>,
}

impl<H: Host> Server<H> {
    /// Serves until it is told to stop and everybody has left, or has been given time to.
    pub async fn run(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        tokio::select! {
            biased;
            () = stop => {}
            () = self.review() => {}
            () = self.answer(&listener) => {}
        }
        drop(listener);
        tracing::info!(connections = self.lobby.connections(), "the room over SSH is closing");
        self.lobby.close(self.host.farewell());
        if timeout(FAREWELL, self.lobby.emptied()).await.is_err() {
            tracing::warn!(connections = self.lobby.connections(), "some did not leave in time");
        }
    }

    /// Sends away whoever is no longer on the list.
    async fn review(&self) {
        loop {
            self.lobby.review(&*self.people.read().await);
            sleep(REVIEW).await;
        }
    }

    async fn answer(&self, listener: &TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, address)) => self.welcome(stream, address),
                // Too many open files, most likely: some will be closed in a second.
                Err(error) => {
                    tracing::error!(%error, "a connection could not be taken");
                    sleep(REVIEW).await;
                }
            }
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "each connection is a task of its own, bounded by the login time"
    )]
    fn welcome(&self, stream: TcpStream, address: SocketAddr) {
        if !self.door.opens(address.ip(), Instant::now()) {
            tracing::debug!(%address, "not answered: too many wrong keys from there");
            return;
        }
        let Some(stranger) = self.door.stranger(address.ip()) else {
            tracing::debug!(%address, "not answered: too many wait there without saying who they are");
            return;
        };
        let (entered, known) = watch::channel(None);
        let connection = Connection {
            host: Arc::clone(&self.host),
            people: Arc::clone(&self.people),
            door: Arc::clone(&self.door),
            lobby: Arc::clone(&self.lobby),
            address: address.ip(),
            entered,
            visitor: None,
            channels: HashMap::new(),
        };
        let key = Arc::clone(&self.key);
        tokio::spawn(async move {
            let config = Arc::new(config(key.now().await));
            // How a connection ends is its client's business unless it is logged by what ended it.
            if let Err(error) = converse(config, stream, connection, known, stranger).await {
                tracing::debug!(%address, %error, "a connection has ended");
            }
        });
    }
}

async fn converse<H: Host>(
    config: Arc<Config>,
    stream: TcpStream,
    connection: Connection<H>,
    mut known: watch::Receiver<Option<Arc<Pass>>>,
    stranger: Stranger,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let stream = stream.into_std()?;
    // A client that reads nothing could hold up its own goodbye; the socket can always be cut.
    let cut = stream.try_clone()?;
    let stream = TcpStream::from_std(stream)?;
    let late = |_| io::Error::from(io::ErrorKind::TimedOut);
    let running = timeout(LOGIN, run_stream(config, stream, connection)).await.map_err(late)?;
    let mut running = running.map_err(io::Error::other)?;
    let entered = tokio::select! {
        _ = &mut running => return Ok(()),
        entered = timeout(LOGIN, known.wait_for(Option::is_some)) => match entered {
            Ok(Ok(pass)) => pass.clone(),
            _ => None,
        },
    };
    drop(known);
    drop(stranger);
    let Some(pass) = entered else { return cut.shutdown(Shutdown::Both) };
    tokio::select! {
        _ = &mut running => return Ok(()),
        _ = pass.dismissed() => {}
    }
    // Its sessions say goodbye by themselves, and the client then hangs up.
    let _ = timeout(FAREWELL, &mut running).await;
    cut.shutdown(Shutdown::Both)
}

fn config(key: PrivateKey) -> Config {
    Config {
        server_id: SshId::Standard(Cow::Borrowed("SSH-2.0-sitroom")),
        methods: MethodSet::from(&[MethodKind::PublicKey][..]),
        // An agent offers all its keys; who guesses is held off by the door.
        auth_rejection_time: Duration::from_millis(50),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        max_auth_attempts: 10,
        inactivity_timeout: None,
        keepalive_interval: Some(Duration::from_secs(15)),
        keepalive_max: 4,
        nodelay: true,
        preferred: modern(),
        ..Config::default()
    }
}

/// What is neither old nor doubtful. There is no choice to be made worse by a configuration.
fn modern() -> Preferred {
    const KEX: &[kex::Name] = &[
        kex::MLKEM768X25519_SHA256,
        kex::CURVE25519,
        kex::CURVE25519_PRE_RFC_8731,
        kex::EXTENSION_SUPPORT_AS_SERVER,
        kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
    ];
    const KEYS: &[Algorithm] = &[
        Algorithm::Ed25519,
        Algorithm::SkEd25519,
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
        Algorithm::SkEcdsaSha2NistP256,
    ];
    Preferred {
        kex: Cow::Borrowed(KEX),
        key: Cow::Borrowed(KEYS),
        cipher: Cow::Borrowed(&[cipher::CHACHA20_POLY1305, cipher::AES_256_GCM, cipher::AES_128_GCM]),
        mac: Cow::Borrowed(&[mac::HMAC_SHA512_ETM, mac::HMAC_SHA256_ETM]),
        compression: Cow::Borrowed(&[compression::NONE]),
        ..Preferred::DEFAULT
    }
}
