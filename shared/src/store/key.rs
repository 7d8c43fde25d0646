//! The single table's keys. No other file spells `USER#`.

use std::borrow::Cow;
use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use crate::model::{
    CommentId, Email, EventId, Locale, MailId, PostId, SessionId, TicketId, UserId, Username,
};

/// An item as the SDK knows it.
pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) const PK: &str = "PK";
pub(super) const SK: &str = "SK";
pub(super) const INDEX: &str = "GSI1";
pub(super) const INDEX_PK: &str = "GSI1PK";
pub(super) const INDEX_SK: &str = "GSI1SK";
pub(super) const TTL: &str = "ttl";

/// What the keys of a mail begin with: the stream's filter and the operator's
/// retry look for it.
pub(super) const MAIL_PREFIX: &str = "MAIL#";
/// What the keys of an account's items begin with.
pub(super) const USER_PREFIX: &str = "USER#";
/// What the keys of a post and its comments begin with.
pub(super) const POST_PREFIX: &str = "POST#";
pub(super) const POST: &str = "POST";
pub(super) const PROFILE: &str = "PROFILE";
const CLAIM: &str = "CLAIM";
/// The index's partitions.
pub(super) const USERS: &str = "USERS";
pub(super) const EMAILS: &str = "EMAILS";
pub(super) const USERNAMES: &str = "USERNAMES";
pub(super) const NAMES: &str = "NAMES";
pub(super) const SESSION_PREFIX: &str = "SESSION#";
/// The partition that holds one item per admin.
pub(super) const ADMINS: &str = "ADMINS";
/// The partition that holds one item per post, to list them.
pub(super) const POSTS: &str = "POSTS";
pub(super) const COMMENT_PREFIX: &str = "COMMENT#";
/// What the partitions begin with that hold what a user wrote, and what belongs to it.
pub(super) const AUTHOR_PREFIX: &str = "AUTHOR#";
pub(super) const BELONGINGS_PREFIX: &str = "OF#";

/// The partitions that hold what was counted.
pub(super) const STATS_DAYS: &str = "STATS#DAYS";
pub(super) const STATS_MONTHS: &str = "STATS#MONTHS";

/// Where an item lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub pk: String,
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    pub fn user(id: UserId) -> Self {
        Self::listed_user(&id.to_string())
    }

    /// The user that the index lists under `id`.
    pub fn listed_user(id: &str) -> Self {
        Self::new(format!("{USER_PREFIX}{id}"), PROFILE)
    }

    pub fn session(user: UserId, id: SessionId) -> Self {
        Self::new(format!("{USER_PREFIX}{user}"), format!("{SESSION_PREFIX}{id}"))
    }

    pub fn totp(user: UserId) -> Self {
        Self::new(format!("{USER_PREFIX}{user}"), "TOTP")
    }

    /// What lists a user under its name.
    pub fn name(user: UserId) -> Self {
        Self::new(format!("NAME#{user}"), "ENTRY")
    }

    pub fn email(email: &Email) -> Self {
        Self::listed_email(email.as_str())
    }

    /// The claim that the index lists under `email`.
    pub fn listed_email(email: &str) -> Self {
        Self::new(format!("EMAIL#{email}"), CLAIM)
    }

    pub fn username(username: &Username) -> Self {
        Self::listed_username(&username.lower())
    }

    /// The claim that the index lists under `lower`.
    pub fn listed_username(lower: &str) -> Self {
        Self::new(format!("USERNAME#{lower}"), CLAIM)
    }

    pub fn admin(id: UserId) -> Self {
        Self::new(ADMINS, id.to_string())
    }

    pub fn ticket(id: TicketId) -> Self {
        Self::new(format!("TICKET#{id}"), "TICKET")
    }

    /// The partition of what is elsewhere and belongs to a user.
    pub fn belongings(user: UserId) -> String {
        format!("{BELONGINGS_PREFIX}{user}")
    }

    pub fn belonging(user: UserId, id: TicketId) -> Self {
        Self::new(Self::belongings(user), id.to_string())
    }

    pub fn mail(id: MailId) -> Self {
        Self::new(format!("{MAIL_PREFIX}{id}"), "MAIL")
    }

    /// The partition of an account's audit events.
    pub fn audit_partition(subject: UserId) -> String {
        format!("AUDIT#{subject}")
    }

    pub fn audit(subject: UserId, id: EventId) -> Self {
        Self::new(Self::audit_partition(subject), id.to_string())
    }

    /// A counter: of what, of whom (no name that tells a person), and in which
    /// window of time, if it counts in windows.
    pub fn attempts(scope: &str, name: &str, window: Option<i64>) -> Self {
        let window = window.map(|number| format!("#{number}")).unwrap_or_default();
        Self::new(format!("ATTEMPTS#{scope}#{name}{window}"), "COUNT")
    }

    pub fn post(id: PostId) -> Self {
        Self::new(format!("{POST_PREFIX}{id}"), POST)
    }

    pub fn comment(post: PostId, id: CommentId) -> Self {
        Self::new(format!("{POST_PREFIX}{post}"), format!("{COMMENT_PREFIX}{id}"))
    }

    /// The partition of what a user has written.
    pub fn author_partition(author: UserId) -> String {
        format!("{AUTHOR_PREFIX}{author}")
    }

    /// What was made under an idempotency key, by its hash.
    pub fn once(hash: &str) -> Self {
        Self::new(format!("ONCE#{hash}"), "USER")
    }

    /// The operator's words for mails in a language.
    pub fn mail_text(locale: Locale) -> Self {
        Self::new("MAILTEXTS", locale.tag())
    }

    /// What lists a post among the newest.
    pub fn listed_post(id: PostId) -> Self {
        Self::new(POSTS, format!("{POST_PREFIX}{id}"))
    }

    /// What says who wrote a post or, if there is one, the comment on it.
    pub fn authored(author: UserId, post: PostId, comment: Option<CommentId>) -> Self {
        let sk = match comment {
            Some(comment) => format!("{COMMENT_PREFIX}{post}#{comment}"),
            None => format!("{POST_PREFIX}{post}"),
        };
        Self::new(Self::author_partition(author), sk)
    }

    pub fn public_keys() -> Self {
        Self::new("KEYS", "PUBLIC")
    }

    pub fn private_key(kid: &str) -> Self {
        Self::new(format!("PRIVATEKEY#{kid}"), "KEY")
    }

    /// How many users there are of each kind.
    pub fn totals() -> Self {
        Self::new("STATS#TOTALS", "COUNT")
    }

    /// What was counted of a day, such as `2026-03-01`.
    pub fn day(day: &str) -> Self {
        Self::new(STATS_DAYS, day)
    }

    /// What was counted of a month, such as `2026-03`.
    pub fn month(month: &str) -> Self {
        Self::new(STATS_MONTHS, month)
    }

    /// As what a user is counted now.
    pub fn counted(user: &Pseudonym) -> Self {
        Self::counted_once(user, "COUNTED")
    }

    /// That something of a user was counted.
    pub fn counted_once(user: &Pseudonym, what: &str) -> Self {
        Self::new(format!("STATS#USER#{}", user.as_str()), what)
    }

    /// Where an item is.
    pub fn of(item: &Item) -> Option<Self> {
        let part = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        Some(Self { pk: part(PK)?, sk: part(SK)? })
    }

    /// As the SDK wants a key.
    pub fn attributes(&self) -> Item {
        Item::from([
            (PK.into(), AttributeValue::S(self.pk.clone())),
            (SK.into(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

/// What stands for a user where something is counted that outlives the account by days:
/// a hash of its id. It tells nobody who it was; whoever has the id finds what was counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, serde::Deserialize)]
pub(super) struct Pseudonym(String);

impl Pseudonym {
    pub fn of(user: UserId) -> Self {
        let hash = digest(&SHA256, user.to_string().as_bytes());
        Self(URL_SAFE_NO_PAD.encode(hash.as_ref().split_at(16).0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A place in the index: its partition and sort key.
pub(super) struct Listing {
    pub partition: Cow<'static, str>,
    pub sort: String,
}

/// Something kept as one item.
pub(super) trait Record: Serialize + DeserializeOwned {
    /// Where it lives.
    fn key(&self) -> Key;

    /// Where the index lists it, if at all.
    fn listing(&self) -> Option<Listing> {
        None
    }

    /// From when on it counts as absent, whether or not DynamoDB has deleted it.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }

    /// The whole item: the value, its keys and its `ttl` in epoch seconds.
    fn to_item(&self) -> Result<Item, StoreError> {
        let mut item: Item = serde_dynamo::to_item(self).map_err(StoreError::encoding)?;
        item.extend(self.key().attributes());
        if let Some(listing) = self.listing() {
            item.insert(INDEX_PK.into(), AttributeValue::S(listing.partition.into_owned()));
            item.insert(INDEX_SK.into(), AttributeValue::S(listing.sort));
        }
        if let Some(time) = self.expires_at() {
            item.insert(TTL.into(), AttributeValue::N(time.as_second().to_string()));
        }
        Ok(item)
    }
}
