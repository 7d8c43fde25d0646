//! `POST /auth/resend-verification`.

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
pub(crate) struct ResendVerification {
    #[schema(value_type = String, format = "email")]
    email: Email,
}

/// Send the verification again
///
/// Mails a link if an account has this address unverified. A registration that
/// was not confirmed is simply sent again.
#[utoipa::path(
    post, path = "/auth/resend-verification", tag = "auth", request_body = ResendVerification,
    responses((status = 202, description = "Accepted, for any address", body = Message), Problems)
)]
pub(crate) async fn resend_verification(
    State(app): State<App>,
    context: RequestContext,
    Body(body): Body<ResendVerification>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    let mail = Mail::new(body.email, MailKind::VerifyEmail, app.clock.now());
    limits::mail_within(&app, &context, "resend-verification", mail).await?;
    let message = "If this address waits to be verified, a mail with a link is on its way.";
    Ok((StatusCode::ACCEPTED, Json(Message { message })))
}
