//! `POST /auth/verify-email`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Problem, Problems, RequestContext};
use shared::model::TicketKind;
use shared::store::Redeemed;
use utoipa::ToSchema;

use crate::redeem::redeem;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyEmail {
    /// From the mailed link.
    token: String,
}

/// Verify an e-mail address
///
/// The one of an existing account, or the new one that it moves to.
#[utoipa::path(
    post, path = "/auth/verify-email", tag = "auth", request_body = VerifyEmail,
    responses((status = 204, description = "The address is verified"), Problems)
)]
pub(crate) async fn verify_email(
    State(app): State<App>,
    context: RequestContext,
    Body(body): Body<VerifyEmail>,
) -> Result<StatusCode, Problem> {
    let (ticket, user) = redeem(&app, &context, "verify-email", &body.token).await?;
    let agent = context.agent_for(user.id);
    let redeemed = match ticket.kind {
        TicketKind::VerifyEmail { .. } => app.store.verify_email(&agent, &ticket, &user).await?,
        TicketKind::ChangeEmail { .. } => app.store.change_email(&agent, &ticket, &user).await?,
        _ => Redeemed::Void,
    };
    match redeemed {
        Redeemed::Done => Ok(StatusCode::NO_CONTENT),
        Redeemed::Void => Err(Problem::InvalidToken),
    }
}
