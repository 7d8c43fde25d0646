//! The JWT authorizer. Who calls is an argument's type: a handler that takes a
//! [`Caller`] is for the signed-in, one that takes an [`AdminCaller`] for admins.
//! User and session are read on each call, so that a sign-out, deactivation or
//! demotion bites at once.

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use tracing::{Span, record_all};

use super::{HttpEvent, Problem, RequestContext};
use crate::app::App;
use crate::config::AdminMfa;
use crate::model::{Agent, Role, Session, SessionId, Status, User, UserId};
use crate::token::Claims;

/// An active user with a live session.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user, as stored now.
    pub user: User,
    /// The session that the access token belongs to.
    pub session: Session,
    /// The user, as the one who acts in this request.
    pub agent: Agent,
}

/// An active admin with a live session.
#[derive(Clone, Debug)]
pub struct AdminCaller(pub Caller);

impl Caller {
    /// The active user with the live session, as stored now, and the one `beside`.
    async fn load(
        app: &App,
        agent: Agent,
        user: UserId,
        session: SessionId,
        beside: Option<UserId>,
    ) -> Result<(Self, Option<User>), Problem> {
        // A batch is no snapshot: where the epochs differ, a change that keeps this
        // session may be under way, and a second look shows it whole.
        for _ in 0..2 {
            let found = app.store.user_and_session(user, session, beside).await?;
            let (Some(user), Some(session), other) = found else { break };
            if user.status == Status::Active && session.is_live(&user, app.clock.now()) {
                return Ok((Self { user, session, agent }, other));
            }
            if user.session_epoch == session.epoch {
                break;
            }
        }
        Err(Problem::SessionEnded)
    }

    /// The caller as stored now, after a change that another request overtook.
    ///
    /// # Errors
    /// `session_ended`, when that request ended the session.
    pub async fn again(self, app: &App) -> Result<Self, Problem> {
        let again = Self::load(app, self.agent, self.user.id, self.session.id, None).await?;
        Ok(again.0)
    }

    /// Lets pass who gave the password in the last 5 minutes.
    ///
    /// # Errors
    /// `reauthentication_required`.
    pub fn recently_authenticated(&self, app: &App) -> Result<(), Problem> {
        let age = app.clock.now().duration_since(self.session.auth_time);
        if age <= jiff::SignedDuration::from_mins(5) {
            Ok(())
        } else {
            Err(Problem::ReauthenticationRequired)
        }
    }

    /// Lets pass an admin; under `ADMIN_MFA=required`, one who signed in with a
    /// second factor.
    ///
    /// # Errors
    /// `forbidden`, `mfa_enrolment_required`.
    pub fn admin(&self, app: &App) -> Result<(), Problem> {
        if self.user.role != Role::Admin {
            return Err(Problem::Forbidden);
        }
        match app.config.admin_mfa {
            AdminMfa::Required if !self.session.is_mfa() => Err(Problem::MfaEnrolmentRequired),
            _ => Ok(()),
        }
    }
}

impl Caller {
    /// The caller of a request to an API beside Usher, by the event with which API
    /// Gateway asks an authorizer (payload format 2.0), checked as every caller is.
    ///
    /// # Errors
    /// A 401, or that the table does not answer.
    pub async fn of_event(app: &App, event: &HttpEvent) -> Result<Self, Problem> {
        let context = RequestContext::of(event, &app.config);
        let shown = Shown::verified(app, &context, &event.headers).await?;
        Ok(shown.caller(app, None).await?.0)
    }
}

/// An access token that is good by itself: whose it is was not looked up yet.
pub(super) struct Shown {
    agent: Agent,
    claims: Claims,
}

impl Shown {
    async fn verified(app: &App, context: &RequestContext, headers: &HeaderMap) -> Result<Self, Problem> {
        let token = bearer(headers)?;
        let audience = &app.config.token_audience;
        let claims = app
            .verifier
            .verify(&app.store, token, &context.issuer(), audience)
            .await?
            .map_err(|_| Problem::InvalidAccessToken)?;
        Ok(Self { agent: context.agent_for(claims.sub), claims })
    }

    pub(super) async fn of(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let context = RequestContext::from_request_parts(parts, app).await?;
        Self::verified(app, &context, &parts.headers).await
    }

    /// Whether the token was an admin's when it was made, and another's than this user's:
    /// then it is worth reading the user beside its caller. It allows nothing.
    pub(super) fn expects_to_act_on(&self, user: UserId) -> bool {
        self.claims.roles.contains(&Role::Admin) && self.claims.sub != user
    }

    /// Whose it is, if it may still be used, and the user `beside`.
    pub(super) async fn caller(
        self,
        app: &App,
        beside: Option<UserId>,
    ) -> Result<(Caller, Option<User>), Problem> {
        let Claims { sub, sid, .. } = self.claims;
        let (caller, other) = Caller::load(app, self.agent, sub, sid, beside).await?;
        let (user_id, sid) = (caller.user.id, caller.session.id);
        record_all!(Span::current(), user_id = %user_id, sid = %sid);
        Ok((caller, other))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Shown::of(parts, app).await?.caller(app, None).await?.0)
    }
}

impl FromRequestParts<App> for AdminCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        caller.admin(app)?;
        Ok(Self(caller))
    }
}

/// The token of the one `Authorization: Bearer` header (RFC 6750 section 2.1).
/// API Gateway joins repeated headers with commas: no token holds one.
fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut headers = headers.get_all(AUTHORIZATION).iter();
    let (Some(header), None) = (headers.next(), headers.next()) else {
        return Err(Problem::Unauthenticated);
    };
    let (scheme, token) =
        header.to_str().ok().and_then(|header| header.split_once(' ')).ok_or(Problem::Unauthenticated)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::Unauthenticated);
    }
    Ok(token.trim())
}
