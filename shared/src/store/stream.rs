//! The table's stream: which item a record is about.

use super::key::{POST, POST_PREFIX, PROFILE, SESSION_PREFIX, USER_PREFIX};
use crate::model::{SessionId, UserId};

/// The item that a record of the stream names, as far as anything follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// An account's profile.
    User(UserId),
    /// A session of an account.
    Session(UserId, SessionId),
    /// A post, by its id.
    Post(String),
}

impl Touched {
    /// What has these keys.
    #[must_use]
    pub fn by_key(pk: &str, sk: &str) -> Option<Self> {
        if let Some(id) = pk.strip_prefix(POST_PREFIX) {
            return (sk == POST).then(|| Self::Post(id.to_owned()));
        }
        let user = pk.strip_prefix(USER_PREFIX)?.parse().ok()?;
        if sk == PROFILE {
            return Some(Self::User(user));
        }
        Some(Self::Session(user, sk.strip_prefix(SESSION_PREFIX)?.parse().ok()?))
    }
}
