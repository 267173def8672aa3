//! What is taken out of a pack that is not for everybody, and that nothing of it is left in any format.

use super::story::{self, ID, Life, told};
use super::written;
use proptest::prelude::*;
use sitroom::domain::event::*;
use sitroom::domain::{EntryId, Intent, Person};
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
fn who_owns_an_entry_or_a_task_is_hidden_without_having_written_anything() {
    let mut life = Life::declared();
    let owned = |owner: &str, text: &str| Content {
        owner: Some(Person::new(owner)),
        ..story::content(EntryKind::Fact, text)
    };
    life.says("dana", 30, Intent::Write(ID, owned("kim", "it fell over")));
    life.says("dana", 31, Intent::Write(ID, story::content(EntryKind::Fact, "we wait for Kim, Ash and Ola")));
    life.says("dana", 32, Intent::Write(ID, owned("ola", "struck again")));
    life.says("dana", 33, Intent::Strike(ID, EntryId(3), String::new()));
    let owner = Some(Person::new("ash"));
    let task = TaskContent { text: "restart it".into(), owner, due: None, call_back: None };
    life.says("dana", 34, Intent::AddTask(ID, task));
    let brief = Brief { condition: "ash restarts it".into(), ..Brief::default() };
    let happened = When::exactly(story::at(35));
    let update = UpdateContent { audience: Audience::Internal, happened, brief, next: None };
    life.says("dana", 35, Intent::PostUpdate(ID, update));
    let pack = Pack::of(redact(&model(&life), &BTreeSet::new()).0);
    for format in Format::ALL {
        let text = written(&pack, *format).to_lowercase();
        for name in ["kim", "ash ", "ola"] {
            assert!(!text.contains(name), "{name} in {format:?}");
        }
    }
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
fn what_is_announced_is_hidden_however_it_is_written() {
    for (said, expected) in [
        ("DB_PASSWORD=hunter2 client_secret=x", "DB_PASSWORD=[token] client_secret=[token]"),
        ("aws_secret_access_key=abc/d+e", "aws_secret_access_key=[token]"),
        ("{\"password\":\"hunter2\",\"id\":7}", "{\"password\":\"[token]\",\"id\":7}"),
        ("{\"password\": \"correct horse\"}", "{\"password\": \"[token]\"}"),
        ("{\"password\":\"\",\"user\":\"ops\"}", "{\"password\":\"\",\"user\":\"ops\"}"),
        ("from postgres://app:hunter2@db/x", "from postgres://app:[token]@db/x"),
        ("Authorization: Bearer abc", "Authorization: [token]"),
        ("sent Bearer abc, and Basic YTpiYw==", "sent Bearer [token], and Basic [token]"),
        ("a basic check passed the token test", "a basic check passed the token test"),
        ("psql --password hunter2", "psql --password [token]"),
        ("was wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY here", "was [token] here"),
        (
            "https://example.org/Org/Some-Repository/pull/123456",
            "https://example.org/Org/Some-Repository/pull/123456",
        ),
    ] {
        assert_eq!(hidden(said, &[]).0, expected);
    }
}

#[test]
fn names_of_any_form_are_hidden_whole() {
    for name in ["Dana O'Neil", "CORP\\lee", "lee (ops)", "1lee", "lee.sample@"] {
        let said = format!("we asked {name}, and \"{}\"; twice", name.to_uppercase());
        assert_eq!(hidden(&said, &[name]).0, "we asked person-3, and \"person-3\"; twice", "{name}");
    }
}

/// Forms in which names and secrets are seen in the wild.
const NAMES: [&str; 8] = ["_", "_ O'Neil", "CORP\\_", "_ (ops)", "1_", "_.sample", "x-_", "The _ Team"];
const SECRETS: [&str; 14] = [
    "DB_PASSWORD=_",
    "client_secret: _",
    "clientSecret='_ and more'",
    "\"api_key\":\"_\"",
    "\\\"token\\\": \\\"_\\\"",
    "postgres://app:_@db/x",
    "app:_@db",
    "Authorization: Bearer _",
    "authorization: _",
    "Bearer _",
    "--token _",
    "ghp_0123456789_",
    "https://example.org/?access_token=_&page=2",
    "export PGPASSWORD=x DB_PASS=\"_\"",
];

fn planted(forms: &'static [&'static str], word: &'static str) -> impl Strategy<Value = (String, String)> {
    let form = |(form, word): (&str, String)| {
        let (before, after) = form.rsplit_once('_').unwrap();
        (format!("{before}{word}{after}"), word)
    };
    (proptest::sample::select(forms), word).prop_map(form)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_planted_is_in_any_format(
        (name, who) in planted(&NAMES, "zq[a-z]{5}"),
        (secret, what) in planted(&SECRETS, "xq[a-z0-9]{6}"),
        around in "[ (,;]{0,2}",
    ) {
        let said = format!("it was{around} {name}{around} who saw {secret} there");
        let mut life = Life::declared();
        life.says("sam", 30, Intent::TakeCommand { incident: ID, relieving: None });
        life.says(&name, 200, Intent::Write(ID, story::content(EntryKind::Fact, &said)));
        life.says(&name, 201, Intent::TakeCommand { incident: ID, relieving: Some(Person::new("sam")) });
        let owner = Some(Person::new(&name));
        life.row(RetroContent::OpenQuestion { text: said.clone(), owner, due: None });
        let pack = Pack::of(redact(&model(&life), &BTreeSet::new()).0);
        for format in Format::ALL {
            let text = written(&pack, *format).to_lowercase();
            prop_assert!(!text.contains(&who), "{name} in {format:?} of {said}");
            prop_assert!(!text.contains(&what), "{secret} in {format:?} of {said}");
        }
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
