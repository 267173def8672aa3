//! `sitroom note`: lines of the scribe from the shell, one as an argument or many on standard input.
//!
//! A line is answered for when its entry is on disk, and not before. Lines that are waiting already share one write.

mod answer;
mod lines;

use super::room::{self, OpenRoom};
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::scribe;
use crate::domain::{IncidentId, Intent, Person, Time};
use answer::Answer;
use clap::Args;
use jiff::tz::TimeZone;
use lines::{Line, Lines};
use std::io;

/// Write into the timeline of the incident, as the scribe line does
#[derive(Debug, Args)]
#[command(
    after_help = "A line is a kind (f fact, h hypothesis, d decision, a action, c comms, q question, n note), a time \
                        (14:25, ~14:25, 14:10-14:25, -7m, yesterday 23:50; UTC, none is now), and a text with links, \
                        one @owner and #labels: sitroom note 'f -7m the playbook is outdated @sam #db'"
)]
pub(super) struct Note {
    /// The line, or - for lines on standard input
    #[arg(allow_hyphen_values = true)]
    text: String,
    /// Which incident; when not given the worst you command, else the open one in front
    #[arg(long, value_name = "ID")]
    incident: Option<IncidentId>,
    /// Answer in JSON, a line for each entry as soon as it is on disk
    #[arg(long)]
    json: bool,
}

/// Who writes, into what, and how it is answered.
struct Scribe<'s> {
    start: &'s Start,
    room: &'s mut OpenRoom,
    me: Person,
    named: Option<IncidentId>,
    answer: Answer,
}

impl Run for Note {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let me = start.me()?;
        wait(room::with(start, async |room| {
            room::meant(start, room.room(), self.incident)?;
            let answer = Answer { json: self.json, many: self.text == "-" };
            let mut scribe = Scribe { start, room, me, named: self.incident, answer };
            if self.text == "-" { scribe.read_on(out).await } else { scribe.one(&self.text, out).await }
        }))
    }
}

impl Scribe<'_> {
    async fn one(&mut self, text: &str, out: &mut Out) -> Result<Exit, Failure> {
        self.write(vec![Line { number: 1, text: Ok(text.to_owned()) }], out).await
    }

    /// To the end of the input. A line that is refused stops nobody; that there was one is the exit code.
    async fn read_on(&mut self, out: &mut Out) -> Result<Exit, Failure> {
        let mut lines = Lines::new(io::stdin());
        let mut exit = Exit::Done;
        loop {
            let waiting = lines.waiting().map_err(|error| {
                Failure::unable(
                    format!("standard input could not be read: {error}"),
                    "every line answered for is saved",
                )
            })?;
            if waiting.is_empty() {
                return Ok(exit);
            }
            if self.write(waiting, out).await? != Exit::Done {
                exit = Exit::No;
            }
        }
    }

    async fn write(&mut self, lines: Vec<Line>, out: &mut Out) -> Result<Exit, Failure> {
        let at = self.start.clock().now();
        let incident = room::meant(self.start, self.room.room(), self.named)?.id;
        let read: Vec<_> =
            lines.into_iter().map(|line| (line.number, understood(line, incident, at))).collect();
        let intents: Vec<Intent> = read.iter().filter_map(|(_, intent)| intent.clone().ok()).collect();
        let mut outcomes = self.room.submit_all(&self.me, at, &intents).await?.into_iter();
        let mut exit = Exit::Done;
        for (number, intent) in read {
            let outcome = intent
                .and_then(|_| outcomes.next().expect("every intent has an outcome").map_err(Failure::from));
            if let Err(failure) = &outcome {
                exit = failure.code;
            }
            self.answer.give(number, &outcome, self.room.room(), out)?;
        }
        out.flush()?;
        Ok(exit)
    }
}

/// Times of day are UTC, as on every screen and in every export.
fn understood(line: Line, incident: IncidentId, now: Time) -> Result<Intent, Failure> {
    let content = scribe::parse(&line.text?, now, &TimeZone::UTC).settled();
    let content = content.map_err(|doubt| Failure::no(doubt.to_string(), doubt.fix()))?;
    Ok(Intent::Write(incident, content))
}
