//! A section of a retro as Markdown, to an editor and back.

use super::{ID, Life, at};
use sitroom::domain::event::*;
use sitroom::domain::retro::{Kind, SECTIONS, depth, read, write};
use sitroom::domain::{Intent, RetroId};

fn life() -> Life {
    let mut life = Life::declared(Severity::Sev2, 0);
    let link = Evidence::Link { url: "https://example.org".into() };
    let support =
        Support { evidence: "the metrics".into(), grounds: vec![Ground::Evidence { evidence: link }] };
    let factor = RetroContent::Factor {
        cluster: Cluster::Process,
        text: "The playbook was stale".into(),
        support,
        made_sense: "it had worked\nin autumn".into(),
        fix: String::new(),
    };
    life.says("dana", 1, Intent::WriteItem(ID, factor));
    life
}

fn why(of: Option<u32>, text: &str) -> Intent {
    let of = of.map(RetroId);
    let support = Support::default();
    Intent::WriteItem(ID, RetroContent::Why { of, text: text.into(), answer: String::new(), support })
}

fn taken(life: &Life, change: impl Fn(String) -> String) -> Result<Vec<Intent>, Vec<String>> {
    let section = &SECTIONS[2];
    let given = write(section, life.incident());
    let said = change(given.clone());
    let read = read(section, life.incident(), &given, &said);
    read.map_err(|wrong| wrong.iter().map(ToString::to_string).collect())
}

#[test]
fn what_comes_back_as_it_went_out_changes_nothing() {
    assert_eq!(taken(&life(), |text| text), Ok(Vec::new()));
}

#[test]
fn a_line_that_was_changed_changes_that_and_loses_nothing_else() {
    let life = life();
    let intents = taken(&life, |text| text.replace("fix: ", "fix: date every playbook")).unwrap();
    let RetroContent::Factor { cluster, text, support, made_sense, .. } =
        life.incident().retro.items[&RetroId(1)].content.clone()
    else {
        panic!("a factor")
    };
    let fix = "date every playbook".into();
    let content = RetroContent::Factor { cluster, text, support, made_sense, fix };
    assert_eq!(intents, [Intent::ReviseItem(ID, RetroId(1), content, None)]);
}

#[test]
fn a_row_that_is_new_is_written_and_one_that_is_gone_is_struck() {
    let added = taken(&life(), |text| text + "\n## why\nof: R1\ntext: Why was it stale?\n");
    assert_eq!(added, Ok(vec![why(Some(1), "Why was it stale?")]));
    let emptied = taken(&life(), |_| String::new());
    assert_eq!(emptied, Ok(vec![Intent::StrikeItem(ID, RetroId(1), String::new())]));
}

#[test]
fn what_cannot_be_read_is_named_with_its_line_and_nothing_is_taken() {
    let text = "## factor\ncluster: kitchen\ntext: x\n\n## cause\n\n## why\ntext\nmood: bad\n";
    let wrong = taken(&life(), |_| text.to_owned()).unwrap_err();
    let starts = [
        "line 5: `cause` is none of factor, why, root-cause",
        "line 8: write `name: text`",
        "line 9: a why has no `mood`",
    ];
    assert_eq!(wrong.len(), starts.len(), "{wrong:?}");
    assert!(wrong.iter().zip(starts).all(|(said, start)| said.starts_with(start)), "{wrong:?}");
    let wrong = taken(&life(), |_| "## factor\ncluster: kitchen\ntext: x\n".to_owned()).unwrap_err();
    assert!(wrong[0].starts_with("line 2: cluster: `kitchen` is none of tech"), "{wrong:?}");
    let wrong = taken(&life(), |_| "\n## factor\ncluster: tech\n".to_owned()).unwrap_err();
    assert_eq!(wrong, ["line 2: text: a factor needs it"]);
}

#[test]
fn whys_are_a_tree_below_what_they_ask_about() {
    let mut life = life();
    for (of, text) in [(None, "alone"), (Some(1), "first"), (Some(3), "second"), (Some(1), "other")] {
        life.says("dana", 2, why(of, text));
    }
    let kind = Kind::of(&life.incident().retro.items[&RetroId(2)].content);
    let tree: Vec<_> = kind
        .rows(life.incident())
        .into_iter()
        .map(|item| (item.content.text().to_owned(), depth(life.incident(), item)))
        .collect();
    let wanted = [("first", 0), ("second", 1), ("other", 0), ("alone", 0)];
    assert_eq!(tree, wanted.map(|(text, depth)| (text.to_owned(), depth)));
}

#[test]
fn a_watch_is_one_line_and_reads_back() {
    let mut life = life();
    let section = &SECTIONS[5];
    let said = "## kill-criterion\nsignal: IC late\nwatch: command-late 90m, sev 2, from 2026-03-16, window 60d, count 2\n";
    let intents = read(section, life.incident(), "", said).unwrap();
    life.says("dana", 3, intents[0].clone());
    let text = write(section, life.incident());
    assert!(
        text.contains("watch: command-late 90m, sev 2, from 2026-03-16, window 60d, count 2\n"),
        "{text}"
    );
    let wrong =
        read(section, life.incident(), "", "## kill-criterion\nsignal: x\nwatch: full moon\n").unwrap_err();
    assert_eq!(wrong[0].line, 3);
    assert_eq!(life.incident().retro.items.values().last().unwrap().written_at, at(3));
}
