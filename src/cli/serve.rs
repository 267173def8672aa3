//! `sitroom serve`: the configured room over SSH, until it is told to stop.
//!
//! A driver. Everybody's screens and the engine share one runtime; the room is put together as for the cockpit.

mod host;
mod remote;

use super::open::{self, Opened};
use super::{Exit, Failure, Out, Run, Start, logging};
use crate::domain::Span;
use crate::ssh::door::Door;
use crate::ssh::health::Health;
use crate::ssh::hostkey::{self, HostKey, HostKeyError};
use crate::ssh::people::PeopleError;
use crate::ssh::{Limits, Lobby, People, Server};
use clap::Args;
use host::RoomHost;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, io};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Serve the room over SSH
#[derive(Debug, Args)]
#[command(after_help = "Who may come in stands in people.toml beside the configuration (`sitroom people`). \
                        docs/SERVE.md says how to run it as a service and behind a bastion.")]
pub(super) struct Serve {
    /// Where to listen; only this machine unless it is told otherwise
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:2222")]
    listen: SocketAddr,
    /// Answer /health and /metrics here, on this machine only
    #[arg(long, value_name = "ADDR:PORT", value_parser = loopback)]
    health: Option<SocketAddr>,
    /// The list of people, instead of people.toml beside the configuration
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// Close a screen on which no key was pressed for this long
    #[arg(long, value_name = "SPAN", default_value = "12h", value_parser = idle)]
    idle: Span,
    /// Screens and commands at a time
    #[arg(long, value_name = "N", default_value_t = 256)]
    sessions: usize,
    /// The same of one person
    #[arg(long, value_name = "N", default_value_t = 16)]
    each: usize,
}

impl Run for Serve {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        let log = logging::start(&start.paths, start.settings(), &start.withheld);
        if let Err(unlogged) = &log {
            unlogged.report();
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
            Failure::unable(format!("no runtime: {error}"), "end other programs, and try again")
        })?;
        let served = runtime.block_on(self.serve(start, out));
        runtime.shutdown_background();
        served.map(|()| Exit::Done)
    }
}

impl Serve {
    async fn serve(&self, start: &Start, out: &mut Out) -> Result<(), Failure> {
        let people = self.people.clone().unwrap_or_else(|| start.paths.people_file());
        let people = Arc::new(People::open(people)?);
        let opened = open::open_unattended(&start.clock(), start).await?;
        let key = Arc::new(HostKey::open(&start.paths.data_dir)?);
        let listener = listen(self.listen).await?;
        let health = match self.health {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        out.line(format_args!("listening on {}", listener.local_addr()?))?;
        out.line(format_args!("host key {}", hostkey::fingerprint(&key.last())))?;
        if people.last().people.is_empty() {
            out.line("nobody may come in yet: sitroom people add NAME --key FILE --rights RIGHT")?;
        }
        for what in &people.last().troubles {
            out.line(format_args!("people.toml: {what}"))?;
        }
        if opened.handle.snapshot().borrow().story.is_some() {
            out.line("it plays a scenario: nothing that is written there is kept")?;
        }
        out.flush()?;
        tracing::info!(address = %listener.local_addr()?, people = people.last().people.len(), "serving over SSH");
        let limits = Limits { sessions: self.sessions, each: self.each, idle: self.idle.std() };
        let (lobby, door) = (Lobby::new(limits), Arc::new(Door::default()));
        let watched =
            Health { lobby: Arc::clone(&lobby), door: Arc::clone(&door), engine: opened.handle.clone() };
        let host = Arc::new(RoomHost::new(start.clone(), opened.clone(), Arc::clone(&people)));
        let server = Server { host, people, door, lobby, key };
        tokio::select! {
            () = server.run(listener, told_to_stop()) => {}
            () = watch(health, watched) => {}
        }
        close(opened).await;
        Ok(())
    }
}

async fn watch(listener: Option<TcpListener>, health: Health) {
    match listener {
        Some(listener) => health.serve(listener).await,
        None => std::future::pending().await,
    }
}

/// SIGTERM, SIGINT, or a terminal that is gone; where none can be listened to, the process ends as processes do.
async fn told_to_stop() {
    let outlives_its_terminal = outlives_its_terminal();
    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
    let [Ok(mut term), Ok(mut interrupt), Ok(mut hang_up)] = kinds.map(signal) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv(), if !outlives_its_terminal => {}
    }
}

/// Whether it was started to stay when its terminal goes, as by `nohup`; known where the system tells it.
fn outlives_its_terminal() -> bool {
    const HANG_UP: u64 = 1;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_some_and(|set| set & HANG_UP != 0)
}

async fn close(Opened { handle, store, .. }: Opened) {
    for crashed in handle.stop().await {
        tracing::error!("{crashed} did not end cleanly");
    }
    if let Some(store) = store {
        store.close().await;
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| cannot_listen(address, &error))
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Failure {
    Failure::unable(
        format!("{address}: nobody can be listened to there: {error}"),
        "choose another address or port, or end what has it",
    )
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "it is written 127.0.0.1:9022".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("it answers anybody, so it is for loopback".to_owned())
    }
}

fn idle(text: &str) -> Result<Span, String> {
    let span: Span = text.parse().map_err(|_| "a span is written 30m or 12h".to_owned())?;
    if span > Span::seconds(0) { Ok(span) } else { Err("it must be longer than nothing".to_owned()) }
}

impl From<HostKeyError> for Failure {
    fn from(error: HostKeyError) -> Self {
        Self::unable(error.to_string(), error.fix())
    }
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        match &error {
            PeopleError::Disk { .. } => Self::unable(error.to_string(), error.fix()),
            PeopleError::Wrong { .. } => Self::usage(error.to_string(), error.fix()),
            PeopleError::Taken { .. } => Self::no(error.to_string(), error.fix()),
        }
    }
}
