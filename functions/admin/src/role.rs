//! `PUT /admin/users/{id}/role`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shared::App;
use shared::http::{AdminOn, Body, Problem, Problems};
use shared::model::{Role, UserDocument};
use utoipa::ToSchema;

use crate::target::{Action, act};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeRole {
    role: Role,
}

/// Change a user's role
///
/// Takes effect at once. The last active admin stays one.
#[utoipa::path(
    put, path = "/admin/users/{id}/role", tag = "admin", security(("bearer" = [])), request_body = ChangeRole,
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn change_role(
    State(app): State<App>,
    AdminOn(caller, target): AdminOn,
    Body(body): Body<ChangeRole>,
) -> Result<Json<UserDocument>, Problem> {
    let user = act(&app, &caller.agent, target, Action::SetRole(body.role)).await?;
    Ok(Json(UserDocument::from(&user)))
}
