//! `sitroom emit`: a signal from a script or a pipeline, put into the room's store.
//!
//! Its source is `inbox`. Text is cleaned here, at the boundary, as that of every other source is.

use super::moment::Moment;
use super::wait::wait;
use super::words::service;
use super::{Exit, Failure, Out, Run, Start, catalog};
use crate::domain::signal::{Alarm, AlarmState, Body, Change, Deploy, Outcome, Sample};
use crate::domain::text::clean;
use crate::domain::{Catalog, SeriesName, ServiceName, Signal, SignalId, SourceName, Time};
use crate::engine::INBOX;
use crate::store::Store;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

/// Push a signal into the room, from a script or CI
#[derive(Debug, Args)]
pub(super) struct Emit {
    #[command(subcommand)]
    what: What,
    /// The service it is about
    #[arg(long, global = true, value_name = "S", value_parser = service)]
    service: Option<ServiceName>,
    /// When it happened: -5m, 14:17 in UTC, or RFC 3339; now when not given
    #[arg(long, global = true, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<Moment>,
    /// Its own page: a pipeline, a run, a ticket
    #[arg(long, global = true, value_name = "URL")]
    link: Option<String>,
    /// A name of your own for it; the same name and moment again change nothing
    #[arg(long, global = true, value_name = "NAME")]
    id: Option<String>,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Something went out
    Deploy {
        #[arg(long, value_parser = said)]
        version: String,
        #[arg(long, default_value = "production")]
        environment: String,
        #[arg(long, value_enum, default_value_t = How::Succeeded)]
        outcome: How,
        /// The version before
        #[arg(long, value_name = "VERSION")]
        previous: Option<String>,
        /// Why it failed, in a word that a failure vector of the plan knows
        #[arg(long)]
        cause: Option<String>,
    },
    /// An alarm changed its state
    Alarm {
        #[arg(long, value_parser = said)]
        name: String,
        #[arg(long, value_enum, default_value_t = Rings::Alarm)]
        state: Rings,
        #[arg(long)]
        reason: Option<String>,
    },
    /// Something was measured, in the unit the catalog says
    Metric {
        /// As a [[service.metric]] of the catalog is called
        #[arg(long, value_parser = said)]
        name: String,
        #[arg(long, value_name = "NUMBER", value_parser = finite, allow_negative_numbers = true)]
        value: f64,
    },
    /// A setting, a flag, a limit was changed
    Change {
        #[arg(long, value_parser = said)]
        key: String,
        #[arg(long, value_name = "VALUE")]
        before: Option<String>,
        #[arg(long, value_name = "VALUE")]
        after: Option<String>,
    },
    /// Anything else worth a line
    Note { text: String },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum How {
    Started,
    Succeeded,
    Failed,
    RolledBack,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Rings {
    Ok,
    Alarm,
    NoData,
}

/// Words that say something, and are not a file.
fn said(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("say something".to_owned()),
        text if text.chars().count() > 200 => Err("it has at most 200 letters".to_owned()),
        text => Ok(text.to_owned()),
    }
}

fn finite(text: &str) -> Result<f64, String> {
    let value = text.trim().parse().ok().filter(|value: &f64| value.is_finite());
    value.ok_or_else(|| "it is a number, such as 0.4 or 120".to_owned())
}

#[derive(Serialize)]
struct Pushed<'a> {
    schema: &'static str,
    id: SignalId,
    at: Time,
    title: &'a str,
    new: bool,
}

impl Run for Emit {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        start.check_writable()?;
        let now = start.clock().now();
        let signal = self.signal(start, self.at.map_or(now, |moment| moment.between(now, now)))?;
        if signal.at > now {
            return Err(Failure::usage(
                format!("{} is still to come", signal.at),
                "a signal is of something that happened",
            ));
        }
        let kept = wait(async {
            let store = Store::open(&start.paths.store_file()).await?;
            let kept = store.keep(std::slice::from_ref(&signal)).await;
            store.close().await;
            kept
        })?;
        if self.json {
            let Signal { id, at, title, .. } = &signal;
            out.json(&Pushed { schema: "sitroom/signal/1", id: *id, at: *at, title, new: kept > 0 })?;
        } else {
            out.line(signal.id)?;
        }
        self.hint_at_a_stranger(start);
        Ok(Exit::Done)
    }
}

impl Emit {
    /// A service that the catalog does not know is kept all the same: it may be the catalog that is behind.
    fn hint_at_a_stranger(&self, start: &Start) {
        let (catalog, _) = catalog::configured(start);
        let Some(name) = &self.service else { return };
        if catalog.services.is_empty() || catalog.services.iter().any(|service| service.name == *name) {
            self.hint_at_a_strange_metric(&catalog);
            return;
        }
        let fix = format!("if that is no typing mistake: sitroom catalog new service {name}");
        Failure::no(format!("kept, but the catalog knows no service {name}"), fix).report();
    }

    /// What a metric of the catalog is called is what triggers, objectives and goals are measured by.
    fn hint_at_a_strange_metric(&self, catalog: &Catalog) {
        let (Some(service), What::Metric { name, .. }) = (&self.service, &self.what) else { return };
        let Some(known) = catalog.service(service.as_str()) else { return };
        if known.metrics.iter().any(|metric| metric.name == clean(name)) {
            return;
        }
        let what = format!("kept, but the catalog knows no metric {name} of {service}");
        Failure::no(what, "describe it there, with its unit: [[service.metric]]").report();
    }

    fn signal(&self, start: &Start, at: Time) -> Result<Signal, Failure> {
        if self.service.is_none() && !matches!(self.what, What::Note { .. }) {
            return Err(Failure::usage("a signal needs the service it is about", "add --service S"));
        }
        let by = start.settings().me.as_ref().map_or("", |me| me.as_str());
        let service = self.service.as_ref().map_or("", ServiceName::as_str);
        let body = self.what.body(service, by);
        let title = self.title();
        let own = self.id.clone().unwrap_or_else(|| format!("{at}/{}/{service}/{title}", body.kind()));
        Ok(Signal {
            id: SignalId::of(INBOX, &own),
            at,
            source: SourceName::new(INBOX),
            service: self.service.clone(),
            title,
            body,
            link: self.link.as_deref().map(clean),
            raw: None,
        })
    }

    fn title(&self) -> String {
        let service = self.service.as_ref().map_or("", ServiceName::as_str);
        clean(
            match &self.what {
                What::Deploy { version, environment, .. } => format!("{service} {version} to {environment}"),
                What::Alarm { name, state, .. } => format!("{name} {}", state.word()),
                What::Metric { name, value } => format!("{service} {name} {value}"),
                What::Change { key, before, after } => {
                    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "unset".to_owned());
                    format!("{service} {key} {} → {}", value(before), value(after))
                }
                What::Note { text } => text.clone(),
            }
            .trim(),
        )
    }
}

impl What {
    fn body(&self, service: &str, by: &str) -> Body {
        let cleaned = |text: &Option<String>| text.as_deref().map(clean);
        match self {
            Self::Deploy { version, environment, outcome, previous, cause } => Body::Deploy(Deploy {
                version: clean(version),
                environment: clean(environment),
                outcome: (*outcome).into(),
                previous: cleaned(previous),
                took: None,
                cause: cleaned(cause),
            }),
            Self::Alarm { name, state, reason } => Body::Alarm(Alarm {
                name: clean(name),
                state: (*state).into(),
                // A change is told, though not from what: the first alarm of all goes off.
                was: Some(AlarmState::NoData),
                since: None,
                metric: None,
                statistic: None,
                endpoint: None,
                reason: cleaned(reason),
            }),
            Self::Metric { name, value } => {
                Body::Sample(Sample::new(SeriesName::new(format!("{service}/{}", clean(name))), *value))
            }
            Self::Change { key, before, after } => Body::Config(Change {
                key: clean(key),
                before: cleaned(before),
                after: cleaned(after),
                by: by.to_owned(),
            }),
            Self::Note { .. } => Body::Note,
        }
    }
}

impl Rings {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Alarm => "alarm",
            Self::NoData => "no data",
        }
    }
}

impl From<How> for Outcome {
    fn from(how: How) -> Self {
        match how {
            How::Started => Self::Started,
            How::Succeeded => Self::Succeeded,
            How::Failed => Self::Failed,
            How::RolledBack => Self::RolledBack,
        }
    }
}

impl From<Rings> for AlarmState {
    fn from(rings: Rings) -> Self {
        match rings {
            Rings::Ok => Self::Ok,
            Rings::Alarm => Self::Alarm,
            Rings::NoData => Self::NoData,
        }
    }
}
