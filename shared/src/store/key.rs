//! The single table's keys. No other file spells `USER#`.

use std::borrow::Cow;
use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use crate::model::{
    AuditEvent, Comment, CommentId, Email, EventId, Locale, Mail, MailId, Post, PostId, Session, SessionId,
    Ticket, TicketId, User, UserId, Username,
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
        format!("AUTHOR#{author}")
    }

    /// What was made under an idempotency key, by its hash.
    pub fn once(hash: &str) -> Self {
        Self::new(format!("ONCE#{hash}"), "USER")
    }

    /// The operator's words for mails in a language.
    pub fn mail_text(locale: Locale) -> Self {
        Self::new("MAILTEXTS", locale.tag())
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
    pub fn counted(user: UserId) -> Self {
        Self::counted_once(user, "COUNTED")
    }

    /// That something of a user was counted.
    pub fn counted_once(user: UserId, what: &str) -> Self {
        Self::new(format!("STATS#USER#{user}"), what)
    }

    /// As the SDK wants a key.
    pub fn attributes(&self) -> Item {
        Item::from([
            (PK.into(), AttributeValue::S(self.pk.clone())),
            (SK.into(), AttributeValue::S(self.sk.clone())),
        ])
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

/// Reads a record back; one past its `expires_at` is absent.
pub(super) fn from_item<R: Record>(item: Item, now: Timestamp) -> Result<Option<R>, StoreError> {
    let record: R = serde_dynamo::from_item(item).map_err(StoreError::encoding)?;
    let expired = record.expires_at().is_some_and(|time| time <= now);
    Ok((!expired).then_some(record))
}

impl Record for User {
    fn key(&self) -> Key {
        Key::user(self.id)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing { partition: USERS.into(), sort: self.id.to_string() })
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.deletion.map(|deletion| deletion.purge_at)
    }
}

impl Record for Session {
    fn key(&self) -> Key {
        Key::session(self.user_id, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Record for Ticket {
    fn key(&self) -> Key {
        Key::ticket(self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Record for Mail {
    fn key(&self) -> Key {
        Key::mail(self.id)
    }

    /// A mail that could not be sent in 14 days is of no use to anyone.
    fn expires_at(&self) -> Option<Timestamp> {
        self.id.created_at().checked_add(jiff::SignedDuration::from_hours(24 * 14)).ok()
    }
}

/// The index's partition of a day's audit events.
pub(super) fn audit_day(time: Timestamp) -> String {
    format!("AUDIT#{}", time.strftime("%Y-%m-%d"))
}

impl Record for AuditEvent {
    fn key(&self) -> Key {
        Key::audit(self.subject, self.id)
    }

    fn listing(&self) -> Option<Listing> {
        let partition = audit_day(self.time).into();
        self.is_change().then(|| Listing { partition, sort: self.id.to_string() })
    }

    /// Thirteen months: long enough to compare with the same season a year ago. What
    /// is nobody's is there for a day.
    fn expires_at(&self) -> Option<Timestamp> {
        let days = if self.subject == UserId::NOBODY { 1 } else { 400 };
        self.time.checked_add(jiff::SignedDuration::from_hours(24 * days)).ok()
    }
}

/// Says whose an address is. Its existence is what makes addresses unique.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub(super) struct EmailClaim {
    pub user_id: UserId,
    pub email: Email,
    /// Free from this time on, if its user deleted itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purge_at: Option<Timestamp>,
}

impl EmailClaim {
    pub fn new(user_id: UserId, email: Email) -> Self {
        Self { user_id, email, purge_at: None }
    }
}

impl Record for EmailClaim {
    fn key(&self) -> Key {
        Key::email(&self.email)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing { partition: EMAILS.into(), sort: self.email.to_string() })
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.purge_at
    }
}

/// Says whose a username is.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub(super) struct UsernameClaim {
    pub user_id: UserId,
    pub username: Username,
    /// Free from this time on, if its user deleted itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purge_at: Option<Timestamp>,
}

impl UsernameClaim {
    pub fn new(user_id: UserId, username: Username) -> Self {
        Self { user_id, username, purge_at: None }
    }
}

impl Record for UsernameClaim {
    fn key(&self) -> Key {
        Key::username(&self.username)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing { partition: USERNAMES.into(), sort: self.username.lower() })
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.purge_at
    }
}

/// Lists a user under the name that it shows, in small letters.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub(super) struct NameEntry {
    pub user_id: UserId,
    pub name: String,
    /// Gone from this time on, if its user deleted itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purge_at: Option<Timestamp>,
}

impl NameEntry {
    /// The entry of a user who has a name.
    pub fn of(user: &User) -> Option<Self> {
        Some(Self { user_id: user.id, name: user.shown_name()?.to_lowercase(), purge_at: None })
    }

    /// Where the index lists it: by name, and then by id.
    pub fn position(&self) -> String {
        format!("{}#{}", self.name, self.user_id)
    }

    /// Whose a position is.
    pub fn owner(position: &str) -> Option<UserId> {
        position.rsplit_once('#')?.1.parse().ok()
    }
}

impl Record for NameEntry {
    fn key(&self) -> Key {
        Key::name(self.user_id)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing { partition: NAMES.into(), sort: self.position() })
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.purge_at
    }
}

/// Says that a user is an admin.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub(super) struct Admin {
    pub user_id: UserId,
}

impl Record for Admin {
    fn key(&self) -> Key {
        Key::admin(self.user_id)
    }
}

impl Record for Post {
    fn key(&self) -> Key {
        Key::post(self.id)
    }
}

impl Record for Comment {
    fn key(&self) -> Key {
        Key::comment(self.post_id, self.id)
    }
}

/// Says that there is a post: one query of their partition lists the newest.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub(super) struct ListedPost {
    pub post_id: PostId,
}

impl Record for ListedPost {
    fn key(&self) -> Key {
        Key::new(POSTS, format!("{POST_PREFIX}{}", self.post_id))
    }
}

/// Says who wrote a post or, if it names one, a comment: so that all that somebody
/// wrote is found when the account goes.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
#[expect(clippy::struct_field_names, reason = "they are the item's attributes")]
pub(super) struct Authored {
    pub author_id: UserId,
    pub post_id: PostId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
}

impl Authored {
    /// Where what was written is.
    pub fn of(&self) -> Key {
        match self.comment_id {
            Some(comment) => Key::comment(self.post_id, comment),
            None => Key::post(self.post_id),
        }
    }
}

impl Record for Authored {
    fn key(&self) -> Key {
        let post = self.post_id;
        let sk = match self.comment_id {
            Some(comment) => format!("{COMMENT_PREFIX}{post}#{comment}"),
            None => format!("{POST_PREFIX}{post}"),
        };
        Key::new(Key::author_partition(self.author_id), sk)
    }
}
