//! `POST /auth/forgot-password`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Message, Problem, Problems, RequestContext};
use shared::model::{Email, Mail, MailKind};
use utoipa::ToSchema;

use crate::limits;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForgotPassword {
    #[schema(value_type = String, format = "email")]
    email: Email,
}

/// Forgot the password
///
/// Mails a link that is good for one hour, if the address has an account. The
/// answer is the same, in the same time, if it has none.
#[utoipa::path(
    post, path = "/auth/forgot-password", tag = "auth", request_body = ForgotPassword,
    responses((status = 202, description = "Accepted, for any address", body = Message), Problems)
)]
pub(crate) async fn forgot_password(
    State(app): State<App>,
    context: RequestContext,
    Body(body): Body<ForgotPassword>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    let mail = Mail::new(body.email, MailKind::ResetPassword, app.clock.now());
    limits::mail_within(&app, &context, "forgot-password", mail).await?;
    let message = "If there is an account with this address, a mail with a link is on its way.";
    Ok((StatusCode::ACCEPTED, Json(Message { message })))
}
