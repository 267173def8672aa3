//! Tests against real terminals and real servers. Ignored by default; the continuous integration runs them all.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]
#![expect(clippy::print_stderr, reason = "what could not be proved on this machine is said")]
#![expect(clippy::disallowed_methods, reason = "a real terminal lives in real time")]

#[path = "../it/sources/answers.rs"]
mod answers;
#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "aws")]
#[path = "../it/sources_aws/cbor.rs"]
mod cbor;
mod contract;
mod crowd;
mod description;
mod drafts;
mod export;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod failing;
mod journal;
#[cfg(feature = "ssh")]
mod latency;
#[cfg(feature = "aws")]
mod live;
#[cfg(feature = "ssh")]
mod packed;
mod pty;
mod room;
#[cfg(feature = "ssh")]
mod ssh;
mod terminal;
#[cfg(feature = "aws")]
mod troubled;
#[cfg(all(target_os = "linux", feature = "aws"))]
mod weight;
