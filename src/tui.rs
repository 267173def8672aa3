//! One person's screen on a room.
//!
//! A session is `update(ui, message, snapshot) → effects` and `view(ui, snapshot, theme) → frame`, driven by a loop
//! that is generic over where input comes from and where bytes go. What belongs to the person (focus, scroll,
//! filter, overlays) lives here; what belongs to the room lives in the engine and is only read.

pub mod ansi;
pub mod frame;
pub mod text;
