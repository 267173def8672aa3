//! `sitroom drill`: people practise on a scenario or a past incident, in a journal of its own, and what they did is
//! scored against the policy.

mod json;
mod text;

use super::cockpit::{self, Left};
use super::demo::speed;
use super::export::Desk;
use super::story::Story;
use super::{Exit, Failure, Out, Run, Start, Tale, Telling, clocks};
use crate::domain::incident::{ClockPolicy, Score, score};
use crate::domain::signal::AlarmState;
use crate::domain::{Body, IncidentId, Kind, Time};
use crate::tui::chores::{Chores as _, Names, Order, Packed, Wants};
use clap::Args;
use jiff::tz::TimeZone;
use std::fs;
use std::path::{Path, PathBuf};

/// Practise on a scenario or a past incident; it is scored when you leave. Exit 1 when something was late or missed
#[derive(Debug, Args)]
pub(super) struct Drill {
    /// A built-in scenario, a file, or an incident of this room (INC-7); the first built-in scenario when not given
    #[arg(value_name = "SCENARIO|FILE|INCIDENT")]
    of: Option<String>,
    /// How many times faster than the wall it plays; the policy's minutes are the room's
    #[arg(long, value_name = "N", value_parser = speed, default_value = "1")]
    speed: f64,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    /// List the drills that were held, with their scores
    #[arg(long, conflicts_with_all = ["of", "speed", "json"])]
    held: bool,
}

/// Where the score lies beside the journal.
const SCORE: &str = "score.json";

impl Run for Drill {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        if self.held {
            return text::held(&folder(start), out);
        }
        let tale = self.tale()?;
        let kept = folder(start).join(name(&tale, start.clock().now()));
        let drill = Some(kept.join("journal.sqlite"));
        let left = cockpit::run(start, Some(Telling { tale, speed: Some(self.speed), drill }))?;
        let scored = of(&left, &clocks::policy(&start.settings().policy));
        let packs = packs(start, &left, &kept);
        let document = json::document(&left, &kept, &packs, &scored);
        keep(&kept, &document)?;
        if self.json {
            out.json(&document)?;
        } else {
            out.text(text::written(&left, &kept, &packs, &scored))?;
        }
        Ok(if scored.is_good() { Exit::Done } else { Exit::No })
    }
}

impl Drill {
    /// What looks like an incident is one, unless there is a file of that name.
    fn tale(&self) -> Result<Tale, Failure> {
        let Some(of) = self.of.as_deref() else { return Ok(Tale::Scenario(Story::first())) };
        match of.parse::<IncidentId>() {
            Ok(incident) if !Path::new(of).is_file() => Ok(Tale::Past(incident)),
            _ => Story::named(of).map(Tale::Scenario),
        }
    }
}

fn of(left: &Left, policy: &ClockPolicy) -> Score {
    score(&left.snapshot.room, policy, first_alarm(left), left.ended)
}

fn first_alarm(left: &Left) -> Option<Time> {
    let mut alarms =
        left.snapshot.signals.range(left.began, left.ended).filter(|it| it.kind() == Kind::Alarm);
    let is_raised = |body: Body| matches!(body, Body::Alarm(alarm) if alarm.state == AlarmState::Alarm);
    alarms.find(|signal| is_raised(signal.body())).map(|signal| signal.at())
}

/// The pack of every incident of the drill, beside its journal. One that cannot be written takes nothing from the score.
fn packs(start: &Start, left: &Left, kept: &Path) -> Vec<String> {
    let desk = Desk::within(start, kept, kept.join("journal.sqlite"));
    let order =
        |incident: &IncidentId| Order { incident: *incident, wants: Wants::Folder, names: Names::Kept };
    let packed = left.snapshot.room.incidents.keys().map(|id| desk.pack(&left.snapshot, order(id)));
    let folder = |packed: Result<Packed, String>| match packed {
        Ok(Packed::Folder(written)) => Some(written.folder),
        Ok(Packed::Markdown(_) | Packed::Preview(_)) => None,
        Err(why) => {
            Failure::unable(format!("the pack of the drill is not written: {why}"), "").report();
            None
        }
    };
    packed.filter_map(folder).collect()
}

fn folder(start: &Start) -> PathBuf {
    start.paths.data_dir.join("drills")
}

/// Sorts by when it was held, whatever was replayed.
fn name(tale: &Tale, now: Time) -> String {
    let of = match tale {
        Tale::Past(incident) => incident.to_string(),
        Tale::Scenario(story) => story.short().to_owned(),
    };
    let safe = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let of: String = of.chars().take(60).map(safe).collect();
    let clock = now.clock(&TimeZone::UTC).replace(':', "");
    format!("{}-{clock}-{of}", now.date(&TimeZone::UTC))
}

fn keep(kept: &Path, document: &json::Document<'_>) -> Result<(), Failure> {
    let path = kept.join(SCORE);
    let text = serde_json::to_string(document).expect("a score holds only what JSON can say");
    fs::write(&path, text + "\n").map_err(|error| {
        Failure::unable(format!("{}: the score is not kept: {error}", path.display()), "make room there")
    })
}
