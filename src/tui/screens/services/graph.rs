//! The graph of who stands on whom, drawn in characters: columns from what stands on nothing to what nothing stands on.

pub mod draw;
pub mod plan;

/// How much of the graph is shown, and how large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// The selected service, what it stands on and what stops with it.
    Around,
    /// Everything by name.
    All,
    /// Everything as one sign each.
    Map,
}

impl Zoom {
    pub const fn nearer(self) -> Self {
        match self {
            Self::Around | Self::All => Self::Around,
            Self::Map => Self::All,
        }
    }

    pub const fn farther(self) -> Self {
        match self {
            Self::Around => Self::All,
            Self::All | Self::Map => Self::Map,
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Around => "around it",
            Self::All => "all",
            Self::Map => "map",
        }
    }
}
