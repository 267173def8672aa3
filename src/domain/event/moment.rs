//! What a person says of a key moment.

use super::content::When;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum MomentValue {
    Happened {
        when: When,
    },
    /// It did not happen and will not: nobody escalated, and nobody had to.
    Never,
    /// Nobody knows yet; what was said before is withdrawn.
    Unknown,
}
