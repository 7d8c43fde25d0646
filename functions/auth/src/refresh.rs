//! `POST /auth/refresh`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Problem, Problems, RequestContext, TokenAnswer, token_answer};
use shared::model::{Actor, Session, Status, User};
use shared::store::Rotation;
use shared::token::RefreshToken;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refresh {
    refresh_token: String,
}

/// Refresh the tokens
///
/// Each refresh token is good once. The one before the current gets the same
/// successor for `REFRESH_GRACE`, so that a lost answer or two tabs sign nobody
/// out; any use after that ends the session and mails the user (RFC 9700 section
/// 4.14.2).
#[utoipa::path(
    post, path = "/auth/refresh", tag = "auth", request_body = Refresh,
    responses((status = 200, description = "New tokens", body = TokenAnswer), Problems)
)]
pub(crate) async fn refresh(
    State(app): State<App>,
    context: RequestContext,
    Body(body): Body<Refresh>,
) -> Result<Json<TokenAnswer>, Problem> {
    let token = RefreshToken::decode(&body.refresh_token, app.secret()?);
    let token = token.ok_or(Problem::InvalidRefreshToken)?;
    app.signer()?.ready(&app.store).await?;
    let (rotation, user) = tokio::try_join!(
        app.store.rotate(token.user, token.session, token.counter, app.config.sessions),
        app.store.user(token.user),
    )?;
    let (session, reused) = match rotation {
        Rotation::Ended => return Err(Problem::SessionEnded),
        Rotation::Rotated(session) => (session, false),
        Rotation::Reused(session) => (session, true),
    };
    let user = owner(&app, user, &session).await?;
    if reused {
        return Err(end_reused(&app, &context, &user, &session).await?);
    }
    tracing::info!(event = "session_renewed", actor = %user.id, subject = %user.id, sid = %session.id, "audit");
    Ok(Json(token_answer(&app, &context, &user, &session).await?))
}

/// The active user whose live session it is. The two were read apart: where their
/// epochs differ, a change that keeps this session may just be under way.
async fn owner(app: &App, user: Option<User>, session: &Session) -> Result<User, Problem> {
    let now = app.clock.now();
    let is_owner =
        |user: &User, session: &Session| user.status == Status::Active && session.is_live(user, now);
    if let Some(user) = user.filter(|user| is_owner(user, session)) {
        return Ok(user);
    }
    match app.store.user_and_session(session.user_id, session.id).await? {
        (Some(user), Some(session)) if is_owner(&user, &session) => Ok(user),
        _ => Err(Problem::SessionEnded),
    }
}

async fn end_reused(
    app: &App,
    context: &RequestContext,
    user: &User,
    session: &Session,
) -> Result<Problem, Problem> {
    app.store.end_reused_session(&context.agent(Actor::Unknown), user, session.id).await?;
    Ok(Problem::RefreshTokenReused)
}
