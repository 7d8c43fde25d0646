//! What a user wrote, for itself.

use super::claim::Authored;
use super::key::{COMMENT_PREFIX, Item, Key, POST_PREFIX, Record, SK, from_item};
use super::{Store, StoreError};
use crate::model::{Comment, Post, UserId};

/// Of posts and of comments each, so many are looked up at a time.
const PAGE: usize = 50;

/// A user's posts and comments.
#[derive(Debug, Default)]
pub struct Writings {
    /// The posts, the newest first.
    pub posts: Vec<Post>,
    /// The comments, by post.
    pub comments: Vec<Comment>,
    /// Whether there are more than these.
    pub is_cut: bool,
}

impl Store {
    /// What the user wrote, as long as the texts of posts and of comments have no more
    /// than `bytes` each.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn written(&self, author: UserId, bytes: usize) -> Result<Writings, StoreError> {
        let posts = self.of_author::<Post>(author, POST_PREFIX, bytes, |post| post.body.as_str().len());
        let comments =
            self.of_author::<Comment>(author, COMMENT_PREFIX, bytes, |comment| comment.body.as_str().len());
        let (posts, comments) = tokio::join!(posts, comments);
        let ((mut posts, more_posts), (mut comments, more_comments)) = (posts?, comments?);
        posts.sort_by_key(|post| std::cmp::Reverse(post.id));
        comments.sort_by_key(|comment| std::cmp::Reverse((comment.post_id, comment.id)));
        Ok(Writings { posts, comments, is_cut: more_posts || more_comments })
    }

    async fn of_author<R: Record>(
        &self,
        author: UserId,
        prefix: &str,
        bytes: usize,
        length: impl Fn(&R) -> usize,
    ) -> Result<(Vec<R>, bool), StoreError> {
        let partition = Key::author_partition(author);
        let (mut found, mut total, mut below): (Vec<R>, usize, Option<String>) = (Vec::new(), 0, None);
        loop {
            let items = self.newest(&partition, prefix, below.take(), PAGE).await?;
            let mut keys = Vec::with_capacity(items.len());
            for item in &items {
                keys.extend(from_item::<Authored>(item.clone(), self.now())?.map(|written| written.of()));
            }
            below = items.last().and_then(|item| after(item, prefix));
            for item in self.get_all(&keys).await? {
                if let Some(record) = from_item::<R>(item, self.now())? {
                    total += length(&record);
                    found.push(record);
                }
            }
            if items.len() < PAGE {
                return Ok((found, false));
            }
            if total > bytes {
                return Ok((found, true));
            }
        }
    }
}

/// What follows the prefix in the item's sort key.
fn after(item: &Item, prefix: &str) -> Option<String> {
    Some(item.get(SK)?.as_s().ok()?.strip_prefix(prefix)?.to_owned())
}
