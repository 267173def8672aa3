//! How an incident begins, and begins again.

use crate::domain::event::{Event, Moment, Record};
use crate::domain::incident::{Incident, Status};

pub(super) fn declared(record: &Record) -> Option<Incident> {
    let (Event::IncidentDeclared { incident, title, severity, services, impact, evidence }
    | Event::DrillDeclared { incident, title, severity, services, impact, evidence, .. }) = &record.event
    else {
        return None;
    };
    let drill = match &record.event {
        Event::DrillDeclared { of, .. } => Some(of.clone()),
        _ => None,
    };
    let mut declared = Incident {
        id: *incident,
        title: title.clone(),
        severity: *severity,
        status: Status::Open,
        services: services.clone(),
        impact: impact.clone(),
        evidence: evidence.clone(),
        declared_at: record.at,
        declared_by: record.by.clone(),
        command: Default::default(),
        roles: Default::default(),
        entries: Default::default(),
        moments: Default::default(),
        declined: Default::default(),
        tasks: Default::default(),
        criteria: Default::default(),
        checklists: Default::default(),
        updates: Default::default(),
        nudges: Default::default(),
        retro: Default::default(),
        merged: Default::default(),
        history: Default::default(),
        resolved_at: None,
        closed_at: None,
        drill,
    };
    declared.keep(record);
    Some(declared)
}

impl Incident {
    /// What was said of its end no longer holds.
    pub(super) fn reopen(&mut self, record: &Record) {
        self.status = Status::Open;
        self.resolved_at = None;
        self.closed_at = None;
        self.moments.remove(&Moment::Resolved);
        self.moments.remove(&Moment::Closed);
        self.keep(record);
    }
}
