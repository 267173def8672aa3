//! To come: theme.
