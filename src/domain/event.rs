//! What the journal keeps: events, and the record each one is wrapped in.
//!
//! This is a file format for ever. A variant, once released, keeps its name and its fields; a new field needs a
//! default; a changed meaning needs a new variant. The order of fields is the canonical order of the bytes that
//! are hashed, and nothing here may hold a float or an unordered map.

mod content;
mod evidence;
mod moment;
mod nudge;
mod packet;
mod retro;
mod words;
mod work;

pub use content::{Content, When};
pub use evidence::{Basis, Evidence, Ground, LogLine, Point, Reading};
pub use moment::MomentValue;
pub use nudge::{Answer, Nudge};
pub use packet::{OpenHypothesis, Owner, Packet, RunningTask, Timer};
pub use retro::{
    ActionItem, ActionType, BriefField, Cluster, Confidence, ImpactArea, ItemState, KillCriterion, Measure,
    RetroContent, RetroState, ShareField, Support, Watch,
};
pub use words::{
    Audience, Bearing, CriterionState, EntryKind, Moment, Role, Severity, Side, StepState, TaskState, Verdict,
};
pub use work::{Brief, ChecklistContent, CriterionContent, LiveCheck, Step, TaskContent, UpdateContent};

use super::id::{
    ChecklistId, CriterionId, EntryId, Fingerprint, IncidentId, ItemId, Person, RetroId, Seq, ServiceName,
    TaskId,
};
use super::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub seq: Seq,
    pub at: Time,
    pub by: Person,
    /// The key they came with, when they came over SSH.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Fingerprint>,
    pub event: Event,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    IncidentDeclared {
        incident: IncidentId,
        title: String,
        severity: Severity,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        services: Vec<ServiceName>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        impact: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
    SeverityChanged {
        incident: IncidentId,
        from: Severity,
        to: Severity,
    },
    IncidentResolved {
        incident: IncidentId,
    },
    IncidentClosed {
        incident: IncidentId,
    },
    IncidentReopened {
        incident: IncidentId,
    },
    /// Command begins or changes hands; `relieved` is whom the taker names.
    CommandTaken {
        incident: IncidentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relieved: Option<Person>,
    },
    CommandOffered {
        incident: IncidentId,
        to: Person,
    },
    CommandAccepted {
        incident: IncidentId,
        from: Person,
    },
    CommandDeclined {
        incident: IncidentId,
    },
    CommandReleased {
        incident: IncidentId,
    },
    RoleTaken {
        incident: IncidentId,
        role: Role,
    },
    RoleDropped {
        incident: IncidentId,
        role: Role,
    },
    EntryWritten {
        incident: IncidentId,
        entry: EntryId,
        content: Content,
    },
    /// The whole content again; the ones before stay readable.
    EntryRevised {
        incident: IncidentId,
        entry: EntryId,
        content: Content,
    },
    EntryStruck {
        incident: IncidentId,
        entry: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A struck entry is back.
    EntryRestored {
        incident: IncidentId,
        entry: EntryId,
    },
    EntryPinned {
        incident: IncidentId,
        entry: EntryId,
        pinned: bool,
    },
    HypothesisJudged {
        incident: IncidentId,
        entry: EntryId,
        verdict: Verdict,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// What was said at the declaration, said better; what is absent stays.
    IncidentDescribed {
        incident: IncidentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        services: Option<Vec<ServiceName>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        impact: Option<String>,
    },
    /// It is the same as another one, and goes on there. A reopening takes it out again.
    IncidentMerged {
        incident: IncidentId,
        into: IncidentId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Who is to have command next, or that nobody is.
    NextCommanderNamed {
        incident: IncidentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Person>,
    },
    /// Command on offer, with all there is to know.
    HandoverOffered {
        incident: IncidentId,
        to: Person,
        packet: Arc<Packet>,
    },
    /// Command changes hands; the packet is the one that was read.
    HandoverAccepted {
        incident: IncidentId,
        from: Person,
        packet: Arc<Packet>,
    },
    MomentSet {
        incident: IncidentId,
        moment: Moment,
        value: MomentValue,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
        /// The rule that proposed it, where a person accepted a proposal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Basis>,
    },
    /// A proposed moment that a person does not want to see again.
    ProposalDeclined {
        incident: IncidentId,
        moment: Moment,
        when: When,
        basis: Basis,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Evidence for or against a hypothesis; said again of the same ground, the last word holds.
    HypothesisWeighed {
        incident: IncidentId,
        entry: EntryId,
        ground: Ground,
        bearing: Bearing,
    },
    /// The first time a task is given, from then on it is revised.
    TaskWritten {
        incident: IncidentId,
        task: TaskId,
        content: TaskContent,
    },
    TaskMarked {
        incident: IncidentId,
        task: TaskId,
        state: TaskState,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        outcome: String,
    },
    /// The first time a criterion is set, from then on it is revised.
    CriterionWritten {
        incident: IncidentId,
        criterion: CriterionId,
        content: CriterionContent,
    },
    CriterionMarked {
        incident: IncidentId,
        criterion: CriterionId,
        state: CriterionState,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
    ChecklistStarted {
        incident: IncidentId,
        checklist: ChecklistId,
        content: ChecklistContent,
    },
    /// A step, counted from 1, is ticked, unticked or skipped.
    StepMarked {
        incident: IncidentId,
        checklist: ChecklistId,
        step: u32,
        state: StepState,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    UpdatePosted {
        incident: IncidentId,
        content: UpdateContent,
    },
    /// What was asked, when it was due, and what came of it; the record says when it was answered.
    NudgeAnswered {
        incident: IncidentId,
        nudge: Nudge,
        due: Time,
        answer: Answer,
    },
    /// Declared while practising; `of` is what was replayed. Whatever follows in its journal is a drill too.
    DrillDeclared {
        incident: IncidentId,
        of: String,
        title: String,
        severity: Severity,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        services: Vec<ServiceName>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        impact: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
    /// A row of the post-mortem pack.
    RetroItemWritten {
        incident: IncidentId,
        item: RetroId,
        content: RetroContent,
    },
    /// The whole row again; the ones before stay readable.
    RetroItemRevised {
        incident: IncidentId,
        item: RetroId,
        content: RetroContent,
    },
    RetroItemStruck {
        incident: IncidentId,
        item: RetroId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    RetroItemRestored {
        incident: IncidentId,
        item: RetroId,
    },
    /// What became of an action item, a question or a next step.
    RetroItemMarked {
        incident: IncidentId,
        item: RetroId,
        state: ItemState,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    RetroMoved {
        incident: IncidentId,
        state: RetroState,
    },
    /// Somebody says that an item of the readiness register is there. The item stands in it as it read then, and
    /// with the time the signature holds for.
    SignedOff {
        item: ItemId,
        title: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        needs: String,
        evidence: Vec<Evidence>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_after: Option<Span>,
    },
    SignOffWithdrawn {
        item: ItemId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

impl Event {
    /// The task it is about.
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Self::TaskWritten { task, .. } | Self::TaskMarked { task, .. } => Some(*task),
            _ => None,
        }
    }

    /// The incident it is of; a sign-off is of none.
    pub fn incident(&self) -> Option<IncidentId> {
        match self {
            Self::SignedOff { .. } | Self::SignOffWithdrawn { .. } => None,
            Self::IncidentDeclared { incident, .. }
            | Self::SeverityChanged { incident, .. }
            | Self::IncidentResolved { incident }
            | Self::IncidentClosed { incident }
            | Self::IncidentReopened { incident }
            | Self::CommandTaken { incident, .. }
            | Self::CommandOffered { incident, .. }
            | Self::CommandAccepted { incident, .. }
            | Self::CommandDeclined { incident }
            | Self::CommandReleased { incident }
            | Self::RoleTaken { incident, .. }
            | Self::RoleDropped { incident, .. }
            | Self::EntryWritten { incident, .. }
            | Self::EntryRevised { incident, .. }
            | Self::EntryStruck { incident, .. }
            | Self::EntryRestored { incident, .. }
            | Self::EntryPinned { incident, .. }
            | Self::HypothesisJudged { incident, .. }
            | Self::IncidentDescribed { incident, .. }
            | Self::IncidentMerged { incident, .. }
            | Self::NextCommanderNamed { incident, .. }
            | Self::HandoverOffered { incident, .. }
            | Self::HandoverAccepted { incident, .. }
            | Self::MomentSet { incident, .. }
            | Self::ProposalDeclined { incident, .. }
            | Self::HypothesisWeighed { incident, .. }
            | Self::TaskWritten { incident, .. }
            | Self::TaskMarked { incident, .. }
            | Self::CriterionWritten { incident, .. }
            | Self::CriterionMarked { incident, .. }
            | Self::ChecklistStarted { incident, .. }
            | Self::StepMarked { incident, .. }
            | Self::UpdatePosted { incident, .. }
            | Self::NudgeAnswered { incident, .. }
            | Self::DrillDeclared { incident, .. }
            | Self::RetroItemWritten { incident, .. }
            | Self::RetroItemRevised { incident, .. }
            | Self::RetroItemStruck { incident, .. }
            | Self::RetroItemRestored { incident, .. }
            | Self::RetroItemMarked { incident, .. }
            | Self::RetroMoved { incident, .. } => Some(*incident),
        }
    }
}
