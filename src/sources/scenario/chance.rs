//! Chance that comes out the same every time: numbers drawn from a name and a place.

/// A row of numbers that belongs to a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    seed: u64,
}

impl Chance {
    /// FNV-1a over the name.
    pub(super) fn of(name: &str) -> Self {
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { seed }
    }

    /// From -1 to 1, near 0 more often than far from it.
    pub(super) fn around(self, place: u64) -> f64 {
        self.even(place.wrapping_mul(2)) + self.even(place.wrapping_mul(2).wrapping_add(1)) - 1.0
    }

    /// From 0 up to, but not, 1, all alike.
    pub(super) fn even(self, place: u64) -> f64 {
        (self.mixed(place) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The finalising step of SplitMix64.
    fn mixed(self, place: u64) -> u64 {
        let z = self.seed.wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_stays_within_its_bounds_and_has_no_lean() {
        let chance = Chance::of("a/b");
        let drawn: Vec<f64> = (0..10_000).map(|place| chance.around(place)).collect();
        assert!(drawn.iter().all(|noise| (-1.0..1.0).contains(noise)));
        assert!((drawn.iter().sum::<f64>() / 10_000.0).abs() < 0.02);
    }

    #[test]
    fn two_names_share_no_noise() {
        let alike =
            (0..100).filter(|place| Chance::of("a").even(*place) == Chance::of("b").even(*place)).count();
        assert_eq!(alike, 0);
    }
}
