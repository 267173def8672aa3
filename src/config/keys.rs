//! Every key and every section of the configuration, once. To add a setting, give it a field in [`Settings`] with
//! its default, and a line here.

use super::Loaded;
use super::settings::Settings;
use super::value::{Value, Wrong};
use crate::domain::Span;
use crate::domain::problem::nearest;
use toml::de::DeValue;

/// One setting: its name in the file, what it is for, and how it gets in and out of the settings.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub doc: &'static str,
    /// TOML, as it would stand behind the `=`.
    pub example: &'static str,
    pub also: &'static [Also],
    wants: fn() -> String,
    read: fn(&mut Settings, &DeValue<'_>) -> Result<(), Wrong>,
    write: fn(&Settings) -> Option<String>,
    reset: fn(&mut Settings, Settings),
}

/// Where a setting may come from besides the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Also {
    /// The variable counts when nothing else says anything.
    Fallback(&'static str),
    /// The variable, whatever it holds, means this value, and goes over the file.
    Means(&'static str, &'static str),
    /// The command line goes over everything.
    Flag(&'static str),
}

#[derive(Debug)]
pub struct Section {
    pub name: &'static str,
    pub doc: &'static str,
    pub shape: Shape,
    pub mend: Mend,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Only the keys of the table.
    Keys,
    /// Tables named by the user, kept as they are; the example shows one.
    Tables { example: &'static str },
}

/// What a mistake costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// The one value keeps its default.
    Value,
    /// Its parts make sense only together: the whole section is off.
    Section,
}

/// What an unknown key may stand for.
#[derive(Debug)]
pub(super) enum Meant {
    Beside(&'static str),
    Elsewhere(&'static Key),
}

macro_rules! key {
    ($first:ident $(. $rest:ident)*, $doc:literal, $example:literal, $also:expr) => {
        Key {
            name: concat!(stringify!($first) $(, ".", stringify!($rest))*),
            doc: $doc,
            example: $example,
            also: $also,
            wants: || wants_of(|settings| &settings.$first$(.$rest)*),
            read: |settings, value| {
                settings.$first$(.$rest)* = Value::read(value)?;
                Ok(())
            },
            write: |settings| settings.$first$(.$rest)*.write(),
            reset: |settings, defaults| settings.$first$(.$rest)* = defaults.$first$(.$rest)*,
        }
    };
}

use Also::{Fallback, Flag, Means};

pub const KEYS: &[Key] = &[
    key!(
        room,
        "The name of the room. With one, the cockpit opens its journal and signals; a scenario brings its own.",
        r#""payments-prod""#,
        &[]
    ),
    key!(
        me,
        "Who you are in the journal: one word, as others would write it after an @.",
        r#""dana""#,
        &[Fallback("USER"), Flag("--as")]
    ),
    key!(
        read_only,
        "Nothing is changed: not the journal, nor the signals, the people or the configuration, by anybody who comes in here. An export is still written.",
        "true",
        &[Flag("--read-only")]
    ),
    key!(
        catalog,
        "What the team runs: a folder, or a file with a [[service]] for each service. `sitroom catalog init` begins one.",
        r#""catalog""#,
        &[]
    ),
    key!(
        ui.theme,
        "The theme, by its name in `sitroom themes`. Empty takes the terminal's own 16 colours.",
        r#""dusk""#,
        &[Flag("--theme")]
    ),
    key!(
        ui.keymap,
        "The keymap, by its name. Empty takes the built-in one.",
        r#""vim""#,
        &[Flag("--keymap")]
    ),
    key!(
        ui.ascii,
        "Draw with ASCII only, for terminals and fonts that know nothing else.",
        "true",
        &[Flag("--ascii")]
    ),
    key!(ui.mouse, "Take mouse clicks. Selecting text with the mouse then needs Shift.", "true", &[]),
    key!(
        ui.color,
        "How many colours to use. `auto` goes by what the terminal says of itself.",
        r#""16""#,
        &[Means("NO_COLOR", "never"), Flag("--no-color")]
    ),
    key!(
        ui.time_zone,
        "The zone shown beside UTC: `local`, `utc` or an IANA name. `local` goes by TZ, then by the system.",
        r#""Europe/Berlin""#,
        &[]
    ),
    key!(
        ui.notify,
        "How the terminal is told that a clock of an incident has run out: it rings, or notifies.",
        r#""osc9""#,
        &[]
    ),
    key!(ui.screen, "The screen to open on.", r#""incident""#, &[]),
    key!(
        journal.path,
        "Where the journal is kept. Empty is `journal.sqlite` in the data directory.",
        r#""/srv/sitroom/payments.sqlite""#,
        &[]
    ),
    key!(
        store.retention,
        "How long signals are kept. Findings look back 72 hours, so no less than that.",
        r#""90d""#,
        &[]
    ),
    key!(log.level, "How much goes into the log.", r#""debug""#, &[]),
    key!(log.keep, "How long old logs are kept.", r#""30d""#, &[]),
    key!(
        policy.ic_within,
        "From declaring a SEV-1 or SEV-2 until somebody has taken command.",
        r#""5m""#,
        &[]
    ),
    key!(
        policy.first_update_within,
        "From somebody taking command until the first update for customers.",
        r#""20m""#,
        &[]
    ),
    key!(policy.update_every.sev1, "Between two internal updates of a SEV-1.", r#""15m""#, &[]),
    key!(policy.update_every.sev2, "Between two internal updates of a SEV-2.", r#""45m""#, &[]),
    key!(policy.update_every.sev3, "Between two internal updates of a SEV-3.", r#""2h""#, &[]),
    key!(policy.elapsed_call_out, "Between two reminders of how long the incident has run.", r#""15m""#, &[]),
    key!(policy.roles_unclaimed_after, "Until roles that nobody has taken are named, once.", r#""5m""#, &[]),
    key!(probe.allow_private, "Whether health checks may ask loopback and private addresses.", "true", &[]),
    key!(
        export.folder,
        "The folder that post-mortem packs go into. Empty is `postmortems` where sitroom was started.",
        r#""~/postmortems""#,
        &[]
    ),
    key!(
        export.templates,
        "A folder with templates of your own for them; `sitroom export --write-templates DIR` begins one.",
        r#""templates""#,
        &[]
    ),
    key!(scenario.name, "A built-in scenario, by its name in `sitroom demo --list`.", r#""bad-deploy""#, &[]),
    key!(scenario.file, "A scenario of your own.", r#""drills/failover.toml""#, &[]),
    key!(scenario.speed, "How many times faster than the wall it plays.", "60.0", &[]),
];

pub const SECTIONS: &[Section] = &[
    Section { name: "", doc: "", shape: Shape::Keys, mend: Mend::Value },
    Section { name: "ui", doc: "What a session looks like.", shape: Shape::Keys, mend: Mend::Value },
    Section {
        name: "journal",
        doc: "The record of everything people did and decided.",
        shape: Shape::Keys,
        mend: Mend::Value,
    },
    Section { name: "store", doc: "Signals kept for looking back.", shape: Shape::Keys, mend: Mend::Value },
    Section {
        name: "log",
        doc: "What the program writes about itself, in the state directory.",
        shape: Shape::Keys,
        mend: Mend::Value,
    },
    Section {
        name: "policy",
        doc: "The clocks of an incident. Any of them can be \"off\".",
        shape: Shape::Keys,
        mend: Mend::Value,
    },
    Section { name: "export", doc: "The post-mortem pack.", shape: Shape::Keys, mend: Mend::Value },
    Section {
        name: "probe",
        doc: "The health checks of the catalog that have a url, run from here.",
        shape: Shape::Keys,
        mend: Mend::Value,
    },
    Section {
        name: "rules",
        doc: "Thresholds of the diagnosis, one table for each rule. The enter key on a finding names its rule.",
        shape: Shape::Tables { example: "review-turnaround]\nratio = 2.0" },
        mend: Mend::Value,
    },
    Section {
        name: "aws",
        doc: "Accounts to read from, one table for each; its name is what the sources are called. docs/SOURCES_AWS.md has every key.",
        shape: Shape::Tables { example: "prod]\nprofile = \"prod-read\"\nregions = [\"eu-west-1\"]" },
        mend: Mend::Value,
    },
    Section {
        name: "scenario",
        doc: "A file of timed signals that plays instead of live sources. Give a name or a file.",
        shape: Shape::Keys,
        mend: Mend::Section,
    },
    Section {
        name: "github",
        doc: "Accounts on GitHub, one table each, with a name of your choice. url is for Enterprise: its /api/v3. In place of a token, app, installation and private_key are a GitHub App. SOURCES.md has the permissions.",
        shape: Shape::Tables {
            example: "work]\nrepositories = [\"acme/ledger\", \"acme/checkout\"]\ntoken = { command = [\"gh\", \"auth\", \"token\"] }\ninterval = \"60s\"\nhistory = \"30d\"",
        },
        mend: Mend::Value,
    },
    Section {
        name: "bitbucket",
        doc: "Accounts on Bitbucket Cloud, one table each. In place of a token, user and password are an app password or API token, client and client_secret an OAuth client. SOURCES.md has the scopes.",
        shape: Shape::Tables {
            example: "work]\nrepositories = [\"acme/ledger\"]\ntoken = { env = \"BITBUCKET_TOKEN\" }\ninterval = \"3m\"\nhistory = \"30d\"",
        },
        mend: Mend::Value,
    },
];

/// What no single value shows: the key it is reported at, whether it is so, what is wrong, and the fix.
type Check = (&'static str, fn(&Settings) -> bool, &'static str, &'static str);

const CHECKS: &[Check] = &[
    (
        "scenario.file",
        |settings| settings.scenario.name.is_some() && settings.scenario.file.is_some(),
        "scenario.name and scenario.file both say what to play",
        "keep one of them",
    ),
    (
        "store.retention",
        |settings| settings.store.retention < Span::hours(72),
        "store.retention is shorter than the 72 hours that findings look back",
        r#"write retention = "3d" or more"#,
    ),
];

impl Key {
    pub fn find(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// The last part of the name, as it stands in its section.
    pub fn short(&self) -> &'static str {
        let section = section_of(self.name).name;
        self.name.strip_prefix(section).map_or(self.name, |rest| rest.trim_start_matches('.'))
    }

    /// Completes "it must be …".
    pub fn wants(&self) -> String {
        (self.wants)()
    }

    pub fn read(&self, settings: &mut Settings, value: &DeValue<'_>) -> Result<(), Wrong> {
        (self.read)(settings, value)
    }

    /// Its value as TOML; nothing when it is not set and TOML cannot say so.
    pub fn write(&self, settings: &Settings) -> Option<String> {
        (self.write)(settings)
    }
}

impl Section {
    /// What a problem in this section disables.
    pub(super) fn disabled(&self) -> Option<&'static str> {
        (self.mend == Mend::Section).then_some(self.name)
    }

    pub fn keys(&self) -> impl Iterator<Item = &'static Key> {
        KEYS.iter().filter(|key| section_of(key.name).name == self.name)
    }
}

/// The innermost section a key belongs to, known or not.
pub fn section_of(key: &str) -> &'static Section {
    let within = SECTIONS.iter().filter(|section| !section.name.is_empty() && is_within(key, section.name));
    within.max_by_key(|section| section.name.len()).unwrap_or(&SECTIONS[0])
}

/// Whether a name stands for a table: a section, or what leads to one or to a dotted key.
pub(super) fn is_table(name: &str) -> bool {
    SECTIONS.iter().any(|section| section.name == name || is_within(section.name, name))
        || KEYS.iter().any(|key| is_within(key.name, name))
}

/// What may have been meant by an unknown key: one beside it, or the same name elsewhere.
pub(super) fn meant(table: &str, typed: &str) -> Option<Meant> {
    let full = |name: &'static str| if table.is_empty() { Some(name) } else { beyond(name, table) };
    let names = KEYS.iter().map(|key| key.name).chain(SECTIONS.iter().map(|section| section.name));
    let beside = names.filter_map(full).filter_map(|name| name.split('.').next());
    if let Some(near) = nearest(typed, beside) {
        return Some(Meant::Beside(near));
    }
    let elsewhere = |key: &&Key| key.name.rsplit('.').next() == Some(typed);
    KEYS.iter().find(elsewhere).map(Meant::Elsewhere)
}

/// Looks at the settings as a whole; what is wrong gets its default back.
pub(super) fn check(loaded: &mut Loaded) {
    for (name, is_wrong, what, fix) in CHECKS {
        if is_wrong(&loaded.settings) {
            loaded.problems.push(loaded.problem(name, (*what).to_owned(), (*fix).to_owned()));
            let section = section_of(name);
            for key in section.keys().filter(|key| section.mend == Mend::Section || key.name == *name) {
                reset(loaded, key);
            }
        }
    }
}

/// Takes back whatever was read of the sections that are off.
pub(super) fn switch_off(loaded: &mut Loaded) {
    for key in KEYS {
        if loaded.is_off(section_of(key.name).name) {
            reset(loaded, key);
        }
    }
}

fn reset(loaded: &mut Loaded, key: &Key) {
    (key.reset)(&mut loaded.settings, Settings::default());
    loaded.origins.remove(key.name);
}

fn is_within(name: &str, table: &str) -> bool {
    beyond(name, table).is_some()
}

fn beyond<'a>(name: &'a str, table: &str) -> Option<&'a str> {
    name.strip_prefix(table)?.strip_prefix('.')
}

fn wants_of<V: Value>(_: fn(&Settings) -> &V) -> String {
    V::wants()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_one_line_and_a_section() {
        for (index, key) in KEYS.iter().enumerate() {
            assert!(KEYS[..index].iter().all(|other| other.name != key.name), "{} twice", key.name);
            assert!(key.doc.ends_with('.') && !key.doc.contains('\n'), "{}", key.name);
            let top = key.name.split_once('.').map_or("", |(top, _)| top);
            assert!(section_of(key.name).name.starts_with(top), "{} is in no section", key.name);
        }
    }

    #[test]
    fn an_unknown_key_is_looked_for_beside_and_elsewhere() {
        let beside = |table, typed| match meant(table, typed) {
            Some(Meant::Beside(name)) => name,
            _ => "",
        };
        assert_eq!(beside("ui", "them"), "theme");
        assert_eq!(beside("", "polcy"), "policy");
        assert_eq!(beside("policy.update_every", "sve2"), "sev2");
        assert!(matches!(meant("", "theme"), Some(Meant::Elsewhere(key)) if key.name == "ui.theme"));
        assert!(meant("ui", "zzz").is_none());
    }
}
