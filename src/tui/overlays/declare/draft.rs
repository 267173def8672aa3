//! A declaration that was begun, as it is kept: everything a person chose or typed, and the evidence it rests on.

use super::{Declare, Field};
use crate::domain::ServiceName;
use crate::domain::event::{Evidence, Severity};
use crate::tui::drafts::Slot;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Draft {
    title: String,
    impact: String,
    severity: Severity,
    services: Vec<ServiceName>,
    takes_command: bool,
    evidence: Vec<Evidence>,
}

impl Declare {
    /// What is to be kept, once somebody has typed or chosen anything.
    pub fn kept(&self) -> Option<(Slot, String)> {
        let kept = self.spelled();
        (kept != self.opened).then(|| (Slot::declaration(), kept))
    }

    pub(super) fn spelled(&self) -> String {
        let draft = Draft {
            title: self.title.text().to_owned(),
            impact: self.impact.text().to_owned(),
            severity: self.severity,
            services: self.services.picked.iter().cloned().collect(),
            takes_command: self.takes_command,
            evidence: self.evidence.clone(),
        };
        serde_json::to_string(&draft).unwrap_or_default()
    }

    /// The form as it was left, over the catalog as it is; what was kept and is none changes nothing.
    pub(super) fn take_up(&mut self, kept: &str) {
        let Ok(draft) = serde_json::from_str::<Draft>(kept) else { return };
        let offered = &mut self.services.offered;
        let unknown: Vec<_> = draft.services.iter().filter(|it| !offered.contains(it)).cloned().collect();
        offered.extend(unknown);
        self.services.picked = draft.services.into_iter().collect();
        self.title = Field::holding(super::TITLE, &draft.title);
        self.impact = Field::holding(super::IMPACT, &draft.impact);
        self.severity = draft.severity;
        self.takes_command = draft.takes_command;
        self.evidence = draft.evidence;
    }
}
