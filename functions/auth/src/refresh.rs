//! `POST /auth/refresh`.

use axum::Extension;
use axum::extract::State;
use serde::{Deserialize, Deserializer};
use shared::App;
use shared::http::{
    Body, Browser, Event, Problem, Problems, RequestContext, Subject, TokenAnswer, signing_beside,
    token_answer,
};
use shared::model::{Actor, Carrier, Invalid, Session, Status, User};
use shared::store::Rotation;
use shared::token::RefreshToken;
use tracing::{Span, record_all};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refresh {
    /// Unless it is in the cookie.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, nullable = false)]
    refresh_token: Option<String>,
}

/// A field that may be left out, but not be null.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    String::deserialize(from).map(Some)
}

/// Refresh the tokens
///
/// Each refresh token is good once. The one before the current gets the same
/// successor for `REFRESH_GRACE`, so that a lost answer or two tabs sign nobody
/// out; any use after that ends the session and mails the user (RFC 9700 section
/// 4.14.2). A session that was opened with `"session": "cookie"` is refreshed with
/// `{}`, by a page of the API's own origin or of `CORS_ORIGINS`; the successor is
/// in the cookie, too.
#[utoipa::path(
    post, path = "/auth/refresh", tag = "auth", request_body = Refresh, security((), ("refresh_cookie" = [])),
    responses((status = 200, description = "New tokens", body = TokenAnswer,
        headers(("Set-Cookie" = String, description = "The refresh token of a `cookie` session"))), Problems)
)]
pub(crate) async fn refresh(
    State(app): State<App>,
    context: RequestContext,
    browser: Browser,
    Body(body): Body<Refresh>,
) -> Result<(Extension<Event>, TokenAnswer), Problem> {
    let (token, carrier) = body.presented(&browser)?;
    let token = RefreshToken::decode(token, app.secret()?, carrier);
    let token = token.ok_or(Problem::InvalidRefreshToken)?;
    app.signer()?.ready(&app.store).await?;
    let subject = Subject::likely(token.user, token.session);
    let both = Box::pin(async {
        tokio::try_join!(
            app.store.rotate(token.user, token.session, token.counter, app.config.sessions),
            app.store.user(token.user),
        )
    });
    let (both, ahead) = signing_beside(&app, &context, subject, both).await;
    let (rotation, user) = both?;
    let (session, reused) = match rotation {
        Rotation::Ended => return Err(Problem::SessionEnded),
        Rotation::Rotated(session) => (session, false),
        Rotation::Reused(session) => (session, true),
    };
    let user = owner(&app, user, &session).await?;
    if reused {
        return Err(end_reused(&app, &context, &user, &session).await?);
    }
    // Of what is asked for most there is one line in the log, the request's.
    record_all!(Span::current(), user_id = %user.id, sid = %session.id);
    let answer = token_answer(&app, &context, &user, &session, carrier, ahead).await?;
    Ok((Extension(Event("session_renewed")), answer))
}

impl Refresh {
    /// The token, and how it came: in one way, not in both.
    fn presented<'a>(&'a self, browser: &'a Browser) -> Result<(&'a str, Carrier), Problem> {
        let wrong = |code, message| Err(Problem::field("/refresh_token", Invalid { code, message }));
        match (&self.refresh_token, browser.refresh_token()?) {
            (Some(token), None) => Ok((token, Carrier::Json)),
            (None, Some(token)) => Ok((token, Carrier::Cookie)),
            (None, None) => wrong("required", "is required where there is no refresh cookie"),
            (Some(_), Some(_)) => wrong("cookie_or_body", "is given in the refresh cookie, too"),
        }
    }
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
    match app.store.user_and_session(session.user_id, session.id, None).await? {
        (Some(user), Some(session), _) if is_owner(&user, &session) => Ok(user),
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
