//! Counting attempts, so that nobody guesses or asks without end. An attempt is
//! counted by one conditional update before it is looked at, so however many are
//! made at once, no more pass than are allowed; one that turns out to be good is
//! taken back.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::key::{Key, TTL};
use super::terms::{Condition, Terms};
use super::transaction::{Guard, Transaction};
use super::{Store, StoreError};

const COUNT: &str = "count";
const LAST: &str = "last";

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

/// How many attempts a [`Counter`] lets pass.
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

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It may go on, and is the how-manieth that does (0 where nothing counts).
    Counted(u32),
    /// It may not, and was not counted. So many whole seconds later, rounded up
    /// and never 0, it may.
    Refused(u32),
}

/// An attempt, counted but for one case: the counter holds attempts that are to be
/// forgotten, but that `DynamoDB` has not deleted yet. [`Store::settle`] ends that.
#[derive(Clone, Copy, Debug)]
pub enum Begun {
    /// Decided.
    Settled(Attempt),
    /// To be counted as the first.
    Stale(Tally),
}

/// What a counter's item holds.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Tally {
    count: u32,
    /// Milliseconds since the epoch.
    last: i64,
}

/// A counter at a time: of what, of whom, with which limit, in which window.
#[derive(Clone, Debug)]
pub struct Counter {
    pub(super) key: Key,
    limit: Limit,
    /// When the window ends, in milliseconds since the epoch.
    ends: Option<i64>,
}

impl Counter {
    /// The counter of `scope` for `name` at `now`. The name must tell nobody who
    /// it is: an id, or a MAC of what is personal.
    #[must_use]
    pub fn new(scope: &str, name: &str, limit: Limit, now: Timestamp) -> Self {
        let period = match limit {
            Limit::Off => None,
            Limit::Window(rate) => Some(rate.period),
            Limit::Lock { window, .. } => window,
        };
        let period = period.map(|period| millis(period).max(1));
        let window = period.map(|period| now.as_millisecond().div_euclid(period));
        let ends = window.zip(period).map(|(number, period)| (number + 1).saturating_mul(period));
        Self { key: Key::attempts(scope, name, window), limit, ends }
    }

    /// Whether the attempt that is counted as the `count`th is the first to make the
    /// next one wait.
    #[must_use]
    pub fn locks_at(&self, count: u32) -> bool {
        matches!(self.limit, Limit::Lock { free, .. } if free == count)
    }

    /// Whether anything is counted.
    pub(super) fn is_on(&self) -> bool {
        self.limit != Limit::Off
    }

    /// Counts an attempt in the transaction that does what it is about, which
    /// [`Guard::Limit`] refuses if that is one too many. For a [`Limit::Window`].
    pub(super) fn counted(&self, transaction: Transaction) -> Result<Transaction, StoreError> {
        if !self.is_on() {
            return Ok(transaction);
        }
        let now = transaction.now().as_millisecond();
        transaction.update(&self.key, self.terms(now), Guard::Limit)
    }

    /// Whole seconds until the window ends, rounded up and never 0.
    pub(super) fn opens_in(&self, now: Timestamp) -> u32 {
        self.seconds(Tally { count: 0, last: 0 }, now.as_millisecond())
    }

    /// Counts one at `now`, if it may pass.
    fn terms(&self, now: i64) -> Terms {
        Terms::new().count(COUNT).set(LAST, now).set(TTL, self.ttl(now)).only_if(&self.admits(now))
    }

    /// The condition that lets an attempt at `now` pass.
    fn admits(&self, now: i64) -> Condition {
        let mut any = vec![Condition::Absent(COUNT)];
        match self.limit {
            Limit::Off => {}
            Limit::Window(rate) => any.push(Condition::Below(COUNT, rate.most.into())),
            Limit::Lock { free, longest, window } => {
                let free_or_waited = Condition::Any(steps(free, millis(longest), now));
                any.push(match window {
                    Some(_) => free_or_waited,
                    None => Condition::All(vec![Condition::Above(LAST, now - kept(longest)), free_or_waited]),
                });
            }
        }
        Condition::Any(any)
    }

    fn is_stale(&self, seen: Tally, now: i64) -> bool {
        matches!(self.limit, Limit::Lock { longest, window: None, .. } if seen.last <= now - kept(longest))
    }

    /// How long an attempt has to wait that `seen` refused.
    fn seconds(&self, seen: Tally, now: i64) -> u32 {
        let window = self.ends.unwrap_or(i64::MAX);
        let opens = match self.limit {
            Limit::Lock { free, longest, .. } => seen.last + wait(seen.count, free, millis(longest)),
            _ => window,
        };
        let left = opens.min(window).saturating_sub(now).max(1);
        u32::try_from((left + 999) / 1000).unwrap_or(u32::MAX)
    }

    /// From when on the item is of no use, in seconds since the epoch.
    fn ttl(&self, now: i64) -> i64 {
        let ends = match self.limit {
            Limit::Lock { longest, window: None, .. } => now + kept(longest),
            _ => self.ends.unwrap_or(now),
        };
        (ends + 999) / 1000
    }
}

fn millis(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// For how long an idle counter is not forgotten.
fn kept(longest: SignedDuration) -> i64 {
    millis(longest.max(FORGOTTEN_AFTER))
}

/// How long after the last of `count` attempts the next one may come.
fn wait(count: u32, free: u32, longest: i64) -> i64 {
    let Some(doublings) = count.checked_sub(free) else { return 0 };
    1i64.checked_shl(doublings.min(32)).map_or(longest, |seconds| longest.min(seconds * 1000))
}

/// The lock, as the one update can ask for it: its length follows from the count,
/// so each count below that of the longest wait is a case.
fn steps(free: u32, longest: i64, now: i64) -> Vec<Condition> {
    let mut any = vec![Condition::Below(COUNT, free.into())];
    let waits = (free..).map(|count| (count, wait(count, free, longest)));
    for (count, wait) in waits.take_while(|(_, wait)| *wait < longest) {
        let waited = Condition::AtMost(LAST, now - wait);
        any.push(Condition::All(vec![Condition::AtMost(COUNT, count.into()), waited]));
    }
    any.push(Condition::AtMost(LAST, now - longest));
    any
}

impl Store {
    /// Counts an attempt, if it may be made.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn attempt(&self, counter: &Counter) -> Result<Attempt, StoreError> {
        let begun = self.begin_attempt(counter).await?;
        self.settle(counter, begun).await
    }

    /// The first half of [`Store::attempt`], one call: all there is to it unless
    /// the counter is stale. For who has something else to do meanwhile.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn begin_attempt(&self, counter: &Counter) -> Result<Begun, StoreError> {
        if !counter.is_on() {
            return Ok(Begun::Settled(Attempt::Counted(0)));
        }
        let now = self.now().as_millisecond();
        let tally = |item| serde_dynamo::from_item::<_, Tally>(item).map_err(StoreError::encoding);
        match self.update(&counter.key, counter.terms(now)).await? {
            Ok(item) => Ok(Begun::Settled(Attempt::Counted(tally(item)?.count))),
            Err(item) => {
                let seen = tally(item.unwrap_or_default())?;
                let stale = counter.is_stale(seen, now);
                let refused = || Begun::Settled(Attempt::Refused(counter.seconds(seen, now)));
                Ok(if stale { Begun::Stale(seen) } else { refused() })
            }
        }
    }

    /// The second half: a stale counter begins anew with this attempt, unless
    /// another one was there first; then it is counted after that.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn settle(&self, counter: &Counter, mut begun: Begun) -> Result<Attempt, StoreError> {
        for _ in 0..3 {
            let seen = match begun {
                Begun::Settled(attempt) => return Ok(attempt),
                Begun::Stale(seen) => seen,
            };
            let now = self.now().as_millisecond();
            let terms = Terms::new()
                .set(COUNT, 1)
                .set(LAST, now)
                .set(TTL, counter.ttl(now))
                .when(COUNT, seen.count)
                .when(LAST, seen.last);
            if self.update(&counter.key, terms).await?.is_ok() {
                return Ok(Attempt::Counted(1));
            }
            begun = self.begin_attempt(counter).await?;
        }
        Err(StoreError::Unavailable("too many attempts at once".into()))
    }

    /// Takes one attempt back that [`Attempt::Counted`] let pass.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn take_back(&self, counter: &Counter) -> Result<(), StoreError> {
        if !counter.is_on() {
            return Ok(());
        }
        let terms = Terms::new().decrement(COUNT).when_above(COUNT, 0);
        self.update(&counter.key, terms).await.map(|_| ())
    }

    /// Forgets all attempts.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn forget(&self, counter: &Counter) -> Result<(), StoreError> {
        if counter.is_on() { self.delete(&counter.key).await } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: i64 = 900_000;

    #[test]
    fn the_wait_doubles_from_one_second_to_the_longest() {
        let waits: Vec<i64> = (4..17).map(|count| wait(count, 5, LONGEST) / 1000).collect();
        assert_eq!(waits, [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait(u32::MAX, 5, LONGEST), LONGEST);
    }

    #[test]
    fn a_window_is_in_the_key_and_ends_for_all_alike() {
        let rate = Rate { most: 30, period: SignedDuration::from_mins(5) };
        let at = |text: &str| Counter::new("source", "x", Limit::Window(rate), text.parse().unwrap());
        let (one, other) = (at("2026-03-01T12:00:00Z"), at("2026-03-01T12:04:59.999Z"));
        assert_eq!(one.key, other.key);
        assert_ne!(one.key, at("2026-03-01T12:05:00Z").key);
        let seen = Tally { count: 30, last: 0 };
        let now: Timestamp = "2026-03-01T12:04:58.5Z".parse().unwrap();
        assert_eq!(one.seconds(seen, now.as_millisecond()), 2, "rounded up");
    }
}
