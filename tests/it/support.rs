//! What the tests of screens stand on: scenes to look at, keys pressed by the name of their verb, pictures as text,
//! and a whole session without a terminal.

pub mod cupboard;
pub mod grid;
pub mod keys;
pub mod network;
pub mod scene;
pub mod stage;
pub mod story;
pub mod terminal;
