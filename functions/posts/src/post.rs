//! `/posts/{id}`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use shared::App;
use shared::http::{Caller, Problem, Problems, RawBody};
use shared::model::{PostDocument, PostText, PostTitle};
use shared::store::Change;
use utoipa::ToSchema;

use crate::path::PostPath;
use crate::permission::{may_change, refusal, shown};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdatePost {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 200)]
    title: Option<PostTitle>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 10_000)]
    body: Option<PostText>,
}

/// A field that is given has a value: there is no post without a title or a text.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A post
///
/// Anybody's who has not deleted itself.
#[utoipa::path(
    get, path = "/posts/{id}", tag = "posts", security(("bearer" = [])),
    params(("id" = String, Path, description = "The post's id")),
    responses((status = 200, description = "The post", body = PostDocument), Problems)
)]
pub(crate) async fn get_post(
    State(app): State<App>,
    path: PostPath,
    caller: Caller,
) -> Result<Json<PostDocument>, Problem> {
    let post = app.store.post(path.id()?).await?.ok_or(Problem::NotFound)?;
    shown(&app, &caller, [post.author_id]).await?;
    Ok(Json(post.into()))
}

/// Change a post
///
/// One's own; any other for admins only. What is left out stays as it is.
#[utoipa::path(
    patch, path = "/posts/{id}", tag = "posts", security(("bearer" = [])), request_body = UpdatePost,
    params(("id" = String, Path, description = "The post's id")),
    responses((status = 200, description = "The post", body = PostDocument), Problems)
)]
pub(crate) async fn update_post(
    State(app): State<App>,
    path: PostPath,
    caller: Caller,
    body: RawBody,
) -> Result<Json<PostDocument>, Problem> {
    let post = app.store.post(path.id()?).await?.ok_or(Problem::NotFound)?;
    shown(&app, &caller, [post.author_id]).await?;
    may_change(&app, &caller, post.author_id)?;
    let UpdatePost { title, body } = body.parse()?;
    match app.store.update_post(&caller.agent, post, Change { title, body }).await? {
        Ok(post) => Ok(Json(post.into())),
        Err(denied) => Err(refusal(&app, caller, denied).await),
    }
}

/// Delete a post
///
/// One's own; any other for admins only. Its comments go, too.
#[utoipa::path(
    delete, path = "/posts/{id}", tag = "posts", security(("bearer" = [])),
    params(("id" = String, Path, description = "The post's id")),
    responses((status = 204, description = "Deleted"), Problems)
)]
pub(crate) async fn delete_post(
    State(app): State<App>,
    path: PostPath,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let post = app.store.post(path.id()?).await?.ok_or(Problem::NotFound)?;
    shown(&app, &caller, [post.author_id]).await?;
    may_change(&app, &caller, post.author_id)?;
    match app.store.delete_post(&caller.agent, &post).await? {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(denied) => Err(refusal(&app, caller, denied).await),
    }
}
