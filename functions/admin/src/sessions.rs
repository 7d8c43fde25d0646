//! `/admin/users/{id}/sessions`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use shared::App;
use shared::http::{AdminOn, Page, Problem, Problems};
use shared::model::SessionDocument;

use crate::target::{Action, act};

/// A user's sessions
///
/// Those that are alive, the newest first, at most 100.
#[utoipa::path(
    get, path = "/admin/users/{id}/sessions", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The sessions", body = Page<SessionDocument>), Problems)
)]
pub(crate) async fn list_user_sessions(
    State(app): State<App>,
    AdminOn(caller, mut target): AdminOn,
) -> Result<Json<Page<SessionDocument>>, Problem> {
    let user = target.user(&app).await?;
    let sessions = app.store.sessions(&user, 100).await?;
    let data = sessions.iter().map(|session| SessionDocument::new(session, caller.session.id));
    Ok(Json(Page::new(data.collect(), None)))
}

/// End all of a user's sessions
///
/// Its tokens are good no more, at once. The account stays as it is.
#[utoipa::path(
    delete, path = "/admin/users/{id}/sessions", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 204, description = "Ended"), Problems)
)]
pub(crate) async fn end_user_sessions(
    State(app): State<App>,
    AdminOn(caller, target): AdminOn,
) -> Result<StatusCode, Problem> {
    act(&app, &caller.agent, target, Action::EndSessions).await?;
    Ok(StatusCode::NO_CONTENT)
}
