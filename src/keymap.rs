//! To come: keymap.
