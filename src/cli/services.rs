//! `sitroom services`: what the team runs, how it is, in which order it is deployed, and who stops with whom.

mod json;
mod text;

use super::looking::Looking;
use super::{Exit, Failure, Out, Run, Start};
use crate::diagnosis::Situation;
use crate::diagnosis::roster::{Listed, roster};
use crate::domain::graph::Graph;
use crate::domain::problem::suggest;
use clap::Args;

/// The services of the catalog: levels, deploy order, cycles, and who stops with whom
#[derive(Debug, Args)]
pub(super) struct Services {
    /// Only this one, with all that it stands on and all that stops with it
    name: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    looking: Looking,
}

/// What both answers are told from.
struct Told<'a> {
    room: &'a str,
    source: &'a str,
    graph: &'a Graph,
    situation: &'a Situation,
    listed: Vec<Listed<'a>>,
    /// The one that was asked for.
    one: Option<&'a str>,
}

impl Run for Services {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        let seen = self.looking.look(start)?;
        let (graph, situation) = (Graph::of(&seen.catalog), seen.situation(start));
        let mut listed = roster(&seen.catalog, &graph, &situation);
        if listed.is_empty() {
            return Err(Failure::usage(
                "no service is known: the catalog is empty, and no signal names one",
                "name the catalog in config.toml (catalog = \"…\"), or see one: \
                 sitroom services --scenario payments-migration",
            ));
        }
        if let Some(name) = &self.name {
            let known: Vec<_> = listed.iter().map(|service| service.name.as_str()).collect();
            let unknown = || {
                Failure::usage(format!("there is no service `{name}`"), suggest(name, known.iter().copied()))
            };
            let place =
                listed.iter().position(|service| service.name.as_str() == name).ok_or_else(unknown)?;
            listed = vec![listed[place]];
        }
        let (room, source) = (seen.room.as_str(), seen.source.as_str());
        let one = self.name.as_deref();
        let told = Told { room, source, graph: &graph, situation: &situation, listed, one };
        if self.json {
            out.json(&json::document(&told))?;
        } else {
            out.text(text::written(&told))?;
        }
        Ok(Exit::Done)
    }
}
