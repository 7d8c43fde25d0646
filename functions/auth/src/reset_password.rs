//! `POST /auth/reset-password`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Problem, Problems, RequestContext};
use shared::model::{Password, TicketKind};
use shared::store::Redeemed;
use utoipa::ToSchema;

use crate::redeem::redeem;
use crate::tries::forgiven_by_reset;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetPassword {
    /// From the mailed link.
    token: String,
    #[schema(value_type = String, format = "password", min_length = 8)]
    new_password: Password,
}

/// Set a new password by mailed link
///
/// Ends every session, verifies the address and tells the person. Does not sign
/// in, but unlocks signing in. A password that is too weak leaves the token as it is.
#[utoipa::path(
    post, path = "/auth/reset-password", tag = "auth", request_body = ResetPassword,
    responses((status = 204, description = "The new password is set"), Problems)
)]
pub(crate) async fn reset_password(
    State(app): State<App>,
    context: RequestContext,
    Body(body): Body<ResetPassword>,
) -> Result<StatusCode, Problem> {
    let (ticket, user) = redeem(&app, &context, "reset-password", &body.token).await?;
    let TicketKind::ResetPassword { .. } = ticket.kind else {
        return Err(Problem::InvalidToken);
    };
    app.judge(&body.new_password, &user.email, user.username.as_ref())
        .await
        .map_err(|weakness| Problem::weak_password("/new_password", weakness))?;
    let hash = app.hasher.hash(&body.new_password);
    let (agent, forgiven) = (context.agent_for(user.id), forgiven_by_reset(&app, &context, &user)?);
    match app.store.reset_password(&agent, &ticket, &user, &hash, &forgiven).await? {
        Redeemed::Done => Ok(StatusCode::NO_CONTENT),
        Redeemed::Void => Err(Problem::InvalidToken),
    }
}
