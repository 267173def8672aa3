//! The reference of keys, `docs/KEYS.md`, made from the table of verbs and the shipped keymaps.
