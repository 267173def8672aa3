//! Where a key is pressed: the contexts a keymap has a section for, and the order they are asked in.

use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Everywhere but in an input field or a question.
    Global,
    /// Any list: moving, filtering, and what can be done with the line under the cursor.
    List,
    /// The feed of signals.
    Feed,
    /// The lines of logs, in the place of the feed.
    Logs,
    /// The incident's timeline.
    Incident,
    /// The services of the catalog.
    Services,
    /// What has to be signed off, objectives and runbooks.
    Readiness,
    /// The plan: failure vectors, phases, risks.
    Plan,
    /// The detail of one finding, signal or entry.
    Detail,
    /// The retro of an incident.
    Retro,
    Help,
    /// The list of themes, each shown as the cursor reaches it.
    Themes,
    /// The list of verbs, below its query.
    Palette,
    /// A short list of things to do.
    Menu,
    /// The work board of an incident.
    Board,
    /// A question that wants yes or no.
    Confirm,
    /// An input field: a filter, the palette's query, the scribe line.
    Text,
    /// An entry over many lines.
    Editor,
}

impl Context {
    pub const ALL: [Self; 18] = [
        Self::Global,
        Self::List,
        Self::Feed,
        Self::Logs,
        Self::Incident,
        Self::Services,
        Self::Readiness,
        Self::Plan,
        Self::Detail,
        Self::Retro,
        Self::Help,
        Self::Themes,
        Self::Palette,
        Self::Menu,
        Self::Board,
        Self::Confirm,
        Self::Text,
        Self::Editor,
    ];

    /// The name of its section in a keymap file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::List => "list",
            Self::Feed => "feed",
            Self::Logs => "logs",
            Self::Incident => "incident",
            Self::Services => "services",
            Self::Readiness => "readiness",
            Self::Plan => "plan",
            Self::Detail => "detail",
            Self::Retro => "retro",
            Self::Help => "help",
            Self::Themes => "themes",
            Self::Palette => "palette",
            Self::Menu => "menu",
            Self::Board => "board",
            Self::Confirm => "confirm",
            Self::Text => "text",
            Self::Editor => "editor",
        }
    }

    /// The contexts asked when this one is in front, innermost first.
    pub const fn stack(self) -> &'static [Self] {
        match self {
            Self::Global => &[Self::Global],
            Self::List => &[Self::List, Self::Global],
            Self::Feed => &[Self::Feed, Self::List, Self::Global],
            Self::Logs => &[Self::Logs, Self::List, Self::Global],
            Self::Incident => &[Self::Incident, Self::List, Self::Global],
            Self::Services => &[Self::Services, Self::List, Self::Global],
            Self::Readiness => &[Self::Readiness, Self::List, Self::Global],
            Self::Plan => &[Self::Plan, Self::List, Self::Global],
            Self::Detail => &[Self::Detail, Self::List, Self::Global],
            Self::Retro => &[Self::Retro, Self::List, Self::Global],
            Self::Help => &[Self::Help, Self::List, Self::Global],
            Self::Themes => &[Self::Themes, Self::List, Self::Global],
            Self::Palette => &[Self::Palette, Self::Text],
            Self::Menu => &[Self::Menu, Self::List, Self::Global],
            Self::Board => &[Self::Board, Self::Global],
            Self::Confirm => &[Self::Confirm],
            Self::Text => &[Self::Text],
            Self::Editor => &[Self::Editor],
        }
    }

    /// Whether keys it does not bind stay with it: an input field types them, and a question waits for its answer.
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::Text | Self::Editor | Self::Confirm)
    }

    pub(super) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Context {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|context| context.name() == text)
            .ok_or_else(|| format!("`{text}` is not a context"))
    }
}
