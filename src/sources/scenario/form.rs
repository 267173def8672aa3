//! The lines a scene is written in: for each kind of signal its form, its keys, and how it is read.
//!
//! [`FORMS`] is the one table; the parser, the messages and the documentation follow from it.

use super::line::Line;
use super::moment::span;
use super::payload;
use super::setting::Setting;
use super::word::{
    OUTCOMES, PULL_REQUEST_STATES, STATES, VERDICTS, added_and_removed, number, one_of, state_word, word_of,
};
use crate::domain::signal::{Alarm, Change, Deploy, Health, Log, Outcome, PullRequest, Review, Run, Sample};
use crate::domain::{Body, Kind, ServiceName, Signal, SignalId, SourceName, Time};
use crate::sources::forge::observed::review_title;
use crate::sources::written::Mistake;

/// How the line of one kind is written.
pub struct Form {
    pub kind: Kind,
    /// What follows the time.
    pub shape: &'static str,
    /// What may be added as `key=value`, besides `source` and `link`.
    pub keys: &'static [&'static str],
    /// What the signal comes from, unless the line says otherwise.
    source: Origin,
    read: fn(&mut Line, &Setting<'_>) -> Result<Observed, Mistake>,
}

#[derive(Clone, Copy)]
enum Origin {
    Always(&'static str),
    /// GitHub or Bitbucket, as the scenario says for the repository.
    Repository,
}

/// A signal that still lacks its time and its source.
struct Observed {
    body: Body,
    service: Option<ServiceName>,
    title: String,
}

const COMMON_KEYS: [&str; 2] = ["source", "link"];

pub const FORMS: [Form; 11] = [
    Form {
        kind: Kind::Deploy,
        shape: "deploy SERVICE VERSION",
        keys: &["took", "from", "outcome", "cause", "env"],
        source: Origin::Always("aws"),
        read: deploy,
    },
    Form {
        kind: Kind::Alarm,
        shape: "alarm SERVICE NAME ok -> alarm",
        keys: &["metric", "statistic", "endpoint", "reason"],
        source: Origin::Always("aws"),
        read: alarm,
    },
    Form {
        kind: Kind::PullRequest,
        shape: "pr REPOSITORY #NUMBER merged",
        keys: &["by", "lines", "services", "ready"],
        source: Origin::Repository,
        read: pull_request,
    },
    Form {
        kind: Kind::Review,
        shape: "review REPOSITORY #NUMBER approved",
        keys: &["by", "after"],
        source: Origin::Repository,
        read: review,
    },
    Form {
        kind: Kind::Config,
        shape: "config SERVICE KEY 40 -> 120",
        keys: &["by"],
        source: Origin::Always("aws"),
        read: config,
    },
    Form {
        kind: Kind::Scaling,
        shape: "scaling SERVICE KEY 4 -> 8",
        keys: &["by"],
        source: Origin::Always("aws"),
        read: scaling,
    },
    Form {
        kind: Kind::Health,
        shape: "health SERVICE CHECK healthy",
        keys: &["latency"],
        source: Origin::Always("probe"),
        read: health,
    },
    Form {
        kind: Kind::Sample,
        shape: "sample SERVICE METRIC VALUE",
        keys: &[],
        source: Origin::Always("aws"),
        read: sample,
    },
    Form {
        kind: Kind::Log,
        shape: "log SERVICE LEVEL",
        keys: &["group"],
        source: Origin::Always("aws"),
        read: log,
    },
    Form {
        kind: Kind::Run,
        shape: "run REPOSITORY WORKFLOW succeeded",
        keys: &["branch"],
        source: Origin::Repository,
        read: run,
    },
    Form { kind: Kind::Note, shape: "note", keys: &["service"], source: Origin::Always("inbox"), read: note },
];

/// The signal a line stands for; `None` when the line is empty or a comment.
pub(super) fn read(text: &str, setting: &Setting<'_>) -> Result<Option<Signal>, Mistake> {
    let Some(mut line) = Line::read(text)? else { return Ok(None) };
    let at = setting.moments.read(&line.word("the time")?)?;
    let word = line.word("the kind of signal")?;
    let kinds = FORMS.each_ref().map(|form| form.kind.word());
    let form = FORMS
        .iter()
        .find(|form| form.kind.word() == word)
        .ok_or_else(|| Mistake::unknown("a kind of signal", &word, &kinds))?;
    form.signal(line, at, setting).map(Some).map_err(|mistake| form.hinted(mistake))
}

impl Form {
    fn signal(&self, mut line: Line, at: Time, setting: &Setting<'_>) -> Result<Signal, Mistake> {
        let source = line.key("source");
        let link = line.key("link");
        let Observed { body, service, title } = (self.read)(&mut line, setting)?;
        let title = line.text().unwrap_or(title);
        let keys = [self.keys, &COMMON_KEYS].concat();
        line.finish(&keys)?;
        let source = source.unwrap_or_else(|| self.source.name(&body, setting).to_owned());
        let mut signal = signal(at, &source, service, title, body);
        signal.link = link.or(signal.link);
        Ok(signal)
    }

    /// A mistake that brings no advice of its own gets the form of the line.
    fn hinted(&self, mistake: Mistake) -> Mistake {
        if !mistake.fix.is_empty() {
            return mistake;
        }
        let keys = self.keys.iter().map(|key| format!(" [{key}=…]")).collect::<String>();
        Mistake::new(mistake.what, format!("write `TIME {}{keys}`", self.shape))
    }
}

impl Origin {
    fn name<'s>(self, body: &Body, setting: &Setting<'s>) -> &'s str {
        match (self, body) {
            (Self::Always(name), _) => name,
            (Self::Repository, Body::PullRequest(PullRequest { repository, .. }))
            | (Self::Repository, Body::Review(Review { repository, .. }))
            | (Self::Repository, Body::Run(Run { repository, .. })) => setting.host_of(repository),
            (Self::Repository, _) => "github",
        }
    }
}

/// A signal with the identity, payload and link its source would give it.
pub(super) fn signal(
    at: Time,
    source: &str,
    service: Option<ServiceName>,
    title: String,
    body: Body,
) -> Signal {
    let external = format!("scenario/{}/{}/{title}", body.kind().word(), at.millis());
    let mut signal = Signal {
        id: SignalId::of(source, &external),
        at,
        source: SourceName::new(source),
        service,
        title,
        body,
        link: None,
        raw: None,
    };
    signal.link = payload::link(&signal);
    signal.raw = payload::raw(&signal);
    signal
}

fn deploy(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    let service = setting.service(&line.word("the service")?)?;
    let version = line.word("the version")?;
    let outcome =
        line.key("outcome").map_or(Ok(Outcome::Succeeded), |word| one_of(&OUTCOMES, "an outcome", &word))?;
    let deploy = Deploy {
        version,
        environment: line.key("env").unwrap_or_else(|| "production".to_owned()),
        outcome,
        previous: line.key("from"),
        took: line.key("took").map(|took| span(&took)).transpose()?,
        cause: line.key("cause"),
    };
    let title = deploy_title(&service, &deploy);
    Ok(Observed { title, service: Some(service), body: Body::Deploy(deploy) })
}

pub(super) fn deploy_title(service: &ServiceName, deploy: &Deploy) -> String {
    let Deploy { version, environment, outcome, .. } = deploy;
    let ending = match outcome {
        Outcome::Started => " started",
        Outcome::Succeeded => "",
        Outcome::Failed => " failed",
        Outcome::RolledBack => " rolled back",
    };
    format!("{service} {version} to {environment}{ending}")
}

fn alarm(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    let service = setting.service(&line.word("the service")?)?;
    let name = line.word("the alarm's name")?;
    let (was, state) = line.change("the state, `ok -> alarm`,")?;
    let state = one_of(&STATES, "a state", &state)?;
    let was = was.map(|was| one_of(&STATES, "a state", &was)).transpose()?;
    let endpoint = line.key("endpoint");
    if let Some(endpoint) = &endpoint {
        setting.endpoint(&service, endpoint)?;
    }
    let title = match was {
        Some(was) => format!("{name} {} → {}", state_word(was), state_word(state)),
        None => format!("{name} {}", state_word(state)),
    };
    let (metric, statistic, reason) = (line.key("metric"), line.key("statistic"), line.key("reason"));
    let body = Body::Alarm(Alarm { name, state, was, since: None, metric, statistic, endpoint, reason });
    Ok(Observed { title, service: Some(service), body })
}

fn pull_request(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    let repository = line.word("the repository")?;
    let owner = setting.owner_of(&repository)?;
    let number = number(&line.word("the number")?)?;
    let state = one_of(&PULL_REQUEST_STATES, "a state", &line.word("the state")?)?;
    let (added, removed) = line.key("lines").map_or(Ok((0, 0)), |lines| added_and_removed(&lines))?;
    let services = match line.key("services") {
        Some(list) => list.split(',').map(|name| setting.service(name)).collect::<Result<_, _>>()?,
        None => vec![owner.clone()],
    };
    let author = line.key("by").unwrap_or_default();
    let ready_at = line.key("ready").map(|word| setting.moments.read(&word)).transpose()?;
    let said = line.text().map_or_else(String::new, |text| format!(" {text}"));
    let title = format!("#{number} {}{said}", word_of(&PULL_REQUEST_STATES, state));
    let body = PullRequest { repository, number, state, author, added, removed, services, ready_at };
    Ok(Observed { title, service: Some(owner), body: Body::PullRequest(body) })
}

fn review(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    let repository = line.word("the repository")?;
    let owner = setting.owner_of(&repository)?;
    let number = number(&line.word("the number")?)?;
    let verdict = one_of(&VERDICTS, "a verdict", &line.word("the verdict")?)?;
    let reviewer = line.key("by").ok_or_else(|| Mistake::new("who reviewed is missing", "add by=NAME"))?;
    let after =
        line.key("after").ok_or_else(|| Mistake::new("the turnaround is missing", "add after=90m"))?;
    let body = Review { repository, number, reviewer, verdict, turnaround: span(&after)? };
    Ok(Observed { title: review_title(&body), service: Some(owner), body: Body::Review(body) })
}

fn config(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    change(line, setting, Body::Config)
}

fn scaling(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    change(line, setting, Body::Scaling)
}

fn change(line: &mut Line, setting: &Setting<'_>, body: fn(Change) -> Body) -> Result<Observed, Mistake> {
    let service = setting.service(&line.word("the service")?)?;
    let key = line.word("what was changed")?;
    let (before, after) = line.change("the change, `40 -> 120`,")?;
    let title = match &before {
        Some(before) => format!("{service} {key} {before} → {after}"),
        None => format!("{service} {key} set to {after}"),
    };
    let by = line.key("by").unwrap_or_default();
    Ok(Observed { title, service: Some(service), body: body(Change { key, before, after: Some(after), by }) })
}

fn health(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    let service = setting.service(&line.word("the service")?)?;
    let check = line.word("the check")?;
    let state = line.word("`healthy` or `unhealthy`")?;
    let healthy = one_of(&[("healthy", true), ("unhealthy", false)], "a state", &state)?;
    let latency = line.key("latency").map(|latency| span(&latency)).transpose()?;
    let latency_ms = latency.map(|latency| latency.as_millis().max(0).unsigned_abs());
    let title = format!("{service} {check} {state}");
    Ok(Observed {
        title,
        service: Some(service),
        body: Body::Health(Health { check, healthy, latency_ms, in_a_row: None }),
    })
}

fn sample(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    let service = setting.service(&line.word("the service")?)?;
    let metric = line.word("the metric")?;
    let (series, unit) = setting.series(&service, &metric)?;
    let value = line.word("the value")?;
    let value = value
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
        .ok_or_else(|| Mistake::new(format!("`{value}` is not a number"), "write a value such as 1.9"))?;
    let title = format!("{service} {metric} {}", unit.say(value));
    Ok(Observed { title, service: Some(service), body: Body::Sample(Sample::new(series, value)) })
}

fn log(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    let service = setting.service(&line.word("the service")?)?;
    let level = line.word("the level")?;
    let title =
        line.text().ok_or_else(|| Mistake::new("what was logged is missing", "add it in double quotes"))?;
    let group = line.key("group").unwrap_or_else(|| format!("/ecs/{service}"));
    Ok(Observed { title, service: Some(service), body: Body::Log(Log { level, group }) })
}

fn run(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    let repository = line.word("the repository")?;
    let owner = setting.owner_of(&repository)?;
    let workflow = line.word("the workflow")?;
    let outcome_word = line.word("the outcome")?;
    let outcome = one_of(&OUTCOMES, "an outcome", &outcome_word)?;
    let branch = line.key("branch").unwrap_or_else(|| "main".to_owned());
    let title = format!("{workflow} on {branch} {}", outcome_word.replace('-', " "));
    Ok(Observed {
        title,
        service: Some(owner),
        body: Body::Run(Run { repository, workflow, branch, outcome }),
    })
}

fn note(line: &mut Line, setting: &Setting<'_>) -> Result<Observed, Mistake> {
    let service = line.key("service").map(|name| setting.service(&name)).transpose()?;
    let title =
        line.text().ok_or_else(|| Mistake::new("the note says nothing", "add its text in double quotes"))?;
    Ok(Observed { title, service, body: Body::Note })
}
