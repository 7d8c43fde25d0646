//! `POST /auth/logout`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::{HeaderName, StatusCode};
use serde::Deserialize;
use shared::App;
use shared::http::{Browser, Caller, Problem, Problems, Query, RequestContext, clear_cookie};
use shared::model::{Action, Carrier};
use shared::token::RefreshToken;
use utoipa::{IntoParams, ToSchema};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
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
    /// Which sessions end. Others than this one take an access token.
    #[serde(default)]
    #[param(inline)]
    scope: Scope,
}

/// Sign out
///
/// Takes effect at once, on access tokens, too. Without an access token the
/// refresh cookie says which session ends, whether or not it is still good, for a
/// page of the API's own origin or of `CORS_ORIGINS`. The cookie of a session that
/// ends is taken out of the browser.
#[utoipa::path(
    post, path = "/auth/logout", tag = "auth", params(Logout),
    security(("bearer" = []), ("refresh_cookie" = [])),
    responses(
        (status = 204, description = "Signed out",
            headers(("Set-Cookie" = String, description = "Without a value: takes the refresh cookie out"))),
        Problems,
    )
)]
pub(crate) async fn logout(
    State(app): State<App>,
    context: RequestContext,
    browser: Browser,
    caller: Result<Caller, Problem>,
    Query(query): Query<Logout>,
) -> Result<Response, Problem> {
    match caller {
        Ok(caller) => by_access_token(&app, &context, &browser, caller, query.scope).await,
        Err(Problem::Unauthenticated) if query.scope == Scope::Local => {
            let token = browser.refresh_token()?.ok_or(Problem::Unauthenticated)?;
            if let Some(token) = RefreshToken::decode(token, app.secret()?, Carrier::Cookie) {
                let agent = context.agent_for(token.user);
                app.store.end_session(&agent, token.user, token.session, Action::SessionLogout).await?;
            }
            Ok(signed_out(&context, true))
        }
        Err(problem) => Err(problem),
    }
}

async fn by_access_token(
    app: &App,
    context: &RequestContext,
    browser: &Browser,
    mut caller: Caller,
    scope: Scope,
) -> Result<Response, Problem> {
    let ends_cookie = ends_cookie(app, browser, &caller, scope)?;
    // Another request may change the account at the same time: then once more.
    for _ in 0..3 {
        let (user, session) = (&caller.user, caller.session.id);
        let keep = match scope {
            Scope::Local => {
                app.store.end_session(&caller.agent, user.id, session, Action::SessionLogout).await?;
                return Ok(signed_out(context, ends_cookie));
            }
            Scope::Others => Some(session),
            Scope::Global => None,
        };
        if app.store.end_other_sessions(&caller.agent, user, keep).await?.is_ok() {
            return Ok(signed_out(context, ends_cookie));
        }
        caller = caller.again(app).await?;
    }
    Err(Problem::TemporarilyUnavailable)
}

/// Whether the browser's cookie is of a session that this ends: it may be of
/// another one, of another user even. The access token is what acts here, so a
/// cookie that may not be used is no reason to refuse.
fn ends_cookie(app: &App, browser: &Browser, caller: &Caller, scope: Scope) -> Result<bool, Problem> {
    let Ok(Some(token)) = browser.refresh_token() else { return Ok(false) };
    let token = RefreshToken::decode(token, app.secret()?, Carrier::Cookie);
    Ok(token.is_some_and(|token| {
        let is_this = token.session == caller.session.id;
        token.user == caller.user.id
            && match scope {
                Scope::Local => is_this,
                Scope::Others => !is_this,
                Scope::Global => true,
            }
    }))
}

fn signed_out(context: &RequestContext, clears: bool) -> Response {
    let cookie: Option<[(HeaderName, String); 1]> = clears.then(|| [(SET_COOKIE, clear_cookie(context))]);
    (StatusCode::NO_CONTENT, cookie, ()).into_response()
}
