//! What is written down of what happens to accounts. No event names a person:
//! it holds ids, which stand for nobody once the account is gone.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::{EventId, Invalid, UserId};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What happened, by its name in the OWASP Logging Vocabulary where it has one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Action {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// As stored, logged and shown.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

actions! {
    /// An account was made.
    UserCreated = "user_created",
    /// The fields named in `fields` changed.
    UserUpdated = "user_updated",
    /// The account was deleted: for good, or, with the status `deleted`, by itself and
    /// until its time of grace is over.
    UserDeleted = "user_deleted",
    /// An admin restored the account that had deleted itself.
    UserRestored = "user_restored",
    /// A session was opened.
    LoginSuccess = "authn_login_success",
    /// Too many wrong passwords: signing in is locked for a while.
    LoginLock = "authn_login_lock",
    /// A new password was set; `by` says how.
    PasswordChange = "authn_password_change",
    /// A refresh token was used twice; its session ended.
    TokenReuse = "authn_token_reuse",
    /// Sessions other than the one that asked were ended.
    TokenRevoked = "authn_token_revoked",
    /// A session signed itself out.
    SessionLogout = "session_logout",
    /// A second factor was set up.
    MfaEnrolled = "authn_mfa_enrolled",
    /// A second factor was removed.
    MfaRemoved = "authn_mfa_removed",
    /// New recovery codes were made, the old ones are void.
    RecoveryCodesCreated = "authn_recovery_codes_created",
    /// Its owner said of a change that it was not theirs: all sessions ended, the
    /// password is locked, and the fields named in `fields` are what they were.
    AccountSecured = "account_secured",
    /// The role changed.
    RoleChange = "authz_change",
    /// An admin changed the status of another's account, ended its sessions, removed
    /// its second factor, or changed or deleted (`content`) what it wrote.
    AdminAction = "authz_admin",
}

/// By hand: what a macro hands on, the derive takes for no name.
impl PartialSchema for Action {
    fn schema() -> RefOr<Schema> {
        let names = Self::ALL.iter().map(|action| action.as_str());
        let description = "What happened, by its name in the OWASP Logging Vocabulary where it has one.";
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
        schema.description(Some(description)).into()
    }
}

impl ToSchema for Action {}

impl Action {
    /// Whether somebody should look: alarms count these, at any level of the log.
    #[must_use]
    pub fn is_alarming(self) -> bool {
        matches!(self, Self::TokenReuse | Self::LoginLock)
    }
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A user: oneself or an admin. Whoever holds a mailed link acts as its user.
    User(UserId),
    /// An operator at the command line.
    Operator,
    /// Somebody who showed no right to it: who guesses passwords, or comes with a
    /// token that was used before.
    Unknown,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::Operator => f.write_str("operator"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

impl FromStr for Actor {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "operator" => Ok(Self::Operator),
            "unknown" => Ok(Self::Unknown),
            id => id.parse().map(Self::User),
        }
    }
}

impl Serialize for Actor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Actor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Who acts, in which request and from where.
#[derive(Clone, Debug)]
pub struct Agent {
    /// Who.
    pub actor: Actor,
    /// The network that the request came from, see [`network`].
    pub network: Option<String>,
    /// API Gateway's id of the request.
    pub request_id: Option<String>,
    /// Where links in mails lead that it causes, unless `FRONTEND_URL` says.
    pub link_base: Option<String>,
}

impl Agent {
    /// An operator at the command line.
    #[must_use]
    pub fn operator() -> Self {
        Self { actor: Actor::Operator, network: None, request_id: None, link_base: None }
    }

    /// Whether it is this user.
    #[must_use]
    pub fn is(&self, user: UserId) -> bool {
        self.actor == Actor::User(user)
    }
}

/// The network of an address: the first 24 bits of an IPv4 address, the first 48
/// of an IPv6 address. It tells one place from another and names no person.
#[must_use]
pub fn network(address: &str) -> Option<String> {
    match address.parse().ok()? {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            Some(format!("{a}.{b}.{c}.0/24"))
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
    }
}

/// Something that happened to an account. Written once, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEvent {
    /// UUIDv7: its time is when it happened.
    #[schema(value_type = String, format = "uuid")]
    pub id: EventId,
    /// When it happened: RFC 3339, UTC.
    pub time: Timestamp,
    /// What happened.
    pub action: Action,
    /// Who did it: a user's id, `operator` or `unknown`.
    #[schema(value_type = String)]
    pub actor: Actor,
    /// The id of the user whose account it happened to.
    #[schema(value_type = String, format = "uuid")]
    pub subject: UserId,
    /// More of it, like `{"role": "admin"}`. Names of fields, never their values.
    pub details: BTreeMap<String, String>,
    /// The network that the request came from: an IPv4 `/24` or an IPv6 `/48`.
    pub network: Option<String>,
    /// The request's id, as in the log.
    pub request_id: Option<String>,
}

impl AuditEvent {
    /// An event at `now`.
    #[must_use]
    pub fn new(action: Action, agent: &Agent, subject: UserId, now: Timestamp) -> Self {
        let id = EventId::new(now);
        Self {
            id,
            time: id.created_at(),
            action,
            actor: agent.actor,
            subject,
            details: BTreeMap::new(),
            network: agent.network.clone(),
            request_id: agent.request_id.clone(),
        }
    }

    /// Whether all admins are to see it in the list of changes. A person's own
    /// comings and goings are found under its account only, and what strangers try on
    /// made-up names is nobody's.
    #[must_use]
    pub fn is_change(&self) -> bool {
        let is_presence = matches!(self.action, Action::LoginSuccess | Action::SessionLogout);
        !is_presence && self.subject != UserId::NOBODY
    }

    /// As `user` may see it: not from where somebody else acted.
    #[must_use]
    pub fn shown_to(self, user: UserId) -> Self {
        match self.actor {
            Actor::User(actor) if actor != user => Self { network: None, request_id: None, ..self },
            _ => self,
        }
    }

    /// With one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.details.insert(name.to_owned(), value.to_string());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_network_names_no_single_host() {
        let cases = [
            ("203.0.113.7", Some("203.0.113.0/24")),
            ("2001:db8:85a3:8d3:1319:8a2e:370:7348", Some("2001:db8:85a3::/48")),
            ("::1", Some("0:0:0::/48")),
            ("203.0.113.7, 10.0.0.1", None),
            ("", None),
        ];
        for (address, expected) in cases {
            assert_eq!(network(address).as_deref(), expected, "{address}");
        }
    }
}
