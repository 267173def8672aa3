//! Reading a goal, by recursive descent over the tokens of a phrase.

use super::what::{Row, Takes};
use super::{Goal, Measure, Of, Stat, Target, WHATS, Way, What, Yields};
use crate::domain::id::{SeriesName, ServiceName};
use crate::domain::phrase::{Amount, Compare, Fault, Piece, Tokens, span};
use crate::domain::time::Span;

/// How far a series is looked back on when nothing is said.
const USUAL: Span = Span::days(7);

pub(super) fn goal(text: &str) -> Result<Goal, Fault> {
    let mut tokens = Tokens::of(text)?;
    let (measure, yields) = measure(&mut tokens)?;
    let target = target(&mut tokens, yields)?;
    tokens.ends()?;
    Ok(Goal { measure, target })
}

/// What is measured, and what kind of number that is where it is known before the catalog is.
fn measure(tokens: &mut Tokens<'_>) -> Result<(Measure, Option<Yields>), Fault> {
    let wanted = || format!("what to measure: {}, or a series such as `api/5xx`", known());
    let name = match tokens.peek() {
        Some(Piece::Quoted(name)) => name,
        Some(Piece::Run(run)) => match What::of_word(run) {
            Some(row) => {
                tokens.take();
                return room(tokens, row).map(|measure| (measure, Some(row.yields)));
            }
            None => run,
        },
        _ => return Err(tokens.fault(wanted())),
    };
    let is_series =
        name.split_once('/').is_some_and(|(service, metric)| !service.is_empty() && !metric.is_empty());
    if !is_series {
        return Err(tokens.fault(wanted()));
    }
    tokens.take();
    let stat = stat(tokens).unwrap_or(Stat::Mean);
    let window = if tokens.takes_word("over") { span(tokens)? } else { USUAL };
    Ok((Measure::Series { series: SeriesName::new(name), stat, window }, None))
}

/// `(vector: configuration, 14d)`, and which number of many.
fn room(tokens: &mut Tokens<'_>, row: &'static Row) -> Result<Measure, Fault> {
    if !tokens.takes(Piece::Open) {
        return Err(tokens.fault(format!("how far to look back, as in `{}(14d)`", row.word)));
    }
    let (mut of, mut window) = (Of::default(), None);
    loop {
        argument(tokens, row, &mut of, &mut window)?;
        if tokens.takes(Piece::Close) {
            break;
        }
        if !tokens.takes(Piece::Comma) {
            return Err(tokens.fault("`,` or `)`"));
        }
    }
    let Some(window) = window else {
        return Err(
            tokens.fault(format!("how far to look back in the parentheses, as in `{}(14d)`", row.word))
        );
    };
    let stat = if row.yields == Yields::Length { stat(tokens) } else { None };
    Ok(Measure::Room { what: row.what, of, stat, window })
}

/// `14d`, `vector: configuration`, `service:api`.
fn argument(
    tokens: &mut Tokens<'_>,
    row: &'static Row,
    of: &mut Of,
    window: &mut Option<Span>,
) -> Result<(), Fault> {
    let Some(Piece::Run(run)) = tokens.peek() else { return Err(tokens.fault(wanted(row.takes))) };
    let Some((key, value)) = run.split_once(':') else {
        if window.is_some() {
            return Err(tokens.fault(format!("one window in `{}`", row.word)));
        }
        *window = Some(span(tokens)?);
        return Ok(());
    };
    let Takes { vector, service, label } = row.takes;
    let slot = match key.to_ascii_lowercase().as_str() {
        "vector" if vector => 0,
        "service" if service => 1,
        "label" if label => 2,
        _ => return Err(tokens.fault(wanted(row.takes))),
    };
    let name = if value.is_empty() {
        tokens.take();
        match tokens.peek() {
            Some(Piece::Run(name) | Piece::Quoted(name)) if !name.is_empty() => name,
            _ => return Err(tokens.fault(format!("the name of the {key}"))),
        }
    } else {
        value
    };
    match slot {
        0 => of.vector = Some(name.to_owned()),
        1 => of.service = Some(ServiceName::new(name)),
        _ => of.label = Some(name.trim_start_matches('#').to_owned()),
    }
    tokens.take();
    Ok(())
}

fn wanted(takes: Takes) -> String {
    let keys = [
        (takes.vector, "`vector: NAME`"),
        (takes.service, "`service: NAME`"),
        (takes.label, "`label: NAME`"),
    ];
    let keys: Vec<_> = keys.into_iter().filter(|(is_taken, _)| *is_taken).map(|(_, key)| key).collect();
    format!("how far to look back, such as `14d`, or {}", keys.join(", "))
}

fn known() -> String {
    WHATS.iter().map(|row| row.word).collect::<Vec<_>>().join(", ")
}

fn stat(tokens: &mut Tokens<'_>) -> Option<Stat> {
    Stat::ALL.into_iter().find(|stat| tokens.takes_word(stat.word()))
}

fn target(tokens: &mut Tokens<'_>, yields: Option<Yields>) -> Result<Target, Fault> {
    if tokens.takes_word("vs") {
        return change(tokens);
    }
    let Some(compare) = compare(tokens) else {
        return Err(tokens.fault("what it is to come to: `> 90 %`, or `vs baseline down 60 %`"));
    };
    let at = tokens.fault(yields.map_or_else(String::new, wanted_unit));
    let amount = Amount::read(tokens)?;
    match yields {
        Some(yields) if amount.in_unit(yields.unit()).is_none() => Err(at),
        _ => Ok(Target::Limit(compare, amount)),
    }
}

fn compare(tokens: &mut Tokens<'_>) -> Option<Compare> {
    let compare = match tokens.peek()? {
        Piece::Compare(compare) => compare,
        Piece::Run(word) => Compare::of_word(word)?,
        _ => return None,
    };
    tokens.take();
    Some(compare)
}

fn change(tokens: &mut Tokens<'_>) -> Result<Target, Fault> {
    if !tokens.takes_word("baseline") {
        return Err(tokens.fault("`baseline`"));
    }
    let way = [Way::Down, Way::Up].into_iter().find(|way| tokens.takes_word(way.word()));
    let Some(way) = way else { return Err(tokens.fault("`down` or `up`")) };
    let at = tokens.fault("by how many percent, such as `60 %`");
    let by = tokens.takes_number().ok_or_else(|| at.clone())?;
    if !tokens.takes(Piece::Percent) && !tokens.takes_word("percent") {
        return Err(tokens.fault("`%`"));
    }
    if by < 0.0 { Err(at) } else { Ok(Target::Change(way, by)) }
}

fn wanted_unit(yields: Yields) -> String {
    match yields {
        Yields::Percent => "a share, such as `90 %`",
        Yields::Count => "a count, such as `3`",
        Yields::Length => "how long, such as `15 min`",
    }
    .to_owned()
}
