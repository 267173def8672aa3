//! Every screen and overlay as a picture of two grids: what is said, and the role in which it is said.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::super::support::story::Story;
use sitroom::diagnosis::Policy;
use sitroom::domain::{Body, ServiceName, Signal, SignalId, SourceName, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);
const MIDDLE: (u16, u16) = (120, 40);
const LARGE: (u16, u16) = (200, 60);

/// What is shown of a scene in a terminal of a size, after some keys, against what was looked at and accepted.
pub fn picture(name: &str, scene: Scene, (width, height): (u16, u16), keys: impl FnOnce(&mut Stage)) {
    let mut stage = Stage::new(scene, width, height);
    keys(&mut stage);
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("{name}-{width}x{height}"), stage.picture()));
}

#[test]
fn the_situation_answers_the_four_questions_in_every_size() {
    for size in [SMALL, MIDDLE, LARGE] {
        picture("situation-end", Scene::at_the_end(), size, |_| {});
    }
}

#[test]
fn the_situation_is_quiet_before_the_story_begins() {
    picture("situation-start", Scene::at_the_start(), SMALL, |_| {});
}

#[test]
fn an_empty_room_says_so_in_every_pane() {
    picture("situation-empty", Scene::empty(), SMALL, |_| {});
}

#[test]
fn sources_that_fail_or_fall_silent_stand_in_the_header() {
    picture("situation-ailing", Scene::at_the_end().with_ailing_sources(), SMALL, |_| {});
}

#[test]
fn a_terminal_that_is_too_small_is_told_how_large_to_be() {
    picture("too-small", Scene::at_the_end(), (40, 10), |_| {});
}

#[test]
fn the_feed_has_more_to_say_with_more_room() {
    for size in [SMALL, LARGE] {
        picture("feed", Scene::at_the_end(), size, |stage| {
            stage.press("screen.feed");
        });
    }
}

#[test]
fn a_filter_being_typed_shows_what_it_finds() {
    picture("feed-filter", Scene::at_the_end(), SMALL, |stage| {
        stage.press("screen.feed").press("filter.open").type_text("kind:deploy checkout");
    });
}

#[test]
fn a_feed_that_stands_still_counts_what_is_new() {
    picture("feed-unseen", Scene::at_the_end(), SMALL, |stage| {
        stage.press("screen.feed").press("list.down").press("list.down");
        stage.change(|scene| {
            let now = scene.now;
            scene.tell((0..12).map(|n| Signal {
                id: SignalId::of("test", &n.to_string()),
                at: now + Span::millis(n),
                source: SourceName::new("inbox"),
                service: Some(ServiceName::new("checkout-service")),
                title: format!("note {n}"),
                body: Body::Note,
                link: None,
                raw: None,
            }));
        });
    });
}

#[test]
fn an_empty_feed_says_why_it_is_empty() {
    picture("feed-empty", Scene::empty(), SMALL, |stage| {
        stage.press("screen.feed");
    });
}

#[test]
fn an_issue_is_explained_by_its_rule_its_numbers_and_its_signals() {
    picture("detail-issue", Scene::at_the_end(), MIDDLE, |stage| {
        stage.press("item.explain");
    });
}

#[test]
fn a_signal_is_shown_with_all_that_its_source_sent() {
    picture("detail-signal", Scene::at_the_end(), SMALL, |stage| {
        stage.press("filter.open").type_text("kind:deploy").press("text.accept").press("item.explain");
    });
}

#[test]
fn help_lists_the_keys_of_where_it_was_asked_for() {
    picture("help", Scene::at_the_end(), MIDDLE, |stage| {
        stage.press("screen.feed").press("app.help");
    });
}

#[test]
fn the_palette_shows_what_cannot_be_done_with_the_reason() {
    picture("palette", Scene::at_the_end(), SMALL, |stage| {
        stage.press("app.palette").type_text("time");
    });
}

/// A reflex, which must not leave the cockpit.
#[test]
fn enter_right_after_the_key_of_the_palette_does_nothing() {
    let mut story = Story::at_the_end();
    story.press("app.palette").shows("screen.situation").press("text.accept").shows("CURRENT STATE");
    assert!(!story.is_over());
    story
        .press("screen.feed")
        .press("app.palette")
        .send(b"\x1b[B")
        .press("text.accept")
        .shows("Your first look");
}

#[test]
fn help_in_a_form_tells_of_the_form() {
    let mut stage = Stage::new(Scene::at_the_end(), 80, 40);
    let help = stage.press("incident.declare").type_text("\x1bOP").picture();
    for said in ["The line of the form above", "1 to 5", "On to the next line"] {
        assert!(help.contains(said), "{said}: {help}");
    }
    assert!(!help.contains("The scribe line") && !help.contains("written before"), "{help}");
}

#[test]
fn what_a_key_has_nothing_to_do_to_is_not_offered() {
    for (screen, hint) in
        [("screen.plan", "z zoom"), ("screen.services", "tab next page"), ("screen.feed", "/ filter")]
    {
        let mut stage = Stage::new(Scene::empty(), 120, 40);
        let empty = stage.press(screen).picture();
        assert!(!empty.contains(hint), "{screen}: {empty}");
    }
    let full = Stage::new(Scene::of_the_migration(), 120, 40).press("screen.plan").picture();
    assert!(full.contains("z zoom"), "{full}");
}

/// The sick ones are the ones whose names and numbers are needed.
#[test]
fn names_of_services_have_one_column_and_leave_room_for_what_is_wrong() {
    let scene = Scene::of_built_in("payments-migration", "2026-03-16T14:15:00Z");
    let picture = Stage::new(scene, 80, 24).picture();
    let rows: Vec<_> = picture.lines().skip(3).take_while(|row| !row.contains("WHAT CHANGED")).collect();
    let begins = |row: &&str| row.chars().skip(3).take(37).collect::<String>().find(" ok ").is_some();
    let columns: std::collections::BTreeSet<_> = rows
        .iter()
        .filter(|row| begins(row))
        .map(|row| row.chars().collect::<Vec<_>>().windows(4).position(|it| it == [' ', 'o', 'k', ' ']))
        .collect();
    assert_eq!(columns.len(), 1, "{picture}");
}

#[test]
fn the_theme_picker_leaves_most_of_the_screen_in_sight() {
    picture("themes", Scene::at_the_end(), SMALL, |stage| {
        stage.press("theme.pick").press("list.down");
    });
}

#[test]
fn the_past_is_shown_as_it_was_and_called_what_it_is() {
    picture("situation-as-of", Scene::at_the_end(), SMALL, |stage| {
        stage.press("time.back-far");
    });
}

#[test]
fn the_plan_shows_what_is_said_beside_what_is_measured() {
    for size in [SMALL, MIDDLE, LARGE] {
        picture("plan", Scene::of_the_migration(), size, |stage| {
            stage.press("screen.plan");
        });
    }
}

#[test]
fn a_metric_of_the_plan_is_explained() {
    picture("plan-metric", Scene::of_the_migration(), SMALL, |stage| {
        stage.press("screen.plan").press("item.explain");
    });
}

#[test]
fn the_plan_is_narrowed_and_its_panes_take_turns() {
    picture("plan-phases", Scene::of_the_migration(), SMALL, |stage| {
        stage.press("screen.plan").press("pane.previous").press("list.down").press("list.down");
    });
    picture("plan-filter", Scene::of_the_migration(), SMALL, |stage| {
        stage.press("screen.plan").press("filter.open").type_text("migration").press("text.accept");
    });
}

/// What is out of sight above counts as much as what is below; the phase that is overdue is not out of sight at all.
#[test]
fn a_pane_of_the_plan_says_what_it_hides_and_shows_the_phase_that_is_overdue() {
    let mut stage = Stage::new(Scene::of_the_migration(), 80, 24);
    stage.press("screen.plan");
    assert!(stage.picture().contains("over, not done"), "{}", stage.picture());
    stage.press("list.bottom");
    let picture = stage.picture();
    let title = picture.lines().find(|line| line.contains("SUCCESS METRICS")).unwrap();
    assert!(title.contains("SUCCESS METRICS ↑"), "{title}");
}

#[test]
fn a_pane_of_the_plan_is_given_the_whole_screen_and_gives_it_back() {
    picture("plan-zoomed", Scene::of_the_migration(), SMALL, |stage| {
        stage.press("screen.plan");
        assert!(stage.picture().contains("z zoom"), "{}", stage.picture());
        stage.press("pane.zoom");
    });
    let mut stage = Stage::new(Scene::of_the_migration(), 80, 24);
    stage.press("screen.plan");
    let before = stage.picture();
    stage.press("pane.zoom");
    assert!(!stage.picture().contains("PHASES"), "{}", stage.picture());
    stage.press("filter.clear");
    assert_eq!(stage.picture(), before, "escape gives it back");
    stage.press("pane.zoom").press("pane.next");
    assert!(stage.picture().contains("PHASES"), "another pane is gone to among all of them");
}

/// What is a share of what, in how long, and how far off; numbers of things have the name of the things.
#[test]
fn numbers_of_the_plan_say_what_they_count_and_over_how_long() {
    let mut stage = Stage::new(Scene::of_the_migration(), 80, 24);
    let picture = stage.press("screen.plan").picture();
    assert!(picture.contains("has come true: 80 % of deploys failed\n"), "{picture}");
    let picture = stage.press("pane.zoom").picture();
    for said in ["6 failures 14d  down 60 %  12", "12 requests 7d   < 1", "2 failures 7d   <= 0"] {
        assert!(picture.contains(said), "{said}: {picture}");
    }
    let mut stage = Stage::new(Scene::of_the_migration(), 120, 40);
    let picture = stage.press("screen.plan").picture();
    assert!(picture.contains("has come true: 80 % of deploys failed in 7d, > 75 %"), "{picture}");
}

#[test]
fn going_to_another_pane_of_the_plan_moves_no_line_and_no_word_touches_the_edge() {
    for (width, height) in [SMALL, MIDDLE, LARGE] {
        let mut stage = Stage::new(Scene::of_the_migration(), width, height);
        let titles = |stage: &mut Stage| {
            let picture = stage.picture();
            let of_pane = |line: &str| {
                ["FAILURE VECTORS", "PHASES", "SUCCESS METRICS", "RISKS"].iter().any(|it| line.contains(it))
            };
            let found = picture.lines().enumerate().filter(|(_, line)| of_pane(line));
            found.map(|(place, _)| place).collect::<Vec<_>>()
        };
        stage.press("screen.plan");
        let before = titles(&mut stage);
        for _ in 0..5 {
            stage.press("pane.next");
            assert_eq!(titles(&mut stage), before);
        }
        let picture = stage.picture();
        let words = picture.lines().take_while(|line| *line != "roles").skip(4);
        let at_edge = words.filter_map(|line| line.chars().nth(usize::from(width) - 1));
        assert!(at_edge.clone().all(|sign| sign == '─' || sign == ' '), "{picture}");
    }
}

#[test]
fn of_a_handful_of_deployments_nobody_is_told_that_it_is_a_crisis() {
    let plan = "[plan]\ntitle = \"Better\"\nwindow = \"1h\"\n[[plan.vector]]\nid = \"database\"\nname = \"Migrations\"";
    let mut stage = Stage::new(Scene::at_the_end().with_catalog(plan), 80, 24);
    let picture = stage.press("screen.plan").picture();
    let line = picture.lines().find(|line| line.contains("of deployments failed")).unwrap();
    assert!(line.starts_with(" ○ ") && line.contains("too few to judge by"), "{line}");
}

/// It answered a key, so the next key has read it, and what can be done here stands there again.
#[test]
fn what_was_said_to_one_key_goes_with_the_next() {
    let mut stage = Stage::new(Scene::at_the_end(), 80, 24);
    stage.press("screen.feed").press("pane.zoom");
    assert!(stage.picture().contains("no panes"), "{}", stage.picture());
    stage.press("list.down");
    assert!(
        !stage.picture().contains("no panes") && stage.picture().contains("enter explain"),
        "{}",
        stage.picture()
    );
}

#[test]
fn a_room_without_a_plan_says_how_to_come_by_one() {
    picture("plan-empty", Scene::empty(), SMALL, |stage| {
        stage.press("screen.plan");
    });
}

#[test]
fn charts_draw_the_limits_that_this_room_has() {
    let explained = |spreads: f64| {
        let mut scene = Scene::at_the_end();
        let elevated = BTreeMap::from([("spreads".to_owned(), spreads)]);
        let policy = Policy { rules: BTreeMap::from([("elevated".to_owned(), elevated)]) };
        scene.snapshot.policy = Arc::new(policy);
        let mut stage = Stage::new(scene, 120, 60);
        stage.press("item.explain").picture()
    };
    assert!(explained(3.0) != explained(30_000.0));
}
