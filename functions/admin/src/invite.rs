//! `POST /admin/users` and `POST /admin/users/{id}/invitation`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::App;
use shared::http::{AdminCaller, AdminOn, Body, IdempotencyKey, Message, Problem, Problems};
use shared::model::{
    Email, Locale, PasswordHash, PersonName, Role, Status, Undone, User, UserDocument, UserId, Username,
};
use shared::store::{NotInvited, NotInvitedAgain, Once};
use utoipa::ToSchema;

/// An account that changes while it is being looked at is read again so often.
const ATTEMPTS: usize = 4;

#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateUser {
    #[schema(value_type = String, format = "email", max_length = 254)]
    email: Email,
    #[schema(value_type = Option<String>, nullable = false, pattern = "^[A-Za-z0-9._-]{3,30}$")]
    username: Option<Username>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    name: Option<PersonName>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    first_name: Option<PersonName>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    last_name: Option<PersonName>,
    /// The language of mails, the invitation first; English if not given.
    #[schema(nullable = false)]
    locale: Option<Locale>,
}

/// Make an account and invite its owner
///
/// The account is an active user's with no password; a link is mailed, good for 72
/// hours, with which the person sets one (`POST /auth/accept-invite`). With an
/// `Idempotency-Key` the request can be sent again for 24 hours: it makes one account
/// and one mail, and answers the account as it is then.
#[utoipa::path(
    post, path = "/admin/users", tag = "admin", security(("bearer" = [])), request_body = CreateUser,
    params(("Idempotency-Key" = Option<String>, Header, description = "A name for this request, best a UUID",
        min_length = 1, max_length = 255)),
    responses(
        (status = 201, description = "The user", body = UserDocument,
            headers(("Location" = String, description = "The path of the user"))),
        Problems,
    )
)]
pub(crate) async fn create_user(
    State(app): State<App>,
    AdminCaller(caller): AdminCaller,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<CreateUser>,
) -> Result<Response, Problem> {
    let content = serde_json::to_string(&body).map_err(|_| Problem::Internal)?;
    let once = key.map(|key| Once::new(caller.user.id, &key, &content));
    let now = app.clock.now();
    let id = once.as_ref().map_or_else(|| UserId::new(now), |once| once.user(now));
    let user = invited(id, body, now);
    let user = match app.store.invite(&caller.agent, &user, once.as_ref()).await? {
        Ok(()) => user,
        Err(NotInvited::Before(id)) => app.store.user(id).await?.ok_or(Problem::NotFound)?,
        Err(NotInvited::KeyReused) => return Err(Problem::IdempotencyKeyReused),
        Err(NotInvited::EmailTaken) => return Err(Problem::EmailTaken),
        Err(NotInvited::UsernameTaken) => return Err(Problem::UsernameTaken),
        Err(NotInvited::ActorLost) => return Err(Problem::Forbidden),
    };
    let location = [(header::LOCATION, format!("/admin/users/{}", user.id))];
    Ok((StatusCode::CREATED, location, Json(UserDocument::from(&user))).into_response())
}

/// An active user whom nobody knows a password of.
fn invited(id: UserId, body: CreateUser, now: Timestamp) -> User {
    User {
        id,
        email: body.email,
        email_verified: false,
        username: body.username,
        name: body.name,
        first_name: body.first_name,
        last_name: body.last_name,
        role: Role::User,
        status: Status::Active,
        password_hash: PasswordHash::none(),
        password_change_required: false,
        undone: Undone::default(),
        session_epoch: 0,
        ticket_epoch: 0,
        updated_at: now,
        last_login_at: None,
        mfa_since: None,
        locale: body.locale,
        external_id: None,
        deletion: None,
    }
}

/// Mail an invitation again
///
/// To an account that has no password yet: made by an admin, or imported without one.
/// Links mailed before stay good until one is used. For each account once a minute.
#[utoipa::path(
    post, path = "/admin/users/{id}/invitation", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 202, description = "A mail was sent", body = Message), Problems)
)]
pub(crate) async fn invite_again(
    State(app): State<App>,
    AdminOn(caller, mut target): AdminOn,
) -> Result<(StatusCode, Json<Message>), Problem> {
    for _ in 0..ATTEMPTS {
        let user = target.user(&app).await?;
        if !user.password_hash.is_none() {
            return Err(Problem::PasswordAlreadySet);
        }
        match user.status {
            Status::Deactivated => return Err(Problem::AccountDeactivated),
            Status::Deleted => return Err(Problem::UserDeleted),
            Status::Active | Status::Pending => {}
        }
        match app.store.invite_again(&caller.agent, &user).await? {
            Ok(()) => {
                let message = "We have sent an invitation to this account's address.";
                return Ok((StatusCode::ACCEPTED, Json(Message { message })));
            }
            Err(NotInvitedAgain::ActorLost) => return Err(Problem::Forbidden),
            Err(NotInvitedAgain::TooSoon(seconds)) => return Err(Problem::TooManyRequests(seconds)),
            Err(NotInvitedAgain::Changed) => {}
        }
    }
    Err(Problem::TemporarilyUnavailable)
}
