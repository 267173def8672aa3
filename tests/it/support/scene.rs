//! Rooms at a moment: what a session is shown, made without an engine.

use sitroom::diagnosis::{self, Policy};
use sitroom::domain::{Catalog, Health, Signal, SignalLog, SourceName, SourceStatus, Span, Time, Usage};
use sitroom::engine::{Snapshot, Story};
use sitroom::sources::scenario::Scenario;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Scene {
    pub snapshot: Snapshot,
    pub now: Time,
}

/// The first scenario, which everybody sees who starts sitroom without a configuration.
pub fn scenario() -> Scenario {
    let first = Scenario::built_in()[0];
    Scenario::parse(first.name, first.text).unwrap()
}

impl Scene {
    /// The scenario as it begins to play.
    pub fn at_the_start() -> Self {
        let scenario = scenario();
        Self::of(&scenario, scenario.start())
    }

    /// The scenario when its story is told.
    pub fn at_the_end() -> Self {
        let scenario = scenario();
        Self::of(&scenario, scenario.end())
    }

    /// The story of the migration when it is told: the room with a past and a plan.
    pub fn of_the_migration() -> Self {
        let found =
            Scenario::built_in().iter().find(|scenario| scenario.name == "payments-migration").unwrap();
        let scenario = Scenario::parse(found.name, found.text).unwrap();
        Self::of(&scenario, scenario.end())
    }

    /// Another built-in scenario, at a moment.
    pub fn of_built_in(name: &str, at: &str) -> Self {
        let told = Scenario::built_in().iter().find(|told| told.name == name).unwrap();
        Self::of(&Scenario::parse(told.name, told.text).unwrap(), at.parse().unwrap())
    }

    /// The same room with another catalog.
    #[must_use]
    pub fn with_catalog(mut self, text: &str) -> Self {
        let catalog: Catalog = toml::from_str(text).unwrap();
        let Snapshot { signals, sources, .. } = &self.snapshot;
        let situation = diagnosis::situation(signals, &catalog, &Policy::default(), sources, self.now);
        self.snapshot.situation = Arc::new(situation);
        self.snapshot.catalog = Arc::new(catalog);
        self
    }

    /// A room of which nothing is known.
    pub fn empty() -> Self {
        let now = scenario().start();
        Self { snapshot: Snapshot { loading: false, ..Snapshot::empty("payments-prod", now) }, now }
    }

    fn of(scenario: &Scenario, now: Time) -> Self {
        let signals: SignalLog = scenario.signals_until(now).collect();
        let sources = [status("scenario", Health::Live, Some(now - Span::seconds(4)))];
        let room = Arc::new(scenario.room_until(now));
        let situation =
            diagnosis::situation_in(&room, &signals, scenario.catalog(), &Policy::default(), &sources, now);
        let story = Story { title: scenario.title().to_owned(), speed: "60×".to_owned() };
        let snapshot = Snapshot {
            room,
            signals,
            catalog: Arc::new(scenario.catalog().clone()),
            sources: Arc::new(sources),
            situation: Arc::new(situation),
            story: Some(story),
            loading: false,
            ..Snapshot::empty(scenario.room(), now)
        };
        Self { snapshot, now }
    }

    /// The same room with sources in every condition.
    #[must_use]
    pub fn with_ailing_sources(self) -> Self {
        let good = |age| Some(self.now - age);
        let sources = [
            status("aws", Health::Live, good(Span::seconds(4))),
            status("github", Health::Stale, good(Span::minutes(7))),
            status("prometheus", Health::Failing, good(Span::minutes(31))),
            status("alertmanager", Health::Failing, None),
            status("probe", Health::Starting, None),
            status("pagerduty", Health::Off, None),
        ];
        let snapshot = Snapshot { sources: Arc::new(sources), story: None, ..self.snapshot };
        Self { snapshot, ..self }
    }

    /// The same room with live sources that say what asking costs.
    #[must_use]
    pub fn with_busy_sources(self) -> Self {
        let good = |age| Some(self.now - age);
        let usage = |calls, left, budget, history| Usage {
            calls: Some(calls),
            left: Some(left),
            budget: Some(budget),
            server: None,
            history: Some(history),
        };
        let next_try = Some(self.now + Span::seconds(41));
        let of = |name, health, last_good, message: &str, usage| SourceStatus {
            last_good,
            next_try,
            usage,
            ..SourceStatus::new(SourceName::new(name), health, message)
        };
        let renew = "the credentials of aws-staging have expired; run `aws sso login --profile staging`";
        let slow = "reading history, 12 to go; this clock is 10m behind api.github.com";
        let flood =
            "live tail; 4210 lines a minute, 3010 of them counted but not kept; log_filter narrows them";
        let sources = [
            of("aws-prod/logs", Health::Live, good(Span::seconds(1)), flood, usage(14, 106, 120, 0)),
            of("aws-prod/alarms", Health::Live, good(Span::seconds(31)), "", usage(14, 106, 120, 0)),
            of("aws-staging/alarms", Health::Failing, good(Span::minutes(44)), renew, usage(0, 120, 120, 0)),
            of("github", Health::Live, good(Span::seconds(4)), slow, usage(38, 962, 1_000, 12)),
            of("bitbucket", Health::Live, good(Span::seconds(50)), "", usage(9, 31, 500, 0)),
            of(
                "a-source-with-a-name-that-is-too-long-for-its-column",
                Health::Off,
                None,
                "no token",
                Usage::default(),
            ),
        ];
        let snapshot = Snapshot { sources: Arc::new(sources), story: None, ..self.snapshot };
        Self { snapshot, ..self }
    }

    pub fn tell(&mut self, signals: impl IntoIterator<Item = Signal>) {
        signals.into_iter().for_each(|signal| {
            self.snapshot.signals.insert(&signal);
        });
    }
}

fn status(name: &str, health: Health, last_good: Option<Time>) -> SourceStatus {
    SourceStatus { last_good, ..SourceStatus::new(SourceName::new(name), health, "") }
}
