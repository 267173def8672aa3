//! Pieces that several screens and overlays are made of.

pub mod field;
pub mod chart;
pub mod list;
pub mod spark;
