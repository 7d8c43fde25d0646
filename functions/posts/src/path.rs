//! The ids in a path. What is no id is kept until it is sure who asks.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use shared::http::Problem;
use shared::model::{CommentId, PostId};

/// The `{id}` of a post.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PostPath(Option<PostId>);

impl PostPath {
    /// The id: what is none is no post's.
    pub(crate) fn id(self) -> Result<PostId, Problem> {
        self.0.ok_or(Problem::NotFound)
    }
}

/// The `{id}` of a post and the `{comment_id}` of a comment on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommentPath(Option<PostId>, Option<CommentId>);

impl CommentPath {
    /// The ids: what is none is no post's or comment's.
    pub(crate) fn ids(self) -> Result<(PostId, CommentId), Problem> {
        self.0.zip(self.1).ok_or(Problem::NotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PostPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(path.ok().and_then(|Path(id)| parsed(&id))))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CommentPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let (post, comment) = path.map(|Path(ids)| ids).unwrap_or_default();
        Ok(Self(parsed(&post), parsed(&comment)))
    }
}

fn parsed<T: FromStr>(id: &str) -> Option<T> {
    id.parse().ok()
}
