//! `sitroom incident update`: a status update from the shell; what is not given is composed from what is there.

use crate::cli::{Failure, Start};
use crate::domain::event::{Audience, Brief, UpdateContent};
use crate::domain::incident::{draft_update, promised};
use crate::domain::text::clean;
use crate::domain::{Incident, IncidentId, Intent};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::tz::TimeZone;

#[derive(Debug, clap::Args)]
pub(super) struct Update {
    pub(super) id: Option<IncidentId>,
    /// Whom it is for
    #[arg(long = "for", value_name = "AUDIENCE", default_value = "internal", value_parser = audience())]
    audience: Audience,
    /// What is so; as last said, or the impact, when not given
    #[arg(long, value_name = "TEXT")]
    condition: Option<String>,
    /// What is being done; the running tasks, or as last said, when not given
    #[arg(long, value_name = "TEXT")]
    actions: Option<String>,
    /// What is wanted; as last said when not given
    #[arg(long, value_name = "TEXT")]
    needs: Option<String>,
    /// When the next one is promised: 30m, or 14:50 (UTC)
    #[arg(long, value_name = "WHEN")]
    next: Option<String>,
}

impl Update {
    pub(super) fn intent(&self, incident: &Incident, start: &Start) -> Result<Intent, Failure> {
        let now = start.clock().now();
        let draft = draft_update(incident, self.audience, now);
        let next = promised(self.next.as_deref().unwrap_or_default(), &TimeZone::UTC, now)
            .map_err(|why| Failure::usage(why, "write --next 30m or --next 14:50"))?;
        let Brief { condition, actions, needs } = draft.brief;
        let brief = Brief {
            condition: said(self.condition.as_deref(), condition),
            actions: said(self.actions.as_deref(), actions),
            needs: said(self.needs.as_deref(), needs),
        };
        if brief.is_empty() {
            return Err(Failure::usage("an update says something", "give --condition, at least"));
        }
        Ok(Intent::PostUpdate(incident.id, UpdateContent { brief, next, ..draft }))
    }
}

fn said(given: Option<&str>, composed: String) -> String {
    given.map_or(composed, clean)
}

fn audience() -> impl TypedValueParser<Value = Audience> {
    let words = Audience::ALL.iter().map(|audience| audience.word());
    PossibleValuesParser::new(words)
        .map(|word| word.parse().expect("clap lets only the words of audiences through"))
}
