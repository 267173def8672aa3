//! What reaches a session, and what it asks of its driver.

use super::asking::Generation;
use super::asks::Ticket;
use super::chores::{Order, Packed};
use super::drafts::Slot;
use super::follow::{News, Wish};
use super::input::Input;
use crate::diagnosis::Situation;
use crate::domain::query::{Findings, SavedQuery};
use crate::domain::{Intent, Record, Time};
use crate::engine::SubmitError;
use ratatui::layout::Size;
use std::sync::Arc;

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
    /// The situation as of a moment the person went to.
    LookedBack(Arc<Situation>),
    /// It could not be worked out.
    NotLookedBack(Time),
    /// A pack was made as somebody ordered it, or could not be.
    Packed {
        order: Order,
        outcome: Result<Packed, String>,
    },
    /// What is known by now of the answer to a saved query.
    Found(Generation, Box<Findings>),
    /// The person is back from their editor.
    Edited(Result<String, String>),
    /// Somebody wants to look on here, or what this person looks on at has changed.
    Company(News),
    /// What is half typed was kept, or could not be.
    DraftsKept(Result<(), String>),
    /// What was submitted is durable and shown, or came to nothing.
    Answered {
        ticket: Ticket,
        outcome: Box<Result<Record, SubmitError>>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Quit,
    /// Put a text on the person's clipboard; `what` names it for the message.
    Copy {
        what: String,
        text: String,
    },
    Suspend,
    Edit(String),
    /// Draw everything again, whatever the terminal shows.
    Redraw,
    Mouse(bool),
    /// Something has come due: tell whoever looks elsewhere.
    Ring(String),
    /// Compute the situation as of a moment; only the last one asked for is wanted.
    LookBack(Time),
    /// Make a post-mortem pack; asked in order, answered with the same order.
    Pack(Order),
    /// Ask a saved query about the time before a moment; whatever was asked before is stopped.
    Query {
        generation: Generation,
        query: Box<SavedQuery>,
        until: Time,
    },
    /// Nobody waits for that answer any more.
    StopQuery,
    /// Keep what is half typed, or with an empty text keep it no longer.
    KeepDraft {
        slot: Slot,
        text: String,
    },
    /// Look on at somebody's screen, or let them look on here.
    Follow(Wish),
    /// Ask the engine in this person's name; asked in order, answered with the same ticket.
    Submit {
        ticket: Ticket,
        intent: Box<Intent>,
    },
}
