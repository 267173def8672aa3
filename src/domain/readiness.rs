//! How ready a team is, derived from what it wrote down and what people signed: the register, and who is on call.
//!
//! Pure, and derived anew for every moment. A signature is only ever a person's act in the journal; what is looked up
//! here raises the suggestion to sign, or speaks against a signature, and signs nothing.

mod checks;
mod watch;

pub use checks::Checked;
pub use watch::{AHEAD, OnDuty, on_duty};

use super::catalog::{Catalog, Claim, Gating, Item};
use super::event::Evidence;
use super::id::{ItemId, Person, Seq};
use super::incident::Room;
use super::time::{Span, Time};
use checks::Lookup;
use std::collections::HashMap;
use std::fmt;

/// What somebody did about an item, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub seq: Seq,
    pub at: Time,
    pub by: Person,
    pub did: Did,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Did {
    /// The item as it read then.
    Signed {
        title: String,
        needs: String,
        evidence: Vec<Evidence>,
        note: String,
        expires_after: Option<Span>,
    },
    Withdrew {
        reason: String,
    },
}

/// The register at a moment: what is outstanding first, the gravest gate first, and of a gate what has expired; then
/// what is signed and in doubt; and otherwise as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Register<'a> {
    pub items: Vec<Standing<'a>>,
    pub counts: Counts,
}

/// How one item stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing<'a> {
    pub item: &'a Item,
    pub state: SignOff,
    /// What people did about it, oldest first.
    pub acts: &'a [Act],
    /// When the last signature ends or ended, where it does.
    pub expires: Option<Time>,
    pub checks: Vec<Checked>,
    /// What is claimed beside it, with its bound.
    pub claims: Vec<&'a Claim>,
}

/// Earlier is more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignOff {
    /// Signed once, for longer ago than the signature holds.
    Expired,
    /// Never signed, or withdrawn.
    Pending,
    Passed,
}

/// What the checks of an item make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// All of them hold and it is not signed.
    Sign,
    /// It is signed and something does not hold any more.
    Doubt,
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub total: usize,
    pub passed: usize,
    pub expired: usize,
    pub ga_outstanding: usize,
    pub marketplace_outstanding: usize,
    /// Items nobody has ever signed.
    pub never_signed: usize,
    /// The same by what they stand in the way of, the gravest first.
    pub gates: [Gate; 3],
}

/// The items that stand in the way of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    pub gating: Gating,
    pub passed: usize,
    pub pending: usize,
    pub expired: usize,
}

pub fn register<'a>(catalog: &'a Catalog, room: &'a Room, now: Time) -> Register<'a> {
    let grounds = Grounds::of(catalog, &catalog.readiness.items, room, now);
    let mut items: Vec<_> = catalog.readiness.items.iter().map(|item| grounds.standing(item)).collect();
    let counts = Counts::of(&items);
    items.sort_by_key(|it| {
        let is_sound = it.state == SignOff::Passed && it.suggestion() != Suggestion::Doubt;
        (is_sound, it.state == SignOff::Passed, it.item.gating, it.state)
    });
    Register { items, counts }
}

/// How one item stands, without a look at the others.
pub fn standing<'a>(catalog: &'a Catalog, room: &'a Room, id: &ItemId, now: Time) -> Option<Standing<'a>> {
    let item = catalog.readiness.item(id.as_str())?;
    Some(Grounds::of(catalog, std::slice::from_ref(item), room, now).standing(item))
}

/// What some items are judged by, ready to be looked up.
struct Grounds<'a> {
    checks: Lookup<'a>,
    /// Of an id that is there twice, whose it is: nobody has signed the other one.
    first: HashMap<&'a ItemId, &'a Item>,
    claims: HashMap<&'a ItemId, Vec<&'a Claim>>,
    room: &'a Room,
    now: Time,
}

impl<'a> Grounds<'a> {
    fn of(catalog: &'a Catalog, items: &'a [Item], room: &'a Room, now: Time) -> Self {
        let readiness = &catalog.readiness;
        // Of one item nobody needs to sort what belongs to all the others.
        let is_asked = |id: &ItemId| items.len() > 1 || items.iter().any(|item| item.id == *id);
        let mut claims: HashMap<_, Vec<_>> = HashMap::new();
        for claim in &readiness.claims {
            for item in claim.beside.iter().filter(|id| is_asked(id)) {
                claims.entry(item).or_default().push(claim);
            }
        }
        let first = items.iter().rev().map(|item| (&item.id, item)).collect();
        Self { checks: Lookup::of(readiness, items, room, now), first, claims, room, now }
    }

    fn standing(&self, item: &'a Item) -> Standing<'a> {
        let claims = self.claims.get(&item.id).cloned().unwrap_or_default();
        if let Some(first) = self.first.get(&item.id).filter(|first| !std::ptr::eq(**first, item)) {
            let taken = Checked { holds: false, said: format!("its id is that of \"{}\"", first.title) };
            let (state, acts, expires, checks) = (SignOff::Pending, &[][..], None, vec![taken]);
            return Standing { item, state, acts, expires, checks, claims };
        }
        let acts = self.room.attestations.get(&item.id).map_or(&[][..], Vec::as_slice);
        let until = acts.iter().rposition(|act| act.at <= self.now).map_or(0, |last| last + 1);
        let acts = &acts[..until];
        let (state, expires) = state(item, acts, self.now);
        let checks = self.checks.checked(item);
        Standing { item, state, acts, expires, checks, claims }
    }
}

/// What was signed for a time holds for that time, or for the one the item has now if that is shorter: nobody makes
/// a signature hold longer than its signer meant it to.
fn state(item: &Item, acts: &[Act], now: Time) -> (SignOff, Option<Time>) {
    let Some(Act { at, did: Did::Signed { expires_after, .. }, .. }) = acts.last() else {
        return (SignOff::Pending, None);
    };
    let holds_for = expires_after.iter().chain(&item.expires_after).min();
    let expires = holds_for.map(|holds_for| *at + *holds_for);
    let state =
        if expires.is_some_and(|expires| expires <= now) { SignOff::Expired } else { SignOff::Passed };
    (state, expires)
}

impl<'a> Register<'a> {
    /// Of an id that is there twice, the one that people did something about.
    pub fn item(&self, id: &str) -> Option<&Standing<'a>> {
        let called = self.items.iter().filter(|standing| standing.item.id.as_str() == id);
        called.max_by_key(|standing| standing.acts.len())
    }
}

impl Standing<'_> {
    /// The signature that was given last, whatever became of it.
    pub fn last_signed(&self) -> Option<&Act> {
        self.acts.iter().rev().find(|act| matches!(act.did, Did::Signed { .. }))
    }

    pub fn suggestion(&self) -> Suggestion {
        let holds = self.checks.iter().all(|check| check.holds);
        match self.state {
            SignOff::Passed if !holds => Suggestion::Doubt,
            SignOff::Expired | SignOff::Pending if holds && !self.checks.is_empty() => Suggestion::Sign,
            _ => Suggestion::Nothing,
        }
    }

    /// Whether what it needs reads otherwise than when it was signed.
    pub fn is_reworded(&self) -> bool {
        match self.last_signed().map(|act| &act.did) {
            Some(Did::Signed { needs, .. }) => self.state == SignOff::Passed && *needs != self.item.needs,
            _ => false,
        }
    }
}

impl Counts {
    fn of(items: &[Standing<'_>]) -> Self {
        let gates = std::array::from_fn(|place| Gate::of(Gating::ALL[place], items));
        let outstanding =
            |wanted| gates.iter().filter(|it| it.gating == wanted).map(|it| it.outstanding()).sum();
        Self {
            total: items.len(),
            passed: gates.iter().map(|it| it.passed).sum(),
            expired: gates.iter().map(|it| it.expired).sum(),
            ga_outstanding: outstanding(Gating::GaBlocking),
            marketplace_outstanding: outstanding(Gating::MarketplaceBlocking),
            never_signed: items.iter().filter(|it| it.last_signed().is_none()).count(),
            gates,
        }
    }
}

impl Gate {
    fn of(gating: Gating, items: &[Standing<'_>]) -> Self {
        let in_state =
            |state| items.iter().filter(|it| it.item.gating == gating && it.state == state).count();
        let (passed, pending, expired) =
            (in_state(SignOff::Passed), in_state(SignOff::Pending), in_state(SignOff::Expired));
        Self { gating, passed, pending, expired }
    }

    pub const fn outstanding(self) -> usize {
        self.pending + self.expired
    }
}

/// `0 of 7 signed off · 6 GA-blocking outstanding · 7 never signed off`.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} signed off", self.passed, self.total)?;
        write!(f, " · {} GA-blocking outstanding", self.ga_outstanding)?;
        if self.marketplace_outstanding > 0 {
            write!(f, " · {} marketplace-blocking", self.marketplace_outstanding)?;
        }
        if self.expired > 0 {
            write!(f, " · {} expired", self.expired)?;
        }
        write!(f, " · {} never signed off", self.never_signed)
    }
}

impl Counts {
    /// `0 of 7 signed · 6 GA open · 1 market open · 2 expired · 5 never signed`, what stands in the way first.
    pub fn in_short(&self) -> String {
        let gates = self.gates.iter().filter(|gate| gate.gating != Gating::SoftGating);
        let open = gates.map(|gate| (gate.outstanding(), format!("{} open", gate.gating.short())));
        let others = [(self.expired, "expired".to_owned()), (self.never_signed, "never signed".to_owned())];
        let pieces = open.chain(others).filter(|(count, _)| *count > 0);
        let pieces = pieces.map(|(count, word)| format!(" · {count} {word}"));
        format!("{} of {} signed{}", self.passed, self.total, pieces.collect::<String>())
    }
}

impl SignOff {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Pending => "pending",
            Self::Passed => "passed",
        }
    }
}

impl Did {
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Signed { .. } => "signed off",
            Self::Withdrew { .. } => "withdrew it",
        }
    }
}
