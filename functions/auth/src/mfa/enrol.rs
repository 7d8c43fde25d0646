//! `POST /auth/mfa/totp`.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::App;
use shared::http::{Caller, Problem, Problems, RequestContext};
use shared::token::TotpSecret;
use utoipa::ToSchema;

use super::picture::{otpauth_uri, qr_svg};

/// What an authenticator app needs to know. It is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct Enrolment {
    /// The secret in base32, for typing.
    secret: String,
    /// The same as a link that opens the app.
    otpauth_uri: String,
    /// The link as a QR code: a picture (SVG).
    #[schema(max_length = 65536)]
    qr_svg: String,
}

/// Add an authenticator app
///
/// Makes a secret for the app (TOTP, RFC 6238: SHA-1, 6 digits, 30 s). Nothing
/// changes until `/auth/mfa/totp/confirm` has a code of it, within 15 minutes;
/// asking again makes a new secret. The last sign-in must be less than 5 minutes
/// ago, and the address verified.
#[utoipa::path(
    post, path = "/auth/mfa/totp", tag = "auth", security(("bearer" = [])),
    responses((status = 200, description = "The secret", body = Enrolment), Problems)
)]
pub(crate) async fn enrol_totp(
    State(app): State<App>,
    context: RequestContext,
    mut caller: Caller,
) -> Result<Json<Enrolment>, Problem> {
    caller.recently_authenticated(&app)?;
    if !caller.user.email_verified {
        return Err(Problem::EmailNotVerified);
    }
    let secret = TotpSecret::generate();
    let sealed = secret.seal(app.secret()?, caller.user.id).ok_or(Problem::Internal)?;
    for _ in 0..3 {
        if caller.user.mfa_since.is_some() {
            return Err(Problem::MfaAlreadyEnrolled);
        }
        if app.store.begin_enrolment(&caller.user, &sealed).await? {
            let secret = secret.base32();
            let otpauth_uri = otpauth_uri(&context, &caller.user, &secret);
            let qr_svg = qr_svg(&otpauth_uri).ok_or(Problem::Internal)?;
            return Ok(Json(Enrolment { secret, otpauth_uri, qr_svg }));
        }
        caller = caller.again(&app).await?;
    }
    Err(Problem::TemporarilyUnavailable)
}
