//! `POST /auth/mfa/totp/confirm`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Caller, Problem, Problems};
use shared::store::{Proof, Proven};
use shared::token::MfaCode;
use utoipa::ToSchema;

use super::code::step_of;
use super::recovery_codes::RecoveryCodes;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmTotp {
    /// The six digits that the app shows.
    #[schema(value_type = String, max_length = 64, pattern = "^[ -]*(([0-9][ -]*){6}|([A-Za-z2-7][ -]*){24})$")]
    code: MfaCode,
}

/// Confirm the authenticator app
///
/// From now on signing in takes its codes. The other sessions end, this one counts
/// as signed in with two factors, and the person is told. The recovery codes are
/// shown this once: each replaces the app, once. Five wrong codes void the
/// enrolment.
#[utoipa::path(
    post, path = "/auth/mfa/totp/confirm", tag = "auth", security(("bearer" = [])), request_body = ConfirmTotp,
    responses((status = 200, description = "Ten recovery codes", body = RecoveryCodes), Problems)
)]
pub(crate) async fn confirm_totp(
    State(app): State<App>,
    mut caller: Caller,
    Body(body): Body<ConfirmTotp>,
) -> Result<Json<RecoveryCodes>, Problem> {
    if caller.user.mfa_since.is_some() {
        return Err(Problem::MfaAlreadyEnrolled);
    }
    let factor = app.store.try_enrolment(caller.user.id).await?.ok_or(Problem::MfaNotEnrolled)?;
    let Some(Proof::Step { step, .. }) = step_of(&app, &factor, &body.code)? else {
        return Err(Problem::WrongMfaCode);
    };
    let codes = RecoveryCodes::generate();
    for _ in 0..3 {
        let (user, session) = (&caller.user, &caller.session);
        match app.store.confirm_enrolment(&caller.agent, user, session, &factor, step, codes.hashes()).await?
        {
            Proven::Done => return Ok(Json(codes)),
            Proven::CodeUsed => return Err(Problem::WrongMfaCode),
            Proven::Changed => caller = caller.again(&app).await?,
        }
    }
    Err(Problem::TemporarilyUnavailable)
}
