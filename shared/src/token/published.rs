//! The list of public keys, as this function read it last.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::verifying::VerifyingKey;
use crate::model::{KeyId, LIST_FRESH, PublicKey, PublicKeys};
use crate::store::{Store, StoreError};

/// From the time in a key's id until the key can be read, clocks that differ
/// included.
const MAKING: SignedDuration = SignedDuration::from_secs(30);

/// So many unknown keys are looked for at once ...
const AT_ONCE: i32 = 10;
/// ... and then one in so long.
const ONE_EACH: SignedDuration = SignedDuration::from_secs(1);

/// The public keys, at most 5 minutes old. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Published(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    held: Mutex<Option<Held>>,
    /// Whoever reads the list holds this, so that no older list replaces a newer one
    /// and many that want it read it once.
    reading: tokio::sync::Mutex<Allowance>,
}

#[derive(Clone, Debug)]
struct Held {
    list: Arc<PublicKeys>,
    verifying: Arc<HashMap<String, VerifyingKey>>,
    read_at: Timestamp,
}

impl Published {
    /// The list, at most 5 minutes old.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn list(&self, store: &Store) -> Result<Arc<PublicKeys>, StoreError> {
        Ok(self.fresh(store).await?.list)
    }

    /// The list, read now.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn read_anew(&self, store: &Store) -> Result<Arc<PublicKeys>, StoreError> {
        let _reading = self.0.reading.lock().await;
        Ok(self.read(store).await?.list)
    }

    /// The key of this id. A list that may be older than the key is read anew, and
    /// the time in the id tells: so no good token is refused for a key that was made
    /// a moment ago, and an invented id costs no read or one of the few allowed.
    ///
    /// # Errors
    /// When the table does not answer, or too many keys that nobody has seen are
    /// asked for.
    pub async fn find(&self, store: &Store, kid: &str) -> Result<Option<VerifyingKey>, StoreError> {
        let seen = self.fresh(store).await?;
        if seen.list.find(kid).is_some() {
            return Ok(seen.verifying.get(kid).cloned());
        }
        let made_at = kid.parse().map_or(Timestamp::UNIX_EPOCH, |id: KeyId| id.created_at());
        let mut allowance = self.0.reading.lock().await;
        let now = store.now();
        let held = self.held(now).unwrap_or(seen);
        if held.list.find(kid).is_some() {
            return Ok(held.verifying.get(kid).cloned());
        }
        if !held.may_lack(made_at, now) {
            return Ok(None);
        }
        if !allowance.spend(now) {
            return Err(StoreError::Unavailable("too many unknown signing keys".into()));
        }
        Ok(self.read(store).await?.verifying.get(kid).cloned())
    }

    async fn fresh(&self, store: &Store) -> Result<Held, StoreError> {
        if let Some(held) = self.held(store.now()) {
            return Ok(held);
        }
        let _reading = self.0.reading.lock().await;
        match self.held(store.now()) {
            Some(held) => Ok(held),
            None => self.read(store).await,
        }
    }

    fn held(&self, now: Timestamp) -> Option<Held> {
        let held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
        held.filter(|held| now.duration_since(held.read_at) < LIST_FRESH)
    }

    /// Only for who holds `reading`.
    async fn read(&self, store: &Store) -> Result<Held, StoreError> {
        let read_at = store.now();
        let list = Arc::new(store.public_keys().await?);
        let verifying = |key: &PublicKey| Some((key.kid.clone(), VerifyingKey::of(key)?));
        let verifying = Arc::new(list.keys.iter().filter_map(verifying).collect());
        let held = Held { list, verifying, read_at };
        *self.0.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held.clone());
        Ok(held)
    }
}

impl Held {
    /// Whether a key of this time may have been made after the list was read.
    fn may_lack(&self, made_at: Timestamp, now: Timestamp) -> bool {
        self.read_at.duration_since(made_at) <= MAKING && made_at.duration_since(now) <= MAKING
    }
}

/// How often the list may be read for keys that it does not have: the time from
/// which on the allowance is whole again (a "leaky bucket" in one number).
#[derive(Debug, Default)]
struct Allowance(Option<Timestamp>);

impl Allowance {
    fn spend(&mut self, now: Timestamp) -> bool {
        let whole = self.0.map_or(now, |time| time.max(now));
        if whole.duration_since(now) > ONE_EACH.saturating_mul(AT_ONCE - 1) {
            return false;
        }
        self.0 = whole.checked_add(ONE_EACH).ok();
        true
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Allowance;

    #[test]
    fn ten_at_once_and_then_one_a_second() {
        let mut allowance = Allowance::default();
        let mut spend = |millis| allowance.spend(Timestamp::from_millisecond(millis).unwrap());
        assert_eq!((0..20).filter(|_| spend(0)).count(), 10);
        assert!(!spend(999));
        assert!(spend(1000));
        assert!(!spend(1000));
        assert_eq!((0..20).filter(|_| spend(60_000)).count(), 10);
    }
}
