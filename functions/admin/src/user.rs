//! `/admin/users/{id}`: as `/users/{id}`, for admins.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use shared::App;
use shared::http::{AdminOn, Problem, Problems, RawBody};
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
    AdminOn(caller, target): AdminOn,
) -> Result<Json<UserDocument>, Problem> {
    by_id::read(&app, &caller, target).await.map(|user| Json(UserDocument::from(&user)))
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
    AdminOn(caller, target): AdminOn,
    body: RawBody,
) -> Result<Json<UserDocument>, Problem> {
    by_id::change(&app, caller, target, &body).await.map(|user| Json(UserDocument::from(&user)))
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
    AdminOn(caller, target): AdminOn<true>,
) -> Result<StatusCode, Problem> {
    by_id::delete(&app, caller, target).await.map(|()| StatusCode::NO_CONTENT)
}
