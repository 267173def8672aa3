//! What the journal is to count for a kill criterion, on one line: `command-late 10m, sev 2, window 60d, count 2`.

use crate::domain::event::{Measure, Severity, Watch};
use crate::domain::time::Span;
use serde_json::Value;

const FORM: &str = "write command-late 10m, external-update-late 15m or label NAME, then sev 2, from 2026-03-16, \
                    window 60d, count 2";

pub(super) fn read(said: &str) -> Result<Value, String> {
    let mut parts = said.split(',').map(|part| part.trim().split_once(' ').unwrap_or((part.trim(), "")));
    let measure = match parts.next() {
        Some(("command-late", within)) => Measure::CommandLate { within: span(within)? },
        Some(("external-update-late", within)) => Measure::ExternalUpdateLate { within: span(within)? },
        Some(("label", label)) if !label.trim().is_empty() => {
            Measure::Labelled { label: label.trim().trim_start_matches('#').to_owned() }
        }
        _ => return Err(FORM.to_owned()),
    };
    let mut watch = Watch { measure, at_least: None, from: None, window: None, count: 1 };
    for (name, said) in parts {
        match name {
            "sev" => watch.at_least = Some(said.trim().parse::<Severity>()?),
            "from" => watch.from = Some(said.trim().parse()?),
            "window" => watch.window = Some(span(said)?),
            "count" => {
                watch.count = said.trim().parse().map_err(|_| format!("`{said}` is not a number"))?;
            }
            _ => return Err(FORM.to_owned()),
        }
    }
    serde_json::to_value(watch).map_err(|why| why.to_string())
}

pub(super) fn said(value: &Value) -> String {
    let Ok(watch) = serde_json::from_value::<Watch>(value.clone()) else { return String::new() };
    let measure = match &watch.measure {
        Measure::CommandLate { within } => format!("command-late {}", within.exact()),
        Measure::ExternalUpdateLate { within } => format!("external-update-late {}", within.exact()),
        Measure::Labelled { label } => format!("label {label}"),
    };
    let parts = [
        Some(measure),
        watch.at_least.map(|least| format!("sev {}", least.word())),
        watch.from.map(|from| format!("from {from}")),
        watch.window.map(|window| format!("window {}", window.exact())),
        Some(format!("count {}", watch.count)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn span(said: &str) -> Result<Span, String> {
    match said.trim().parse::<Span>()? {
        span if span > Span::ZERO => Ok(span),
        _ => Err(format!("`{said}` has to be longer than nothing")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_back() {
        for line in
            ["command-late 10m, count 1", "command-late 500ms, window 90d, count 2", "label x, count 1"]
        {
            assert_eq!(said(&read(line).unwrap()), line);
        }
    }
}
