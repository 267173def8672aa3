//! Pieces that several screens and overlays are made of.

pub mod chart;
pub mod field;
pub mod form;
pub mod list;
pub mod spark;
