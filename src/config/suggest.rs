//! "Did you mean": the known word nearest to a mistyped one.

/// Below this two words are not the same word misspelled.
const ALIKE: f64 = 0.7;

/// The nearest of the candidates, when one is near enough to be worth a question.
pub(super) fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&typed, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            is_alike(*distance, typed.chars().count().max(candidate.chars().count()))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn is_alike(distance: usize, length: usize) -> bool {
    distance as f64 <= (1.0 - ALIKE) * length as f64 || (distance == 1 && length > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        let words = ["region", "profile", "me"];
        assert_eq!(nearest("regoin", words), Some("region"));
        assert_eq!(nearest("Region", words), Some("region"));
        assert_eq!(nearest("colour", words), None);
        assert_eq!(nearest("", words), None);
    }
}
