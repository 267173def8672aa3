//! One connection: who it is, which channels it has, and what each of them asks for.
//!
//! Nothing here waits for a session or a program: what a client sends goes into an [`Inbox`], and what it is sent comes
//! from tasks of their own. Forwarding, X11, agents and subsystems are refused by not being answered for.

use super::door::Door;
use super::errand::{Lines, Run};
use super::inbox::Inbox;
use super::lobby::{Lobby, Pass};
use super::people::{People, Unknown, Visitor};
use super::shell::Shell;
use super::{Host, Reply, Terminal};
use crate::tui::carrier::{Abilities, Multiplexer};
use ratatui::layout::Size;
use russh::keys::{Certificate, HashAlg, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, ChannelWriteHalf, Pty};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::Instant;

/// Channels of one connection at a time.
const CHANNELS: usize = 10;
/// What a client may say of its environment, and how much.
const VARIABLES: [&str; 6] = ["COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR", "TZ"];
const LONGEST: usize = 128;
/// Nobody's terminal is larger; a frame of this size is what a session may cost at most.
const LARGEST: u32 = 500;

pub(super) struct Connection<H> {
    pub(super) host: Arc<H>,
    pub(super) people: Arc<People>,
    pub(super) door: Arc<Door>,
    pub(super) lobby: Arc<Lobby>,
    pub(super) address: IpAddr,
    /// Told once it is known who it is.
    pub(super) entered: watch::Sender<Option<Arc<Pass>>>,
    pub(super) visitor: Option<Visitor>,
    pub(super) channels: HashMap<ChannelId, Open>,
}

/// A channel, and what it has asked for so far.
pub(super) struct Open {
    inbox: Arc<Inbox>,
    /// Taken by the screen or the command that is started on it.
    output: Option<ChannelWriteHalf<Msg>>,
    environment: Vec<(String, String)>,
    size: Option<Size>,
}

impl<H> Connection<H> {
    /// Said in the log alone, and as often as the door lets an address try: whoever knocks learns nothing.
    fn refuse(&self, key: &PublicKey, why: Unknown) -> Auth {
        let key = key.fingerprint(HashAlg::Sha256);
        tracing::info!(address = %self.address, %key, why = why.why(), "a key was refused over SSH");
        if self.door.refuse(self.address, Instant::now()) {
            tracing::warn!(address = %self.address, "too many wrong keys: not answered for the rest of the minute");
        }
        Auth::reject()
    }

    fn admit(&mut self, key: &PublicKey, visitor: Result<Visitor, Unknown>) -> Auth {
        match visitor {
            Ok(visitor) => {
                self.door.forgive(self.address);
                self.visitor = Some(visitor);
                Auth::Accept
            }
            Err(why) => self.refuse(key, why),
        }
    }

    fn pass(&self) -> Option<Arc<Pass>> {
        self.entered.borrow().clone()
    }
}

impl<H: Host> Connection<H> {
    fn shell(&mut self, id: ChannelId) -> bool {
        let Some((pass, open)) = self.pass().zip(self.channels.get_mut(&id)) else { return false };
        let Some(output) = open.output.take() else { return false };
        let run = Run {
            place: match pass.place() {
                Ok(place) => place,
                Err(why) => return turn_away(output, why),
            },
            inbox: Arc::clone(&open.inbox),
            output: Arc::new(output),
            lines: Lines::AsWritten,
        };
        let environment = std::mem::take(&mut open.environment);
        let is_dumb = environment.iter().any(|(name, value)| name == "TERM" && value == "dumb");
        let Some(size) = open.size.filter(|_| !is_dumb) else {
            let err = "sitroom: the cockpit needs a terminal that can be drawn on\n  ssh -t from one, or give a command, such as status\n";
            start(run.go(Err(Reply { code: 2, err: err.to_owned(), ..Reply::default() })));
            return true;
        };
        let Run { place, inbox, output, .. } = run;
        let abilities = abilities(&environment);
        let terminal = Terminal { size, environment, abilities };
        start(Shell { host: Arc::clone(&self.host), place, terminal, inbox, output }.run());
        true
    }

    fn errand(&mut self, id: ChannelId, line: &[u8]) -> bool {
        let Some((pass, open)) = self.pass().zip(self.channels.get_mut(&id)) else { return false };
        let Some(output) = open.output.take() else { return false };
        let place = match pass.place() {
            Ok(place) => place,
            Err(why) => return turn_away(output, why),
        };
        let lines = if open.size.is_some() { Lines::ForTerminal } else { Lines::AsWritten };
        if lines == Lines::ForTerminal {
            // What a person types at a command that was given a terminal has nobody to echo it.
            open.inbox.end();
        }
        let line = String::from_utf8_lossy(line);
        let errand = self.host.errand(&pass.visitor, &line);
        let Visitor { person, key, .. } = &pass.visitor;
        tracing::info!(%person, %key, command = ?line, is_allowed = errand.is_ok(), "a command over SSH");
        let run = Run { place, inbox: Arc::clone(&open.inbox), output: Arc::new(output), lines };
        start(run.go(errand));
        true
    }
}

impl<H> Drop for Connection<H> {
    fn drop(&mut self) {
        self.channels.values().for_each(|open| open.inbox.hang_up());
    }
}

impl<H: Host> Handler for Connection<H> {
    type Error = russh::Error;

    async fn auth_publickey_offered(
        &mut self,
        _: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Self::Error> {
        let is_known = self.people.read().await.may_know(offer.public_key);
        Ok(if is_known { Auth::Accept } else { self.refuse(offer.public_key, Unknown::Key) })
    }

    async fn auth_publickey(&mut self, _: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        let visitor = self.people.read().await.of_key(key.public_key).ok_or(Unknown::Key);
        Ok(self.admit(key.public_key, visitor))
    }

    async fn auth_openssh_certificate(
        &mut self,
        _: &str,
        certificate: &Certificate,
    ) -> Result<Auth, Self::Error> {
        let visitor = self.people.read().await.of_certificate(certificate);
        Ok(self.admit(&certificate.public_key().clone().into(), visitor))
    }

    async fn auth_succeeded(&mut self, _: &mut Session) -> Result<(), Self::Error> {
        let Some(visitor) = self.visitor.clone() else { return Err(russh::Error::Disconnect) };
        let Visitor { person, right, key } = &visitor;
        tracing::info!(%person, %right, %key, address = %self.address, "came in over SSH");
        let pass = self.lobby.enter(visitor).ok_or(russh::Error::Disconnect)?;
        self.entered.send_replace(Some(pass));
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        if self.channels.len() >= CHANNELS {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        // What arrives comes through the handler, which never waits; the reading half would be a second queue.
        let id = channel.id();
        let (_, output) = channel.split();
        let output = Some(output);
        let open = Open { inbox: Arc::default(), output, environment: Vec::new(), size: None };
        self.channels.insert(id, open);
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        id: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let Some(open) = self.channels.get_mut(&id) else { return session.channel_failure(id) };
        open.size = Some(size(columns, rows));
        if term.len() <= LONGEST {
            open.environment.retain(|(name, _)| name != "TERM");
            open.environment.push(("TERM".to_owned(), term.to_owned()));
        }
        session.channel_success(id)
    }

    async fn env_request(
        &mut self,
        id: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let is_allowed = VARIABLES.contains(&name) && value.len() <= LONGEST;
        match self.channels.get_mut(&id).filter(|_| is_allowed) {
            Some(open) => {
                open.environment.retain(|(known, _)| known != name);
                open.environment.push((name.to_owned(), value.to_owned()));
                session.channel_success(id)
            }
            None => session.channel_failure(id),
        }
    }

    async fn window_change_request(
        &mut self,
        id: ChannelId,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        if let Some(open) = self.channels.get_mut(&id) {
            open.size = Some(size(columns, rows));
            open.inbox.resize(size(columns, rows));
        }
        Ok(())
    }

    async fn shell_request(&mut self, id: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        if self.shell(id) { session.channel_success(id) } else { session.channel_failure(id) }
    }

    async fn exec_request(
        &mut self,
        id: ChannelId,
        line: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        if self.errand(id, line) { session.channel_success(id) } else { session.channel_failure(id) }
    }

    async fn subsystem_request(
        &mut self,
        id: ChannelId,
        _: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(id)
    }

    async fn data(&mut self, id: ChannelId, bytes: &[u8], _: &mut Session) -> Result<(), Self::Error> {
        if let Some(open) = self.channels.get(&id) {
            open.inbox.push(bytes);
        }
        Ok(())
    }

    async fn channel_eof(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        if let Some(open) = self.channels.get(&id) {
            open.inbox.end();
        }
        Ok(())
    }

    async fn channel_close(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        if let Some(open) = self.channels.remove(&id) {
            open.inbox.hang_up();
        }
        Ok(())
    }
}

/// It is bounded by the places in the lobby, and ends with its channel.
#[expect(clippy::disallowed_methods, reason = "each screen and each command is a task of its own")]
fn start(work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(work);
}

fn turn_away(output: ChannelWriteHalf<Msg>, why: String) -> bool {
    start(async move {
        let _ = output.extended_data_bytes(1, format!("sitroom: {why}\r\n").into_bytes()).await;
        let _ = output.exit_status(3).await;
        let _ = output.close().await;
    });
    true
}

/// Going back to a shell and an editor would be the server's own: there is neither.
fn abilities(environment: &[(String, String)]) -> Abilities {
    let term = environment.iter().find(|(name, _)| name == "TERM").map_or("", |(_, value)| value);
    let multiplexer = match term {
        term if term.starts_with("tmux") => Multiplexer::Tmux,
        term if term.starts_with("screen") => Multiplexer::Screen,
        _ => Multiplexer::None,
    };
    Abilities { suspend: false, editor: false, multiplexer }
}

/// A client that does not know its size, such as one without a window, is taken to have the usual one.
fn size(columns: u32, rows: u32) -> Size {
    let within = |cells: u32, usual: u16| match cells {
        0 => usual,
        cells => u16::try_from(cells.min(LARGEST)).unwrap_or(usual),
    };
    Size::new(within(columns, 80), within(rows, 24))
}
