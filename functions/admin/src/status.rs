//! `PUT /admin/users/{id}/activate` and `/deactivate`.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::http::{AdminOn, Caller, Problem, Problems, Target};
use shared::model::{Status, UserDocument};

use crate::target::{Action, act};

/// Activate a user
///
/// Approves a pending account, or lets a deactivated one in again.
#[utoipa::path(
    put, path = "/admin/users/{id}/activate", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn activate_user(
    State(app): State<App>,
    AdminOn(caller, target): AdminOn,
) -> Result<Json<UserDocument>, Problem> {
    set_status(&app, &caller, target, Status::Active).await
}

/// Deactivate a user
///
/// Signs it out everywhere at once, and keeps it out. Nobody deactivates itself.
#[utoipa::path(
    put, path = "/admin/users/{id}/deactivate", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn deactivate_user(
    State(app): State<App>,
    AdminOn(caller, target): AdminOn,
) -> Result<Json<UserDocument>, Problem> {
    if target.is(&caller) {
        return Err(Problem::CannotDeactivateYourself);
    }
    set_status(&app, &caller, target, Status::Deactivated).await
}

async fn set_status(
    app: &App,
    caller: &Caller,
    target: Target,
    status: Status,
) -> Result<Json<UserDocument>, Problem> {
    let user = act(app, &caller.agent, target, Action::SetStatus(status)).await?;
    Ok(Json(UserDocument::from(&user)))
}
