//! `POST /auth/logout`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Caller, Problem, Problems, Query};
use shared::model::Action;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Scope {
    /// This session.
    #[default]
    Local,
    /// All but this one.
    Others,
    /// All.
    Global,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Logout {
    /// Which sessions end.
    #[serde(default)]
    #[param(inline)]
    scope: Scope,
}

/// Sign out
///
/// Takes effect at once, on access tokens, too.
#[utoipa::path(
    post, path = "/auth/logout", tag = "auth", params(Logout), security(("bearer" = [])),
    responses((status = 204, description = "Signed out"), Problems)
)]
pub(crate) async fn logout(
    State(app): State<App>,
    mut caller: Caller,
    Query(query): Query<Logout>,
) -> Result<StatusCode, Problem> {
    // Another request may change the account at the same time: then once more.
    for _ in 0..3 {
        let (user, session) = (&caller.user, caller.session.id);
        let keep = match query.scope {
            Scope::Local => {
                app.store.end_session(&caller.agent, user.id, session, Action::SessionLogout).await?;
                return Ok(StatusCode::NO_CONTENT);
            }
            Scope::Others => Some(session),
            Scope::Global => None,
        };
        if app.store.end_other_sessions(&caller.agent, user, keep).await?.is_ok() {
            return Ok(StatusCode::NO_CONTENT);
        }
        caller = caller.again(&app).await?;
    }
    Err(Problem::TemporarilyUnavailable)
}
