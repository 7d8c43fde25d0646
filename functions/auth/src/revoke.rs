//! `POST /auth/revoke`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Problem, Problems, RequestContext};
use shared::model::{Status, Ticket, TicketKind};
use shared::store::Revoked;
use shared::token::TicketToken;
use utoipa::ToSchema;

use crate::limits;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revoke {
    /// From the mailed link.
    token: String,
}

/// This was not me
///
/// For who was mailed word of something that somebody else did to the account.
/// Ends all sessions, locks the password until a new one is set by mail, gives the
/// account the address back that the mail went to, and removes a second factor that
/// was added since. A link for a new password is mailed. The token is good once,
/// for 7 days, whatever happened to the account meanwhile.
#[utoipa::path(
    post, path = "/auth/revoke", tag = "auth", request_body = Revoke,
    responses((status = 204, description = "The account is secured"), Problems)
)]
pub(crate) async fn revoke(
    State(app): State<App>,
    context: RequestContext,
    Body(body): Body<Revoke>,
) -> Result<StatusCode, Problem> {
    let TicketToken(id) = TicketToken::decode(&body.token, app.secret()?).ok_or(Problem::InvalidToken)?;
    let (within, ticket) = tokio::join!(limits::within(&app, &context, "revoke"), app.store.ticket(id));
    within?;
    let ticket = ticket?.ok_or(Problem::InvalidToken)?;
    // Whoever has the account may be changing it at this moment.
    for _ in 0..5 {
        match attempt(&app, &context, &ticket).await? {
            Revoked::Done => return Ok(StatusCode::NO_CONTENT),
            Revoked::Spent => return Err(Problem::InvalidToken),
            Revoked::Changed | Revoked::EmailTaken => {}
        }
    }
    Err(Problem::TemporarilyUnavailable)
}

async fn attempt(app: &App, context: &RequestContext, ticket: &Ticket) -> Result<Revoked, Problem> {
    let TicketKind::Revoke(before) = &ticket.kind else {
        return Err(Problem::InvalidToken);
    };
    let user = app.store.user(before.user_id).await?.ok_or(Problem::InvalidToken)?;
    // Who deleted itself, or was made to, is brought back by an admin first.
    if user.undone.has(before.version) || user.status == Status::Deleted {
        return Err(Problem::InvalidToken);
    }
    let agent = context.agent_for(user.id);
    match app.store.revoke(&agent, ticket, before, &user).await? {
        Revoked::EmailTaken => Ok(app.store.revoke_and_deactivate(&agent, ticket, before, &user).await?),
        other => Ok(other),
    }
}
