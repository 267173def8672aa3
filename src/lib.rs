//! sitroom: a terminal cockpit for incidents.
//!
//! The modules and the directions they may look in are described in `docs/ARCHITECTURE.md` and held by
//! `tests/it/architecture.rs`.

pub mod cli;
pub mod config;
pub mod diagnosis;
pub mod domain;
pub mod engine;
pub mod export;
pub mod journal;
pub mod keymap;
pub mod sources;
#[cfg(feature = "ssh")]
pub mod ssh;
pub mod store;
pub mod theme;
pub mod tui;
pub mod watching;
pub mod whole;
