//! `DELETE /admin/users/{id}/mfa`.

use axum::extract::State;
use http::StatusCode;
use shared::App;
use shared::http::{AdminCaller, Problem, Problems, UserPath};

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
    path: UserPath,
    AdminCaller(caller): AdminCaller,
) -> Result<StatusCode, Problem> {
    if path.is(&caller) {
        return Err(Problem::Forbidden);
    }
    let user = app.store.user(path.id()?).await?.ok_or(Problem::NotFound)?;
    user.mfa_since.ok_or(Problem::NotFound)?;
    act(&app, &caller.agent, path, Action::RemoveFactor).await?;
    Ok(StatusCode::NO_CONTENT)
}
