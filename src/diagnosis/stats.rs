//! The few robust statistics the rules stand on: medians, spreads, and where a series began to move.
//!
//! Robust because a baseline must not be moved by the very outlier it is there to find. Total: no input panics.

/// Turns a median absolute deviation into what a standard deviation would be on well-behaved data.
const MAD_TO_SIGMA: f64 = 1.4826;

/// A spread of less than this share of the centre is called this much: quantised series have none at all.
const LEAST_SPREAD: f64 = 0.02;

/// How many spreads a single measurement may count for in a cumulative sum.
const MOST_OF_ONE: f64 = 3.0;

/// What a series usually is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Baseline {
    pub center: f64,
    pub spread: f64,
}

impl Baseline {
    pub fn of(values: &mut [f64]) -> Option<Self> {
        let center = median(values)?;
        for value in values.iter_mut() {
            *value = (*value - center).abs();
        }
        let deviation = median(values)? * MAD_TO_SIGMA;
        Some(Self { center, spread: deviation.max(center.abs() * LEAST_SPREAD).max(f64::MIN_POSITIVE) })
    }
}

/// The middle value, or the mean of the middle two. Reorders the values.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    let upper = *values.select_nth_unstable_by(middle, f64::total_cmp).1;
    if !values.len().is_multiple_of(2) {
        return Some(upper);
    }
    let lower = values[..middle].iter().copied().max_by(f64::total_cmp)?;
    Some(f64::midpoint(lower, upper))
}

pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

/// Page's cumulative sum: adds up how far each value lies above the baseline beyond a slack, falling back to zero
/// whenever it is used up. One measurement counts for so much at most, so that a spike long gone is no beginning.
/// Returns where the last climb began, if it climbed past `limit`; that is where the
/// series began to move, long before it crossed any threshold.
pub(super) fn climb_began(values: &[f64], baseline: Baseline, slack: f64, limit: f64) -> Option<usize> {
    let mut sum = 0.0_f64;
    let mut began = None;
    for (place, value) in values.iter().enumerate() {
        let above = ((value - baseline.center) / baseline.spread).min(MOST_OF_ONE);
        sum = (sum + above - slack).max(0.0);
        if sum == 0.0 {
            began = None;
        } else {
            began.get_or_insert(place);
        }
    }
    began.filter(|_| sum > limit)
}

/// Rounded for people: what is kept as evidence reads the same on every machine.
pub(super) fn rounded(value: f64) -> f64 {
    let rounded = (value * 1_000.0).round() / 1_000.0;
    if rounded.is_finite() { rounded } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_median_is_the_middle() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(3.0));
        assert_eq!(median(&mut [3.0, 1.0]), Some(2.0));
        assert_eq!(median(&mut [9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [9.0, 1.0, 2.0, 4.0]), Some(3.0));
    }

    #[test]
    fn an_outlier_does_not_move_a_baseline() {
        let mut values: Vec<f64> = (0..99).map(|n| 10.0 + f64::from(n % 3)).collect();
        values.push(1_000_000.0);
        let baseline = Baseline::of(&mut values).unwrap();
        assert!((baseline.center - 11.0).abs() < 1e-9 && baseline.spread < 2.0);
    }

    #[test]
    fn a_climb_begins_where_the_series_began_to_move() {
        let mut values: Vec<f64> = (0..40).map(|n| if n % 2 == 0 { 0.95 } else { 1.05 }).collect();
        values.extend((1..10).map(|n| 1.0 + f64::from(n) * 0.2));
        let baseline = Baseline { center: 1.0, spread: 0.1 };
        assert_eq!(climb_began(&values, baseline, 1.0, 5.0), Some(40));
        assert_eq!(climb_began(&values[..40], baseline, 1.0, 5.0), None);
    }

    proptest! {
        #[test]
        fn a_median_is_what_sorting_finds(mut values in proptest::collection::vec(-1e6_f64..1e6, 1..60)) {
            let found = median(&mut values).unwrap();
            values.sort_by(f64::total_cmp);
            let n = values.len();
            let sorted = if n % 2 == 1 { values[n / 2] } else { f64::midpoint(values[n / 2 - 1], values[n / 2]) };
            prop_assert_eq!(found, sorted);
        }

        #[test]
        fn no_values_panic(mut values in proptest::collection::vec(any::<f64>(), 0..40)) {
            let baseline = Baseline::of(&mut values);
            climb_began(&values, baseline.unwrap_or(Baseline { center: 0.0, spread: 1.0 }), 1.0, 5.0);
        }
    }
}
