//! Whether those who wrote something are there. Who deletes itself takes what it wrote
//! out of sight at once; it is deleted when the account is, and back if that is restored.

use std::collections::HashSet;

use serde::Deserialize;

use super::item::parse;
use super::key::Key;
use super::{Store, StoreError};
use crate::model::{Status, UserId};

/// As much of a user as tells whether what it wrote is shown.
#[derive(Deserialize)]
struct Author {
    id: UserId,
    status: Status,
}

impl Store {
    /// Whether what all of these authors wrote is shown to `viewer`, who is there itself: not
    /// while one of them has deleted itself.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn shows(
        &self,
        authors: impl IntoIterator<Item = UserId>,
        viewer: UserId,
    ) -> Result<bool, StoreError> {
        let others: HashSet<UserId> = authors.into_iter().filter(|author| *author != viewer).collect();
        Ok(others.is_empty() || self.present(others.iter().copied()).await? == others)
    }

    /// Those users who are there and have not deleted themselves.
    pub(super) async fn present(
        &self,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<HashSet<UserId>, StoreError> {
        let users: HashSet<UserId> = users.into_iter().collect();
        let keys: Vec<Key> = users.into_iter().map(Key::user).collect();
        let items = self.get_parts(&keys, &["id", "status"]).await?;
        let authors = items.into_iter().filter_map(|item| parse::<Author>(item).ok());
        // Past its grace, too: until DynamoDB deletes it, the status is the same.
        Ok(authors.filter(|author| author.status != Status::Deleted).map(|author| author.id).collect())
    }
}
