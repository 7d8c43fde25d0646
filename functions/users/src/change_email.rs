//! `POST /users/me/change-email`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Caller, Message, Problem, Problems};
use shared::model::{Email, Mail, MailKind, Password};
use utoipa::ToSchema;

use crate::limits::within_limit;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeEmail {
    #[schema(value_type = String, format = "email", max_length = 254)]
    new_email: Email,
    #[schema(value_type = String, format = "password")]
    current_password: Password,
}

/// Change my e-mail address
///
/// Takes effect when the link mailed to the new address is used. The old address
/// is told. If the new one is somebody else's, that person is told instead, and
/// the answer is the same.
#[utoipa::path(
    post, path = "/users/me/change-email", tag = "users", security(("bearer" = [])),
    request_body = ChangeEmail,
    responses((status = 202, description = "Accepted, for any address", body = Message), Problems)
)]
pub(crate) async fn change_email(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<ChangeEmail>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    caller.confirm_password(&app, &body.current_password).await?;
    // Each request mails to an address of the user's choice.
    within_limit(&app, &caller, "change-email").await?;
    let user = &caller.user;
    if body.new_email == user.email {
        // Nothing to move; a link to verify it, if it is not.
        let mail = Mail::new(body.new_email, MailKind::VerifyEmail, app.clock.now());
        app.store.put_mail(&mail.linking_to(caller.agent.link_base.clone())).await?;
    } else {
        app.store.request_email_change(&caller.agent, user, body.new_email).await?;
    }
    let message = "We have sent a mail to the new address. Open the link in it to go on.";
    Ok((StatusCode::ACCEPTED, Json(Message { message })))
}
