//! What is to be signed off, what speaks for signing it, how far a claim beside it reaches, and the words all of it uses.

use crate::domain::id::ItemId;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: ItemId,
    pub title: String,
    pub gating: Gating,
    /// When it has to be there, in the team's word: `pre-launch`.
    #[serde(default)]
    pub phase: String,
    /// What has to be there for somebody to sign.
    #[serde(default)]
    pub needs: String,
    #[serde(default)]
    pub why: String,
    /// Who sees to it; whoever may sign, signs.
    #[serde(default)]
    pub owner: String,
    /// Where it lies, or will lie: links, or paths within a repository.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Tickets and pages about it.
    #[serde(default)]
    pub related: Vec<String>,
    /// How long a signature holds; without it, until it is withdrawn.
    #[serde(default)]
    pub expires_after: Option<Span>,
    /// What has to hold before sitroom suggests signing it.
    #[serde(default)]
    pub checks: Vec<Check>,
}

/// What an item that is not signed stands in the way of; earlier is graver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Gating {
    /// General availability.
    GaBlocking,
    /// Being listed in a marketplace.
    MarketplaceBlocking,
    /// Nothing; it tells how far a team has come.
    SoftGating,
}

/// Something that can be looked up. It never signs; it only suggests signing, or takes the suggestion back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The runbook is there and was validated lately.
    Runbook(String),
    /// The objective has a number that was agreed to.
    Objective(String),
    /// Somebody is on call in this schedule at every moment of the next two weeks.
    OnCall(String),
    /// So many playbooks are written.
    Playbooks(usize),
    /// A post-mortem was reviewed, of an incident or of a drill.
    PostMortem,
}

/// What is there already, and the bound of what that means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub title: String,
    /// What is claimed.
    #[serde(default)]
    pub claim: String,
    /// How far it reaches, said honestly.
    pub bound: String,
    /// The items it must not be taken for.
    #[serde(default)]
    pub beside: Vec<ItemId>,
    #[serde(default)]
    pub link: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub term: String,
    pub means: String,
}

impl Check {
    /// The runbook, objective or schedule it is about.
    pub fn names(&self) -> Option<&str> {
        match self {
            Self::Runbook(name) | Self::Objective(name) | Self::OnCall(name) => Some(name),
            Self::Playbooks(_) | Self::PostMortem => None,
        }
    }
}

impl Gating {
    pub const ALL: [Self; 3] = [Self::GaBlocking, Self::MarketplaceBlocking, Self::SoftGating];

    pub const fn word(self) -> &'static str {
        match self {
            Self::GaBlocking => "ga-blocking",
            Self::MarketplaceBlocking => "marketplace-blocking",
            Self::SoftGating => "soft-gating",
        }
    }

    /// For a narrow column.
    pub const fn short(self) -> &'static str {
        match self {
            Self::GaBlocking => "GA",
            Self::MarketplaceBlocking => "market",
            Self::SoftGating => "soft",
        }
    }
}

impl fmt::Display for Gating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
