//! `PUT /admin/users/{id}/restore`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shared::App;
use shared::http::{AdminOn, Problem, Problems, Query};
use shared::model::UserDocument;
use utoipa::IntoParams;

use crate::target::{Action, act};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Restored {
    /// Whether the password is good no more, as with `require-password-change`: for an
    /// account that somebody else deleted, who still knows it.
    #[serde(default)]
    locked: bool,
}

/// Restore a user
///
/// Undoes that it deleted itself, until `DELETION_GRACE` is over: status, role, address
/// and username are as before, but it is signed out everywhere. 409 `not_deleted` for
/// any other account, 404 for one that is gone.
#[utoipa::path(
    put, path = "/admin/users/{id}/restore", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id"), Restored),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn restore_user(
    State(app): State<App>,
    AdminOn(caller, target): AdminOn,
    Query(query): Query<Restored>,
) -> Result<Json<UserDocument>, Problem> {
    let action = Action::Restore { locked: query.locked };
    let user = act(&app, &caller.agent, target, action).await?;
    Ok(Json(UserDocument::from(&user)))
}
