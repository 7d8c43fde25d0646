//! Ids are UUIDv7 (RFC 9562 section 5.7): they sort by the time they were made.
//! An id is a name, never a secret.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Uuid};

use super::Invalid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id whose time is `now`, to the millisecond.
            #[must_use]
            pub fn new(now: Timestamp) -> Self {
                Self(new_uuid(now))
            }

            /// The 16 bytes, as in a token.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// From the 16 bytes of a token whose MAC was good.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// When it was made, to the millisecond; the epoch if it is no UUIDv7.
            #[must_use]
            pub fn created_at(&self) -> Timestamp {
                time_of(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            /// Reads the canonical form only: 36 lower-case characters.
            fn from_str(text: &str) -> Result<Self, Invalid> {
                match Uuid::try_parse(text) {
                    Ok(id) if id.as_hyphenated().to_string() == text => Ok(Self(id)),
                    _ => Err(Invalid { code: "invalid_id", message: "must be a UUID" }),
                }
            }
        }
    };
}

id!(
    /// Names a user.
    UserId
);
id!(
    /// Names a session: one sign-in on one device.
    SessionId
);
id!(
    /// Names a ticket: what a mailed link stands for.
    TicketId
);
id!(
    /// Names an outgoing mail.
    MailId
);
id!(
    /// Names an audit event.
    EventId
);
id!(
    /// Names a signing key.
    KeyId
);
id!(
    /// Names a post.
    PostId
);
id!(
    /// Names a comment on a post.
    CommentId
);

impl UserId {
    /// Nobody's id: the nil UUID (RFC 9562 section 5.9).
    pub const NOBODY: Self = Self(Uuid::nil());

    /// Whether its time is in it.
    #[must_use]
    pub fn is_v7(&self) -> bool {
        self.0.get_version_num() == 7
    }

    /// The id of an account that was made at `time` and has this `name` elsewhere, in another
    /// system or by the request that made it: the same each time.
    #[must_use]
    pub fn derived(time: Timestamp, name: &str) -> Self {
        let digest = digest(&SHA256, format!("usher import\0{name}").as_bytes());
        let mut random = [0; 10];
        random.copy_from_slice(&digest.as_ref()[..10]);
        let millis = u64::try_from(time.as_millisecond()).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

impl EventId {
    /// The least id of an event at `time`: all of earlier events are below it.
    #[must_use]
    pub fn least_at(time: Timestamp) -> Self {
        let millis = u128::try_from(time.as_millisecond()).unwrap_or(0);
        Self(Uuid::from_u128(millis << 80))
    }

    /// The time in it, to the millisecond, though it be no UUIDv7.
    #[must_use]
    pub fn time(self) -> Timestamp {
        let millis = i64::try_from(self.0.as_u128() >> 80).unwrap_or(0);
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
    }

    /// The id just above.
    #[must_use]
    pub fn above(self) -> Self {
        Self(Uuid::from_u128(self.0.as_u128().saturating_add(1)))
    }

    /// The id just below.
    #[must_use]
    pub fn below(self) -> Self {
        Self(Uuid::from_u128(self.0.as_u128().saturating_sub(1)))
    }
}

impl From<MailId> for TicketId {
    /// The ticket of a mail has the mail's id, so a retry makes no second one.
    fn from(id: MailId) -> Self {
        Self(id.0)
    }
}

impl From<TicketId> for MailId {
    /// The mail that the ticket is of, if it is a mail's.
    fn from(id: TicketId) -> Self {
        Self(id.0)
    }
}

fn new_uuid(now: Timestamp) -> Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    let nanos = u32::try_from(millis % 1000 * 1_000_000).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, millis / 1000, nanos))
}

fn time_of(id: Uuid) -> Timestamp {
    let (seconds, nanos) = id.get_timestamp().map_or((0, 0), |t| t.to_unix());
    let seconds = i64::try_from(seconds).unwrap_or(0);
    let nanos = i32::try_from(nanos).unwrap_or(0);
    Timestamp::new(seconds, nanos).unwrap_or(Timestamp::UNIX_EPOCH)
}
