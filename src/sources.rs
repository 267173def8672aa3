//! To come: sources.
