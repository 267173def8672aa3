//! A declaration that was begun, as it is kept: everything a person chose or typed, and the evidence it rests on.

use super::{Declare, Field};
use crate::domain::ServiceName;
use crate::domain::event::{Evidence, Severity};
use crate::tui::drafts::Slot;
use crate::tui::ui::World;
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
    /// What is to be kept, once there is a word of somebody's.
    pub fn draft(&self) -> Option<(Slot, String)> {
        if !self.is_begun() && self.impact.text().trim().is_empty() {
            return None;
        }
        let draft = Draft {
            title: self.title.text().to_owned(),
            impact: self.impact.text().to_owned(),
            severity: self.severity,
            services: self.services.picked.iter().cloned().collect(),
            takes_command: self.takes_command,
            evidence: self.evidence.clone(),
        };
        Some((Slot::declaration(), serde_json::to_string(&draft).ok()?))
    }

    /// The form as it was left, over the catalog as it is; nothing when what was kept is not one.
    pub fn resume(kept: &str, world: World<'_>) -> Option<Self> {
        let draft: Draft = serde_json::from_str(kept).ok()?;
        let mut form = Self::open(None, world);
        let offered = &mut form.services.offered;
        let unknown: Vec<_> = draft.services.iter().filter(|it| !offered.contains(it)).cloned().collect();
        offered.extend(unknown);
        form.services.picked = draft.services.into_iter().collect();
        form.is_proposed = false;
        form.title = Field::holding(super::TITLE, &draft.title);
        form.impact = Field::holding(super::IMPACT, &draft.impact);
        form.severity = draft.severity;
        form.takes_command = draft.takes_command;
        form.evidence = draft.evidence;
        Some(form)
    }
}
