//! The environment as data, and what it says of the terminal.
//!
//! The binary reads the process's environment once and hands it over; it may hold secrets, so it prints only names.

use super::choice::Color;
use super::value::Zone;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt;

/// The variables sitroom looks at, with what they do; secrets may name others.
pub const VARIABLES: &[(&str, &str)] = &[
    ("SITROOM_HOME", "Configuration, data and state are all under this directory, as with `--home`."),
    ("SITROOM_CONFIG", "The configuration file, as with `--config`."),
    ("USER", "Who you are, unless `me` or `--as` says so."),
    ("NO_COLOR", "Set to anything, no colours are used."),
    ("COLORTERM", "`truecolor` or `24bit` when the terminal has all colours."),
    ("TERM", "The terminal's kind: `dumb` has no colours, `…-256color` has 256."),
    ("TMUX", "Set inside tmux, through which copied text then has to pass."),
    ("SSH_CONNECTION", "Set in a session over SSH."),
    ("LANG", "The encoding the terminal expects; `LC_ALL` and `LC_CTYPE` go before it."),
    ("VISUAL", "The editor for long text; then `EDITOR`."),
    ("TZ", "The local time zone."),
    ("HOME", "What `~` in a path stands for."),
];

#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, String>);

/// What the terminal can do, as far as the environment tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    pub colors: Colors,
    pub is_dumb: bool,
    pub is_tmux: bool,
    pub is_remote: bool,
    pub is_utf8: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colors {
    None,
    Sixteen,
    Indexed,
    True,
}

impl Environment {
    /// A variable's value; one that is empty counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub fn editor(&self) -> Option<&str> {
        self.get("VISUAL").or_else(|| self.get("EDITOR"))
    }

    /// The zone a setting stands for here.
    pub fn time_zone(&self, zone: &Zone) -> TimeZone {
        match zone {
            Zone::Utc => TimeZone::UTC,
            Zone::Named(zone) => zone.clone(),
            Zone::Local => self.local_zone().or_else(|| TimeZone::try_system().ok()).unwrap_or(TimeZone::UTC),
        }
    }

    fn local_zone(&self) -> Option<TimeZone> {
        let name = self.get("TZ")?.trim_start_matches(':');
        TimeZone::get(name).or_else(|_| TimeZone::posix(name)).ok()
    }
}

impl Terminal {
    pub fn of(environment: &Environment, color: Color) -> Self {
        let term = environment.get("TERM").unwrap_or_default();
        Self {
            colors: match color {
                Color::Auto => detected(environment, term),
                Color::Never => Colors::None,
                Color::Sixteen => Colors::Sixteen,
                Color::Indexed => Colors::Indexed,
                Color::True => Colors::True,
            },
            is_dumb: term == "dumb",
            is_tmux: environment.get("TMUX").is_some(),
            is_remote: environment.get("SSH_CONNECTION").is_some(),
            is_utf8: is_utf8(environment),
        }
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn detected(environment: &Environment, term: &str) -> Colors {
    let color_term = environment.get("COLORTERM").unwrap_or_default();
    if environment.get("NO_COLOR").is_some() || term == "dumb" {
        Colors::None
    } else if matches!(color_term, "truecolor" | "24bit") || term.ends_with("-direct") {
        Colors::True
    } else if term.contains("256color") {
        Colors::Indexed
    } else if term.ends_with("-mono") || is_of_glass(term) {
        Colors::None
    } else {
        Colors::Sixteen
    }
}

/// `vt100`, `vt220` and their kin, which never had a colour.
fn is_of_glass(term: &str) -> bool {
    term.strip_prefix("vt").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// Only a locale that names another encoding rules UTF-8 out; many machines reached over SSH name none.
fn is_utf8(environment: &Environment) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| environment.get(name));
    let Some((_, encoding)) = locale.and_then(|locale| locale.split_once('.')) else { return true };
    encoding.to_ascii_lowercase().replace('-', "").starts_with("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(variables: &[(&str, &str)], color: Color) -> Terminal {
        Terminal::of(&variables.iter().copied().collect(), color)
    }

    #[test]
    fn colours_go_by_what_the_terminal_says_unless_a_person_says_otherwise() {
        let colors = |variables: &[(&str, &str)]| terminal(variables, Color::Auto).colors;
        assert_eq!(colors(&[("TERM", "xterm")]), Colors::Sixteen);
        assert_eq!(colors(&[("TERM", "xterm-256color")]), Colors::Indexed);
        assert_eq!(colors(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Colors::True);
        assert_eq!(colors(&[("TERM", "dumb"), ("COLORTERM", "truecolor")]), Colors::None);
        assert_eq!(colors(&[("TERM", "vt220")]), Colors::None);
        assert_eq!(colors(&[("TERM", "vte-256color")]), Colors::Indexed);
        assert_eq!(colors(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]), Colors::None);
        assert_eq!(colors(&[("NO_COLOR", "")]), Colors::Sixteen);
        assert_eq!(terminal(&[("NO_COLOR", "1")], Color::Sixteen).colors, Colors::Sixteen);
    }

    #[test]
    fn only_another_encoding_rules_out_utf_8() {
        let utf8 = |variables: &[(&str, &str)]| terminal(variables, Color::Auto).is_utf8;
        assert!(utf8(&[]) && utf8(&[("LANG", "C")]) && utf8(&[("LANG", "de_DE.UTF-8")]));
        assert!(!utf8(&[("LANG", "de_DE.ISO-8859-1")]));
        assert!(utf8(&[("LANG", "de_DE.ISO-8859-1"), ("LC_ALL", "C.utf8")]));
    }

    #[test]
    fn local_time_goes_by_tz() {
        let environment: Environment = [("TZ", ":Asia/Tokyo")].into_iter().collect();
        assert_eq!(environment.time_zone(&Zone::Local).iana_name(), Some("Asia/Tokyo"));
        assert_eq!(environment.time_zone(&Zone::Utc), TimeZone::UTC);
    }

    #[test]
    fn the_environment_prints_no_values() {
        let environment: Environment = [("TOKEN", "s3cret")].into_iter().collect();
        assert_eq!(format!("{environment:?}"), "{\"TOKEN\"}");
    }
}
