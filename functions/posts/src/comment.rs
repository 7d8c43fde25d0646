//! `/posts/{id}/comments/{comment_id}`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use shared::App;
use shared::http::{Caller, Problem, Problems, RawBody};
use shared::model::CommentDocument;

use crate::comments::WriteComment;
use crate::path::CommentPath;
use crate::permission::{may_change, refusal, shown};

/// Change a comment
///
/// One's own; any other for admins only.
#[utoipa::path(
    patch, path = "/posts/{id}/comments/{comment_id}", tag = "posts", security(("bearer" = [])),
    request_body = WriteComment,
    params(
        ("id" = String, Path, description = "The post's id"),
        ("comment_id" = String, Path, description = "The comment's id"),
    ),
    responses((status = 200, description = "The comment", body = CommentDocument), Problems)
)]
pub(crate) async fn update_comment(
    State(app): State<App>,
    path: CommentPath,
    caller: Caller,
    body: RawBody,
) -> Result<Json<CommentDocument>, Problem> {
    let (post, id) = path.ids()?;
    let (comment, of) = app.store.comment(post, id).await?.ok_or(Problem::NotFound)?;
    shown(&app, &caller, [comment.author_id, of]).await?;
    may_change(&app, &caller, comment.author_id)?;
    let WriteComment { body } = body.parse()?;
    match app.store.update_comment(&caller.agent, comment, body).await? {
        Ok(comment) => Ok(Json(comment.into())),
        Err(denied) => Err(refusal(&app, caller, denied).await),
    }
}

/// Delete a comment
///
/// One's own; any other for admins only.
#[utoipa::path(
    delete, path = "/posts/{id}/comments/{comment_id}", tag = "posts", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The post's id"),
        ("comment_id" = String, Path, description = "The comment's id"),
    ),
    responses((status = 204, description = "Deleted"), Problems)
)]
pub(crate) async fn delete_comment(
    State(app): State<App>,
    path: CommentPath,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let (post, id) = path.ids()?;
    let (comment, of) = app.store.comment(post, id).await?.ok_or(Problem::NotFound)?;
    // Its owner may take it away, whatever became of the post.
    if comment.author_id != caller.user.id {
        shown(&app, &caller, [comment.author_id, of]).await?;
    }
    may_change(&app, &caller, comment.author_id)?;
    match app.store.delete_comment(&caller.agent, &comment).await? {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(denied) => Err(refusal(&app, caller, denied).await),
    }
}
