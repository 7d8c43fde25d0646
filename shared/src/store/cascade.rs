//! What goes with what is gone: a user's links, posts and comments, a post's comments.
//! The table's stream tells of the removal; nothing is added to what is removed, for
//! who writes has a condition on it.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;

use super::belonging::belongings_at;
use super::claim::{Authored, ListedPost};
use super::key::{COMMENT_PREFIX, Item, Key, PK, Record};
use super::terms::Terms;
use super::transaction::Guard;
use super::{Store, StoreError};
use crate::model::{PostId, UserId};

/// What was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// A user's profile.
    User(UserId),
    /// A post.
    Post(PostId),
}

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleared {
    /// There is nothing (more) to delete.
    All,
    /// There was no more time: the next call goes on.
    InPart,
}

/// Where to look for what goes with what was removed.
#[derive(Clone, Copy)]
enum Place {
    /// A user's links and mails.
    Belongings(UserId),
    /// What a user wrote.
    Author(UserId),
    /// A post's comments.
    Comments(PostId),
}

/// A transaction holds 100 items, and each of these needs up to three.
const AT_ONCE: i32 = 30;

impl Removed {
    pub(super) fn key(self) -> Key {
        match self {
            Self::User(id) => Key::user(id),
            Self::Post(id) => Key::post(id),
        }
    }

    fn places(self) -> Vec<Place> {
        match self {
            Self::User(id) => vec![Place::Belongings(id), Place::Author(id)],
            Self::Post(id) => vec![Place::Comments(id)],
        }
    }
}

impl Store {
    /// Deletes what goes with what was removed, 30 items at a time, each with all that is
    /// written about it, and as long as there `is_time`. A user's posts are removed, and
    /// what goes with each follows by the stream. Where it was done before, nothing
    /// happens; nor where the user or the post is there (again).
    ///
    /// # Errors
    /// When the table does not answer: what was deleted until then stays so.
    pub async fn clear(&self, removed: Removed, is_time: impl Fn() -> bool) -> Result<Cleared, StoreError> {
        for place in removed.places() {
            loop {
                if !is_time() {
                    return Ok(Cleared::InPart);
                }
                let items = self.dependants(place).await?;
                if items.is_empty() {
                    break;
                }
                if !self.take_away(removed, place, &items).await? {
                    return Ok(Cleared::All);
                }
            }
        }
        Ok(Cleared::All)
    }

    /// `false`: what was removed is there (again).
    async fn take_away(&self, removed: Removed, place: Place, items: &[Item]) -> Result<bool, StoreError> {
        let still_gone = Terms::new().when_absent(PK);
        let mut transaction = self.transaction().check(&removed.key(), still_gone, Guard::Unchanged)?;
        for item in items {
            for key in doomed(place, item) {
                transaction = transaction.delete(&key, Terms::new(), Guard::Unchanged)?;
            }
        }
        Ok(self.commit(transaction).await?.is_ok())
    }

    /// Some of what is there, read consistently.
    async fn dependants(&self, place: Place) -> Result<Vec<Item>, StoreError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let query = QueryInput::builder().table_name(&self.table).consistent_read(true).limit(AT_ONCE);
        let all_of = |partition: &str| {
            let query = query.clone().key_condition_expression("PK = :pk");
            query.expression_attribute_values(":pk", text(partition))
        };
        let query = match place {
            Place::Belongings(user) => all_of(&Key::belongings(user)),
            Place::Author(user) => all_of(&Key::author_partition(user)),
            Place::Comments(post) => query
                .clone()
                .key_condition_expression("PK = :pk AND begins_with(SK, :sk)")
                .projection_expression("PK, SK, author_id")
                .expression_attribute_values(":pk", text(&Key::post(post).pk))
                .expression_attribute_values(":sk", text(COMMENT_PREFIX)),
        };
        Ok(self.client.send(query).await?.items.unwrap_or_default())
    }
}

/// The keys of the item itself and of what it speaks of. Its own key tells, whatever else
/// it holds: one that does not read as a function writes it goes like the others, and
/// holds up nothing.
fn doomed(place: Place, item: &Item) -> Vec<Key> {
    let Some(key) = Key::of(item) else { return Vec::new() };
    let others = match place {
        Place::Belongings(_) => belongings_at(&key.sk).map(Vec::from),
        Place::Author(author) => Authored::at(author, &key.sk).map(|written| written_at(&written)),
        Place::Comments(post) => comment_author(item).and_then(|author| {
            let id = key.sk.strip_prefix(COMMENT_PREFIX)?.parse().ok()?;
            Some(vec![Key::authored(author, post, Some(id))])
        }),
    };
    if others.is_none() {
        tracing::error!(details = key.pk, "an item that does not read goes alone; what it spoke of may stay");
    }
    others.into_iter().flatten().chain([key]).collect()
}

/// Where what a user wrote is.
fn written_at(written: &Authored) -> Vec<Key> {
    match written.comment_id {
        Some(_) => vec![written.of()],
        None => vec![ListedPost { post_id: written.post_id }.key(), written.of()],
    }
}

fn comment_author(item: &Item) -> Option<UserId> {
    item.get("author_id")?.as_s().ok()?.parse().ok()
}
