//! Whether those who wrote something are there. Who deletes itself takes what it wrote
//! out of sight at once; it is deleted when the account is, and back if that is restored.

use std::collections::HashSet;

use serde::Deserialize;

use super::key::Key;
use super::{Store, StoreError};
use crate::model::{Post, PostId, Status, UserId};

/// As much of a user as tells whether what it wrote is shown.
#[derive(Deserialize)]
struct Author {
    id: UserId,
    status: Status,
}

impl Store {
    /// The post of that id, as everybody may see it: `None`, too, while its author has
    /// deleted itself.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn shown_post(&self, id: PostId) -> Result<Option<Post>, StoreError> {
        let Some(post) = self.post(id).await? else { return Ok(None) };
        let present = self.present([post.author_id]).await?;
        Ok(Some(post).filter(|post| present.contains(&post.author_id)))
    }

    /// Those users who are there and have not deleted themselves.
    pub(super) async fn present(
        &self,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<HashSet<UserId>, StoreError> {
        let users: HashSet<UserId> = users.into_iter().collect();
        let keys: Vec<Key> = users.into_iter().map(Key::user).collect();
        let items = self.get_parts(&keys, &["id", "status"]).await?;
        let authors = items.into_iter().filter_map(|item| serde_dynamo::from_item::<_, Author>(item).ok());
        // Past its grace, too: until DynamoDB deletes it, the status is the same.
        Ok(authors.filter(|author| author.status != Status::Deleted).map(|author| author.id).collect())
    }
}
