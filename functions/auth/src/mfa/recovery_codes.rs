//! `POST /auth/mfa/recovery-codes`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::App;
use shared::http::{Body, Caller, Problem, Problems, RequestContext};
use shared::store::Proven;
use shared::token::{MfaCode, RecoveryCode};
use utoipa::ToSchema;

use super::code::prove;

/// Recovery codes. They are shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Ten codes of 24 letters and digits, in groups of four.
    recovery_codes: Vec<String>,
    #[serde(skip)]
    hashes: Vec<String>,
}

impl RecoveryCodes {
    /// Ten new ones.
    pub(super) fn generate() -> Self {
        let codes: Vec<RecoveryCode> = (0..10).map(|_| RecoveryCode::generate()).collect();
        Self {
            recovery_codes: codes.iter().map(RecoveryCode::text).collect(),
            hashes: codes.iter().map(RecoveryCode::hash).collect(),
        }
    }

    /// What the table may know of them.
    pub(super) fn hashes(&self) -> Vec<String> {
        self.hashes.clone()
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateRecoveryCodes {
    /// Of the app, or one of the old recovery codes.
    #[schema(value_type = String, max_length = 64, pattern = "^[ -]*(([0-9][ -]*){6}|([A-Za-z2-7][ -]*){24})$")]
    code: MfaCode,
}

/// Make new recovery codes
///
/// The old ones are void, and the person is told. The last sign-in must be less
/// than 5 minutes ago.
#[utoipa::path(
    post, path = "/auth/mfa/recovery-codes", tag = "auth", security(("bearer" = [])),
    request_body = CreateRecoveryCodes,
    responses((status = 200, description = "Ten recovery codes", body = RecoveryCodes), Problems)
)]
pub(crate) async fn create_recovery_codes(
    State(app): State<App>,
    context: RequestContext,
    caller: Caller,
    Body(body): Body<CreateRecoveryCodes>,
) -> Result<Json<RecoveryCodes>, Problem> {
    caller.recently_authenticated(&app)?;
    if caller.user.mfa_since.is_none() {
        return Err(Problem::MfaNotEnrolled);
    }
    let proven = Box::pin(prove(&app, &context, &caller.user, &body.code)).await?;
    let (factor, proof) = proven.ok_or(Problem::WrongMfaCode)?;
    let codes = RecoveryCodes::generate();
    let Caller { user, agent, .. } = &caller;
    match app.store.replace_recovery_codes(agent, user, &factor, &proof, codes.hashes()).await? {
        Proven::Done => Ok(Json(codes)),
        Proven::CodeUsed | Proven::Changed => Err(Problem::WrongMfaCode),
    }
}
