//! Where signals come from.

pub mod scenario;
