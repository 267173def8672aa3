//! The post-mortem pack: what an incident left behind, arranged, judged, and written in every format.
//!
//! Pure. [`Model`] is what the journal knows, and within its surroundings also what the catalog and the signals say,
//! [`gate`] judges it, [`sections`] arranges it for people, [`render`] writes it. The same model always gives the same
//! bytes; what was not captured says so, and nothing is invented.

mod around;
mod escape;
mod evidence;
mod gate;
mod language;
mod model;
mod picture;
mod plot;
mod questions;
mod redact;
mod sections;
mod series;
mod table;
mod templates;

pub use around::{Around, Described, Known, KnownRow, ServiceRow, SuspectRow};
pub use escape::cell;
pub use gate::{BAR, Check, Dimension, Gate, gate};
pub use language::{Judging, judging_words};
pub use model::{Exercise, ExerciseKind, Head, Model, Row, Summary, TimelineRow};
pub use picture::svg;
pub use plot::plot;
pub use questions::questions;
pub use redact::{Hidden, redact};
pub use sections::{Part, Section, Shape, sections};
pub use series::SeriesRow;
pub use table::csv;
pub use templates::{BadTemplate, Templates};

use serde::Serialize;
use std::str::FromStr;

/// The schema of the pack as JSON.
pub const SCHEMA: &str = "sitroom/postmortem/1";
/// What stands where nobody said anything.
pub const NOT_CAPTURED: &str = "not captured";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Markdown,
    Html,
    Json,
    Csv,
    Svg,
}

/// A model with everything that is derived from it.
#[derive(Clone, Debug, Serialize)]
pub struct Pack {
    pub schema: &'static str,
    #[serde(flatten)]
    pub model: Model,
    pub gate: Gate,
    pub sections: Vec<Section>,
}

impl Pack {
    pub fn of(model: Model) -> Self {
        let gate = gate(&model);
        let sections = sections(&model, &gate);
        Self { schema: SCHEMA, model, gate, sections }
    }
}

impl Format {
    pub const ALL: &'static [Self] = &[Self::Markdown, Self::Html, Self::Json, Self::Csv, Self::Svg];

    /// The word for the shell.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Svg => "svg",
        }
    }

    /// The name of its file in the folder of a pack.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Markdown => "postmortem.md",
            Self::Html => "postmortem.html",
            Self::Json => "postmortem.json",
            Self::Csv => "timeline.csv",
            Self::Svg => "timeline.svg",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = if text == "md" { "markdown" } else { text };
        Self::ALL.iter().copied().find(|format| format.word() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|format| format.word()).collect();
            format!("`{text}` is none of {}", known.join(", "))
        })
    }
}

/// The pack in one format.
pub fn render(pack: &Pack, format: Format, templates: &Templates) -> Result<String, BadTemplate> {
    match format {
        Format::Markdown => templates.markdown(pack),
        Format::Html => templates.html(pack),
        Format::Json => Ok(json(pack)),
        Format::Csv => Ok(csv(&pack.model)),
        Format::Svg => Ok(svg(&pack.model)),
    }
}

fn json(pack: &Pack) -> String {
    let text = serde_json::to_string_pretty(pack).expect("a pack is made of strings, numbers and lists");
    escape::json(&format!("{text}\n"))
}
