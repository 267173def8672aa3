//! The lines of logs, saved queries, and the list of sources: pictures, and what keys do.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::super::support::story::Story;
use super::pictures::picture;
use sitroom::domain::query::{Course, Findings, SavedQuery};
use sitroom::domain::{
    Body, Health, ServiceName, Signal, SignalId, SourceName, SourceStatus, Span, Time, signal,
};
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);
const MIDDLE: (u16, u16) = (120, 40);
const LARGE: (u16, u16) = (200, 60);

fn line(n: i64, at: Time, group: &str, level: &str, text: &str, raw: Option<&str>) -> Signal {
    Signal {
        id: SignalId::of("aws", &format!("{group} {n}")),
        at,
        source: SourceName::new("aws-prod/logs"),
        service: Some(ServiceName::new("payment-api")),
        title: text.to_owned(),
        body: Body::Log(signal::Log { level: level.to_owned(), group: group.to_owned() }),
        link: None,
        raw: raw.map(str::to_owned),
    }
}

/// Forty lines of two groups within a minute and a half, of every level, some of them long and with fields.
fn lines(now: Time) -> Vec<Signal> {
    let fields = r#"{"level":"error","msg":"x","route":"/v1/payments","took_ms":5012,"pool":{"size":40,"waiting":79}}"#;
    let one = |n: i64| {
        let at = now - Span::seconds(2 * n + 1);
        let long = format!(
            "POST /v1/payments/{n}/capture 503: no free connection to payment-service after 5000 ms, 79 of 120 workers wait for one of 40 and more come in than go out"
        );
        match n % 5 {
            0 => line(n, at, "/ecs/payment-api", "error", &long, Some(fields)),
            1 => line(n, at, "/ecs/payment-api", "info", "GET /health 200", None),
            2 => line(n, at, "/ecs/checkout-worker", "warn", "79 workers wait for a connection", None),
            3 => line(n, at, "/ecs/checkout-worker", "debug", "tick", None),
            _ => line(
                n,
                at,
                "/a/group/with/a/very/long/name/that/tells/at/its/end",
                "fatal",
                "out of memory",
                None,
            ),
        }
    };
    (0..40).map(one).collect()
}

fn scene() -> Scene {
    let mut scene = Scene::at_the_end().with_busy_sources();
    let now = scene.now;
    scene.tell(lines(now));
    scene
}

#[test]
fn lines_of_logs_have_a_pane_of_their_own_in_every_size() {
    for size in [SMALL, MIDDLE, LARGE] {
        picture("logs", scene(), size, |stage| {
            stage.press("logs.open");
        });
    }
}

#[test]
fn lines_are_shown_whole_with_their_fields_and_what_is_marked() {
    for size in [SMALL, MIDDLE] {
        picture("logs-whole", scene(), size, |stage| {
            stage.press("logs.open").press("logs.wrap").press("logs.fields");
            stage.press("logs.mark").type_text("workers 503").press("text.accept").press("list.down");
        });
    }
}

#[test]
fn lines_are_narrowed_by_group_and_level() {
    picture("logs-narrow", scene(), SMALL, |stage| {
        stage
            .press("logs.open")
            .press("logs.group")
            .press("logs.group")
            .press("logs.group")
            .press("logs.level");
    });
}

#[test]
fn a_room_without_lines_says_how_to_have_some() {
    picture("logs-empty", Scene::empty(), SMALL, |stage| {
        stage.press("logs.open");
    });
}

/// A source of lines alone, in a room that tells no story.
fn reading(health: Health, last_good: Option<Time>, message: &str) -> Scene {
    let mut scene = Scene::empty();
    let status = SourceStatus::new(SourceName::new("aws-prod/logs"), health, message);
    scene.snapshot.sources = Arc::new([SourceStatus { last_good, ..status }]);
    scene
}

#[test]
fn no_lines_because_they_cannot_be_read_is_not_no_lines_written() {
    let now = Scene::empty().now;
    let why = "there are no credentials for aws-prod; run `aws sso login --profile prod`";
    let said = |health, last_good, message: &str| {
        let mut stage = Stage::new(reading(health, last_good, message), 80, 24);
        stage.press("logs.open").picture()
    };
    let failing = said(Health::Failing, None, why);
    for words in ["Logs cannot be read.", "aws-prod/logs: there are no credentials", "--profile prod`"] {
        assert!(failing.contains(words), "{words}: {failing}");
    }
    assert!(!failing.contains("has been asked for"), "{failing}");
    assert!(said(Health::Starting, None, "").contains("They are being asked for."));
    assert!(said(Health::Live, Some(now), "").contains("The last quarter of an hour has been asked for."));
}

#[test]
fn lines_of_logs_say_whose_time_is_shown_and_what_can_be_done_with_one() {
    let mut stage = Stage::new(scene(), 80, 24);
    let picture = stage.press("logs.open").picture();
    for words in ["LOGS  TIME UTC", "enter explain", "? help    ", "1 of 54", " checkout-worker "] {
        assert!(picture.contains(words), "{words}: {picture}");
    }
    let picture = stage.press("zone.switch").picture();
    assert!(picture.contains("LOGS  TIME LOCAL") && picture.contains("15:28:5"), "{picture}");
}

fn query(name: &str) -> SavedQuery {
    SavedQuery {
        name: name.to_owned(),
        source: SourceName::new("aws-prod"),
        text: "stats count(*) by level".to_owned(),
        groups: vec!["/ecs/payment-api".to_owned(), "/ecs/checkout-worker".to_owned()],
        since: Span::hours(1),
    }
}

fn found(now: Time, course: Course, rows: i64) -> Findings {
    let row = |n: i64| {
        vec![format!("/v1/payments/{n}/capture"), (n * 17).to_string(), "no free connection".to_owned()]
    };
    Findings {
        course,
        columns: ["route", "count", "why"].map(String::from).to_vec(),
        rows: (0..rows).map(row).collect(),
        matched: 812,
        scanned: 48_000,
        ..Findings::asked(now - Span::hours(1), now)
    }
}

#[test]
fn saved_queries_are_listed_asked_and_answered() {
    let scene = scene();
    let now = scene.now;
    picture("queries", scene.clone(), SMALL, |stage| {
        stage
            .save(vec![query("errors by route"), query("slow payments, and what they waited for")])
            .press("logs.query");
    });
    picture("queries-running", scene.clone(), SMALL, |stage| {
        stage.save(vec![query("errors by route")]).press("logs.query").press("overlay.accept");
        stage.find(1, found(now, Course::Running, 3));
    });
    for size in [SMALL, MIDDLE] {
        picture("queries-answer", scene.clone(), size, |stage| {
            stage.save(vec![query("errors by route")]).press("logs.query").press("overlay.accept");
            stage.find(1, found(now, Course::Complete, 60)).press("list.down");
            stage.find(7, found(now, Course::Stopped, 0));
        });
    }
    let why = "logs:StartQuery: no; allow logs:StartQuery, see docs/SOURCES_AWS.md";
    picture("queries-failed", scene, SMALL, |stage| {
        stage.save(vec![query("errors by route")]).press("logs.query").press("overlay.accept");
        stage.find(1, found(now, Course::Failed(why.to_owned()), 0));
    });
    picture("queries-empty", Scene::at_the_end(), SMALL, |stage| {
        stage.press("logs.query");
    });
}

#[test]
fn every_source_says_how_it_does_and_what_it_costs() {
    for size in [SMALL, MIDDLE] {
        picture("sources", Scene::at_the_end().with_busy_sources(), size, |stage| {
            stage.press("sources.show").press("list.down").press("list.down");
        });
    }
    picture("sources-empty", Scene::empty(), SMALL, |stage| {
        stage.press("sources.show");
    });
}

#[test]
fn over_a_screen_the_list_of_sources_is_what_keys_are_about() {
    let mut story = Story::at_the_end();
    for screen in ["screen.services", "screen.readiness", "screen.situation"] {
        story.press(screen).press("sources.show").type_text("sxp").shows("CALLS/MIN");
        story.press("item.copy");
        let copied = story.terminal().copied().last().cloned().unwrap_or_default();
        assert!(copied.starts_with("scenario  "), "{screen}: {copied}");
        story.press("overlay.close").hides("CALLS/MIN");
    }
}

#[test]
fn a_line_is_pinned_into_the_timeline_with_its_evidence() {
    let mut story = Story::at_the_end();
    story.press("incident.declare").press("text.clear").type_text("Checkout fails");
    story.press("text.accept").press("text.accept").press("text.accept").shows("Checkout fails");
    story.press("logs.open").shows("queue of 412 orders").press("entry.pull");
    story.press("screen.incident").shows("queue of 412 orders").shows("3 evidence");
}

#[test]
fn escape_takes_back_what_narrows_one_thing_at_a_time_and_then_the_pane() {
    let mut story = Story::at_the_end();
    let now = story.now();
    story.tell(lines(now)).press("logs.open").press("logs.level").shows("warnings and worse");
    story
        .press("filter.open")
        .type_text("workers")
        .press("text.accept")
        .shows("/workers")
        .hides("out of memory");
    story.press("filter.clear").shows("out of memory").shows("warnings and worse");
    story.press("filter.clear").hides("warnings and worse").shows("GET /health");
    story.press("filter.clear").shows("SIGNAL");
}

#[test]
fn a_jump_stands_still_at_a_moment_while_lines_go_on() {
    let mut story = Story::at_the_end();
    let now = story.now();
    story.tell(lines(now)).press("logs.open").shows("following");
    story.press("logs.jump").type_text("-1m").press("text.accept").hides("following");
    let before = story.cursor().1;
    let later = line(99, now + Span::millis(1), "/ecs/payment-api", "info", "a later line", None);
    story.tell(vec![later]).shows("1 new").hides("a later line");
    assert_eq!(story.cursor().1, before);
}
