//! How many accounts are under way at a time, and how long one that found the table
//! slow waits before it is tried again.

use std::time::Duration;

/// So many at most. A table that is slow to answer gets fewer.
const AT_ONCE: usize = 32;
/// How often one account is tried in all. The pauses between add up to 2 minutes at
/// most.
pub(super) const TRIES: u32 = 10;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Half as many after an answer that was wanting, one more after as many good ones
/// as there are under way: as TCP does it (RFC 5681).
pub(super) struct Pace {
    at_once: usize,
    good: usize,
}

impl Pace {
    pub fn new() -> Self {
        Self { at_once: AT_ONCE, good: 0 }
    }

    /// How many may be under way now.
    pub fn at_once(&self) -> usize {
        self.at_once
    }

    /// One is done, after so many tries that failed.
    pub fn done(&mut self, failures: u32) {
        if failures > 0 {
            (self.at_once, self.good) = ((self.at_once / 2).max(1), 0);
            return;
        }
        self.good += 1;
        if self.good >= self.at_once {
            (self.at_once, self.good) = ((self.at_once + 1).min(AT_ONCE), 0);
        }
    }
}

/// How long to wait after so many failures, 1 at least; not all wait equally long.
pub(super) fn pause(failures: u32) -> Duration {
    let longest = (FIRST_PAUSE * (1 << failures.clamp(1, 12).saturating_sub(1))).min(LONGEST_PAUSE);
    longest.mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{AT_ONCE, Pace, TRIES, pause};

    #[test]
    fn a_slow_table_gets_fewer_at_a_time_and_never_none() {
        let mut pace = Pace::new();
        assert_eq!(pace.at_once(), AT_ONCE);
        pace.done(1);
        assert_eq!(pace.at_once(), AT_ONCE / 2);
        (0..20).for_each(|_| pace.done(3));
        assert_eq!(pace.at_once(), 1);
        (0..10_000).for_each(|_| pace.done(0));
        assert_eq!(pace.at_once(), AT_ONCE);
    }

    #[test]
    fn all_pauses_together_have_an_end() {
        let longest: Duration =
            (1..TRIES).map(|failures| (0..50).map(|_| pause(failures)).max().unwrap()).sum();
        assert!(longest <= Duration::from_mins(2), "{longest:?}");
        assert!(pause(1) >= Duration::from_millis(125) && pause(1) <= Duration::from_millis(250));
    }
}
