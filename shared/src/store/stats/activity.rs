//! Sign-ins and active users.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use super::super::key::{Key, PK, Pseudonym, SK};
use super::super::transaction::{Guard, pause};
use super::super::{Store, StoreError};
use super::items::{Counter, Once, OnceMark};
use super::{IsTime, KEPT_DAYS, ROUNDS, in_time};
use crate::model::{Day, SessionId, UserId};

/// Marks made in one transaction, which takes 100 writes: each may come with a day or
/// month of its own.
const AT_ONCE: usize = 45;

/// Something that a user did: opened a session, or refreshed one.
#[derive(Clone, Copy, Debug)]
pub struct Activity {
    /// Who.
    pub user: UserId,
    /// The session that was opened, if one was.
    pub opened: Option<SessionId>,
    /// When.
    pub at: Timestamp,
}

impl Activity {
    fn counts(self) -> impl Iterator<Item = (UserId, Once)> {
        let day = Day::of(self.at);
        let sign_in = self.opened.map(|session| Once::SignIn(session, day));
        let all = [Once::Day(day), Once::Month(day)].into_iter().chain(sign_in);
        all.map(move |once| (self.user, once))
    }
}

impl Store {
    /// Counts what was not counted yet. What is too old to be kept is passed over.
    pub(super) async fn count_activities(
        &self,
        activities: &[Activity],
        is_time: &IsTime<'_>,
    ) -> Result<(), StoreError> {
        let oldest = Day::of(self.now()).plus(-KEPT_DAYS);
        let kept = activities.iter().filter(|activity| Day::of(activity.at) >= oldest);
        // By name: of a month there is one, whichever of its days it was found on.
        let mut all: BTreeMap<(UserId, String), Once> = BTreeMap::new();
        for (user, once) in kept.flat_map(|activity| activity.counts()) {
            all.entry((user, once.name())).or_insert(once);
        }
        let all: Vec<(UserId, Once)> = all.into_iter().map(|((user, _), once)| (user, once)).collect();
        for some in all.chunks(AT_ONCE) {
            in_time(is_time)?;
            self.mark_once(some).await?;
        }
        Ok(())
    }

    async fn mark_once(&self, some: &[(UserId, Once)]) -> Result<(), StoreError> {
        let key = |(user, once): &(UserId, Once)| Key::counted_once(&Pseudonym::of(*user), &once.name());
        let keys: Vec<Key> = some.iter().map(key).collect();
        for attempt in 0..ROUNDS {
            let marks = self.get_parts(&keys, &[PK, SK]).await?;
            let text = |item: &super::Item, name: &str| item.get(name).and_then(|v| v.as_s().ok()).cloned();
            let there: HashSet<_> = marks.iter().map(|item| (text(item, PK), text(item, SK))).collect();
            let is_new = |key: &Key| !there.contains(&(Some(key.pk.clone()), Some(key.sk.clone())));
            let new: Vec<_> =
                some.iter().zip(&keys).filter(|(_, key)| is_new(key)).map(|(one, _)| *one).collect();
            if new.is_empty() {
                return Ok(());
            }
            let mut transaction = self.transaction();
            let mut counters: BTreeMap<Counter, BTreeMap<&'static str, i64>> = BTreeMap::new();
            for (user, once) in new {
                let (counter, name) = once.counter();
                *counters.entry(counter).or_default().entry(name).or_default() += 1;
                let mark =
                    OnceMark { user: Pseudonym::of(user), what: once.name(), expires_at: once.expires_at() };
                transaction = transaction.put_new(&mark, Guard::Uncounted)?;
            }
            for (counter, numbers) in counters {
                transaction =
                    transaction.update(&counter.key(), counter.terms(&numbers), Guard::Unchanged)?;
            }
            if self.commit(transaction).await?.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Err(StoreError::Unavailable("others make the same marks".into()))
    }
}
