//! The table's stream: which item a record is about.

use super::key::{POST, POST_PREFIX, PROFILE, SESSION_PREFIX, USER_PREFIX};
use crate::model::{PostId, SessionId, UserId};

/// The item that a record of the stream names, as far as anything follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// An account's profile.
    User(UserId),
    /// A session of an account.
    Session(UserId, SessionId),
    /// A post.
    Post(PostId),
}

impl Touched {
    /// What has these keys.
    #[must_use]
    pub fn by_key(pk: &str, sk: &str) -> Option<Self> {
        if let Some(id) = pk.strip_prefix(POST_PREFIX) {
            return id.parse().ok().filter(|_| sk == POST).map(Self::Post);
        }
        let user = pk.strip_prefix(USER_PREFIX)?.parse().ok()?;
        if sk == PROFILE {
            return Some(Self::User(user));
        }
        Some(Self::Session(user, sk.strip_prefix(SESSION_PREFIX)?.parse().ok()?))
    }
}
