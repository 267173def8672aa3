//! The templates of Markdown and HTML: two that are built in, and whatever a team puts in their place.
//!
//! A template gets the pack as JSON has it. Its texts are made inert before a template sees them, so that no
//! template, however it was written, lets somebody's words become markup.

use super::escape::{self, markdown};
use super::{Pack, plot, svg};
use crate::domain::text::whole_lines;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value};

const MARKDOWN: &str = include_str!("../../assets/templates/postmortem.md");
const HTML: &str = include_str!("../../assets/templates/postmortem.html");

/// More pictures than anybody looks at; the series themselves are all in the JSON.
const PLOTS: usize = 24;

/// The texts of the templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Templates {
    pub markdown: String,
    pub html: String,
}

#[derive(Debug, thiserror::Error)]
#[error("the template {name} cannot be used: {why}")]
pub struct BadTemplate {
    pub name: &'static str,
    pub why: String,
}

impl Default for Templates {
    fn default() -> Self {
        Self { markdown: MARKDOWN.to_owned(), html: HTML.to_owned() }
    }
}

impl Templates {
    /// The names of the files, and what the built-in ones say.
    pub const BUILT_IN: [(&'static str, &'static str); 2] =
        [("postmortem.md", MARKDOWN), ("postmortem.html", HTML)];

    pub(super) fn markdown(&self, pack: &Pack) -> Result<String, BadTemplate> {
        let context = Value::from(Serde(inert(pack, markdown)));
        written("postmortem.md", &self.markdown, &context)
    }

    pub(super) fn html(&self, pack: &Pack) -> Result<String, BadTemplate> {
        let plots = pack.model.series.iter().take(PLOTS).map(plot).collect();
        let pictured = Pictured { pack: inert(pack, whole_lines), picture: svg(&pack.model), plots };
        written("postmortem.html", &self.html, &Value::from(Serde(pictured)))
    }
}

#[derive(serde::Serialize)]
struct Pictured {
    #[serde(flatten)]
    pack: serde_json::Value,
    picture: String,
    plots: Vec<String>,
}

fn inert(pack: &Pack, inert: fn(&str) -> String) -> serde_json::Value {
    let pack = serde_json::to_value(pack).expect("a pack is made of strings, numbers and lists");
    escape::all(pack, inert)
}

fn written(name: &'static str, source: &str, context: &Value) -> Result<String, BadTemplate> {
    let bad = |error: minijinja::Error| BadTemplate { name, why: format!("{error:#}") };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(escape_of);
    let syntax =
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.map_err(bad)?);
    environment.add_template(name, source).map_err(bad)?;
    environment.get_template(name).and_then(|template| template.render(context.clone())).map_err(bad)
}

/// Markdown is inert before it gets here; of HTML only the markup is left to do.
fn escape_of(name: &str) -> AutoEscape {
    if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
}
