//! Items that hold a place for others: what makes addresses and usernames unique, and
//! what lists accounts and posts.

use jiff::Timestamp;
use serde::Serialize;

use super::key::{COMMENT_PREFIX, EMAILS, Key, Listing, NAMES, POST_PREFIX, Record, USERNAMES};
use crate::model::{CommentId, Email, PostId, User, UserId, Username, listed_name};

/// Where the index lists what is some user's: by that, and then by id, so that a page of
/// the index says whose its entries are.
pub(super) fn position(text: &str, user: UserId) -> String {
    format!("{text}#{user}")
}

/// What a position lists, and whose it is. No id holds a `#`.
pub(super) fn listed(position: &str) -> Option<(&str, UserId)> {
    let (text, id) = position.rsplit_once('#')?;
    Some((text, id.parse().ok()?))
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
        Some(Listing { partition: EMAILS.into(), sort: position(self.email.as_str(), self.user_id) })
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
        Some(Listing { partition: USERNAMES.into(), sort: position(&self.username.lower(), self.user_id) })
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
        Some(Self { user_id: user.id, name: listed_name(&user.shown_name()?), purge_at: None })
    }
}

impl Record for NameEntry {
    fn key(&self) -> Key {
        Key::name(self.user_id)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing { partition: NAMES.into(), sort: position(&self.name, self.user_id) })
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

/// Says that there is a post: one query of their partition lists the newest.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub(super) struct ListedPost {
    pub post_id: PostId,
}

impl Record for ListedPost {
    fn key(&self) -> Key {
        Key::listed_post(self.post_id)
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
    /// What the author's item at this sort key says; its key says it all. `None`: it says
    /// nothing that a function has written.
    pub fn at(author_id: UserId, sk: &str) -> Option<Self> {
        let (post_id, comment_id) = match sk.strip_prefix(COMMENT_PREFIX) {
            Some(ids) => {
                let (post, comment) = ids.split_once('#')?;
                (post.parse().ok()?, Some(comment.parse().ok()?))
            }
            None => (sk.strip_prefix(POST_PREFIX)?.parse().ok()?, None),
        };
        Some(Self { author_id, post_id, comment_id })
    }

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
        Key::authored(self.author_id, self.post_id, self.comment_id)
    }
}
