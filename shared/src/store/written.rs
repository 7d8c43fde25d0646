//! What a user wrote, for itself.

use serde::Serialize;

use super::claim::Authored;
use super::item::from_listed;
use super::key::{COMMENT_PREFIX, Item, Key, POST_PREFIX, Record, SK};
use super::{Store, StoreError};
use crate::model::{Comment, CommentDocument, Post, PostDocument, UserId};

/// Of posts and of comments each, so many are looked up at a time.
const PAGE: usize = 50;

/// A user's posts and comments, as the API shows them.
#[derive(Debug, Default)]
pub struct Writings {
    /// The posts, the newest first.
    pub posts: Vec<PostDocument>,
    /// The comments, by post.
    pub comments: Vec<CommentDocument>,
    /// Whether there are more than these, or some that do not read.
    pub is_cut: bool,
}

/// How much of what a user wrote, of posts and of comments each.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// So many.
    pub items: usize,
    /// So many bytes as they are in the event that a function answers with: JSON in a
    /// JSON string, where a quotation mark in a text becomes four bytes.
    pub bytes: usize,
}

/// What was found so far of posts, or of comments.
struct Found<D> {
    documents: Vec<D>,
    left: Most,
}

impl<D: Serialize> Found<D> {
    /// Takes one more, if there is room.
    fn take(&mut self, document: D) -> Result<bool, StoreError> {
        let json = serde_json::to_string(&document).map_err(StoreError::encoding)?;
        let bytes = serde_json::to_string(&json).map_err(StoreError::encoding)?.len();
        let Some(left) = self.left.bytes.checked_sub(bytes).filter(|_| self.left.items > 0) else {
            return Ok(false);
        };
        self.left = Most { items: self.left.items - 1, bytes: left };
        self.documents.push(document);
        Ok(true)
    }
}

impl Store {
    /// What the user wrote, of posts and of comments no more than `most` each.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn written(&self, author: UserId, most: Most) -> Result<Writings, StoreError> {
        let posts = self.of_author::<Post, PostDocument>(author, POST_PREFIX, most);
        let comments = self.of_author::<Comment, CommentDocument>(author, COMMENT_PREFIX, most);
        let (posts, comments) = tokio::join!(posts, comments);
        let ((posts, more_posts), (comments, more_comments)) = (posts?, comments?);
        Ok(Writings { posts, comments, is_cut: more_posts || more_comments })
    }

    /// The newest of the author's records, as documents, and whether there are more.
    async fn of_author<R: Record, D: From<R> + Serialize>(
        &self,
        author: UserId,
        prefix: &str,
        most: Most,
    ) -> Result<(Vec<D>, bool), StoreError> {
        let partition = Key::author_partition(author);
        let (mut found, mut below, mut is_cut) = (Found { documents: Vec::new(), left: most }, None, false);
        loop {
            let items = self.newest(&partition, prefix, below.take(), PAGE).await?;
            let at = |item| Authored::at(author, &Key::of(item)?.sk);
            let keys: Vec<Key> = items.iter().filter_map(at).map(|written| written.of()).collect();
            let (records, all_read) = self.in_order::<R>(&keys).await?;
            is_cut |= !all_read;
            for record in records {
                if !found.take(D::from(record))? {
                    return Ok((found.documents, true));
                }
            }
            if items.len() < PAGE {
                return Ok((found.documents, is_cut));
            }
            below = items.last().and_then(|item| after(item, prefix));
        }
    }

    /// The records at `keys` that are there, in that order; and whether all of them read.
    pub(super) async fn in_order<R: Record>(&self, keys: &[Key]) -> Result<(Vec<R>, bool), StoreError> {
        let mut records = Vec::with_capacity(keys.len());
        let items = self.get_all(keys).await?;
        let there = items.len();
        for item in items {
            records.extend(from_listed::<R>(item, self.now()));
        }
        let all_read = records.len() == there;
        records.sort_by_cached_key(|record| {
            let key = record.key();
            keys.iter().position(|one| *one == key)
        });
        Ok((records, all_read))
    }
}

/// What follows the prefix in the item's sort key.
pub(super) fn after(item: &Item, prefix: &str) -> Option<String> {
    Some(item.get(SK)?.as_s().ok()?.strip_prefix(prefix)?.to_owned())
}
