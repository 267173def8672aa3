//! One person's screen on a room.
//!
//! A session is `update(ui, message, world) → effects` and `view(ui, world) → frame`, driven by a loop that is
//! generic over what carries it. What belongs to the person (focus, scroll, filter, overlays) lives here; what
//! belongs to the room lives in the engine and is only read.

pub mod ansi;
pub mod asking;
pub mod asks;
pub mod canvas;
pub mod carrier;
pub mod chores;
pub mod clipboard;
pub mod damage;
pub mod drafts;
pub mod evidence;
pub mod follow;
pub mod frame;
pub mod glyphs;
pub mod input;
pub mod judged;
pub mod keeping;
mod listening;
pub mod local;
pub mod message;
pub mod overlays;
pub mod presence;
pub mod pressing;
pub mod ring;
pub mod screens;
pub mod session;
pub mod text;
pub mod ui;
pub mod update;
pub mod verbs;
pub mod view;
pub mod wall;
pub mod widgets;
