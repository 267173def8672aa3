//! What is taken out of a pack that is not for everybody, and that nothing of it is left in any format.

use super::story::{self, ID, Life, told};
use super::written;
use sitroom::domain::event::*;
use sitroom::domain::{Intent, Person};
use sitroom::export::{Format, Hidden, Model, Pack, redact};
use std::collections::BTreeSet;

fn model(life: &Life) -> Model {
    Model::of(life.room.incident(ID).unwrap(), None)
}

fn with_risk(text: &str) -> Life {
    let mut life = told();
    life.row(RetroContent::Risk { text: text.into(), notes: String::new() });
    life
}

fn hidden(text: &str, also: &[&str]) -> (String, Vec<Hidden>) {
    let also: BTreeSet<_> = also.iter().map(|name| Person::new(*name)).collect();
    let (model, hidden) = redact(&model(&with_risk(text)), &also);
    let risk = model.rows.iter().rev().find(|row| matches!(row.content, RetroContent::Risk { .. }));
    (risk.unwrap().content.text().to_owned(), hidden)
}

#[test]
fn names_addresses_and_tokens_are_in_no_format() {
    let text = "asked lee@example.org from 10.0.0.7 with ghp_0123456789abcdefghij and told Sam, and @lee";
    let (model, hidden) = redact(&model(&with_risk(text)), &BTreeSet::new());
    let pack = Pack::of(model);
    for format in Format::ALL {
        let text = written(&pack, *format).to_lowercase();
        for secret in ["lee@", "@lee", "10.0.0.7", "ghp_", "dana", "sam ", "platform-lead"] {
            assert!(!text.contains(secret), "{secret} in {format:?}");
        }
    }
    assert!(hidden.iter().any(|hidden| hidden.was == "10.0.0.7" && hidden.is == "[address]"));
    assert!(hidden.iter().all(|hidden| hidden.times > 0));
}

#[test]
fn people_are_hidden_wherever_they_are_named() {
    for (said, expected) in [
        ("Dana's laptop, dana-laptop.local", "person-1's laptop, person-1-laptop.local"),
        ("told @lee and @lee.", "told @person-3 and @person-3."),
        ("(sam/dana)", "(person-2/person-1)"),
        ("samples and danas are no names", "samples and danas are no names"),
    ] {
        assert_eq!(hidden(said, &[]).0, expected);
    }
}

#[test]
fn who_is_known_to_the_room_is_hidden_without_having_taken_part() {
    assert_eq!(hidden("we rang lee at home", &[]).0, "we rang lee at home");
    assert_eq!(hidden("we rang Lee at home", &["lee"]).0, "we rang person-3 at home");
    assert_eq!(hidden("we rang Lee  Sample twice", &["lee sample"]).0, "we rang person-3 twice");
}

#[test]
fn addresses_and_secrets_are_told_by_their_form() {
    for (said, expected) in [
        ("mail a.b+c@example.org.", "mail [address]."),
        ("from ::1 and fe80::1 and [2001:db8::1]:443", "from [address] and [address] and [[address]]:443"),
        ("10.1.2.3:8080, ip-10-1-2-3.internal", "[address], [address]"),
        ("password: hunter2, token=abc", "password: [token], token=[token]"),
        ("at 14:25 on 2026-03-16 v2.14.3 was fine", "at 14:25 on 2026-03-16 v2.14.3 was fine"),
        ("https://x.example/p?key=AKIA0123456789ABCDEF", "https://x.example/p?key=[token]"),
    ] {
        assert_eq!(hidden(said, &[]).0, expected);
    }
}

#[test]
fn a_preview_names_each_thing_once_with_how_often() {
    let (_, hidden) = hidden("10.0.0.7 and 10.0.0.7", &[]);
    let address: Vec<_> = hidden.iter().filter(|hidden| hidden.is == "[address]").collect();
    assert_eq!((address.len(), address[0].times), (1, 2));
}

#[test]
fn people_may_be_called_like_words_of_the_format() {
    let mut life = told();
    for name in ["open", "fact", "head", "text", "people", "sev2", "2026-03-16", "normal", "drill"] {
        life.says(name, 201, Intent::Write(ID, story::content(EntryKind::Note, "I was here")));
    }
    let (redacted, _) = redact(&model(&life), &BTreeSet::new());
    assert_eq!(redacted.timeline.len(), model(&life).timeline.len());
}
