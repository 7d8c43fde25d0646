//! `/admin/users/{id}`: as `/users/{id}`, for admins.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use shared::App;
use shared::http::{AdminCaller, Problem, Problems, RawBody, UserPath};
use shared::model::UserDocument;
use users::by_id::{self, UpdateUser};

/// A user, as an admin
///
/// Any account, whatever its status.
#[utoipa::path(
    get, path = "/admin/users/{id}", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn admin_get_user(
    State(app): State<App>,
    path: UserPath,
    AdminCaller(caller): AdminCaller,
) -> Result<Json<UserDocument>, Problem> {
    by_id::read(&app, &caller, path).await.map(|user| Json(UserDocument::from(&user)))
}

/// Change a user, as an admin
///
/// As `PATCH /users/{id}`.
#[utoipa::path(
    patch, path = "/admin/users/{id}", tag = "admin", security(("bearer" = [])),
    request_body = UpdateUser, params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn admin_update_user(
    State(app): State<App>,
    path: UserPath,
    AdminCaller(caller): AdminCaller,
    body: RawBody,
) -> Result<Json<UserDocument>, Problem> {
    by_id::change(&app, caller, path, &body).await.map(|user| Json(UserDocument::from(&user)))
}

/// Delete a user, as an admin
///
/// As `DELETE /users/{id}`.
#[utoipa::path(
    delete, path = "/admin/users/{id}", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 204, description = "Deleted"), Problems)
)]
pub(crate) async fn admin_delete_user(
    State(app): State<App>,
    path: UserPath,
    AdminCaller(caller): AdminCaller,
) -> Result<StatusCode, Problem> {
    by_id::delete(&app, caller, path).await.map(|()| StatusCode::NO_CONTENT)
}
