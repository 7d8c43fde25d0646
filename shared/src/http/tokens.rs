//! The answer to a sign-in.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::{HeaderName, HeaderValue};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::browser::set_cookie;
use super::{Problem, RequestContext};
use crate::app::App;
use crate::model::{AuthMethod, Carrier, Role, Session, SessionId, User, UserDocument, UserId};
use crate::token::{CLOCK_SKEW, Claims, Issued, RefreshToken, random_text};

/// Tokens and whom they stand for (RFC 6749 section 5.1, and more).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenAnswer {
    /// A JWT (RFC 9068): send it as `Authorization: Bearer`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds until the access token expires.
    expires_in: i64,
    /// Opaque: `POST /auth/refresh` takes it, once. Not there where the session was
    /// opened with `"session": "cookie"`: then it is in the cookie alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    /// Seconds until the session is over unless it is refreshed.
    refresh_expires_in: i64,
    /// The session's id, as in `/users/me/sessions`.
    #[schema(value_type = String, format = "uuid")]
    session_id: SessionId,
    /// The user.
    user: UserDocument,
    #[serde(skip)]
    cookie: Option<HeaderValue>,
}

impl IntoResponse for TokenAnswer {
    fn into_response(mut self) -> Response {
        let cookie: Option<[(HeaderName, HeaderValue); 1]> =
            self.cookie.take().map(|cookie| [(SET_COOKIE, cookie)]);
        (cookie, Json(self)).into_response()
    }
}

/// An answer in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// For people.
    pub message: &'static str,
}

/// A session for a user who gave the password just now, and no second factor.
#[must_use]
pub fn new_session(app: &App, context: &RequestContext, user: &User) -> Session {
    let now = app.clock.now();
    let id = SessionId::new(now);
    Session {
        id,
        user_id: user.id,
        epoch: user.session_epoch,
        counter: 0,
        auth_time: now,
        rotated_at: now,
        expires_at: app.config.sessions.expiry(id, now),
        device: context.device.name.clone(),
        ip: context.device.ip.clone(),
        amr: AuthMethod::password(),
    }
}

/// What an access token says of whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    user: UserId,
    role: Role,
    session: SessionId,
    auth_time: i64,
    amr: Vec<AuthMethod>,
}

impl Subject {
    /// The owner of a session.
    #[must_use]
    pub fn of(user: &User, session: &Session) -> Self {
        let (role, auth_time, amr) = (user.role, session.auth_time.as_second(), session.amr.clone());
        Self { user: user.id, role, session: session.id, auth_time, amr }
    }

    /// The owner of a session, as most are: no admin, and without a second factor.
    #[must_use]
    pub fn likely(user: UserId, session: SessionId) -> Self {
        let auth_time = session.created_at().as_second();
        Self { user, role: Role::User, session, auth_time, amr: AuthMethod::password() }
    }
}

/// An access token that was signed before the table had said that it may be given.
#[derive(Debug)]
pub struct Ahead(Subject, Issued);

/// Does `work`, which asks the table, and signs an access token while the answer is on its
/// way: the signature takes about as long, and Lambda bills the sum. The token is given to
/// nobody but by [`token_answer`], to the owner that it names.
pub async fn signing_beside<T>(
    app: &App,
    context: &RequestContext,
    subject: Subject,
    work: impl Future<Output = T>,
) -> (T, Option<Ahead>) {
    let sign = async {
        // The question goes out first.
        tokio::task::yield_now().await;
        let claims = claims(app, context, &subject, app.clock.now());
        app.signer().ok()?.sign(&app.store, &claims).await.ok()
    };
    let (done, token) = tokio::join!(work, sign);
    (done, token.map(|token| Ahead(subject, token)))
}

/// The tokens of a session as it is stored, with the access token that was signed `ahead`
/// if it is the owner's. The refresh token travels by `carrier`, and by that one alone from
/// then on.
///
/// # Errors
/// When the table does not answer.
pub async fn token_answer(
    app: &App,
    context: &RequestContext,
    user: &User,
    session: &Session,
    carrier: Carrier,
    ahead: Option<Ahead>,
) -> Result<TokenAnswer, Problem> {
    let now = app.clock.now();
    let refresh_expires_in = seconds_until(session.expires_at, now);
    let refresh = RefreshToken { user: user.id, session: session.id, counter: session.counter };
    let refresh_token = refresh.encode(app.secret()?, carrier);
    let (refresh_token, cookie) = match carrier {
        Carrier::Json => (Some(refresh_token), None),
        Carrier::Cookie => (None, Some(set_cookie(context, &refresh_token, refresh_expires_in))),
    };
    let cookie = cookie.map(HeaderValue::try_from).transpose().map_err(|_| Problem::Internal)?;
    let subject = Subject::of(user, session);
    let access_token = match ahead {
        Some(Ahead(named, token)) if named == subject => token,
        _ => app.signer()?.sign(&app.store, &claims(app, context, &subject, now)).await?,
    };
    Ok(TokenAnswer {
        access_token: access_token.0,
        token_type: "Bearer",
        expires_in: app.config.access_token_ttl.as_secs(),
        refresh_token,
        refresh_expires_in,
        session_id: session.id,
        user: UserDocument::from(user),
        cookie,
    })
}

/// Whole seconds, rounded up: the session was made a moment ago.
fn seconds_until(time: Timestamp, now: Timestamp) -> i64 {
    (time.as_millisecond() - now.as_millisecond() + 999) / 1000
}

fn claims(app: &App, context: &RequestContext, subject: &Subject, now: Timestamp) -> Claims {
    let audience = &app.config.token_audience;
    Claims {
        iss: context.issuer(),
        aud: audience.clone(),
        sub: subject.user,
        exp: now.as_second().saturating_add(app.config.access_token_ttl.as_secs()),
        iat: now.as_second(),
        nbf: now.as_second() - CLOCK_SKEW,
        jti: random_text::<16>(),
        client_id: audience.clone(),
        sid: subject.session,
        roles: vec![subject.role],
        auth_time: subject.auth_time,
        amr: subject.amr.clone(),
        acr: if subject.amr.contains(&AuthMethod::Mfa) { "aal2" } else { "aal1" }.to_owned(),
    }
}
