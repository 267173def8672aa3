//! The fast, hermetic integration tests: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod architecture;
mod catalog;
mod cli;
mod config;
mod diagnosis;
mod drill;
mod engine;
mod export;
mod incident;
mod journal;
mod keymap;
mod plan;
mod scenarios;
mod screens;
mod sources;
#[cfg(feature = "aws")]
mod sources_aws;
#[cfg(feature = "ssh")]
mod ssh;
mod store;
mod support;
mod theme;
