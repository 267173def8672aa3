//! What reaches a session, and what it asks of its driver.

use super::input::Input;
use ratatui::layout::Size;

#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    Input(Input),
    Resized(Size),
    /// The room has published something newer.
    News,
    /// Another second of the wall has gone.
    Tick,
    /// Nothing else is waiting: there is time for what was put off.
    Idle,
    /// The person is back from their editor.
    Edited(Result<String, String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Quit,
    /// Put a text on the person's clipboard; `what` names it for the message.
    Copy { what: String, text: String },
    Suspend,
    Edit(String),
    /// Draw everything again, whatever the terminal shows.
    Redraw,
    Mouse(bool),
    /// Remember the theme for the next time.
    KeepTheme(String),
}
