//! `GET /auth/mfa`.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use shared::App;
use shared::http::{Caller, Problem, Problems};
use utoipa::ToSchema;

/// What is enrolled.
#[derive(Serialize, ToSchema)]
pub(crate) struct MfaStatus {
    /// The authenticator app; null if there is none.
    totp: Option<TotpStatus>,
    /// How many recovery codes are left.
    recovery_codes_left: usize,
}

/// An authenticator app.
#[derive(Serialize, ToSchema)]
pub(crate) struct TotpStatus {
    /// When it was confirmed. RFC 3339, UTC.
    since: Timestamp,
}

/// My second factor
///
/// Whether there is one, and how many recovery codes are left. Never the secret.
#[utoipa::path(
    get, path = "/auth/mfa", tag = "auth", security(("bearer" = [])),
    responses((status = 200, description = "What is enrolled", body = MfaStatus), Problems)
)]
pub(crate) async fn get_mfa(State(app): State<App>, caller: Caller) -> Result<Json<MfaStatus>, Problem> {
    let since = caller.user.mfa_since;
    let factor = match since {
        Some(_) => app.store.totp(caller.user.id).await?,
        None => None,
    };
    Ok(Json(MfaStatus {
        totp: since.map(|since| TotpStatus { since }),
        recovery_codes_left: factor.map_or(0, |factor| factor.recovery.len()),
    }))
}
