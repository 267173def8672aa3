//! A line taken apart: runs of characters, names in quotation marks, and the few signs that mean something.
//!
//! A run is left whole here, `5xx` as well as `500ms`: whether it begins with a number is for whoever reads it to
//! ask, since a name may begin with one too.

use super::Fault;
use super::compare::Compare;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token<'a> {
    pub piece: Piece<'a>,
    /// In characters, from 1.
    pub column: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece<'a> {
    Run(&'a str),
    /// What stood between double quotes; there is no way to write a quote inside.
    Quoted(&'a str),
    Compare(Compare),
    Percent,
    Open,
    Close,
    Comma,
}

/// The tokens of a line, and which is next.
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    end: usize,
}

const SIGNS: [(&str, Piece<'static>); 10] = [
    (">=", Piece::Compare(Compare::AtLeast)),
    ("<=", Piece::Compare(Compare::AtMost)),
    ("≥", Piece::Compare(Compare::AtLeast)),
    ("≤", Piece::Compare(Compare::AtMost)),
    (">", Piece::Compare(Compare::Above)),
    ("<", Piece::Compare(Compare::Below)),
    ("%", Piece::Percent),
    ("(", Piece::Open),
    (")", Piece::Close),
    (",", Piece::Comma),
];

impl<'a> Tokens<'a> {
    pub fn of(text: &'a str) -> Result<Self, Fault> {
        let mut tokens = Vec::new();
        let (mut rest, mut column) = (text, 1);
        while let Some(first) = rest.chars().next() {
            let taken = if first.is_whitespace() {
                first.len_utf8()
            } else {
                let (piece, taken) = piece(rest).ok_or_else(|| {
                    Fault::new(column + rest.chars().count(), "a closing quotation mark", "the end")
                })?;
                tokens.push(Token { piece, column });
                taken
            };
            column += rest[..taken].chars().count();
            rest = &rest[taken..];
        }
        Ok(Self { tokens, next: 0, end: column })
    }

    pub fn peek(&self) -> Option<Piece<'a>> {
        self.ahead(0)
    }

    pub fn ahead(&self, by: usize) -> Option<Piece<'a>> {
        self.tokens.get(self.next + by).map(|token| token.piece)
    }

    pub fn take(&mut self) -> Option<Piece<'a>> {
        let piece = self.peek()?;
        self.next += 1;
        Some(piece)
    }

    pub fn is_at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    /// Takes the piece if it is the next.
    pub fn takes(&mut self, piece: Piece<'_>) -> bool {
        let is_next = self.peek() == Some(piece);
        self.next += usize::from(is_next);
        is_next
    }

    /// Takes the next run if it is this word, however it is capitalised.
    pub fn takes_word(&mut self, word: &str) -> bool {
        let is_next = is_word(self.peek(), word);
        self.next += usize::from(is_next);
        is_next
    }

    /// The number the next run begins with; what follows it in the run is the next run then.
    pub fn takes_number(&mut self) -> Option<f64> {
        let Some(Piece::Run(run)) = self.peek() else { return None };
        let length = number_length(run);
        let number = run[..length].parse::<f64>().ok().filter(|number| number.is_finite())?;
        let token = self.tokens.get_mut(self.next)?;
        match &run[length..] {
            "" => self.next += 1,
            rest => *token = Token { piece: Piece::Run(rest), column: token.column + length },
        }
        Some(number)
    }

    /// What is next is not what was expected.
    pub fn fault(&self, expected: impl Into<String>) -> Fault {
        self.fault_at(0, expected)
    }

    /// The same of what comes so many tokens later.
    pub fn fault_at(&self, by: usize, expected: impl Into<String>) -> Fault {
        match self.tokens.get(self.next + by) {
            Some(token) => Fault::new(token.column, expected, token.piece.said()),
            None => Fault::new(self.end, expected, "the end"),
        }
    }

    pub fn ends(&self) -> Result<(), Fault> {
        if self.is_at_end() { Ok(()) } else { Err(self.fault("the end")) }
    }
}

impl Piece<'_> {
    fn said(self) -> String {
        match self {
            Self::Run(text) | Self::Quoted(text) => format!("`{text}`"),
            sign => {
                let written = SIGNS.iter().find(|(_, piece)| *piece == sign).map_or("", |(text, _)| text);
                format!("`{written}`")
            }
        }
    }
}

pub(super) fn is_word(piece: Option<Piece<'_>>, word: &str) -> bool {
    matches!(piece, Some(Piece::Run(run)) if run.eq_ignore_ascii_case(word))
}

/// The piece a text begins with and how many bytes it takes; none for a quotation mark that is not closed.
fn piece(text: &str) -> Option<(Piece<'_>, usize)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let length = quoted.find('"')?;
        return Some((Piece::Quoted(&quoted[..length]), length + 2));
    }
    if let Some((sign, piece)) = SIGNS.iter().find(|(sign, _)| text.starts_with(sign)) {
        return Some((*piece, sign.len()));
    }
    let ends = |c: char| c.is_whitespace() || "><≥≤%(),\"".contains(c);
    let length = text.find(ends).unwrap_or(text.len());
    Some((Piece::Run(&text[..length]), length))
}

/// How many bytes of a run are a number.
pub(super) fn number_length(run: &str) -> usize {
    let digits = |from: usize| run[from..].bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(run.starts_with(['-', '+']));
    let whole = digits(sign);
    if whole == 0 {
        return 0;
    }
    let end = sign + whole;
    let part = if run[end..].starts_with('.') { digits(end + 1) } else { 0 };
    if part == 0 { end } else { end + 1 + part }
}
