//! Whether an answer is good: its status is one of those declared, and it contains what it has to.

use super::ask::Question;
use super::trouble::Trouble;
use reqwest::Response;

/// More of an answer than this is not read.
pub(super) const MOST: usize = 64 << 10;

/// What was read of an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Read {
    body: Vec<u8>,
    pub is_cut_off: bool,
}

impl Read {
    /// Reads to the end, or as far as is ever read.
    pub async fn of(mut response: Response) -> Result<Self, reqwest::Error> {
        let mut read = Self::default();
        while let Some(piece) = response.chunk().await? {
            let room = MOST - read.body.len();
            read.body.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.len() > room {
                read.is_cut_off = true;
                break;
            }
        }
        Ok(read)
    }

    pub fn bytes(&self) -> usize {
        self.body.len()
    }
}

/// A status that may be good by itself; redirects are only followed where they are not.
pub(super) fn is_good(question: &Question, status: u16) -> bool {
    if question.status.is_empty() { (200..300).contains(&status) } else { question.status.contains(&status) }
}

pub(super) fn judge(question: &Question, status: u16, read: &Read) -> Result<(), Trouble> {
    if !is_good(question, status) {
        return Err(Trouble::Status(status));
    }
    let Some(expect) = &question.expect else { return Ok(()) };
    let is_there = read.body.windows(expect.len()).any(|window| window == expect.as_bytes());
    match read.is_cut_off {
        _ if is_there => Ok(()),
        true => Err(Trouble::TooLarge { read: read.bytes(), expect: expect.clone() }),
        false => Err(Trouble::Lies(expect.clone())),
    }
}
