//! `/users/me/sessions`.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use shared::App;
use shared::http::{Caller, Page, Problem, Problems};
use shared::model::{Action, SessionDocument, SessionId};

/// My sessions
///
/// Those that are alive, the newest first, at most 100.
#[utoipa::path(
    get, path = "/users/me/sessions", tag = "users", security(("bearer" = [])),
    responses((status = 200, description = "The sessions", body = Page<SessionDocument>), Problems)
)]
pub(crate) async fn list_my_sessions(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Page<SessionDocument>>, Problem> {
    let sessions = app.store.sessions(&caller.user, 100).await?;
    let data = sessions.iter().map(|session| SessionDocument::new(session, caller.session.id));
    Ok(Json(Page::new(data.collect(), None)))
}

/// End one of my sessions
///
/// Its tokens are good no more, at once. The one that asks may end itself.
#[utoipa::path(
    delete, path = "/users/me/sessions/{id}", tag = "users", security(("bearer" = [])),
    params(("id" = String, Path, description = "The session's id")),
    responses((status = 204, description = "Ended"), Problems)
)]
pub(crate) async fn end_my_session(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<StatusCode, Problem> {
    let id: Option<SessionId> = path.ok().and_then(|Path(id)| id.parse().ok());
    let id = id.ok_or(Problem::NotFound)?;
    let (user, session, _) = app.store.user_and_session(caller.user.id, id, None).await?;
    match (user, session) {
        (Some(user), Some(session)) if session.is_live(&user, app.clock.now()) => {
            app.store.end_session(&caller.agent, user.id, id, Action::TokenRevoked).await?;
            Ok(StatusCode::NO_CONTENT)
        }
        _ => Err(Problem::NotFound),
    }
}
