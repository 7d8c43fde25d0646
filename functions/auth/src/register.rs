//! `POST /auth/register`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use shared::App;
use shared::config::{EmailVerification, RegistrationMode};
use shared::http::{Body, Message, Problem, Problems, RequestContext};
use shared::model::{
    Email, Locale, Mail, MailKind, Password, PersonName, Registration, Role, UserDocument, Username,
};
use shared::store::Conflict;
use utoipa::ToSchema;

use crate::limits;
use crate::new_user::new_user;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Register {
    #[schema(value_type = String, format = "email", max_length = 254)]
    email: Email,
    /// At least `PASSWORD_MIN_LENGTH` characters and at most 1,024 bytes.
    #[schema(value_type = String, format = "password", min_length = 8)]
    password: Password,
    #[schema(value_type = Option<String>, nullable = false, pattern = "^[A-Za-z0-9._-]{3,30}$")]
    username: Option<Username>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    name: Option<PersonName>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    first_name: Option<PersonName>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    last_name: Option<PersonName>,
    /// The language of mails; without it, what `Accept-Language` likes best.
    #[schema(nullable = false)]
    locale: Option<Locale>,
    /// Makes the account an admin's, where `ADMIN_REGISTRATION_KEY` is set.
    #[schema(value_type = Option<String>, format = "password")]
    admin_key: Option<SecretString>,
}

/// Register
///
/// Under `EMAIL_VERIFICATION=required` the answer is the same for every address:
/// a mail goes there, with a link to make the account or word that there is one.
/// A registration that was not confirmed is simply sent again. Under `optional`
/// the account is made at once and a link to verify the address is mailed.
#[utoipa::path(
    post, path = "/auth/register", tag = "auth", request_body = Register,
    responses(
        (status = 201, description = "The user, where verification is optional", body = UserDocument),
        (status = 202, description = "A mail was sent, where verification is required", body = Message),
        Problems,
    )
)]
pub(crate) async fn register(
    State(app): State<App>,
    context: RequestContext,
    Body(body): Body<Register>,
) -> Result<Response, Problem> {
    if app.config.registration == RegistrationMode::Closed {
        return Err(Problem::RegistrationClosed);
    }
    let role = role(&app, body.admin_key.as_ref());
    let (within, free) = tokio::join!(
        limits::within(&app, &context, "register"),
        username_is_free(&app, body.username.as_ref()),
    );
    within?;
    let role = role?;
    let verdict = app.judge(&body.password, &body.email, body.username.as_ref()).await;
    verdict.map_err(|weakness| Problem::weak_password("/password", weakness))?;
    if !free? {
        return Err(Problem::UsernameTaken);
    }
    let registration = Registration {
        username: body.username,
        name: body.name,
        first_name: body.first_name,
        last_name: body.last_name,
        password_hash: app.hasher.hash(&body.password),
        role,
        locale: body.locale.or(context.locale),
    };
    match app.config.email_verification {
        EmailVerification::Required => ask(&app, &context, body.email, registration).await,
        EmailVerification::Optional => make(&app, &context, body.email, registration).await,
    }
}

async fn username_is_free(app: &App, username: Option<&Username>) -> Result<bool, Problem> {
    let Some(username) = username else { return Ok(true) };
    Ok(app.store.username_is_free(username).await?)
}

async fn ask(
    app: &App,
    context: &RequestContext,
    email: Email,
    registration: Registration,
) -> Result<Response, Problem> {
    let kind = MailKind::Registration { registration: Box::new(registration) };
    let mail = Mail::new(email, kind, app.clock.now());
    app.store.put_mail(&mail.linking_to(Some(context.link_base()))).await?;
    let message = "We have sent a mail to this address. Open the link in it to go on.";
    Ok((StatusCode::ACCEPTED, Json(Message { message })).into_response())
}

async fn make(
    app: &App,
    context: &RequestContext,
    email: Email,
    registration: Registration,
) -> Result<Response, Problem> {
    let user = new_user(app, email, registration, false);
    let link = Mail::new(user.email.clone(), MailKind::VerifyEmail, app.clock.now());
    let link = link.linking_to(Some(context.link_base()));
    match app.store.create_user(&context.agent_for(user.id), &user, &[link]).await? {
        Ok(()) => Ok((StatusCode::CREATED, Json(UserDocument::from(&user))).into_response()),
        Err(Conflict::EmailTaken) => Err(Problem::EmailTaken),
        Err(_) => Err(Problem::UsernameTaken),
    }
}

/// `admin` for who has the key. A key that is sent while none is set is refused,
/// and so is a wrong one, in the same time wherever it differs.
fn role(app: &App, given: Option<&SecretString>) -> Result<Role, Problem> {
    let Some(given) = given else {
        return Ok(Role::User);
    };
    let expected = app.config.admin_registration_key.as_ref().ok_or(Problem::InvalidAdminKey)?;
    if shared::token::same(given.expose_secret(), expected.expose_secret()) {
        Ok(Role::Admin)
    } else {
        Err(Problem::InvalidAdminKey)
    }
}
