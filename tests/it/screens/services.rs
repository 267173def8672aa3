//! The Services screen: pictures of it in every size and trouble, and what its keys do.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::pictures::picture;
use sitroom::domain::Span;
use std::fmt::Write as _;

const SMALL: (u16, u16) = (80, 24);
const MIDDLE: (u16, u16) = (120, 40);
const LARGE: (u16, u16) = (200, 60);
const SIZES: [(u16, u16); 3] = [SMALL, MIDDLE, LARGE];

/// The payments are down, and everybody who stands on them knows.
fn down() -> Scene {
    Scene::of_built_in("payments-migration", "2026-03-16T14:30:00Z")
}

fn open(stage: &mut Stage) -> &mut Stage {
    stage.press("screen.services")
}

/// The service whose name is typed, alone in sight and then among all.
fn choose<'s>(stage: &'s mut Stage, name: &str) -> &'s mut Stage {
    open(stage).press("filter.open").type_text(name).press("text.accept").press("list.down");
    stage.press("filter.clear")
}

#[test]
fn the_worst_service_is_chosen_and_explained_in_every_size() {
    for size in SIZES {
        picture("services-down", down(), size, |stage| {
            open(stage);
        });
    }
}

#[test]
fn a_service_says_through_whom_trouble_reaches_it() {
    for size in SIZES {
        picture("services-deep", down(), size, |stage| {
            choose(stage, "notification").press("pane.next");
        });
    }
}

#[test]
fn without_a_catalog_it_says_what_to_do() {
    for size in SIZES {
        picture("services-empty", Scene::empty(), size, |stage| {
            open(stage);
        });
    }
}

#[test]
fn where_there_are_few_columns_the_graph_is_a_tree() {
    picture("services-tree", down(), SMALL, |stage| {
        choose(stage, "notification").press("pane.zoom");
    });
    picture("services-graph", down(), MIDDLE, |stage| {
        choose(stage, "account").press("pane.zoom");
    });
}

#[test]
fn everything_of_a_service_is_one_text() {
    picture("services-explained", down(), MIDDLE, |stage| {
        open(stage).press("item.explain");
    });
}

#[test]
fn a_cycle_and_long_names_are_drawn_too() {
    let catalog = "[[service]]\nname = 'gate'\ntier = 'supporting'\n\
        depends_on = ['a-service-with-a-name-that-nobody-would-want-to-type-eu-west-1', 'cart']\n\
        [[service]]\nname = 'a-service-with-a-name-that-nobody-would-want-to-type-eu-west-1'\n\
        depends_on = ['ledger', 'bank-of-somebody-else']\n\
        [[service]]\nname = 'cart'\ndepends_on = ['orders']\n\
        [[service]]\nname = 'orders'\ndepends_on = ['cart', 'ledger']\n\
        [[service]]\nname = 'ledger'\ntier = 'foundation'\nowner = '日本語の長い名前のチーム'\n";
    for size in [SMALL, MIDDLE] {
        picture("services-cycle", Scene::at_the_start().with_catalog(catalog), size, |stage| {
            choose(stage, "orders");
        });
    }
}

/// Ten layers of two hundred, everybody standing on four of the layer before.
fn many() -> String {
    let mut text = String::new();
    for n in 0..2_000_usize {
        let tier = ["foundation", "core", "core", "supporting"][n / 500];
        let layer = n / 200;
        let needs: Vec<_> = (0..4)
            .filter(|_| layer > 0)
            .map(|k| format!("service-{:04}", (layer - 1) * 200 + (n * 7 + k * 53) % 200))
            .collect();
        let _ =
            writeln!(text, "[[service]]\nname = 'service-{n:04}'\ntier = '{tier}'\ndepends_on = {needs:?}");
    }
    text
}

#[test]
fn two_thousand_services_are_a_list_a_neighbourhood_and_a_map() {
    let scene = || Scene::at_the_start().with_catalog(&many());
    picture("services-many", scene(), MIDDLE, |stage| {
        choose(stage, "service-0450");
    });
    picture("services-many-map", scene(), LARGE, |stage| {
        choose(stage, "service-0450").press("graph.farther").press("graph.farther");
    });
}

#[test]
fn every_page_of_a_service_says_something() {
    let mut stage = Stage::new(down(), 120, 40);
    open(&mut stage);
    for page in
        ["Overview", "Depends", "Checks", "Failures", "Modes", "Deploy", "Capacity", "Alarms", "Signals"]
    {
        let said = stage.picture();
        let below = said.split("roles\n").next().unwrap().lines().filter(|line| line.len() > 60).count();
        assert!(said.contains(page) && below > 3, "{page}: {said}");
        stage.press("pane.next");
    }
}

/// The texts of a file, each with its key.
fn texts(key: &str, value: &toml::Value, found: &mut Vec<(String, String)>) {
    match value {
        toml::Value::String(text) => {
            let said = text.parse().map_or_else(|_| text.clone(), Span::exact);
            found.push((key.to_owned(), said));
        }
        toml::Value::Array(all) => all.iter().for_each(|it| texts(key, it, found)),
        toml::Value::Table(table) => {
            table.iter().for_each(|(below, it)| texts(&format!("{key}.{below}"), it, found));
        }
        _ => {}
    }
}

/// Not told in words: which kind a metric is of, which is for those who query it.
const NOT_TOLD: [&str; 2] = [".metric.group", ".type"];

#[test]
fn what_a_file_says_of_a_service_is_on_its_pages() {
    let file = include_str!("../catalog/payment-api.toml");
    let mut said = Vec::new();
    texts("", &toml::Value::Table(toml::from_str(file).unwrap()), &mut said);
    let nested = file.lines().map(|line| match line.strip_prefix("[[").or(line.strip_prefix('[')) {
        Some(key) => format!("{}service.{key}\n", &line[..line.len() - key.len()]),
        None => format!("{line}\n"),
    });
    let catalog = format!("[[service]]\n{}", nested.collect::<String>());
    let mut stage = Stage::new(Scene::at_the_start().with_catalog(&catalog), 200, 700);
    choose(&mut stage, "PaymentAPI").press("item.explain");
    let picture = stage.picture();
    let bare = |text: &str| text.replace(|c: char| c.is_whitespace() || c == '│', "");
    let shown = bare(picture.split("roles\n").next().unwrap());
    let missing: Vec<_> = said
        .iter()
        .filter(|(key, text)| !NOT_TOLD.iter().any(|not| key.ends_with(not)) && !shown.contains(&bare(text)))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_service_without_more_than_a_name_has_no_empty_parts() {
    let scene = Scene::at_the_start()
        .with_catalog("[[service]]\nname = 'bare'\n[service.logs]\n[service.alerting]\n");
    let mut stage = Stage::new(scene, 200, 200);
    choose(&mut stage, "bare").press("item.explain");
    let said = stage.picture();
    for nothing in [
        "Dashboards",
        "Documents",
        "Logs",
        "Traces",
        "How alerts are answered",
        "a line when",
        "and not",
        "tries",
    ] {
        assert!(!said.contains(nothing), "{nothing}: {said}");
    }
}

#[test]
fn news_moves_neither_the_cursor_nor_what_is_chosen() {
    let mut stage = Stage::new(down(), 120, 40);
    choose(&mut stage, "audit");
    let chosen = |stage: &mut Stage| {
        let said = stage.picture();
        said.lines().find(|line| line.contains('▸')).unwrap().split_whitespace().nth(2).map(str::to_owned)
    };
    assert_eq!(chosen(&mut stage).as_deref(), Some("audit-service"));
    stage.change(|scene| *scene = Scene::of_built_in("payments-migration", "2026-03-16T15:45:00Z"));
    assert_eq!(chosen(&mut stage).as_deref(), Some("audit-service"));
}

#[test]
fn the_graph_moves_and_comes_back() {
    let mut stage = Stage::new(Scene::at_the_start().with_catalog(&many()), 120, 40);
    choose(&mut stage, "service-0450").press("graph.farther");
    let before = stage.picture();
    for verb in ["graph.right", "graph.down"] {
        stage.press(verb);
        assert_ne!(stage.picture(), before, "{verb}");
        stage.press(if verb == "graph.right" { "graph.left" } else { "graph.up" });
        assert_eq!(stage.picture(), before, "{verb}");
    }
    for _ in 0..200 {
        stage.press("graph.left").press("graph.up");
    }
    stage.press("filter.clear").press("graph.farther");
    stage.press("graph.nearer");
    assert!(stage.picture().contains("service-0450"));
}
