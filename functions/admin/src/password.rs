//! `POST /admin/users/{id}/require-password-change`.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::http::{AdminOn, Problem, Problems};
use shared::model::UserDocument;

use crate::target::{Action, act};

/// Require a new password
///
/// For an account whose password somebody else may know. It is good no more: signing
/// in with it answers 403 `password_change_required`, all sessions end at once, and the
/// person is told to ask for a link by mail, which alone sets a new one. Asked for
/// again, it changes nothing.
#[utoipa::path(
    post, path = "/admin/users/{id}/require-password-change", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn require_password_change(
    State(app): State<App>,
    AdminOn(caller, target): AdminOn,
) -> Result<Json<UserDocument>, Problem> {
    let user = act(&app, &caller.agent, target, Action::RequirePasswordChange).await?;
    Ok(Json(UserDocument::from(&user)))
}
