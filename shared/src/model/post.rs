//! Posts and comments: the example of a resource that users own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::{CommentId, Invalid, PostId, UserId, has_control};

const INVALID_TITLE: Invalid =
    Invalid { code: "invalid_title", message: "must be 1 to 200 characters without control characters" };

const INVALID_TEXT: Invalid = Invalid {
    code: "invalid_text",
    message: "must be 1 to 10000 characters, not only spaces, without control characters but tabs and line ends",
};

/// A post's title: trimmed, NFC, 1 to 200 characters (code points), no control
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PostTitle(String);

impl TryFrom<String> for PostTitle {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        if has_control(&text) {
            return Err(INVALID_TITLE);
        }
        let title: String = text.trim().nfc().collect();
        if (1..=200).contains(&title.chars().count()) { Ok(Self(title)) } else { Err(INVALID_TITLE) }
    }
}

/// What a post or a comment says: 1 to 10,000 characters (code points) as they were
/// sent, not only white space, no control characters but tabs and line ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PostText(String);

impl PostText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PostText {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let is_bad = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        let is_long = text.chars().count() > 10_000;
        if is_long || text.trim().is_empty() || text.chars().any(is_bad) {
            return Err(INVALID_TEXT);
        }
        Ok(Self(text))
    }
}

/// A post as stored. Answers show a [`PostDocument`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Post {
    /// The id; its time is when the post was made.
    pub id: PostId,
    /// Who wrote it.
    pub author_id: UserId,
    /// Its title.
    pub title: PostTitle,
    /// What it says.
    pub body: PostText,
    /// The last change.
    pub updated_at: Timestamp,
}

/// A comment on a post as stored. Answers show a [`CommentDocument`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comment {
    /// The id; its time is when the comment was made.
    pub id: CommentId,
    /// On which post.
    pub post_id: PostId,
    /// Who wrote it.
    pub author_id: UserId,
    /// What it says.
    pub body: PostText,
    /// The last change.
    pub updated_at: Timestamp,
}

/// A post as the API shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostDocument {
    /// UUIDv7.
    #[schema(value_type = String, format = "uuid")]
    id: PostId,
    /// The user who wrote it.
    #[schema(value_type = String, format = "uuid")]
    author_id: UserId,
    /// Trimmed.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    title: PostTitle,
    /// As it was sent: text, nothing that may be shown as HTML.
    #[schema(value_type = String, min_length = 1, max_length = 10_000)]
    body: PostText,
    /// RFC 3339, UTC.
    created_at: Timestamp,
    /// RFC 3339, UTC.
    updated_at: Timestamp,
}

impl From<Post> for PostDocument {
    fn from(post: Post) -> Self {
        let Post { id, author_id, title, body, updated_at } = post;
        Self { id, author_id, title, body, created_at: id.created_at(), updated_at }
    }
}

/// A comment as the API shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentDocument {
    /// UUIDv7.
    #[schema(value_type = String, format = "uuid")]
    id: CommentId,
    /// The post that it is on.
    #[schema(value_type = String, format = "uuid")]
    post_id: PostId,
    /// The user who wrote it.
    #[schema(value_type = String, format = "uuid")]
    author_id: UserId,
    /// As it was sent: text, nothing that may be shown as HTML.
    #[schema(value_type = String, min_length = 1, max_length = 10_000)]
    body: PostText,
    /// RFC 3339, UTC.
    created_at: Timestamp,
    /// RFC 3339, UTC.
    updated_at: Timestamp,
}

impl From<Comment> for CommentDocument {
    fn from(comment: Comment) -> Self {
        let Comment { id, post_id, author_id, body, updated_at } = comment;
        Self { id, post_id, author_id, body, created_at: id.created_at(), updated_at }
    }
}
