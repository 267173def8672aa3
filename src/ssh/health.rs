//! `/health` and `/metrics` for whoever watches over the server: two answers, to loopback, and no more of HTTP than that.

use super::door::Door;
use super::lobby::Lobby;
use crate::engine::Handle;
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

/// A request is a line and a few headers.
const LONGEST: usize = 8 << 10;
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub struct Health {
    pub lobby: Arc<Lobby>,
    pub door: Arc<Door>,
    pub engine: Handle,
}

impl Health {
    /// One at a time and none for long: whoever asks is a program on this machine, and asks again.
    pub async fn serve(self, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    // Who hangs up or dawdles goes without an answer.
                    let _ = timeout(PATIENCE, self.answer(stream)).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "the health port");
                    sleep(PATIENCE).await;
                }
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
        let path = line.strip_prefix("GET ").and_then(|rest| rest.split_whitespace().next());
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
        stream.write_all(body.as_bytes()).await?;
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
                "Connections after too many wrong keys.",
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
