//! What a pack says from around the incident: the catalog, what was known at the time, and series that were frozen. All
//! of it is what the rules say of that moment again, or is not captured.

use super::super::support::scene::scenario;
use super::story::{ID, Life, at, content};
use super::{part, written};
use sitroom::diagnosis::{self, Policy};
use sitroom::domain::event::*;
use sitroom::domain::{Catalog, Intent, Person, Record, Room, ServiceName, SignalLog, Span, Time, decide};
use sitroom::export::{Around, Format, Model, Pack};

/// An incident declared while the built-in scenario plays.
fn declared(at: Time, services: Vec<ServiceName>) -> Room {
    let mut room = Room::default();
    let declare = Intent::Declare {
        title: "Checkout fails".into(),
        severity: Severity::Sev2,
        services,
        impact: String::new(),
        evidence: Vec::new(),
    };
    let by = Person::new("dana");
    let event = decide(&room, &by, declare).unwrap();
    room.apply(&Record { key: None, seq: room.seq.next(), at, by, event });
    room
}

fn of(room: &Room, catalog: &Catalog, signals: &SignalLog) -> Pack {
    let policy = Policy::default();
    let model = Model::of(room.incident(ID).unwrap(), None);
    Pack::of(model.within(Around { catalog, signals, policy: &policy }))
}

#[test]
fn what_was_known_is_what_the_rules_say_of_that_moment() {
    let scenario = scenario();
    let signals: SignalLog = scenario.signals_until(scenario.end()).collect();
    let then = scenario.end() - Span::minutes(6);
    let room = declared(then, vec!["payment-api".into()]);
    let pack = of(&room, scenario.catalog(), &signals);
    let situation = diagnosis::situation(&signals, scenario.catalog(), &Policy::default(), &[], then);
    let known = pack.model.known[0].known.as_ref().unwrap();
    assert_eq!(known.sentence, situation.state.sentence);
    assert_eq!(known.found, situation.issues.len());
    let texts: Vec<_> = situation.issues.iter().take(5).map(|issue| &issue.text).collect();
    assert_eq!(known.findings.iter().map(|it| &it.text).collect::<Vec<_>>(), texts);
    let suspect = known.suspect.as_ref().unwrap();
    assert_eq!(
        (&suspect.text, suspect.score),
        (&situation.suspects[0].change.text, situation.suspects[0].score)
    );
    let row = &part(&pack, "What was known at the time").rows[0];
    assert!(row[4].ends_with("signals of 72 h") && row[3].contains("score"), "{row:?}");
}

#[test]
fn the_catalog_says_whose_a_service_is_and_who_needs_it() {
    let scenario = scenario();
    let room = declared(scenario.end(), vec!["payment-api".into(), "nobody-knows".into()]);
    let pack = of(&room, scenario.catalog(), &SignalLog::new());
    let rows = &part(&pack, "Services").rows;
    let service = scenario.catalog().service("payment-api").unwrap();
    assert_eq!(rows[0][0], "payment-api");
    if !service.owner.is_empty() {
        assert_eq!(rows[0][3], service.owner);
    }
    assert!(rows[1][1..].iter().all(|cell| cell == "not captured"), "{:?}", rows[1]);
    let questions: Vec<_> = part(&pack, "Open questions").rows.iter().map(|row| row[0].as_str()).collect();
    assert!(questions.contains(&"Whose is nobody-knows, and who needs it? The catalog does not know it."));
    assert!(questions.contains(&"What could be known at “Declared”? No signals of that time are kept."));
}

#[test]
fn whoever_says_more_of_a_dependency_than_its_name_needs_it_too() {
    let catalog: Catalog = toml::from_str(
        "[[service]]\nname = 'ledger'\n[[service]]\nname = 'payment-api'\n[[service.dependency]]\nname = 'ledger'\n\
         purpose = 'balances'",
    )
    .unwrap();
    let room = declared(at(20), vec!["ledger".into(), "payment-api".into()]);
    let pack = of(&room, &catalog, &SignalLog::new());
    assert_eq!(part(&pack, "Services").rows[0][4], "payment-api");
    let described = pack.model.services[1].described.as_ref().unwrap();
    assert_eq!(described.depends_on, [ServiceName::new("ledger")]);
}

#[test]
fn signals_of_another_week_are_no_knowledge() {
    let scenario = scenario();
    let signals: SignalLog = scenario.signals_until(scenario.end()).collect();
    let room = declared(scenario.end() + Span::days(30), vec!["payment-api".into()]);
    assert!(of(&room, scenario.catalog(), &signals).model.known[0].known.is_none());
}

fn series(values: &[&str]) -> Evidence {
    let points =
        (0..).zip(values).map(|(minute, value)| Point { at: at(minute), value: (*value).to_owned() });
    Evidence::Series {
        reading: Reading {
            source: "prometheus".into(),
            query: "payment-api/5xx".into(),
            from: None,
            to: None,
            link: None,
            read_at: at(10),
        },
        points: points.collect(),
        unit: "%".into(),
    }
}

fn frozen(evidence: Vec<Evidence>) -> Pack {
    let mut life = Life::declared();
    life.says("dana", 30, Intent::Write(ID, Content { evidence, ..content(EntryKind::Fact, "errors rise") }));
    super::pack(&life)
}

#[test]
fn a_frozen_series_is_a_picture_in_the_page_and_named_in_the_text() {
    let values = ["0.7", "0.8", "1.9"];
    let finding = Evidence::Finding {
        basis: Basis { rule: "metric-anomaly".into(), version: 1 },
        title: "errors are up".into(),
        read_at: at(10),
        evidence: vec![series(&values)],
    };
    let pack = frozen(vec![series(&values), finding]);
    assert_eq!(pack.model.series.len(), 1, "the same series twice is one");
    let html = written(&pack, Format::Html);
    assert!(html.contains("<polyline") && html.contains(">1.90 %<") && html.contains("2026-03-16 14:00 UTC"));
    let markdown = written(&pack, Format::Markdown);
    assert!(markdown.contains("**payment-api/5xx:** 3 values from prometheus, beside E1"), "{markdown}");
}

#[test]
fn a_series_that_cannot_be_drawn_is_named_and_not_drawn() {
    for values in [&["n/a", "<b>"][..], &["1.0"], &["NaN", "inf"]] {
        let html = written(&frozen(vec![series(values)]), Format::Html);
        assert!(html.contains("5xx") && !html.contains("<polyline"), "{values:?}");
    }
}
