//! The `sitroom` binary.

fn main() {}
