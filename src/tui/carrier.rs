//! What a session needs of whatever carries it: a local terminal, a channel over SSH, a test.

use ratatui::layout::Size;
use std::future::Future;
use std::io;

pub trait Carrier {
    /// What arrives next. Dropping the future loses nothing.
    fn next(&mut self) -> impl Future<Output = Arrival>;

    /// What has arrived already, without waiting for more.
    fn waiting(&mut self) -> Option<Arrival>;

    fn size(&self) -> Size;

    fn send(&mut self, bytes: &[u8]) -> impl Future<Output = io::Result<()>>;

    /// What this carrier can do beyond showing bytes.
    fn abilities(&self) -> Abilities {
        Abilities::default()
    }

    /// Gives the terminal back to the shell until the person returns.
    fn suspend(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Lets the person edit a text in an editor of their own.
    fn edit(&mut self, _text: &str) -> io::Result<String> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    Bytes(Vec<u8>),
    Resized(Size),
    /// Nobody is there any more, or somebody asked us to leave.
    Ended,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    pub suspend: bool,
    pub editor: bool,
    /// Copying must be wrapped for the terminal multiplexer in between.
    pub multiplexer: Multiplexer,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Multiplexer {
    #[default]
    None,
    Tmux,
    Screen,
}
