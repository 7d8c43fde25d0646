//! `POST /auth/confirm-registration`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::config::RegistrationMode;
use shared::http::{
    Body, Browser, Message, Problem, Problems, RequestContext, Subject, TokenAnswer, new_session,
    signing_beside, token_answer,
};
use shared::model::{Carrier, Password, Registration, Role, Status, Ticket, TicketId, TicketKind, Username};
use shared::password::Verdict;
use shared::store::{Conflict, MAX_TRIES};
use shared::token::TicketToken;
use utoipa::ToSchema;

use crate::limits;
use crate::new_user::new_user;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmRegistration {
    /// From the mailed link.
    token: String,
    /// The one that was chosen when registering.
    #[schema(value_type = String, format = "password")]
    password: Password,
    /// To choose another username.
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{3,30}$")]
    username: Option<Username>,
    /// How the refresh token travels: `json`, if not given.
    #[serde(default)]
    #[schema(value_type = Option<Carrier>, nullable = false)]
    session: Carrier,
}

/// Confirm a registration
///
/// Makes the account and signs in. The link alone is not enough: whoever opens
/// it gives the password chosen when registering. A wrong one leaves the token as
/// it is, five burn it. Under `REGISTRATION=approval` an admin has to activate
/// the account first; under `closed` links that were mailed before are no good.
#[utoipa::path(
    post, path = "/auth/confirm-registration", tag = "auth", request_body = ConfirmRegistration,
    responses(
        (status = 200, description = "Signed in", body = TokenAnswer,
        headers(("Set-Cookie" = String, description = "The refresh token of a `cookie` session"))),
        (status = 202, description = "The account awaits approval", body = Message),
        Problems,
    )
)]
pub(crate) async fn confirm_registration(
    State(app): State<App>,
    context: RequestContext,
    browser: Browser,
    Body(body): Body<ConfirmRegistration>,
) -> Result<Response, Problem> {
    if app.config.registration == RegistrationMode::Closed {
        return Err(Problem::RegistrationClosed);
    }
    browser.admits(body.session)?;
    let TicketToken(id) = TicketToken::decode(&body.token, app.secret()?).ok_or(Problem::InvalidToken)?;
    let ticket = tried(&app, &context, id).await?;
    let TicketKind::Registration { registration } = &ticket.kind else {
        return Err(Problem::InvalidToken);
    };
    if app.hasher.verify(&body.password, &registration.password_hash) == Verdict::Wrong {
        if ticket.tries >= MAX_TRIES {
            app.store.burn_ticket(id).await?;
        }
        return Err(Problem::WrongPassword);
    }
    app.store.forgive_try(id).await?;
    let mut registration = Registration::clone(registration);
    if let Some(username) = body.username {
        app.config
            .passwords
            .check(&body.password, &ticket.email, Some(&username))
            .map_err(|weakness| Problem::weak_password("/password", weakness))?;
        registration.username = Some(username);
    }
    if app.config.admin_registration_key.is_none() {
        // The key was taken out of use since.
        registration.role = Role::User;
    }
    app.signer()?.ready(&app.store).await?;
    make(&app, &context, &ticket, registration, body.session).await
}

/// The ticket, with this try counted, for a source within `SOURCE_LIMIT`.
async fn tried(app: &App, context: &RequestContext, id: TicketId) -> Result<Ticket, Problem> {
    let within = limits::within(app, context, "confirm-registration");
    let (within, ticket) = tokio::join!(within, app.store.try_ticket(id));
    if within.is_err() && matches!(ticket, Ok(Some(_))) {
        app.store.forgive_try(id).await?;
    }
    within?;
    ticket?.ok_or(Problem::InvalidToken)
}

async fn make(
    app: &App,
    context: &RequestContext,
    ticket: &Ticket,
    registration: Registration,
    carrier: Carrier,
) -> Result<Response, Problem> {
    let mut user = new_user(app, ticket.email.clone(), registration, true);
    let session = (user.status == Status::Active).then(|| new_session(app, context, &user));
    user.last_login_at = session.as_ref().map(|session| session.auth_time);
    let agent = context.agent_for(user.id);
    let confirming = Box::pin(app.store.confirm_registration(&agent, ticket, &user, session.as_ref()));
    let (made, ahead) = match &session {
        Some(session) => signing_beside(app, context, Subject::of(&user, session), confirming).await,
        None => (confirming.await, None),
    };
    match made? {
        Ok(()) => {}
        Err(Conflict::UsernameTaken) => return Err(Problem::UsernameTaken),
        Err(_) => return Err(Problem::InvalidToken),
    }
    if let Some(session) = &session {
        return Ok(token_answer(app, context, &user, session, carrier, ahead).await?.into_response());
    }
    let message = "Your account was made. An administrator has to approve it before you can sign in.";
    Ok((StatusCode::ACCEPTED, Json(Message { message })).into_response())
}
