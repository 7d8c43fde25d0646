//! Signing keys, as their public list tells of them: which signs, which will, and
//! which is there only until the tokens that it signed have expired.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A key is on the list for so long before it signs, and for so long after the last
/// token that it signed has expired.
pub const OVERLAP: SignedDuration = SignedDuration::from_hours(2);

/// Nobody goes by a list that is older than this.
pub const LIST_FRESH: SignedDuration = SignedDuration::from_mins(5);

/// So many keys leave the list at once: a transaction has at most 100 items.
const AT_ONCE: usize = 25;

/// The public half of a signing key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// The key's id (RFC 7517 section 4.5): a [`KeyId`](super::KeyId), whose time is
    /// when it was made.
    pub kid: String,
    /// The modulus, base64url (RFC 7518 section 6.3.1.1).
    pub n: String,
    /// The exponent, base64url.
    pub e: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// It signs from this time on.
    pub signs_from: Timestamp,
    /// Another one signs from this time on; `None`: none is to follow yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signs_until: Option<Timestamp>,
    /// The longest life of a token that it signed, in seconds.
    #[serde(default = "longest_life")]
    pub token_life: i64,
}

/// What `ACCESS_TOKEN_TTL` can be at most.
fn longest_life() -> i64 {
    24 * 60 * 60
}

/// What a key is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It is published and will sign.
    Next,
    /// It signs.
    Signing,
    /// It signs no more, and leaves the list at this time.
    Retiring(Timestamp),
}

impl PublicKey {
    /// What the key is there for.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> KeyState {
        match self.signs_until.filter(|until| *until <= now) {
            Some(until) => KeyState::Retiring(self.gone_at(until)),
            None if self.signs_from > now => KeyState::Next,
            None => KeyState::Signing,
        }
    }

    fn gone_at(&self, until: Timestamp) -> Timestamp {
        later(until, OVERLAP.saturating_add(SignedDuration::from_secs(self.token_life)))
    }
}

fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Every public key, in the order they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKeys {
    /// Moves on with each change.
    pub version: u64,
    /// The keys.
    pub keys: Vec<PublicKey>,
    /// When the operator asked for the next key; `None`: has it.
    #[serde(default)]
    pub rotate_requested_at: Option<Timestamp>,
}

impl PublicKeys {
    /// The key of this id.
    #[must_use]
    pub fn find(&self, kid: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// The key that signs: of those that do, the one that began last.
    #[must_use]
    pub fn signing(&self, now: Timestamp) -> Option<&PublicKey> {
        let signing = self.keys.iter().filter(|key| key.state(now) == KeyState::Signing);
        signing.max_by_key(|key| key.signs_from)
    }

    /// The key that is published and will sign.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.state(now) == KeyState::Next)
    }

    /// Whether it is time to publish the next key: the operator asked for it, or the
    /// one that signs will have reached `age` when the next one can sign. The list is
    /// looked at every 5 minutes, so it is time 2 hours and 5 minutes before.
    #[must_use]
    pub fn is_rotation_due(&self, age: Option<SignedDuration>, now: Timestamp) -> bool {
        let Some(key) = self.signing(now).filter(|_| self.next(now).is_none()) else { return false };
        let ahead = OVERLAP.saturating_add(LIST_FRESH);
        let old = age.is_some_and(|age| later(key.created_at, age.saturating_sub(ahead)) <= now);
        old || self.rotate_requested_at.is_some()
    }

    /// The list with one more key. The others sign until it does; what the operator
    /// asked for is done.
    #[must_use]
    pub fn with(&self, key: PublicKey) -> Self {
        let mut list = self.clone();
        for other in &mut list.keys {
            let until = other.signs_until.unwrap_or(key.signs_from).min(key.signs_from);
            other.signs_until = Some(until);
        }
        list.keys.push(key);
        list.rotate_requested_at = None;
        list
    }

    /// The list without the keys whose tokens have expired, and with tokens of
    /// `token_life` counted among those of the key that signs.
    #[must_use]
    pub fn tidied(&self, token_life: SignedDuration, now: Timestamp) -> Self {
        let mut list = self.clone();
        let mut left = AT_ONCE;
        list.keys.retain(|key| match key.state(now) {
            KeyState::Retiring(until) if until <= now && left > 0 => {
                left -= 1;
                false
            }
            _ => true,
        });
        let signing = self.signing(now).map(|key| &key.kid);
        for key in list.keys.iter_mut().filter(|key| Some(&key.kid) == signing) {
            key.token_life = key.token_life.max(token_life.as_secs());
        }
        list
    }

    /// The list without a key, whatever it signed. If it was the one that signs, the
    /// next one signs at once: from when it was made, a time that has passed by
    /// everybody's clock. If it was the next one, the one that signs goes on.
    #[must_use]
    pub fn without(&self, kid: &str, now: Timestamp) -> Self {
        let mut list = self.clone();
        list.keys.retain(|key| key.kid != kid);
        if list.signing(now).is_none() {
            let next = list.keys.iter_mut().find(|key| key.state(now) == KeyState::Next);
            if let Some(key) = next {
                key.signs_from = key.created_at;
            }
        }
        if list.next(now).is_none() {
            for key in &mut list.keys {
                key.signs_until = key.signs_until.filter(|until| *until <= now);
            }
        }
        list
    }
}
