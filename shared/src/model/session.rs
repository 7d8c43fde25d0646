//! Sessions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{SessionId, User, UserId};

/// From where a session was opened, as its owner sees it in the list.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// The `User-Agent`, cut to 256 characters.
    pub name: Option<String>,
    /// The source address that API Gateway saw.
    pub ip: Option<String>,
}

/// How somebody signed in (RFC 8176 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthMethod {
    /// With a password.
    Pwd,
    /// With a one-time password: a code of an app, or a recovery code.
    Otp,
    /// With more than one factor.
    Mfa,
}

impl AuthMethod {
    /// A sign-in with the password alone.
    #[must_use]
    pub fn password() -> Vec<Self> {
        vec![Self::Pwd]
    }

    /// A sign-in with the password and a second factor.
    #[must_use]
    pub fn two_factors() -> Vec<Self> {
        vec![Self::Pwd, Self::Otp, Self::Mfa]
    }
}

/// How a session's refresh token travels. It is good that way alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Carrier {
    /// In the bodies of requests and answers.
    #[default]
    Json,
    /// In a cookie that no script reads.
    Cookie,
}

/// One sign-in on one device, kept alive by refreshing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// Its name.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The user's `session_epoch` when it was made (or lifted).
    pub epoch: u64,
    /// The refresh token with this number is the good one.
    pub counter: u64,
    /// When the password was last given (OIDC `auth_time`).
    pub auth_time: Timestamp,
    /// When the counter last moved.
    pub rotated_at: Timestamp,
    /// Over at this time unless refreshed.
    pub expires_at: Timestamp,
    /// The device's name for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The address it was opened from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// How its owner signed in.
    #[serde(default = "AuthMethod::password")]
    pub amr: Vec<AuthMethod>,
}

impl Session {
    /// Whether its owner gave a second factor, too.
    #[must_use]
    pub fn is_mfa(&self) -> bool {
        self.amr.contains(&AuthMethod::Mfa)
    }

    /// Whether it still stands for `user` at `now`.
    #[must_use]
    pub fn is_live(&self, user: &User, now: Timestamp) -> bool {
        self.user_id == user.id && self.epoch == user.session_epoch && self.expires_at > now
    }
}

/// A session as its owner and admins see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionDocument {
    /// UUIDv7.
    #[schema(value_type = String, format = "uuid")]
    pub id: SessionId,
    /// Whether this request came with it.
    pub current: bool,
    /// The device's name for itself (its `User-Agent`).
    pub device: Option<String>,
    /// The address it was opened from.
    pub ip: Option<String>,
    /// RFC 3339, UTC.
    pub created_at: Timestamp,
    /// The last refresh, or the sign-in. RFC 3339, UTC.
    pub last_used_at: Timestamp,
    /// Over at this time unless refreshed. RFC 3339, UTC.
    pub expires_at: Timestamp,
}

impl SessionDocument {
    /// The document, for who calls with the session `current`.
    #[must_use]
    pub fn new(session: &Session, current: SessionId) -> Self {
        Self {
            id: session.id,
            current: session.id == current,
            device: session.device.clone(),
            ip: session.ip.clone(),
            created_at: session.id.created_at(),
            last_used_at: session.rotated_at,
            expires_at: session.expires_at,
        }
    }
}
