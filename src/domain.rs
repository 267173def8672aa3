//! The words of the product as types: signals, catalog, incidents, and the pure rules that change them.
//!
//! Nothing here awaits, reads a clock, or touches a disk or a network. Every function is total: hostile input
//! gives a `Refusal` or a default, never a panic.

pub mod apply;
mod as_text;
pub mod catalog;
pub mod clock;
pub mod decide;
pub mod event;
pub mod goal;
pub mod graph;
pub mod held;
pub mod id;
pub mod incident;
pub mod log;
pub mod phrase;
pub mod problem;
pub mod query;
pub mod readiness;
pub mod retro;
pub mod rights;
pub mod scribe;
pub mod signal;
pub mod source;
pub mod text;
pub mod time;
pub mod trigger;

pub use catalog::{Catalog, Service};
pub use clock::Clock;
pub use decide::{Intent, Refusal, decide};
pub use event::{Event, Record};
pub use id::{
    ChecklistId, CriterionId, EntryId, Fingerprint, IncidentId, ItemId, Person, RetroId, Seq, SeriesName,
    ServiceName, SignalId, SourceName, TaskId,
};
pub use incident::{Incident, Room};
pub use log::{SignalKey, SignalLog, SignalRef};
pub use signal::{Body, Kind, Signal};
pub use source::{Health, SourceStatus, Usage};
pub use time::{Day, Span, Time};
