//! How many attempts may be made, and when the next one.

use jiff::SignedDuration;

/// Attempts that no window bounds are forgotten when there was none for so long.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// So many in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub most: u32,
    /// In which time.
    pub period: SignedDuration,
}

/// How many attempts a [`Counter`](super::Counter) lets pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// All; nothing is counted.
    Off,
    /// So many in each of the fixed windows that time is cut into, then none until
    /// it ends.
    Window(Rate),
    /// `free` at once, the next one 1 s after the last, each one after that twice
    /// as long, at most `longest`. Counted in fixed windows of `window`; where
    /// there is none, until no attempt passed for 15 minutes (`longest`, if that
    /// is longer).
    Lock {
        /// So many do not have to wait.
        free: u32,
        /// The longest wait.
        longest: SignedDuration,
        /// The length of a window.
        window: Option<SignedDuration>,
    },
}

impl Limit {
    /// Whether so many are no more than a third of what a window lets pass.
    pub(super) fn is_quiet(self, count: u32) -> bool {
        matches!(self, Self::Window(rate) if count <= rate.most / 3)
    }
}

pub(super) fn millis(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// For how long an idle counter is not forgotten.
pub(super) fn kept(longest: SignedDuration) -> i64 {
    millis(longest.max(FORGOTTEN_AFTER))
}

/// How long after the last of `count` attempts the next one may come.
pub(super) fn wait(count: u32, free: u32, longest: i64) -> i64 {
    let Some(doublings) = count.checked_sub(free) else { return 0 };
    1i64.checked_shl(doublings.min(32)).map_or(longest, |seconds| longest.min(seconds * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: i64 = 900_000;

    #[test]
    fn a_third_of_a_window_is_quiet() {
        let window = |most| Limit::Window(Rate { most, period: FORGOTTEN_AFTER });
        assert!(window(30).is_quiet(10) && !window(30).is_quiet(11));
        assert!(window(3).is_quiet(1) && !window(3).is_quiet(2));
        let lock = Limit::Lock { free: 5, longest: FORGOTTEN_AFTER, window: None };
        assert!(!window(2).is_quiet(1) && !Limit::Off.is_quiet(0) && !lock.is_quiet(1));
    }

    #[test]
    fn the_wait_doubles_from_one_second_to_the_longest() {
        let waits: Vec<i64> = (4..17).map(|count| wait(count, 5, LONGEST) / 1000).collect();
        assert_eq!(waits, [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait(u32::MAX, 5, LONGEST), LONGEST);
    }
}
