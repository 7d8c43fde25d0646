//! `POST /auth/mfa/totp/disable`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Caller, Problem, Problems, RequestContext};
use shared::model::Password;
use shared::store::Proven;
use shared::token::MfaCode;
use utoipa::ToSchema;

use super::code::prove;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DisableTotp {
    #[schema(value_type = String, format = "password")]
    password: Password,
    /// Of the app, or a recovery code.
    #[schema(value_type = String, max_length = 64, pattern = "^[ -]*(([0-9][ -]*){6}|([A-Za-z2-7][ -]*){24})$")]
    code: MfaCode,
}

/// Remove the authenticator app
///
/// And the recovery codes. Signing in takes the password alone again. The other
/// sessions end, this one no longer counts as signed in with two factors, and the
/// person is told.
#[utoipa::path(
    post, path = "/auth/mfa/totp/disable", tag = "auth", security(("bearer" = [])), request_body = DisableTotp,
    responses((status = 204, description = "Removed"), Problems)
)]
pub(crate) async fn disable_totp(
    State(app): State<App>,
    context: RequestContext,
    mut caller: Caller,
    Body(body): Body<DisableTotp>,
) -> Result<StatusCode, Problem> {
    // Another change at the same time makes us look again, at the password, too.
    for _ in 0..3 {
        if caller.user.mfa_since.is_none() {
            return Err(Problem::MfaNotEnrolled);
        }
        caller.confirm_password(&app, &body.password).await?;
        let (user, session) = (&caller.user, &caller.session);
        let (factor, proof) =
            Box::pin(prove(&app, &context, user, &body.code)).await?.ok_or(Problem::WrongMfaCode)?;
        match app.store.remove_factor(&caller.agent, user, session, &factor, &proof).await? {
            Proven::Done => return Ok(StatusCode::NO_CONTENT),
            Proven::CodeUsed => return Err(Problem::WrongMfaCode),
            Proven::Changed => caller = caller.again(&app).await?,
        }
    }
    Err(Problem::TemporarilyUnavailable)
}
