//! `sitroom readiness`: what has to be true before launch and who signed it, and signing it from the shell.

pub(super) mod json;
mod text;

use super::looking::Looking;
use super::room;
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start, catalog, looking};
use crate::diagnosis::Budget;
use crate::domain::event::Evidence;
use crate::domain::readiness::{Act, register};
use crate::domain::text::clean;
use crate::domain::{Catalog, Intent, ItemId, Refusal, Room, Seq, Time};
use clap::{Args, Subcommand};
use std::sync::Arc;

/// What has to be true before launch and who signed it; exit 1 while a GA-blocking item is outstanding
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Readiness {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
struct Look {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    looking: Looking,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Sign an item off, in your name and for ever in the journal
    Sign {
        #[arg(value_name = "ITEM")]
        item: String,
        /// Where it can be seen; may be given several times
        #[arg(long, value_name = "URL", required = true)]
        evidence: Vec<String>,
        /// What whoever reads this later should know
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Withdraw a sign-off; what was signed stays readable
    Withdraw {
        #[arg(value_name = "ITEM")]
        item: String,
        /// Why it does not hold any more
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
}

/// What is looked at: the words of the team, what people signed, and what was measured.
struct Seen {
    name: String,
    catalog: Catalog,
    room: Arc<Room>,
    budgets: Vec<Budget>,
    at: Time,
}

impl Run for Readiness {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        match &self.what {
            None => self.look.answer(start, out),
            Some(What::Sign { item, evidence, note, json }) => {
                let evidence = evidence.iter().map(|url| Evidence::Link { url: clean(url) }).collect();
                let catalog = configured(start)?;
                let intent = catalog.readiness.sign_off(&ItemId::new(item), evidence, clean(note));
                change(start, catalog, intent, *json, out)
            }
            Some(What::Withdraw { item, reason, json }) => {
                let intent =
                    Intent::WithdrawSignOff { item: ItemId::new(clean(item)), reason: clean(reason) };
                change(start, configured(start)?, Ok(intent), *json, out)
            }
        }
    }
}

impl Look {
    fn answer(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let seen = self.seen(start)?;
        let counts = register(&seen.catalog, &seen.room, seen.at).counts;
        if self.json {
            out.json(&json::document(&seen))?;
        } else {
            out.text(text::written(&seen))?;
        }
        Ok(if counts.ga_outstanding > 0 { Exit::No } else { Exit::Done })
    }

    /// Nothing measured yet is no reason to say nothing of what is signed.
    fn seen(&self, start: &Start) -> Result<Seen, Failure> {
        let seen = self.looking.look(start)?;
        if seen.catalog.readiness.items.is_empty() {
            return Err(seen.unread(start, "readiness").unwrap_or_else(no_register));
        }
        let budgets = seen.situation(start).budgets;
        let looking::Seen { room: name, catalog, at, journal: room, .. } = seen;
        Ok(Seen { name, room, catalog, budgets, at })
    }
}

/// The catalog of the room, with what is wrong in it said.
fn configured(start: &Start) -> Result<Catalog, Failure> {
    let (catalog, problems) = catalog::configured(start);
    for problem in &problems {
        Failure::usage(problem, "").report();
    }
    if catalog.readiness.items.is_empty() {
        return Err(catalog::unread(start, "readiness").unwrap_or_else(no_register));
    }
    Ok(catalog)
}

fn no_register() -> Failure {
    Failure::usage(
        "the catalog has no readiness register",
        "write [[readiness.item]] with id, title, gating and needs into it (docs/READINESS.md)\nsee one at work: \
         sitroom readiness --scenario checkout-deploy",
    )
}

fn change(
    start: &Start,
    catalog: Catalog,
    intent: Result<Intent, Refusal>,
    json: bool,
    out: &mut Out,
) -> Result<Exit, Failure> {
    let known = || {
        let ids: Vec<_> = catalog.readiness.items.iter().map(|item| item.id.as_str()).collect();
        format!("there are {}", ids.join(", "))
    };
    let intent = intent.map_err(|refusal| Failure::no(refusal.to_string(), known()))?;
    let me = start.me()?;
    let (room, seq) = wait(room::with(start, async |open| {
        let record = open.submit(&me, start.clock().now(), intent).await?;
        Ok((open.room().clone(), record.seq))
    }))?;
    let room = Arc::new(room);
    let seen = Seen { name: String::new(), catalog, room, budgets: Vec::new(), at: start.clock().now() };
    let Some(item) = item_of(&seen.room, seq) else { return Ok(Exit::Done) };
    if json {
        out.json(&json::one(&seen, &item))?;
    } else {
        out.text(text::one(&seen, &item))?;
    }
    Ok(Exit::Done)
}

/// The item the record is about.
fn item_of(room: &Room, seq: Seq) -> Option<ItemId> {
    let is_it = |acts: &[Act]| acts.last().is_some_and(|act| act.seq == seq);
    room.attestations.iter().find(|(_, acts)| is_it(acts)).map(|(item, _)| item.clone())
}
