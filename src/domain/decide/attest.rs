//! Signing off and withdrawing it. Whether an item is in the register is known only to whoever has the catalog, see
//! [`crate::domain::catalog::Readiness::sign_off`]; what is signed rests on something, or is not signed.

use super::Refusal;
use crate::domain::event::{Event, Evidence};
use crate::domain::id::ItemId;
use crate::domain::incident::Room;
use crate::domain::readiness::{Act, Did};

pub(super) fn sign(signed: Event) -> Result<Event, Refusal> {
    let Event::SignedOff { item, evidence, .. } = &signed else { return Ok(signed) };
    if item.as_str().trim().is_empty() {
        return Err(Refusal::NotInRegister(item.clone()));
    }
    let is_empty = |evidence: &Evidence| match evidence {
        Evidence::Link { url } => url.trim().is_empty(),
        _ => false,
    };
    if evidence.iter().all(is_empty) {
        return Err(Refusal::SignedWithoutEvidence(item.clone()));
    }
    Ok(signed)
}

pub(super) fn withdraw(room: &Room, item: ItemId, reason: String) -> Result<Event, Refusal> {
    let last = room.attestations.get(&item).and_then(|acts| acts.last());
    match last {
        Some(Act { did: Did::Signed { .. }, .. }) if reason.trim().is_empty() => {
            Err(Refusal::WithdrawnWithoutReason(item))
        }
        Some(Act { did: Did::Signed { .. }, .. }) => Ok(Event::SignOffWithdrawn { item, reason }),
        _ => Err(Refusal::NotSignedOff(item)),
    }
}
