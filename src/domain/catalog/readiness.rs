//! What has to be true before a launch, as a team writes it down: what is to be signed off, the objectives that were
//! agreed, runbooks, playbooks, who is on call, and how far each claim reaches.
//!
//! Only what people write stands here. That something is signed off is in the journal, and what follows from both is
//! derived in [`crate::domain::readiness`] and in the diagnosis.

mod item;
mod mistakes;
mod objective;
mod on_call;
mod runbook;

pub use item::{Check, Claim, Gating, Item, Term};
pub use mistakes::Mistaken;
pub use objective::{Demand, Objective, PolicyStep};
pub use on_call::{Hole, OnCall, Rotation, Shift};
pub use runbook::{Playbook, Runbook};

use crate::domain::decide::{Intent, Refusal};
use crate::domain::event::Evidence;
use crate::domain::id::ItemId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Readiness {
    #[serde(default, rename = "item")]
    pub items: Vec<Item>,
    #[serde(default, rename = "objective")]
    pub objectives: Vec<Objective>,
    #[serde(default, rename = "runbook")]
    pub runbooks: Vec<Runbook>,
    /// What support does in the cases customers come with.
    #[serde(default, rename = "playbook")]
    pub playbooks: Vec<Playbook>,
    #[serde(default)]
    pub on_call: Vec<OnCall>,
    /// What is there already, and how far that reaches.
    #[serde(default, rename = "claim")]
    pub claims: Vec<Claim>,
    #[serde(default, rename = "term")]
    pub terms: Vec<Term>,
}

impl Readiness {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id.as_str() == id)
    }

    pub fn objective(&self, id: &str) -> Option<&Objective> {
        self.objectives.iter().find(|objective| objective.id == id)
    }

    pub fn runbook(&self, id: &str) -> Option<&Runbook> {
        self.runbooks.iter().find(|runbook| runbook.id == id)
    }

    pub fn schedule(&self, name: &str) -> Option<&OnCall> {
        self.on_call.iter().find(|schedule| schedule.name == name)
    }

    /// What a person asks who signs an item off: the item goes along as it reads now, so that nothing written later
    /// changes what was signed.
    pub fn sign_off(&self, id: &ItemId, evidence: Vec<Evidence>, note: String) -> Result<Intent, Refusal> {
        let item = self.item(id.as_str()).ok_or_else(|| Refusal::NotInRegister(id.clone()))?;
        Ok(Intent::SignOff {
            item: item.id.clone(),
            title: item.title.clone(),
            needs: item.needs.clone(),
            evidence,
            note,
            expires_after: item.expires_after,
        })
    }
}
