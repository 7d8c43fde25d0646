//! `/users/me`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use shared::App;
use shared::http::{Caller, Problem, Problems, RawBody};
use shared::model::UserDocument;

use crate::by_id::{change_self, delete_self};
use crate::profile::UpdateMe;

/// My profile
///
/// As stored now, whatever the access token says.
#[utoipa::path(
    get, path = "/users/me", tag = "users", security(("bearer" = [])),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn get_me(caller: Caller) -> Json<UserDocument> {
    Json(UserDocument::from(&caller.user))
}

/// Change my profile
///
/// What is left out stays as it is; null empties a field.
#[utoipa::path(
    patch, path = "/users/me", tag = "users", security(("bearer" = [])), request_body = UpdateMe,
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn update_me(
    State(app): State<App>,
    caller: Caller,
    body: RawBody,
) -> Result<Json<UserDocument>, Problem> {
    let user = change_self(&app, caller, &body).await?;
    Ok(Json(UserDocument::from(&user)))
}

/// Delete my account
///
/// Signed out everywhere at once, and nobody signs in any more. Within
/// `DELETION_GRACE` an admin can undo it, and address and username stay taken; then
/// everything is gone. The last sign-in must be less than 5 minutes ago. The last
/// active admin stays.
#[utoipa::path(
    delete, path = "/users/me", tag = "users", security(("bearer" = [])),
    responses((status = 204, description = "Deleted"), Problems)
)]
pub(crate) async fn delete_me(State(app): State<App>, caller: Caller) -> Result<StatusCode, Problem> {
    delete_self(&app, caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
