//! `/posts/{id}/comments`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Caller, Cursor, Page, Paging, Problem, Problems, Query};
use shared::model::{Comment, CommentDocument, CommentId, PostText};
use utoipa::ToSchema;

use crate::path::PostPath;
use crate::permission::{refusal, shown, written};

/// What a comment says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteComment {
    #[schema(value_type = String, min_length = 1, max_length = 10_000)]
    pub(crate) body: PostText,
}

/// List the comments on a post
///
/// Everybody's who has not deleted itself, the newest first. A page may be short though
/// there is a next one.
#[utoipa::path(
    get, path = "/posts/{id}/comments", tag = "posts", security(("bearer" = [])),
    params(("id" = String, Path, description = "The post's id"), Paging),
    responses((status = 200, description = "A page of comments", body = Page<CommentDocument>), Problems)
)]
pub(crate) async fn list_comments(
    State(app): State<App>,
    path: PostPath,
    _: Caller,
    Query(query): Query<Paging>,
) -> Result<Json<Page<CommentDocument>>, Problem> {
    let post = path.id()?;
    let list = format!("comments on {post}");
    let below = query.cursor.map(|cursor| Cursor::decode(&list, &cursor)).transpose()?;
    let below = below.map(|id| id.parse().map_err(|_| Problem::InvalidCursor)).transpose()?;
    let limit = query.limit.unwrap_or_default().get();
    let (comments, next) = app.store.comments(post, below, limit).await?.ok_or(Problem::NotFound)?;
    let next = next.map(|id| Cursor::encode(&list, &id.to_string()));
    Ok(Json(Page::new(comments.into_iter().map(CommentDocument::from).collect(), next)))
}

/// Comment on a post
///
/// Anybody's who has not deleted itself. Posts and comments of one caller are limited by `WRITE_LIMIT`.
#[utoipa::path(
    post, path = "/posts/{id}/comments", tag = "posts", security(("bearer" = [])), request_body = WriteComment,
    params(("id" = String, Path, description = "The post's id")),
    responses((status = 201, description = "The comment", body = CommentDocument), Problems)
)]
pub(crate) async fn create_comment(
    State(app): State<App>,
    path: PostPath,
    caller: Caller,
    Body(WriteComment { body }): Body<WriteComment>,
) -> Result<(StatusCode, Json<CommentDocument>), Problem> {
    let (post_id, now) = (path.id()?, app.clock.now());
    let post = app.store.post(post_id).await?.ok_or(Problem::NotFound)?;
    shown(&app, &caller, [post.author_id]).await?;
    let (id, author_id) = (CommentId::new(now), caller.user.id);
    let comment = Comment { id, post_id, author_id, body, updated_at: now };
    match app.store.create_comment(&comment, &written(&app, &caller)).await? {
        Ok(()) => Ok((StatusCode::CREATED, Json(comment.into()))),
        Err(denied) => Err(refusal(&app, caller, denied).await),
    }
}
