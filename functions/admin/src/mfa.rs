//! `DELETE /admin/users/{id}/mfa`.

use axum::extract::State;
use http::StatusCode;
use shared::App;
use shared::http::{AdminOn, Problem, Problems};

use crate::target::{Action, act};

/// Remove a user's second factor
///
/// For one who has lost it, recovery codes included. Ends all of the user's
/// sessions and tells the person. One's own is removed at
/// `/auth/mfa/totp/disable`, which takes a code.
#[utoipa::path(
    delete, path = "/admin/users/{id}/mfa", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 204, description = "Removed"), Problems)
)]
pub(crate) async fn remove_mfa(
    State(app): State<App>,
    AdminOn(caller, target): AdminOn,
) -> Result<StatusCode, Problem> {
    if target.is(&caller) {
        return Err(Problem::Forbidden);
    }
    act(&app, &caller.agent, target, Action::RemoveFactor).await?;
    Ok(StatusCode::NO_CONTENT)
}
