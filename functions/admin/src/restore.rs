//! `PUT /admin/users/{id}/restore`.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::http::{AdminOn, Problem, Problems};
use shared::model::UserDocument;

use crate::target::{Action, act};

/// Restore a user
///
/// Undoes that it deleted itself, until `DELETION_GRACE` is over: status, role, address
/// and username are as before, but it is signed out everywhere. 409 `not_deleted` for
/// any other account, 404 for one that is gone.
#[utoipa::path(
    put, path = "/admin/users/{id}/restore", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn restore_user(
    State(app): State<App>,
    AdminOn(caller, target): AdminOn,
) -> Result<Json<UserDocument>, Problem> {
    let user = act(&app, &caller.agent, target, Action::Restore).await?;
    Ok(Json(UserDocument::from(&user)))
}
