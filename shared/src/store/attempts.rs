//! Counting attempts, so that nobody guesses or asks without end. An attempt is
//! counted by a conditional update before it is looked at, so however many are
//! made at once, no more pass than are allowed; one that turns out to be good may
//! be taken back.

use std::borrow::Cow;

use jiff::Timestamp;

use super::key::{Item, Key, Pseudonym, TTL};
use super::limit::{Limit, kept, millis, wait};
use super::terms::{Condition, Terms};
use super::transaction::{Guard, Transaction};
use super::{Store, StoreError};
use crate::model::UserId;

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It may go on, and is the how-manieth that does (0 where nothing counts).
    Counted(u32),
    /// It may not, and was not counted. So many whole seconds later, rounded up
    /// and never 0, it may.
    Refused(u32),
}

/// An attempt, counted but for one case: a lock that was waited for, or attempts that are
/// to be forgotten, of which no condition of the update says so. [`Store::settle`] ends that.
#[derive(Clone, Copy, Debug)]
pub enum Begun {
    /// Decided.
    Settled(Attempt),
    /// It may go on after what the counter held.
    Held(Tally),
}

/// What a counter holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub(super) count: u32,
    /// Milliseconds since the epoch.
    pub(super) last: i64,
}

/// A counter at a time: of what, of whom, with which limit, in which window.
#[derive(Clone, Debug)]
pub struct Counter {
    pub(super) key: Key,
    pub(super) limit: Limit,
    /// When the window ends, in milliseconds since the epoch.
    ends: Option<i64>,
    /// The attributes that hold how many there were, and when the last one was.
    pub(super) count: Cow<'static, str>,
    pub(super) last: Cow<'static, str>,
}

impl Counter {
    /// The counter of `scope` for `name` at `now`. The name must tell nobody who
    /// it is: a session's id, or a MAC of what is personal.
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
        let key = Key::attempts(scope, name, window);
        Self { key, limit, ends, count: "count".into(), last: "last".into() }
    }

    /// The counter of `scope` for an account.
    #[must_use]
    pub fn of_user(scope: &str, user: UserId, limit: Limit, now: Timestamp) -> Self {
        Self::new(scope, Pseudonym::of(user).as_str(), limit, now)
    }

    /// A counter with a limit of its own in the item of this one, and no longer there
    /// than that: of a part, which `name` stands for in letters and digits.
    pub(super) fn part(&self, name: &str, limit: Limit) -> Self {
        let (count, last) = (format!("count_{name}").into(), format!("last_{name}").into());
        Self { key: self.key.clone(), limit, ends: self.ends, count, last }
    }

    /// Whether the attempt that is counted as the `count`th is the first to make the
    /// next one wait.
    #[must_use]
    pub fn locks_at(&self, count: u32) -> bool {
        matches!(self.limit, Limit::Lock { free, .. } if free == count)
    }

    /// Whether so few were counted that a good attempt need not be taken back.
    #[must_use]
    pub fn is_quiet(&self, count: u32) -> bool {
        self.limit.is_quiet(count)
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
        transaction.update(&self.key, self.one_more(now), Guard::Limit)
    }

    /// Whole seconds until the window ends, rounded up and never 0.
    pub(super) fn opens_in(&self, now: Timestamp) -> u32 {
        self.seconds(Tally { count: 0, last: 0 }, now.as_millisecond())
    }

    /// The condition that lets an attempt at `now` pass whatever was waited: there were few.
    /// What else may pass is decided by what the counter [held](Self::lets_go_on), not by its update: a wait
    /// that doubles would be a case for each count.
    pub(super) fn admits(&self, now: i64) -> Condition<'_> {
        let (count, last) = (&*self.count, &*self.last);
        let absent = Condition::Absent(count);
        match self.limit {
            Limit::Off => absent,
            Limit::Window(rate) => Condition::Any(vec![absent, Condition::Below(count, rate.most.into())]),
            Limit::Lock { free, window: Some(_), .. } => {
                Condition::Any(vec![absent, Condition::Below(count, free.into())])
            }
            Limit::Lock { free, longest, window: None } => {
                let kept = Condition::Above(last, now - kept(longest));
                let few = Condition::All(vec![kept, Condition::Below(count, free.into())]);
                Condition::Any(vec![absent, few])
            }
        }
    }

    /// Counts an attempt at `now` that may be made.
    pub(super) fn one_more(&self, now: i64) -> Terms {
        let terms = Terms::new().count(&self.count).set(&self.last, now);
        terms.set(TTL, self.ttl(now)).only_if(&self.admits(now))
    }

    /// What the counter holds in its item, if it counted anything.
    pub(super) fn tally(&self, item: &Item) -> Option<Tally> {
        let number = |name: &str| item.get(name)?.as_n().ok()?.parse::<i64>().ok();
        let count = u32::try_from(number(&self.count)?).ok()?;
        Some(Tally { count, last: number(&self.last).unwrap_or(0) })
    }

    /// Whether there were as many as do not have to wait.
    pub(super) fn is_full(&self, seen: Tally) -> bool {
        matches!(self.limit, Limit::Lock { free, .. } if seen.count >= free)
    }

    /// Whether a lock refuses an attempt at `now`.
    pub(super) fn locks_out(&self, seen: Tally, now: i64) -> bool {
        let Limit::Lock { free, longest, .. } = self.limit else { return false };
        seen.count >= free && seen.last + wait(seen.count, free, millis(longest)) > now
    }

    /// Whether an attempt at `now` may be made after those that were counted.
    pub(super) fn lets_go_on(&self, seen: Tally, now: i64) -> bool {
        matches!(self.limit, Limit::Lock { .. }) && !self.locks_out(seen, now)
    }

    /// The how-manieth an attempt at `now` is after those that were counted: the first, if they are
    /// to be forgotten.
    pub(super) fn next(&self, seen: Tally, now: i64) -> u32 {
        match self.limit {
            Limit::Lock { longest, window: None, .. } if seen.last <= now - kept(longest) => 1,
            _ => seen.count.saturating_add(1),
        }
    }

    /// How long an attempt has to wait that `seen` refused.
    pub(super) fn seconds(&self, seen: Tally, now: i64) -> u32 {
        let window = self.ends.unwrap_or(i64::MAX);
        let opens = match self.limit {
            Limit::Lock { free, longest, .. } => seen.last + wait(seen.count, free, millis(longest)),
            _ => window,
        };
        let left = opens.min(window).saturating_sub(now).max(1);
        u32::try_from((left + 999) / 1000).unwrap_or(u32::MAX)
    }

    /// From when on the item is of no use, in seconds since the epoch.
    pub(super) fn ttl(&self, now: i64) -> i64 {
        let ends = match self.limit {
            Limit::Lock { longest, window: None, .. } => now + kept(longest),
            _ => self.ends.unwrap_or(now),
        };
        (ends + 999) / 1000
    }
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
    /// there was a lock, or what is to be forgotten. For who has something else to do meanwhile.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn begin_attempt(&self, counter: &Counter) -> Result<Begun, StoreError> {
        if !counter.is_on() {
            return Ok(Begun::Settled(Attempt::Counted(0)));
        }
        let now = self.now().as_millisecond();
        let terms = counter.one_more(now);
        let tally = |item: &Item| counter.tally(item).ok_or_else(|| StoreError::encoding("no count"));
        match self.update(&counter.key, terms).await? {
            Ok(item) => Ok(Begun::Settled(Attempt::Counted(tally(&item)?.count))),
            Err(item) => {
                let seen = tally(&item.unwrap_or_default())?;
                let refused = || Begun::Settled(Attempt::Refused(counter.seconds(seen, now)));
                Ok(if counter.lets_go_on(seen, now) { Begun::Held(seen) } else { refused() })
            }
        }
    }

    /// The second half: counts the attempt after what was held, unless another one was there
    /// first; then it is begun again after that.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn settle(&self, counter: &Counter, mut begun: Begun) -> Result<Attempt, StoreError> {
        for _ in 0..3 {
            let seen = match begun {
                Begun::Settled(attempt) => return Ok(attempt),
                Begun::Held(seen) => seen,
            };
            let now = self.now().as_millisecond();
            let count = counter.next(seen, now);
            let terms = Terms::new()
                .set(&counter.count, count)
                .set(&counter.last, now)
                .set(TTL, counter.ttl(now))
                .when(&counter.count, seen.count)
                .when(&counter.last, seen.last);
            if self.update(&counter.key, terms).await?.is_ok() {
                return Ok(Attempt::Counted(count));
            }
            begun = self.begin_attempt(counter).await?;
        }
        match begun {
            Begun::Settled(attempt) => Ok(attempt),
            Begun::Held(_) => Err(StoreError::Unavailable("too many attempts at once".into())),
        }
    }

    /// Takes one attempt back that [`Attempt::Counted`] let pass.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn take_back(&self, counter: &Counter) -> Result<(), StoreError> {
        if !counter.is_on() {
            return Ok(());
        }
        let terms = Terms::new().decrement(&counter.count).when_above(&counter.count, 0);
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
    use jiff::SignedDuration;

    use super::super::Rate;
    use super::*;

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
