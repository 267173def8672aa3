//! A span in words, `2 minutes`, as people write it into a sentence.

use super::Fault;
use super::tokens::{Piece, Tokens};
use crate::domain::time::Span;

const UNITS: [(&str, &[&str], i64); 5] = [
    ("day", &["d", "day", "days"], 86_400_000),
    ("hour", &["h", "hour", "hours"], 3_600_000),
    ("minute", &["m", "min", "minute", "minutes"], 60_000),
    ("second", &["s", "sec", "second", "seconds"], 1_000),
    ("millisecond", &["ms", "millisecond", "milliseconds"], 1),
];

/// Longer than this nobody means.
const LONGEST: f64 = 3_653.0 * 86_400_000.0;

/// `2 minutes`, `2m`, `1h30m`, `90 s`; longer than nothing.
pub fn span(tokens: &mut Tokens<'_>) -> Result<Span, Fault> {
    let wanted = tokens.fault("how long, such as `2 minutes`");
    if let Some(Piece::Run(run)) = tokens.peek()
        && let Ok(span) = run.parse::<Span>()
        && span > Span::ZERO
        && span.as_millis() as f64 <= LONGEST
    {
        tokens.take();
        return Ok(span);
    }
    let number = tokens.takes_number().ok_or_else(|| wanted.clone())?;
    let Some(Piece::Run(word)) = tokens.peek() else {
        return Err(tokens.fault("a unit of time, such as `minutes`"));
    };
    let word = word.to_ascii_lowercase();
    let Some((.., millis)) = UNITS.iter().find(|(_, written, _)| written.contains(&word.as_str())) else {
        return Err(tokens.fault("a unit of time, such as `minutes`"));
    };
    let millis = (number * *millis as f64).round();
    if !(1.0..=LONGEST).contains(&millis) {
        return Err(wanted);
    }
    tokens.take();
    Ok(Span::millis(millis as i64))
}

/// In the largest unit that loses nothing: `2 minutes`, `1 hour`, `90 seconds`.
pub fn say_span(span: Span) -> String {
    let millis = span.as_millis();
    let fits = |(.., unit): &&(&str, &[&str], i64)| millis % unit == 0;
    let (word, _, unit) = UNITS.iter().find(fits).unwrap_or(&UNITS[UNITS.len() - 1]);
    let count = millis / unit;
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Span, Fault> {
        let mut tokens = Tokens::of(text)?;
        let span = span(&mut tokens)?;
        tokens.ends().map(|()| span)
    }

    #[test]
    fn a_span_is_read_however_people_write_it() {
        for (text, says) in [
            ("2 minutes", "2 minutes"),
            ("1m", "1 minute"),
            ("1h30m", "90 minutes"),
            ("90 sec", "90 seconds"),
            ("1.5 min", "90 seconds"),
            ("60 s", "1 minute"),
            ("3 Days", "3 days"),
        ] {
            assert_eq!(say_span(read(text).unwrap()), says, "{text}");
        }
        for wrong in ["", "2", "0 minutes", "-2 minutes", "2 apples", "99999999999999 days", "minutes"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
