//! One command without a screen: a program of its own with the channel as its standard input, output and error.
//!
//! A program rather than a function, because what it is given to read, what it takes of memory and how it ends are then
//! nobody else's business. It ends when its client has gone.

use super::carrier::{Output, write};
use super::inbox::Inbox;
use super::lobby::Place;
use super::{Errand, Reply};
use crate::tui::carrier::Arrival;
use std::borrow::Cow;
use std::io;
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, Command};

/// What the protocol calls the standard error.
const STDERR: u32 = 1;
const UNABLE: u32 = 3;
const FLOODED: &str =
    "more than 4 MiB waited to be read; what was answered for is saved\n  send it in smaller parts";

/// How lines end at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    AsWritten,
    /// A terminal in raw mode goes back to the left only when told to.
    ForTerminal,
}

pub(super) struct Run {
    pub(super) place: Place,
    pub(super) inbox: Arc<Inbox>,
    pub(super) output: Output,
    pub(super) lines: Lines,
}

impl Run {
    pub(super) async fn go(self, errand: Result<Errand, Reply>) {
        let code = match errand {
            Ok(errand) => self.start(errand).await,
            Err(reply) => self.say(&reply).await,
        };
        let _ = self.output.exit_status(code).await;
        let _ = self.output.eof().await;
        let _ = self.output.close().await;
    }

    async fn start(&self, Errand { program, arguments }: Errand) -> u32 {
        let mut command = Command::new(program);
        command.args(arguments).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        match command.spawn() {
            Ok(child) => self.serve(child).await,
            Err(error) => {
                tracing::error!(%error, "a command over SSH could not be started");
                let err = format!("sitroom: the command could not be started: {error}\n");
                self.say(&Reply { code: UNABLE, err, ..Reply::default() }).await
            }
        }
    }

    /// Carries bytes until the program has ended and said everything, or nobody listens any more.
    async fn serve(&self, mut child: Child) -> u32 {
        let (input, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let answered = async {
            let (_, _, status) =
                tokio::join!(self.carry(out, None), self.carry(err, Some(STDERR)), child.wait());
            status.ok().and_then(|status| status.code()).and_then(|code| u32::try_from(code).ok())
        };
        let fed = async {
            feed(&self.inbox, input).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            code = answered => code.unwrap_or(UNABLE),
            () = fed => UNABLE,
            () = self.inbox.gone() => match self.inbox.is_flooded() {
                true => self.unable(FLOODED).await,
                false => UNABLE,
            },
            words = self.place.pass.dismissed() => self.unable(&words).await,
        }
    }

    async fn unable(&self, words: &str) -> u32 {
        self.say(&Reply { code: UNABLE, err: format!("sitroom: {words}\n"), ..Reply::default() }).await
    }

    async fn carry(&self, from: Option<impl AsyncRead + Unpin>, to: Option<u32>) -> io::Result<()> {
        let Some(mut from) = from else { return Ok(()) };
        let mut bytes = vec![0; 16 << 10];
        loop {
            let count = from.read(&mut bytes).await?;
            if count == 0 {
                return Ok(());
            }
            self.write(&bytes[..count], to).await?;
        }
    }

    async fn write(&self, bytes: &[u8], to: Option<u32>) -> io::Result<()> {
        let bytes = match self.lines {
            Lines::AsWritten => Cow::Borrowed(bytes),
            Lines::ForTerminal => Cow::Owned(with_returns(bytes)),
        };
        write(&self.output, &bytes, to).await
    }

    async fn say(&self, reply: &Reply) -> u32 {
        // Whoever has gone meanwhile misses it.
        let _ = self.write(reply.out.as_bytes(), None).await;
        let _ = self.write(reply.err.as_bytes(), Some(STDERR)).await;
        reply.code
    }
}

/// Hands on what arrives until its end; a program that takes no more has had enough.
async fn feed(inbox: &Inbox, input: Option<ChildStdin>) {
    let Some(mut input) = input else { return };
    loop {
        match inbox.next().await {
            Arrival::Bytes(bytes) => {
                if input.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Arrival::Resized(_) => {}
            Arrival::Ended => return,
        }
    }
}

fn with_returns(bytes: &[u8]) -> Vec<u8> {
    let mut returned = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if *byte == b'\n' {
            returned.push(b'\r');
        }
        returned.push(*byte);
    }
    returned
}
