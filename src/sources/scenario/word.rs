//! The words a line may use for states, outcomes and verdicts, and how numbers are spelt in it.

use crate::domain::signal::{AlarmState, Outcome, PullRequestState, Verdict};
use crate::sources::written::Mistake;

pub(super) type Words<T, const N: usize> = [(&'static str, T); N];

pub(super) const OUTCOMES: Words<Outcome, 4> = [
    ("started", Outcome::Started),
    ("succeeded", Outcome::Succeeded),
    ("failed", Outcome::Failed),
    ("rolled-back", Outcome::RolledBack),
];
pub(super) const STATES: Words<AlarmState, 4> = [
    ("ok", AlarmState::Ok),
    ("alarm", AlarmState::Alarm),
    ("no-data", AlarmState::NoData),
    ("gone", AlarmState::Gone),
];
pub(super) const PULL_REQUEST_STATES: Words<PullRequestState, 3> = [
    ("ready", PullRequestState::Ready),
    ("merged", PullRequestState::Merged),
    ("closed", PullRequestState::Closed),
];
pub(super) const VERDICTS: Words<Verdict, 3> = [
    ("approved", Verdict::Approved),
    ("changes-requested", Verdict::ChangesRequested),
    ("commented", Verdict::Commented),
];

pub(super) fn one_of<T: Copy, const N: usize>(
    words: &Words<T, N>,
    thing: &str,
    word: &str,
) -> Result<T, Mistake> {
    let known = words.each_ref().map(|(name, _)| *name);
    words
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, value)| *value)
        .ok_or_else(|| Mistake::unknown(thing, word, &known))
}

pub(super) fn word_of<T: Copy + PartialEq, const N: usize>(words: &Words<T, N>, value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

pub(super) fn state_word(state: AlarmState) -> String {
    word_of(&STATES, state).to_uppercase().replace('-', " ")
}

pub(super) fn number(word: &str) -> Result<u64, Mistake> {
    let wrong = || Mistake::new(format!("`{word}` is not a number"), "write it as #42");
    word.strip_prefix('#').and_then(|digits| digits.parse().ok()).ok_or_else(wrong)
}

/// `+640-172`
pub(super) fn added_and_removed(word: &str) -> Result<(u64, u64), Mistake> {
    word.strip_prefix('+')
        .and_then(|rest| rest.split_once('-'))
        .and_then(|(added, removed)| Some((added.parse().ok()?, removed.parse().ok()?)))
        .ok_or_else(|| Mistake::new(format!("`lines={word}` cannot be read"), "write lines=+640-172"))
}
