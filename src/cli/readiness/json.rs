//! Readiness as JSON: `sitroom/readiness/1` and `sitroom/readiness-item/1`, described in `docs/JSON.md`.

use super::Seen;
use crate::diagnosis::Budget;
use crate::domain::catalog::{Claim, Hole};
use crate::domain::event::Evidence;
use crate::domain::readiness::{self, Act, Counts, Did, SignOff, Standing, Suggestion, on_duty, register};
use crate::domain::time::Day;
use crate::domain::{ItemId, Person, Seq, Time};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    room: &'a str,
    at: Time,
    /// Whether nothing stands in the way of general availability.
    ready: bool,
    counts: Sums,
    items: Vec<Item<'a>>,
    budgets: &'a [Budget],
    runbooks: Vec<Runbook<'a>>,
    on_call: Vec<Duty<'a>>,
    playbooks: usize,
    claims: &'a [Claim],
}

/// The sums of the register, also in the situation.
#[derive(Serialize)]
pub(in crate::cli) struct Sums {
    total: usize,
    passed: usize,
    expired: usize,
    ga_blocking_outstanding: usize,
    marketplace_blocking_outstanding: usize,
    never_signed_off: usize,
    gates: Vec<Gate>,
}

/// The items that stand in the way of one thing.
#[derive(Serialize)]
struct Gate {
    gating: &'static str,
    passed: usize,
    pending: usize,
    expired: usize,
    outstanding: usize,
}

#[derive(Serialize)]
pub(super) struct One<'a> {
    schema: &'static str,
    #[serde(flatten)]
    item: Item<'a>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    title: &'a str,
    gating: &'static str,
    phase: &'a str,
    owner: &'a str,
    needs: &'a str,
    why: &'a str,
    evidence: &'a [String],
    related: &'a [String],
    /// passed, pending, expired
    state: &'static str,
    last_attested: Option<Time>,
    last_attested_by: Option<&'a Person>,
    expires: Option<Time>,
    /// sign, doubt, nothing
    suggests: &'static str,
    checks: Vec<Check>,
    history: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Check {
    holds: bool,
    said: String,
}

#[derive(Serialize)]
struct Step<'a> {
    seq: Seq,
    at: Time,
    by: &'a Person,
    /// signed, withdrew
    did: &'static str,
    evidence: &'a [Evidence],
    /// The note of a signature, the reason of a withdrawal.
    said: &'a str,
}

#[derive(Serialize)]
struct Runbook<'a> {
    id: &'a str,
    title: &'a str,
    owner: &'a str,
    link: &'a str,
    validated: Option<Day>,
    fresh: bool,
}

#[derive(Serialize)]
struct Duty<'a> {
    name: &'a str,
    holder: Option<&'a Person>,
    until: Option<Time>,
    holes: Vec<Hole>,
}

pub(super) fn document(seen: &Seen) -> Document<'_> {
    let register = register(&seen.catalog, &seen.room, seen.at);
    let written = &seen.catalog.readiness;
    let counts = register.counts;
    Document {
        schema: "sitroom/readiness/1",
        room: &seen.name,
        at: seen.at,
        ready: counts.ga_outstanding == 0,
        counts: Sums::of(counts),
        items: register.items.iter().map(item).collect(),
        budgets: &seen.budgets,
        runbooks: written.runbooks.iter().map(|it| runbook(it, seen.at)).collect(),
        on_call: written.on_call.iter().map(|schedule| duty(schedule, seen.at)).collect(),
        playbooks: written.playbooks.len(),
        claims: &written.claims,
    }
}

impl Sums {
    pub(in crate::cli) fn of(counts: Counts) -> Self {
        let gates = counts.gates.iter().filter(|gate| gate.passed + gate.outstanding() > 0);
        Self {
            total: counts.total,
            passed: counts.passed,
            expired: counts.expired,
            ga_blocking_outstanding: counts.ga_outstanding,
            marketplace_blocking_outstanding: counts.marketplace_outstanding,
            never_signed_off: counts.never_signed,
            gates: gates.map(gate).collect(),
        }
    }
}

fn gate(gate: &readiness::Gate) -> Gate {
    Gate {
        gating: gate.gating.word(),
        passed: gate.passed,
        pending: gate.pending,
        expired: gate.expired,
        outstanding: gate.outstanding(),
    }
}

pub(super) fn one<'a>(seen: &'a Seen, id: &ItemId) -> Option<One<'a>> {
    let register = register(&seen.catalog, &seen.room, seen.at);
    register
        .item(id.as_str())
        .map(|standing| One { schema: "sitroom/readiness-item/1", item: item(standing) })
}

fn item<'a>(standing: &Standing<'a>) -> Item<'a> {
    let last = standing.acts.iter().rev().find(|act| matches!(act.did, Did::Signed { .. }));
    Item {
        id: standing.item.id.as_str(),
        title: &standing.item.title,
        gating: standing.item.gating.word(),
        phase: &standing.item.phase,
        owner: &standing.item.owner,
        needs: &standing.item.needs,
        why: &standing.item.why,
        evidence: &standing.item.evidence,
        related: &standing.item.related,
        state: SignOff::word(standing.state),
        last_attested: last.map(|act| act.at),
        last_attested_by: last.map(|act| &act.by),
        expires: standing.expires,
        suggests: match standing.suggestion() {
            Suggestion::Sign => "sign",
            Suggestion::Doubt => "doubt",
            Suggestion::Nothing => "nothing",
        },
        checks: standing.checks.iter().map(|it| Check { holds: it.holds, said: it.said.clone() }).collect(),
        history: standing.acts.iter().map(step).collect(),
    }
}

fn step(act: &Act) -> Step<'_> {
    let (did, evidence, said) = match &act.did {
        Did::Signed { evidence, note, .. } => ("signed", evidence.as_slice(), note),
        Did::Withdrew { reason } => ("withdrew", &[][..], reason),
    };
    Step { seq: act.seq, at: act.at, by: &act.by, did, evidence, said }
}

fn runbook(runbook: &crate::domain::catalog::Runbook, now: Time) -> Runbook<'_> {
    Runbook {
        id: &runbook.id,
        title: &runbook.title,
        owner: &runbook.owner,
        link: &runbook.link,
        validated: runbook.validated,
        fresh: runbook.is_fresh(now),
    }
}

fn duty(schedule: &crate::domain::catalog::OnCall, now: Time) -> Duty<'_> {
    let duty = on_duty(schedule, now);
    Duty { name: &schedule.name, holder: duty.holder, until: duty.until, holes: duty.holes }
}
