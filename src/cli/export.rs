//! `sitroom export`: the post-mortem pack of an incident, judged, and written into a folder of its own.

mod desk;
mod folder;
mod packer;

pub(super) use desk::Desk;

use super::looking::all_kept;
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start, catalog, room};
use crate::domain::{Incident, IncidentId, Room, SignalLog};
use crate::export::{Format, Gate, Head, Hidden, Pack, Templates};
use crate::tui::chores::Names;
use clap::Args;
use folder::{Folder, Kept, Outcome};
use packer::{Material, Packer};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// Write the post-mortem pack of an incident
#[derive(Debug, Args)]
#[command(
    after_help = "Without an ID it is the open incident in front, else the last that is over. The pack goes into DATE-TITLE below the \
                  folder; a file that somebody edited there stays as it is, and the new one goes beside it."
)]
pub(super) struct Export {
    id: Option<IncidentId>,
    /// The folder that packs go into, instead of export.folder; - prints one format, Markdown unless another is asked for
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only these, with commas between them: markdown (or md), html, json, csv, svg
    #[arg(long, value_name = "FORMAT", value_delimiter = ',')]
    format: Vec<Format>,
    /// Judge it and write nothing; exit 1 when it is not good enough to send
    #[arg(long)]
    check: bool,
    /// Take out names, addresses and tokens
    #[arg(long)]
    redact: bool,
    /// Say what would be written and taken out, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Take the templates of this folder, where it has them, instead of export.templates
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Write the built-in templates into a folder, to begin one's own with
    #[arg(long, value_name = "DIR")]
    write_templates: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    incident: &'a str,
    folder: Option<&'a Path>,
    files: Vec<File<'a>>,
    redacted: &'a [Hidden],
    gate: &'a Gate,
}

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    /// The edited file that was left alone, where there is one.
    beside: Option<&'a str>,
}

impl<'a> File<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let beside = matches!(outcome.kept, Kept::Beside { .. }).then_some(outcome.file);
        Self { file: &outcome.written_as, beside }
    }
}

impl Run for Export {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        if let Some(to) = &self.write_templates {
            return write_templates(to, out);
        }
        let (room, head) = wait(room::look_to_the_head(start))?;
        let head = head.map(|head| Head { seq: head.seq.0, hash: head.hash.to_string() });
        let incident = meant(start, &room, self.id)?;
        let packer = Packer::of(start).with_templates(self.templates.clone());
        let signals = if self.check { SignalLog::new() } else { kept(start) };
        let (catalog, problems) = catalog::configured(start);
        problems.into_iter().for_each(|problem| {
            Failure::usage(problem, "").report();
        });
        let (catalog, signals) = (&catalog, &signals);
        let material = Material { incident, head: head.as_ref(), catalog, signals, exercise: None };
        let names = if self.redact { Names::Hidden } else { Names::Kept };
        let (pack, hidden) = packer.pack(material, names)?;
        if self.check {
            return self.judge(&pack, out);
        }
        if self.out.as_deref() == Some(Path::new("-")) {
            return self.print(&packer, &pack, out);
        }
        let files = packer.files(&pack, if self.format.is_empty() { Format::ALL } else { &self.format })?;
        let folder = Folder::of(self.out.as_ref().unwrap_or(&packer.base), &pack.model.incident);
        let outcomes = if self.dry_run { Vec::new() } else { folder.write(&files)? };
        self.answer(&pack, &folder, &outcomes, &hidden, out)
    }
}

impl Export {
    /// One file, for a pipe.
    fn print(&self, packer: &Packer, pack: &Pack, out: &mut Out) -> Result<Exit, Failure> {
        let format = match self.format.as_slice() {
            [] => Format::Markdown,
            [one] => *one,
            _ => return Err(Failure::usage("only one format can be printed", "leave the others out")),
        };
        for (_, text) in packer.files(pack, &[format])? {
            out.text(text)?;
        }
        Ok(Exit::Done)
    }

    fn judge(&self, pack: &Pack, out: &mut Out) -> Result<Exit, Failure> {
        let gate = &pack.gate;
        if self.json {
            let incident = &pack.model.incident.id;
            let (schema, redacted) = ("sitroom/export/1", &[][..]);
            out.json(&Answer { schema, incident, folder: None, files: Vec::new(), redacted, gate })?;
        } else {
            out.text(said(gate))?;
        }
        Ok(if gate.passed { Exit::Done } else { Exit::No })
    }

    fn answer(
        &self,
        pack: &Pack,
        folder: &Folder,
        outcomes: &[Outcome],
        hidden: &[Hidden],
        out: &mut Out,
    ) -> Result<Exit, Failure> {
        let gate = &pack.gate;
        if self.json {
            let (files, folder) = (outcomes.iter().map(File::of).collect(), Some(folder.path.as_path()));
            let incident = &pack.model.incident.id;
            out.json(&Answer {
                schema: "sitroom/export/1",
                incident,
                folder,
                files,
                redacted: hidden,
                gate,
            })?;
            return Ok(Exit::Done);
        }
        let verb = if self.dry_run { "would write" } else { "wrote" };
        out.line(format_args!("{verb} {}", folder.path.display()))?;
        for outcome in outcomes {
            out.line(format_args!("  {outcome}"))?;
        }
        for Hidden { was, is, times } in hidden {
            out.line(format_args!("  {was} → {is} ({times}×)"))?;
        }
        out.line(format_args!(
            "quality gate {}/{}; `sitroom export --check` says what is missing",
            gate.total, gate.of
        ))?;
        Ok(Exit::Done)
    }
}

/// The signals this room kept. A pack without them is better than none, and says what is not captured.
fn kept(start: &Start) -> SignalLog {
    let path = start.paths.store_file();
    if !path.exists() {
        return SignalLog::new();
    }
    wait(all_kept(&path)).unwrap_or_else(|failure| {
        failure.report();
        SignalLog::new()
    })
}

/// What is over is meant only where nothing is open.
fn meant<'r>(start: &Start, room: &'r Room, named: Option<IncidentId>) -> Result<&'r Incident, Failure> {
    match (named, room.in_front(), room.over().next()) {
        (None, None, Some(last)) => Ok(last),
        _ => room::meant(start, room, named),
    }
}

fn said(gate: &Gate) -> String {
    let mut lines = Vec::new();
    for dimension in &gate.dimensions {
        lines.push(format!("{} {}", dimension.score, dimension.title));
        lines.extend(dimension.missing().map(|missing| format!("    {missing}")));
    }
    lines.extend(gate.language.iter().map(|it| format!("  {}: “{}”; {}", it.place, it.words, it.kinder)));
    let verdict = if gate.passed { "good enough to send" } else { "not good enough to send yet" };
    lines.push(format!("{}/{} {verdict}\n", gate.total, gate.of));
    lines.join("\n")
}

fn write_templates(to: &Path, out: &mut Out) -> Result<Exit, Failure> {
    fs::create_dir_all(to).map_err(|error| folder::unable(to, &error))?;
    for (name, text) in Templates::BUILT_IN {
        let path = to.join(name);
        if path.exists() {
            let fix = "name another folder, or move it away";
            return Err(Failure::no(format!("{} is there already", path.display()), fix));
        }
        fs::write(&path, text).map_err(|error| folder::unable(&path, &error))?;
        out.line(path.display())?;
    }
    Ok(Exit::Done)
}
