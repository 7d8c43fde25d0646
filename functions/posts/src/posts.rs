//! `/posts`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Caller, Cursor, Page, Paging, Problem, Problems, Query};
use shared::model::{Post, PostDocument, PostId, PostText, PostTitle};
use utoipa::ToSchema;

use crate::permission::{refusal, written};

/// What the cursors are of.
const LIST: &str = "posts";

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreatePost {
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    title: PostTitle,
    #[schema(value_type = String, min_length = 1, max_length = 10_000)]
    body: PostText,
}

/// List posts
///
/// Everybody's who has not deleted itself, the newest first. A page may be short though
/// there is a next one.
#[utoipa::path(
    get, path = "/posts", tag = "posts", params(Paging), security(("bearer" = [])),
    responses((status = 200, description = "A page of posts", body = Page<PostDocument>), Problems)
)]
pub(crate) async fn list_posts(
    State(app): State<App>,
    _: Caller,
    Query(query): Query<Paging>,
) -> Result<Json<Page<PostDocument>>, Problem> {
    let below = query.cursor.map(|cursor| Cursor::decode(LIST, &cursor)).transpose()?;
    let below = below.map(|id| id.parse().map_err(|_| Problem::InvalidCursor)).transpose()?;
    let (posts, next) = app.store.posts(below, query.limit.unwrap_or_default().get()).await?;
    let next = next.map(|id| Cursor::encode(LIST, &id.to_string()));
    Ok(Json(Page::new(posts.into_iter().map(PostDocument::from).collect(), next)))
}

/// Write a post
///
/// As the caller's. Posts and comments of one caller are limited by `WRITE_LIMIT`.
#[utoipa::path(
    post, path = "/posts", tag = "posts", security(("bearer" = [])), request_body = CreatePost,
    responses((status = 201, description = "The post", body = PostDocument), Problems)
)]
pub(crate) async fn create_post(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<CreatePost>,
) -> Result<(StatusCode, Json<PostDocument>), Problem> {
    let (CreatePost { title, body }, now) = (body, app.clock.now());
    let post = Post { id: PostId::new(now), author_id: caller.user.id, title, body, updated_at: now };
    match app.store.create_post(&post, &written(&app, &caller)).await? {
        Ok(()) => Ok((StatusCode::CREATED, Json(post.into()))),
        Err(denied) => Err(refusal(&app, caller, denied).await),
    }
}
