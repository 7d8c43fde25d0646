//! Usher's counters of failures to sign in, as `docs/decisions/0011-limits.md` says: by name and
//! source, by name, and by source. Wrong passwords only; times in microseconds.

use std::collections::HashMap;

use super::gate::{SECOND, Time};

/// What the limits are; those of the defaults of the settings.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Wrong ones of a name from a source before it has to wait (`LOGIN_FAILURES`).
    pub free: u32,
    /// The longest wait (`LOGIN_LOCK_MAX`).
    pub longest: Time,
    /// Wrong ones of a name from anywhere in a day before it has to wait.
    pub anywhere: u32,
    /// Wrong ones from a source in a window (`SOURCE_LIMIT`).
    pub source: u32,
    /// The window.
    pub window: Time,
}

/// The defaults.
pub const DEFAULTS: Limits =
    Limits { free: 5, longest: 900 * SECOND, anywhere: 100, source: 30, window: 300 * SECOND };

/// What becomes of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The password is looked at.
    Hashed,
    /// The name has to wait: one update that failed.
    Locked,
    /// The source has had its share: two updates more, one of which takes the name's count back.
    Spent,
}

/// The counters.
#[derive(Clone, Debug, Default)]
pub struct Counters {
    here: HashMap<(u32, u32), (u32, Time)>,
    anywhere: HashMap<u32, (u32, Time)>,
    sources: HashMap<u32, (Time, u32)>,
}

impl Counters {
    /// Counts a wrong password of that name from that source at that time, if it may be tried.
    pub fn wrong(&mut self, limits: Limits, name: u32, source: u32, now: Time) -> Verdict {
        let here = *self.here.get(&(name, source)).unwrap_or(&(0, 0));
        let anywhere = *self.anywhere.get(&name).unwrap_or(&(0, 0));
        if waits(here, limits.free, limits.longest, now)
            || waits(anywhere, limits.anywhere, limits.longest, now)
        {
            return Verdict::Locked;
        }
        let window = now / limits.window;
        let spent = self.sources.entry(source).or_insert((window, 0));
        if spent.0 != window {
            *spent = (window, 0);
        }
        if spent.1 >= limits.source {
            return Verdict::Spent;
        }
        spent.1 += 1;
        self.here.insert((name, source), (here.0 + 1, now));
        self.anywhere.insert(name, (anywhere.0 + 1, now));
        Verdict::Hashed
    }
}

/// Whether so many failures, the last of them then, make the next one wait: 1 s, then twice as long
/// each time.
fn waits((count, last): (u32, Time), free: u32, longest: Time, now: Time) -> bool {
    let Some(doublings) = count.checked_sub(free) else { return false };
    let wait = SECOND.checked_shl(doublings.min(40)).map_or(longest, |wait| wait.min(longest));
    now < last + wait
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashed(tries: impl Iterator<Item = (u32, u32, Time)>) -> usize {
        let mut counters = Counters::default();
        let all = tries.map(|(name, source, at)| counters.wrong(DEFAULTS, name, source, at));
        all.filter(|verdict| *verdict == Verdict::Hashed).count()
    }

    /// The figure of decision 11: 5, then 7 while the lock is short, in 17 minutes.
    #[test]
    fn one_source_gets_twelve_guesses_of_one_name_in_17_minutes() {
        let tries = (0..17 * 60 * 10).map(|at| (1, 1, at * SECOND / 10));
        assert!((11..=15).contains(&hashed(tries)));
    }

    #[test]
    fn one_source_gets_thirty_guesses_of_many_names_in_a_window() {
        assert_eq!(hashed((0..1000).map(|name| (name, 1, Time::from(name)))), 30);
    }

    #[test]
    fn many_sources_get_a_hundred_guesses_of_one_name_and_then_wait() {
        let tries = (0..10_000).map(|source| (1, source, Time::from(source)));
        assert_eq!(hashed(tries), 100);
    }
}
