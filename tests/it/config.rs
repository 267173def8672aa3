//! Configuration as a user meets it: the generated files, the layers, and every message a broken file gets.

use proptest::prelude::*;
use sitroom::config::choice::Screen;
use sitroom::config::keys::{KEYS, Key};
use sitroom::config::{Environment, Loaded, Override, Paths, Settings, init, manual, read, template};
use sitroom::domain::{Person, Span};
use std::fs;
use std::path::{Path, PathBuf};

const NAME: &str = "config.toml";

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn load(toml: &str) -> Loaded {
    read(Path::new(NAME), toml.as_bytes(), &Environment::default(), &[])
}

fn problems(loaded: &Loaded) -> String {
    loaded.problems.iter().map(|problem| format!("{problem}\n")).collect()
}

/// `ui.theme = "x"` as a whole file.
fn line(key: &Key, value: &str) -> String {
    format!("{} = {value}\n", key.name)
}

#[test]
fn every_example_and_every_default_is_accepted() {
    for key in KEYS {
        let loaded = load(&line(key, key.example));
        assert_eq!(problems(&loaded), "", "{}", key.name);
        assert_ne!(loaded.settings, Settings::default(), "the example of {} is its default", key.name);
        assert_eq!(key.write(&loaded.settings).as_deref(), Some(key.example), "{}", key.name);
        if let Some(default) = key.write(&Settings::default()) {
            assert_eq!(load(&line(key, &default)).settings, Settings::default(), "{}", key.name);
        }
    }
}

#[test]
fn the_generated_file_says_the_defaults() {
    let uncommented: String = template::text()
        .lines()
        .map(|line| {
            line.strip_prefix('#').filter(|rest| rest.starts_with(char::is_alphabetic)).unwrap_or(line)
        })
        .map(|line| format!("{line}\n"))
        .collect();
    for text in [template::text(), uncommented.clone()] {
        let loaded = load(&text);
        assert_eq!(problems(&loaded), "");
        assert_eq!(loaded.settings, Settings::default());
    }
    for key in KEYS {
        assert!(uncommented.contains(&format!("\n{} = ", key.short())), "{} is missing", key.name);
    }
}

#[test]
fn the_shipped_files_are_what_the_table_says() {
    for (path, text) in generated() {
        let shipped = fs::read_to_string(at(path)).unwrap_or_default();
        assert!(
            shipped == text,
            "{path} is out of date: cargo test --test it write_the_generated -- --ignored"
        );
    }
}

#[test]
#[ignore = "changes files: for after a change of the table of keys"]
fn write_the_generated_files() {
    for (path, text) in generated() {
        fs::write(at(path), text).unwrap();
    }
}

/// Read what it wrote before keeping it: the words are what a user gets.
#[test]
#[ignore = "changes files: for after a change of the words"]
fn write_what_is_said() {
    for entry in fs::read_dir(at("tests/it/config")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            fs::write(path.with_extension("txt"), said_about(&path)).unwrap();
        }
    }
}

fn generated() -> [(&'static str, String); 2] {
    [("assets/config.toml", template::text()), ("docs/CONFIGURATION.md", manual::markdown())]
}

/// `name.toml` is a broken file, `name.txt` all that is said about it.
#[test]
fn a_broken_file_gets_exactly_these_words() {
    let mut files: Vec<_> =
        fs::read_dir(at("tests/it/config")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() >= 10, "the broken files are gone");
    let wrong: Vec<_> = files.iter().filter_map(|path| difference(path)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn difference(path: &Path) -> Option<String> {
    let expected = fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
    let said = said_about(path);
    (said != expected).then(|| format!("{}\nexpected:\n{expected}\nsaid:\n{said}", path.display()))
}

fn said_about(path: &Path) -> String {
    problems(&read(Path::new(NAME), &fs::read(path).unwrap(), &Environment::default(), &[]))
}

#[test]
fn a_broken_part_leaves_the_rest_working() {
    let loaded = load(
        "me = \"dana\"\nroom = 7\nwat = 1\n[ui]\nmouse = tru\nscreen = \"feed\"\n[scenario]\nname = 3\nspeed = 9\n",
    );
    assert_eq!(loaded.problems.len(), 4, "{}", problems(&loaded));
    assert_eq!(loaded.settings.me, Some(Person::new("dana")));
    assert_eq!(loaded.settings.ui.screen, Screen::Feed);
    assert!(loaded.is_off("scenario") && !loaded.is_off("ui"));
    assert_eq!(loaded.settings.scenario, Settings::default().scenario);
}

#[test]
fn later_layers_go_over_earlier_ones() {
    let environment: Environment = [("USER", "sam"), ("NO_COLOR", "1")].into_iter().collect();
    let layered =
        |toml: &str, overrides: &[Override]| read(Path::new(NAME), toml.as_bytes(), &environment, overrides);
    assert_eq!(layered("", &[]).settings.me, Some(Person::new("sam")));
    assert_eq!(layered("me = \"dana\"", &[]).settings.me, Some(Person::new("dana")));
    let lee = [Override::new("me", "lee"), Override::new("read_only", "true")];
    let loaded = layered("me = \"dana\"\nui.color = \"256\"", &lee);
    assert_eq!(loaded.settings.me, Some(Person::new("lee")));
    assert_eq!(
        loaded.report(),
        "me = \"lee\"  (--as)\nread_only = true  (--read-only)\nui.color = \"never\"  (NO_COLOR)\nconfig.toml: no problems\n"
    );
}

#[test]
fn a_wrong_flag_is_named_as_it_was_given() {
    let loaded =
        read(Path::new(NAME), b"me = \"dana\"", &Environment::default(), &[Override::new("me", "a b")]);
    assert_eq!(
        problems(&loaded),
        "--as: me must be one word without @ or #, not \"a b\"\n  give, for example, --as dana\n"
    );
    assert_eq!(loaded.settings.me, Some(Person::new("dana")));
}

#[test]
fn thresholds_are_kept_for_the_diagnosis_with_their_places() {
    let loaded = load("[rules.slow-reviews]\nmedian = \"36h\"\nleast = 3\n");
    assert_eq!(problems(&loaded), "");
    assert_eq!(loaded.settings.rules["slow-reviews"]["least"].as_integer(), Some(3));
    let problem = loaded.problem("rules.slow-reviews.least", "too few".into(), "write least = 5".into());
    assert_eq!(problem.to_string(), "config.toml:3: too few\n  write least = 5");
}

#[test]
fn a_clock_can_be_set_and_switched_off() {
    let policy =
        load("[policy]\nic_within = \"5m\"\nelapsed_call_out = \"off\"\nupdate_every.sev1 = \"15m\"")
            .settings
            .policy;
    assert_eq!((policy.ic_within, policy.elapsed_call_out), (Some(Span::minutes(5)), None));
    assert_eq!(
        (policy.update_every.sev1, policy.update_every.sev2),
        (Some(Span::minutes(15)), Some(Span::minutes(30)))
    );
}

#[test]
fn what_cannot_be_read_is_said_and_the_defaults_hold() {
    let home = tempfile::tempdir().unwrap();
    let mut paths = Paths::under(home.path());
    let from_disk = |paths: &Paths| sitroom::config::load(paths, &Environment::default(), &[]);
    assert_eq!(problems(&from_disk(&paths)), "");

    paths.config_named = true;
    let file = paths.config_file.display().to_string();
    let missing = from_disk(&paths);
    assert!(
        problems(&missing).starts_with(&format!("{file}: cannot be read: no such file")),
        "{}",
        problems(&missing)
    );
    assert_eq!(missing.settings, Settings::default());

    fs::create_dir_all(&paths.config_file).unwrap();
    assert!(problems(&from_disk(&paths)).starts_with(&format!("{file}: cannot be read: is a directory")));

    fs::remove_dir(&paths.config_file).unwrap();
    fs::write(&paths.config_file, vec![b'#'; 2 << 20]).unwrap();
    assert!(problems(&from_disk(&paths)).starts_with(&format!("{file}: larger than 1024 KiB")));
}

#[test]
fn what_init_writes_is_read_without_a_word() {
    let home = tempfile::tempdir().unwrap();
    let paths = Paths::under(home.path());
    init::write(&paths).unwrap();
    let loaded = sitroom::config::load(&paths, &Environment::default(), &[]);
    assert_eq!((problems(&loaded).as_str(), loaded.settings), ("", Settings::default()));
}

#[test]
fn noise_is_not_listed_without_end() {
    let noise: Vec<u8> = (0..5_000_u32).flat_map(|n| [(n * 7 % 256) as u8, b'\n', 0xff]).collect();
    let loaded = read(Path::new(NAME), &noise, &Environment::default(), &[]);
    assert!((1..=80).contains(&loaded.problems.len()), "{}", loaded.problems.len());
    assert_eq!(loaded.settings, Settings::default());
}

proptest! {
    #[test]
    fn any_bytes_give_settings(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let loaded = read(Path::new(NAME), &bytes, &Environment::default(), &[]);
        if std::str::from_utf8(&bytes).is_err() {
            prop_assert!(!loaded.problems.is_empty());
        }
    }

    /// Closer to TOML than noise is, so it gets further in.
    #[test]
    fn any_jumble_of_toml_gives_settings(parts in proptest::collection::vec(0..PARTS.len(), 0..40)) {
        let text: String = parts.iter().map(|part| PARTS[*part]).collect();
        let loaded = load(&text);
        prop_assert!(loaded.problems.iter().all(|problem| !problem.fix.is_empty()));
        let says_escape = loaded.report().contains('\u{1b}');
        prop_assert!(!says_escape);
    }
}

const PARTS: &[&str] = &[
    "\n",
    "[ui]",
    "[rules.x]",
    "[[ui]]",
    "[",
    "]",
    "{",
    "}",
    "ui",
    ".",
    "theme",
    "mouse",
    " = ",
    "true",
    "\"",
    "\"\"\"",
    "'",
    "é",
    "1e999",
    "99999999999999999999",
    "\u{1b}[2J",
    "scenario",
    "policy.update_every",
    "sev1",
    ",",
    "#",
    "\r\n",
    "\u{feff}",
    "2026-03-16",
    "room",
    "me",
];
