//! The `sitroom` binary: reads the process's environment once, hands it over, and ends as it is told.

use sitroom::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    // A variable that is not text cannot be one of ours.
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    cli::run(variables.collect(), std::env::args_os())
}
