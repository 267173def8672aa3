//! To come: tui.
