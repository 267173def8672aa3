//! The engine, to come.

use crate::diagnosis::Situation;
use crate::domain::{Catalog, Room, Seq, SignalLog, SourceStatus};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Snapshot {
    pub revision: u64,
    pub seq: Seq,
    pub name: Arc<str>,
    pub room: Arc<Room>,
    pub signals: SignalLog,
    pub catalog: Arc<Catalog>,
    pub sources: Arc<[SourceStatus]>,
    pub situation: Arc<Situation>,
    pub notices: Arc<[String]>,
    pub story: Option<Story>,
    pub loading: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    pub title: String,
    pub speed: String,
}
