//! Comparing two samples by their ranks.

/// The median of a sample that is not empty.
pub(crate) fn median(sample: &[f64]) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// The two-sided p of the Mann-Whitney U test (H. B. Mann, D. R. Whitney, 1947), by
/// the normal approximation with the corrections for ties and for continuity: good
/// from about 8 values on either side.
pub(crate) fn mann_whitney(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = one.iter().map(|value| (*value, true)).collect();
    all.extend(other.iter().map(|value| (*value, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut rank_sum, mut ties, mut before) = (0.0, 0.0, 0.0);
    for group in all.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let size = count(group.len());
        // The mean of the ranks that the equal values share.
        rank_sum += count(group.iter().filter(|value| value.1).count()) * (before + f64::midpoint(size, 1.0));
        ties += size.powi(3) - size;
        before += size;
    }
    let (n, m, total) = (count(one.len()), count(other.len()), count(all.len()));
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let deviation = (n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)))).sqrt();
    let z = ((u - n * m / 2.0).abs() - 0.5).max(0.0) / deviation;
    if deviation > 0.0 { erfc(z / std::f64::consts::SQRT_2) } else { 1.0 }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// The complementary error function for `x` from 0 on, to 1.5e-7 (Abramowitz and
/// Stegun, Handbook of Mathematical Functions, 7.1.26).
fn erfc(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let terms = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    terms.iter().fold(0.0, |sum, term| (sum + term) * t) * (-x * x).exp()
}

#[cfg(test)]
mod tests {
    use super::{mann_whitney, median};

    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-5, "{value}, not {expected}");
    }

    #[test]
    fn medians_are_in_the_middle() {
        near(median(&[3.0, 1.0, 2.0]), 2.0);
        near(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    /// The first is the example in the documentation of `scipy.stats.mannwhitneyu`;
    /// the others are worked out by hand.
    #[test]
    fn p_is_what_others_find() {
        near(mann_whitney(&[19.0, 22.0, 16.0, 29.0, 24.0], &[20.0, 11.0, 17.0, 12.0]), 0.111_347);
        near(mann_whitney(&[1.0, 2.0, 3.0, 4.0, 5.0], &[6.0, 7.0, 8.0, 9.0, 10.0]), 0.012_186);
        near(mann_whitney(&[1.0, 1.0, 2.0], &[1.0, 2.0, 2.0]), 0.619_257);
        near(mann_whitney(&[1.0, 1.0], &[1.0, 1.0]), 1.0);
    }

    #[test]
    fn p_is_the_same_from_either_side() {
        let (one, other) = ([1.0, 4.0, 2.5, 8.0], [2.0, 7.0, 7.0, 9.5, 3.0]);
        near(mann_whitney(&one, &other), mann_whitney(&other, &one));
    }
}
