//! The roles: everything a screen can mean by the look of a cell, in one table.
//!
//! Screens name roles and never colours. The code is the letter a role has in the grids of screen tests.

use std::fmt;
use std::str::FromStr;

/// How well a role must be told from what it is drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Legibility {
    /// Text that is read: a contrast of 4.5 at least.
    Read,
    /// Text that may stand back: 3 at least.
    Quiet,
    /// Lines and shapes, which say nothing by themselves.
    Drawn,
}

impl Legibility {
    /// The least contrast, as WCAG measures it.
    pub const fn floor(self) -> f64 {
        match self {
            Self::Read => 4.5,
            Self::Quiet => 3.0,
            Self::Drawn => 1.2,
        }
    }
}

macro_rules! roles {
    ($($role:ident, $code:literal, $name:literal, $legibility:ident, $doc:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role {
            $(#[doc = $doc] $role,)*
        }

        impl Role {
            pub const ALL: [Self; [$($code),*].len()] = [$(Self::$role,)*];

            /// The name in a theme file.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$role => $name,)*
                }
            }

            pub const fn code(self) -> char {
                match self {
                    $(Self::$role => $code,)*
                }
            }

            pub const fn doc(self) -> &'static str {
                match self {
                    $(Self::$role => $doc,)*
                }
            }

            pub const fn legibility(self) -> Legibility {
                match self {
                    $(Self::$role => Legibility::$legibility,)*
                }
            }
        }
    };
}

roles! {
    Text, 't', "text", Read, "What is read; its background is the background of every screen";
    Dim, 'd', "dim", Quiet, "What may stand back: ages, units, sources";
    Strong, 's', "strong", Read, "The word that counts in a line";
    Accent, 'a', "accent", Read, "The one colour that is not a severity: where to look first";
    Title, 'T', "title", Read, "The title of a pane";
    Border, 'b', "border", Drawn, "The line between panes";
    Selection, 'S', "selection", Read, "The line under the cursor: its marker and its text";
    Match, 'm', "match", Read, "The letters a filter found";
    Key, 'k', "key", Read, "A key in a hint";
    Bar, 'h', "bar", Read, "The header and the status line";
    BarDim, 'H', "bar-dim", Quiet, "What may stand back in the header and the status line";
    Tab, 'n', "tab", Read, "The name of a screen";
    TabActive, 'N', "tab-active", Read, "The name of the screen that is shown";
    Ok, 'g', "ok", Read, "As it should be";
    Elevated, 'e', "elevated", Read, "Worth watching";
    Degraded, 'D', "degraded", Read, "Worse than promised";
    Critical, 'C', "critical", Read, "Broken now";
    Info, 'i', "info", Read, "Good to know";
    Stale, 'z', "stale", Quiet, "Older than it should be";
    Link, 'l', "link", Read, "Something that can be opened";
    Input, 'I', "input", Read, "What is typed into a field";
    Cursor, 'c', "cursor", Read, "The place where typing goes";
    Placeholder, 'p', "placeholder", Quiet, "What an empty field says";
    Toast, 'o', "toast", Read, "A passing message";
    Error, 'E', "error", Read, "What went wrong";
    Fact, 'f', "fact", Read, "An entry that is known to be so";
    Hypothesis, 'y', "hypothesis", Read, "An entry that may be so";
    Decision, 'v', "decision", Read, "An entry that decides";
    ActionEntry, 'x', "action-entry", Read, "An entry that says what somebody did";
    Comms, 'u', "comms", Read, "An entry that says what was told to whom";
    Question, 'q', "question", Read, "An entry that asks";
    Note, 'w', "note", Read, "Any other entry";
    TagAws, 'A', "tag-aws", Read, "The tag of a signal from AWS";
    TagGit, 'G', "tag-git", Read, "The tag of a pull request or a review";
    TagConfig, 'F', "tag-config", Read, "The tag of a change of configuration or scale";
    TagOther, 'O', "tag-other", Read, "The tag of any other signal";
    Chart, 'r', "chart", Quiet, "The line of a chart";
    ChartBaseline, 'R', "chart-baseline", Drawn, "What is usual, behind the line of a chart";
    ChartMark, 'M', "chart-mark", Quiet, "A moment marked on a chart or on the time axis";
    Overlay, 'V', "overlay", Read, "What lies over a screen";
    TimeTravel, 'P', "time-travel", Read, "The word that this is not now";
    Demo, 'X', "demo", Read, "The word that this is a scenario";
}

impl Role {
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::from_name(text).ok_or_else(|| format!("`{text}` is not a role"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_role_has_a_name_a_letter_and_a_line_of_its_own() {
        let names: BTreeSet<_> = Role::ALL.map(Role::name).into();
        let codes: BTreeSet<_> = Role::ALL.map(Role::code).into();
        let docs: BTreeSet<_> = Role::ALL.map(Role::doc).into();
        assert_eq!([names.len(), codes.len(), docs.len()], [Role::ALL.len(); 3]);
        assert!(codes.iter().all(char::is_ascii_alphabetic));
    }

    #[test]
    fn a_role_is_found_by_its_name() {
        for (place, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!((role.name().parse(), role.index()), (Ok(role), place));
        }
    }
}
