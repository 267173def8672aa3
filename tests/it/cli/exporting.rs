//! The post-mortem pack from the shell: where it goes, what it leaves alone, and what it answers.

use super::Shell;
use serde_json::Value;
use std::fs;

#[test]
fn a_pack_is_written_again_with_the_same_bytes_and_never_over_an_edit() {
    let shell = Shell::declared();
    shell.done(&["note", "f the lock is held https://example.org/log"]);
    let first = shell.json(&["export", "--json"]);
    assert_eq!(first["schema"], "sitroom/export/1");
    let folder = shell.path(first["folder"].as_str().unwrap());
    let markdown = folder.join("postmortem.md");
    let before = fs::read_to_string(&markdown).unwrap();
    shell.done(&["export"]);
    assert_eq!(fs::read_to_string(&markdown).unwrap(), before);
    fs::write(&markdown, "my own words\n").unwrap();
    fs::write(folder.join("notes.txt"), "kept").unwrap();
    let said = shell.done(&["export"]);
    assert!(said.contains("postmortem.new.md (beside postmortem.md, which somebody edited"), "{said}");
    assert_eq!(fs::read_to_string(&markdown).unwrap(), "my own words\n");
    assert_eq!(fs::read_to_string(folder.join("postmortem.new.md")).unwrap(), before);
    assert_eq!(fs::read_to_string(folder.join("notes.txt")).unwrap(), "kept");
    let hash = before.rsplit("hash ").next().unwrap().trim().trim_end_matches('.').to_owned();
    assert!(shell.done(&["journal", "verify", "--at", &hash]).contains("is record 2"));
    shell.run(&["journal", "verify", "--at", &"0".repeat(64)]).complains(
        1,
        "no record of",
        "another journal",
    );
}

#[test]
fn an_incident_with_little_in_it_is_not_good_enough_to_send() {
    let shell = Shell::declared();
    let answer = shell.run(&["export", "--check"]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("say the goal") && answer.out.contains("not good enough to send yet"));
    assert!(shell.done(&["export", "--dry-run", "--redact"]).contains("would write postmortems/"));
    assert!(!shell.path("postmortems").exists());
}

#[test]
fn templates_are_written_out_and_taken_back() {
    let shell = Shell::declared();
    shell.done(&["export", "--write-templates", "mine"]);
    shell.run(&["export", "--write-templates", "mine"]).complains(1, "is there already", "move it away");
    fs::write(shell.path("mine/postmortem.md"), "only {{ incident.title }}\n").unwrap();
    let first = shell.json(&["export", "--templates", "mine", "--format", "markdown", "--json"]);
    let folder = shell.path(first["folder"].as_str().unwrap());
    assert_eq!(fs::read_to_string(folder.join("postmortem.md")).unwrap(), "only Checkout fails\n");
    assert!(!folder.join("postmortem.html").exists());
    fs::write(shell.path("mine/postmortem.md"), "{% if %}").unwrap();
    shell.run(&["export", "--templates", "mine"]).complains(2, "postmortem.md cannot be used", "begin again");
}

#[test]
fn what_stands_beside_an_edit_and_is_edited_in_its_turn_is_left_alone_too() {
    let shell = Shell::declared();
    let first = shell.json(&["export", "--format", "markdown", "--json"]);
    let folder = shell.path(first["folder"].as_str().unwrap());
    for file in ["postmortem.md", "postmortem.new.md"] {
        fs::write(folder.join(file), format!("mine: {file}\n")).unwrap();
        shell.done(&["export", "--format", "markdown"]);
    }
    assert_eq!(fs::read_to_string(folder.join("postmortem.md")).unwrap(), "mine: postmortem.md\n");
    assert_eq!(fs::read_to_string(folder.join("postmortem.new.md")).unwrap(), "mine: postmortem.new.md\n");
    assert!(fs::read_to_string(folder.join("postmortem.new-2.md")).unwrap().contains("# Post-mortem pack"));
}

#[test]
fn the_configuration_says_where_packs_go_and_how_they_look() {
    let shell = Shell::declared();
    shell.done(&["export", "--write-templates", "home/config/looks"]);
    fs::write(shell.path("home/config/looks/postmortem.md"), "house style: {{ incident.id }}\n").unwrap();
    shell.configure("[export]\nfolder = \"packs\"\ntemplates = \"looks\"\n");
    let answer = shell.json(&["export", "--json"]);
    let folder = shell.path(answer["folder"].as_str().unwrap());
    assert!(folder.starts_with(shell.home().join("config/packs")), "{}", folder.display());
    assert_eq!(fs::read_to_string(folder.join("postmortem.md")).unwrap(), "house style: INC-1\n");
    shell.configure("[export]\ntemplates = \"nowhere\"\n");
    shell.run(&["export"]).complains(2, "there is no such folder", "--write-templates");
}

#[test]
fn who_may_come_in_is_hidden_without_having_taken_part() {
    let shell = Shell::declared();
    shell.done(&["note", "n we rang lee at home"]);
    fs::write(
        shell.configure("").with_file_name("people.toml"),
        "[[person]]\nname = \"lee\"\nrights = \"respond\"\n",
    )
    .unwrap();
    let answer = shell.json(&["export", "--redact", "--json"]);
    let folder = shell.path(answer["folder"].as_str().unwrap());
    let text = fs::read_to_string(folder.join("postmortem.md")).unwrap();
    assert!(text.contains("we rang person-") && !text.contains("dana"), "{text}");
}

#[test]
fn what_was_known_when_it_was_declared_comes_from_the_kept_signals() {
    let shell = Shell::new();
    shell.done(&["emit", "alarm", "--service", "checkout", "--name", "errors", "--state", "alarm"]);
    shell.done(&["incident", "declare", "--title", "Checkout fails", "--sev", "2", "--service", "checkout"]);
    let answer = shell.json(&["export", "--json"]);
    let folder = shell.path(answer["folder"].as_str().unwrap());
    let pack: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("postmortem.json")).unwrap()).unwrap();
    assert_eq!(pack["known"][0]["moment"], "declared");
    assert_eq!(pack["known"][0]["known"]["signals"], 1);
    assert_eq!(pack["services"][0]["name"], "checkout");
    assert!(pack["services"][0]["described"].is_null(), "no catalog says anything of it");
}

#[test]
fn formats_are_named_with_commas_between_them_and_a_merged_duplicate_is_not_the_last_incident() {
    let shell = Shell::declared();
    shell.done(&["incident", "declare", "--title", "Checkout fails too", "--sev", "2"]);
    shell.done(&["incident", "merge", "2", "1"]);
    shell.done(&["incident", "resolve"]);
    let out = shell.path("packs");
    let said = shell.done(&["export", "--out", out.to_str().unwrap(), "--format", "md,csv"]);
    assert!(said.contains("inc-1-checkout-fails") && !said.contains("postmortem.html"), "{said}");
    assert!(said.contains("postmortem.md") && said.contains("timeline.csv"), "{said}");
}
