//! The quality gate of the incident somebody looks at, by the rules of the export, judged again only when the journal
//! has gone on.

use crate::domain::{Incident, IncidentId, Seq};
use crate::export::{Gate, Model, gate};

#[derive(Debug, Default)]
pub struct Judged {
    of: Option<(IncidentId, Seq)>,
    gate: Option<Gate>,
}

impl Judged {
    pub fn follow(&mut self, incident: &Incident, seq: Seq) {
        if self.of != Some((incident.id, seq)) {
            self.gate = Some(gate(&Model::of(incident, None)));
            self.of = Some((incident.id, seq));
        }
    }

    pub fn gate(&self, incident: IncidentId) -> Option<&Gate> {
        self.gate.as_ref().filter(|_| self.of.is_some_and(|(of, _)| of == incident))
    }
}
