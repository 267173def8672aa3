//! The shipped keymaps, what lookups mean, and what a broken keymap file is told.

use sitroom::keymap::{Chord, Context, Keymap, Lookup, Next, SHIPPED, Verb, reference};
use std::collections::BTreeSet;
use std::fs;

fn keys(text: &str) -> Vec<Chord> {
    Chord::sequence(text).unwrap()
}

fn press(keymap: &Keymap, context: Context, text: &str) -> Lookup {
    keymap.lookup(context.stack(), &keys(text))
}

/// A keymap over nothing but what the test writes, which must be right.
fn keymap(text: &str) -> Keymap {
    let (keymap, problems) = Keymap::read("keys.toml", text);
    assert_eq!(problems, []);
    keymap
}

fn problems(text: &str) -> Vec<String> {
    Keymap::read("keys.toml", text).1.iter().map(ToString::to_string).collect()
}

#[test]
fn the_shipped_keymaps_have_nothing_wrong() {
    for (name, text) in SHIPPED {
        let (keymap, problems) = Keymap::read(name, text);
        assert_eq!(problems, [], "{name}");
        assert_eq!(Some(keymap), Keymap::shipped(name), "{name}");
    }
}

#[test]
fn the_default_keymap_binds_every_verb_somewhere_it_makes_sense() {
    let keymap = Keymap::default();
    for verb in Verb::ALL {
        let is_bound = Context::ALL.into_iter().any(|context| !keymap.keys_for(*verb, context).is_empty());
        assert!(is_bound, "{verb} has no key");
    }
}

#[test]
fn the_three_keymaps_reach_the_same_verbs_in_every_context() {
    for context in Context::ALL {
        let verbs = |keymap: &Keymap| -> BTreeSet<_> {
            keymap.bindings_in(context.stack()).into_iter().map(|binding| binding.verb).collect()
        };
        let expected = verbs(&Keymap::default());
        for (name, _) in SHIPPED {
            assert_eq!(verbs(&Keymap::shipped(name).unwrap()), expected, "{name} in [{context}]");
        }
    }
}

#[test]
fn there_is_a_way_out_of_everywhere() {
    let ways_out = [Verb::AppQuit, Verb::OverlayClose, Verb::ConfirmNo, Verb::TextCancel];
    for (name, _) in SHIPPED {
        let keymap = Keymap::shipped(name).unwrap();
        for context in Context::ALL {
            let bindings = keymap.bindings_in(context.stack());
            assert!(bindings.iter().any(|binding| ways_out.contains(&binding.verb)), "{name} in [{context}]");
        }
    }
}

#[test]
fn no_shipped_key_is_one_that_terminals_send_as_another() {
    let ambiguous = ["ctrl-i", "ctrl-m", "ctrl-h", "ctrl-[", "alt-[", "alt-O"];
    for (name, _) in SHIPPED {
        let keymap = Keymap::shipped(name).unwrap();
        for binding in Context::ALL.into_iter().flat_map(|context| keymap.bindings(context)) {
            let has_one = binding.keys.split(' ').any(|chord| ambiguous.contains(&chord));
            assert!(!has_one, "{name}: {}", binding.keys);
        }
    }
}

#[test]
fn an_input_field_types_every_plain_key() {
    for (name, _) in SHIPPED {
        let keymap = Keymap::shipped(name).unwrap();
        for context in [Context::Text, Context::Palette] {
            for typed in (' '..='~').map(|c| if c == ' ' { "space".to_owned() } else { c.to_string() }) {
                assert_eq!(press(&keymap, context, &typed), Lookup::None, "{name}: {typed} in [{context}]");
            }
        }
    }
}

#[test]
fn the_innermost_context_that_knows_a_key_has_it() {
    let keymap = Keymap::default();
    assert_eq!(press(&keymap, Context::Feed, "f"), Lookup::Verb(Verb::FeedFollow));
    assert_eq!(press(&keymap, Context::Feed, "j"), Lookup::Verb(Verb::ListDown));
    assert_eq!(press(&keymap, Context::Feed, "q"), Lookup::Verb(Verb::AppQuit));
    assert_eq!(press(&keymap, Context::Help, "q"), Lookup::Verb(Verb::OverlayClose));
    assert_eq!(press(&keymap, Context::List, "f"), Lookup::None);
}

#[test]
fn nothing_falls_through_a_field_or_a_question() {
    let keymap = Keymap::default();
    let under = |inner: Context| [inner, Context::Feed, Context::List, Context::Global];
    assert_eq!(keymap.lookup(&under(Context::Text), &keys("q")), Lookup::None);
    assert_eq!(keymap.lookup(&under(Context::Editor), &keys("enter")), Lookup::None);
    assert_eq!(keymap.lookup(&under(Context::Confirm), &keys("D")), Lookup::None);
    assert_eq!(keymap.lookup(&under(Context::Text), &keys("esc")), Lookup::Verb(Verb::TextCancel));
    assert_eq!(press(&keymap, Context::Palette, "down"), Lookup::Verb(Verb::ListDown));
    assert_eq!(press(&keymap, Context::Palette, "ctrl-w"), Lookup::Verb(Verb::TextDeleteWord));
}

#[test]
fn a_prefix_says_what_may_follow_in_every_context_behind_it() {
    let vim = Keymap::shipped("vim").unwrap();
    let Lookup::Pending(next) = press(&vim, Context::List, "g") else { panic!("g begins sequences") };
    let next: Vec<_> = next.iter().map(|(chord, next)| (chord.to_string(), *next)).collect();
    for wanted in [("g", Verb::ListTop), ("t", Verb::ScreenNext)] {
        assert!(next.contains(&(wanted.0.to_owned(), Next::Verb(wanted.1))), "{next:?}");
    }
    assert_eq!(press(&vim, Context::List, "g g"), Lookup::Verb(Verb::ListTop));
    assert_eq!(press(&vim, Context::List, "g t"), Lookup::Verb(Verb::ScreenNext));
    assert_eq!(press(&vim, Context::List, "g x"), Lookup::None);
}

#[test]
fn a_verb_of_an_inner_context_hides_sequences_that_begin_with_it() {
    let keymap = keymap("[global]\n\"F x\" = \"app.redraw\"\n[feed]\n\"F\" = \"feed.follow\"\n");
    assert_eq!(press(&keymap, Context::Feed, "F"), Lookup::Verb(Verb::FeedFollow));
    assert_eq!(press(&keymap, Context::Feed, "F x"), Lookup::None);
    assert_eq!(press(&keymap, Context::List, "F x"), Lookup::Verb(Verb::AppRedraw));
    assert_eq!(keymap.keys_in(Verb::AppRedraw, Context::Feed.stack()), ["ctrl-l"]);
    assert_eq!(keymap.keys_in(Verb::AppRedraw, Context::List.stack()), ["F x", "ctrl-l"]);
}

#[test]
fn ones_own_keys_win_and_are_the_first_a_hint_shows() {
    let keymap = keymap("[list]\n\"s\" = \"filter.open\"\n\"g i\" = \"item.copy\"\n\"y\" = false\n");
    assert_eq!(keymap.keys_for(Verb::FilterOpen, Context::List), ["s", "/"]);
    assert_eq!(keymap.keys_for(Verb::ItemCopy, Context::List), ["g i"]);
    assert_eq!(keymap.keys_for(Verb::ListTop, Context::List), ["home"]);
    assert_eq!(press(&keymap, Context::List, "y"), Lookup::None);
}

#[test]
fn everything_wrong_is_said_at_once_and_the_rest_works() {
    let text = r#"inherits = "vi"
"x" = "app.quit"
[lists]
[feed]
"F" = "feed.folow"
"f" = 3
"retrun" = "feed.follow"
"ctrl-" = "feed.follow"
"a" = "feed.follow"
"b b" = "feed.follow"
"b" = "feed.follow"
"a a" = "feed.follow"
"shift-a" = "list.up"
"A" = "list.down"
"e" = "text.accept"
"D" = false
"Z" = false
"#;
    assert_eq!(
        problems(text),
        [
            "keys.toml:1: there is no keymap `vi`; did you mean \"vim\"?",
            "keys.toml:2: `x` stands outside any section; put it below [global] or the context it is for",
            "keys.toml:3: `lists` is not a context; did you mean \"list\"?",
            "keys.toml:5: `feed.folow` is not a verb; did you mean \"feed.follow\"?",
            "keys.toml:6: `f` wants the name of a verb; write it in quotes, or `false` to unbind the key",
            "keys.toml:7: `retrun` is not a key; write j, G, ctrl-z, alt-x, shift-tab, f1, enter, or several with blanks between: g g",
            "keys.toml:8: no key is named; write j, G, ctrl-z, alt-x, shift-tab, f1, enter, or several with blanks between: g g",
            "keys.toml:11: `b` is a verb and also begins longer sequences in [feed]; take out one of the two",
            "keys.toml:12: `a a` begins with a key that already is feed.follow in [feed]; take out one of the two",
            "keys.toml:14: `A` is bound twice in [feed], first to list.up; take out one of the two",
            "keys.toml:15: `text.accept` makes no sense in [feed]; it belongs in [text], [editor]",
            "keys.toml:16: `D` is not bound in [feed], so there is nothing to unbind; it is bound in [global]",
            "keys.toml:17: `Z` is not bound in [feed], so there is nothing to unbind; take the line out",
        ]
    );
    let (keymap, _) = Keymap::read("keys.toml", text);
    assert_eq!(press(&keymap, Context::Feed, "a"), Lookup::Verb(Verb::FeedFollow));
    assert_eq!(press(&keymap, Context::Feed, "j"), Lookup::Verb(Verb::ListDown));
}

#[test]
fn a_file_that_is_no_toml_leaves_the_default_keys() {
    let (keymap, problems) = Keymap::read("keys.toml", "[feed]\n\"f\" = \n");
    assert_eq!(keymap, Keymap::default());
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].line, problems[0].file.as_str()), (2, "keys.toml"));
}

#[test]
fn the_reference_of_keys_is_what_the_tables_say() {
    let is_true = fs::read_to_string(KEYS).unwrap() == reference::markdown();
    assert!(is_true, "run the test that writes it");
}

#[test]
#[ignore = "writes docs/KEYS.md anew"]
fn write_the_reference_of_keys() {
    fs::write(KEYS, reference::markdown()).unwrap();
}

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/KEYS.md");
