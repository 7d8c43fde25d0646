//! The user.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Email, Locale, PersonName, Undone, UserId, Username};

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and changes itself.
    User,
    /// Also reads and administers others.
    Admin,
}

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// May sign in.
    Active,
    /// Awaits an admin's approval.
    Pending,
    /// Was shut out by an admin.
    Deactivated,
}

impl Role {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::User, Self::Admin];

    /// As stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

impl Status {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Active, Self::Pending, Self::Deactivated];

    /// As stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Deactivated => "deactivated",
        }
    }
}

/// A password hash as a PHC string, or as another system wrote it. It cannot be
/// printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub String);

impl PasswordHash {
    /// Stands where nobody knows a password: nothing verifies against it. A link by
    /// mail sets one.
    #[must_use]
    pub fn none() -> Self {
        Self("!".to_owned())
    }

    /// Whether no password was set yet.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0 == "!"
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash([REDACTED])")
    }
}

/// A user as stored. Answers show a [`UserDocument`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    /// The id; its time is when the user was made.
    pub id: UserId,
    /// The address, unique.
    pub email: Email,
    /// Whether the person has shown that it reads mail there.
    pub email_verified: bool,
    /// The username, unique without case, if the person chose one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    /// The full name, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// The first name, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<PersonName>,
    /// The last name, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<PersonName>,
    /// What the user may do.
    pub role: Role,
    /// Whether the user may sign in.
    pub status: Status,
    /// The hash of its password.
    pub password_hash: PasswordHash,
    /// Whether the password is good no more, right though it is: only a link by mail
    /// sets a new one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub password_change_required: bool,
    /// Sessions that carry another number are over.
    pub session_epoch: u64,
    /// Tickets that carry another number are void.
    pub ticket_epoch: u64,
    /// The last change to the account.
    pub updated_at: Timestamp,
    /// The last sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<Timestamp>,
    /// Since when signing in takes a second factor, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mfa_since: Option<Timestamp>,
    /// The language of mails to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// What its owner had undone, see [`Undone`].
    #[serde(default, skip_serializing_if = "Undone::is_empty")]
    pub undone: Undone,
    /// What another system called the account that was imported from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

impl User {
    /// The full name; where none was given, first and last name joined.
    #[must_use]
    pub fn shown_name(&self) -> Option<String> {
        let parts: Vec<&str> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(PersonName::as_str).collect();
        let joined = (!parts.is_empty()).then(|| parts.join(" "));
        self.name.as_ref().map(|name| name.as_str().to_owned()).or(joined)
    }

    /// Whether it is an admin that may act now.
    #[must_use]
    pub fn is_active_admin(&self) -> bool {
        self.role == Role::Admin && self.status == Status::Active
    }

    /// Moves on with every change that ends sessions or voids links, and never back.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.session_epoch + self.ticket_epoch
    }
}

/// A user as the API shows it. Never wrapped, never with a hash.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserDocument {
    /// UUIDv7.
    #[schema(value_type = String, format = "uuid")]
    pub id: UserId,
    /// Lower-cased.
    #[schema(value_type = String, format = "email")]
    pub email: Email,
    /// Whether the person has shown that it reads mail there.
    pub email_verified: bool,
    /// As typed; unique without case.
    #[schema(value_type = Option<String>)]
    pub username: Option<Username>,
    /// The full name; when none was given, first and last name joined.
    pub name: Option<String>,
    /// The first name.
    #[schema(value_type = Option<String>)]
    pub first_name: Option<PersonName>,
    /// The last name.
    #[schema(value_type = Option<String>)]
    pub last_name: Option<PersonName>,
    /// The language of mails; null where none was asked for: English.
    pub locale: Option<Locale>,
    /// What the user may do.
    pub role: Role,
    /// Whether the user may sign in.
    pub status: Status,
    /// RFC 3339, UTC.
    pub created_at: Timestamp,
    /// RFC 3339, UTC.
    pub updated_at: Timestamp,
    /// RFC 3339, UTC; null before the first sign-in.
    pub last_login_at: Option<Timestamp>,
}

impl From<&User> for UserDocument {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            email: user.email.clone(),
            email_verified: user.email_verified,
            username: user.username.clone(),
            name: user.shown_name(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            locale: user.locale,
            role: user.role,
            status: user.status,
            created_at: user.id.created_at(),
            updated_at: user.updated_at,
            last_login_at: user.last_login_at,
        }
    }
}
