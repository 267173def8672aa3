//! `/health` and `/metrics` for whoever watches over the server: two answers, to loopback, and no more of HTTP than that.
//!
//! A handful are answered at a time, so that one who dawdles keeps none of them waiting.

use super::door::Door;
use super::lobby::Lobby;
use crate::engine::Handle;
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// A request is a line and a few headers.
const LONGEST: usize = 8 << 10;
const PATIENCE: Duration = Duration::from_secs(2);
/// Who comes when so many are being answered waits for one of them.
const AT_ONCE: usize = 16;

#[derive(Clone)]
pub struct Health {
    pub lobby: Arc<Lobby>,
    pub door: Arc<Door>,
    pub engine: Handle,
}

impl Health {
    /// None for long: whoever asks is a program on this machine, and asks again.
    pub async fn serve(self, listener: TcpListener) {
        let mut answering = JoinSet::new();
        loop {
            tokio::select! {
                // Who hangs up or dawdles goes without an answer.
                Some(_) = answering.join_next() => {}
                accepted = listener.accept(), if answering.len() < AT_ONCE => match accepted {
                    Ok((stream, _)) => {
                        let health = self.clone();
                        answering.spawn(async move { timeout(PATIENCE, health.answer(stream)).await.is_ok() });
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the health port");
                        sleep(PATIENCE).await;
                    }
                },
            }
        }
    }

    async fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut request = Vec::new();
        while request.len() < LONGEST && !request.windows(4).any(|end| end == b"\r\n\r\n") {
            if stream.read_buf(&mut request).await? == 0 {
                break;
            }
        }
        let line = String::from_utf8_lossy(&request);
        let mut words = line.split_whitespace();
        let asks = words.next().filter(|method| ["GET", "HEAD"].contains(method));
        let path = asks.and(words.next()).and_then(|target| target.split('?').next());
        let (status, kind, body) = match path {
            Some("/health") => self.health(),
            Some("/metrics") => ("200 OK", "text/plain; version=0.0.4", self.metrics()),
            _ => ("404 Not Found", "text/plain", "/health and /metrics are here\n".to_owned()),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        if asks == Some("GET") {
            stream.write_all(body.as_bytes()).await?;
        }
        stream.shutdown().await
    }

    /// Live because it answers; ready once the room has been read.
    fn health(&self) -> (&'static str, &'static str, String) {
        let is_ready = !self.engine.snapshot().borrow().loading;
        let status = if is_ready { "200 OK" } else { "503 Service Unavailable" };
        (status, "application/json", format!("{{\"live\":true,\"ready\":{is_ready}}}\n"))
    }

    fn metrics(&self) -> String {
        let snapshot = Arc::clone(&self.engine.snapshot().borrow());
        let (lobby, door) = (&self.lobby, &self.door);
        let counted = |number: usize| number as u64;
        let rows = [
            ("connections", "gauge", "People who are in.", counted(lobby.connections())),
            ("sessions", "gauge", "Screens and commands that run.", counted(lobby.sessions())),
            ("logins_total", "counter", "Logins since the start.", lobby.logins()),
            ("keys_refused_total", "counter", "Keys that are on no list.", door.refused()),
            (
                "connections_unanswered_total",
                "counter",
                "Connections after too many wrong keys, or beside too many that say nothing.",
                door.turned_away(),
            ),
            ("session_panics_total", "counter", "Sessions that crashed.", lobby.panics()),
            ("journal_records", "gauge", "The last record of the journal.", snapshot.seq.0),
            ("notices", "gauge", "What does not work as it should.", counted(snapshot.notices.len())),
        ];
        rows.iter().fold(String::new(), |mut text, (name, kind, help, value)| {
            let _ = write!(
                text,
                "# HELP sitroom_{name} {help}\n# TYPE sitroom_{name} {kind}\nsitroom_{name} {value}\n"
            );
            text
        })
    }
}
