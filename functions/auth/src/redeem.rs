//! The ticket behind a mailed token, for an existing account.

use shared::App;
use shared::http::{Problem, RequestContext};
use shared::model::{Ticket, TicketKind, User};
use shared::token::TicketToken;

use crate::limits;

/// The ticket and its account, if both are still as they were when it was made.
/// Spends nothing: the change that the ticket is for does. Requests of one `kind`
/// from one source are within `SOURCE_LIMIT`.
pub(crate) async fn redeem(
    app: &App,
    context: &RequestContext,
    kind: &str,
    token: &str,
) -> Result<(Ticket, User), Problem> {
    let TicketToken(id) = TicketToken::decode(token, app.secret()?).ok_or(Problem::InvalidToken)?;
    let (within, ticket) = tokio::join!(limits::within(app, context, kind), app.store.ticket(id));
    within?;
    let ticket = ticket?.ok_or(Problem::InvalidToken)?;
    let (user_id, epoch) = match ticket.kind {
        TicketKind::Registration { .. } | TicketKind::Mfa { .. } | TicketKind::Revoke(_) => {
            return Err(Problem::InvalidToken);
        }
        TicketKind::ResetPassword { user_id, ticket_epoch }
        | TicketKind::Invitation { user_id, ticket_epoch }
        | TicketKind::VerifyEmail { user_id, ticket_epoch }
        | TicketKind::ChangeEmail { user_id, ticket_epoch } => (user_id, ticket_epoch),
    };
    let user = app.store.user(user_id).await?.ok_or(Problem::InvalidToken)?;
    if user.ticket_epoch != epoch || user.is_out() {
        return Err(Problem::InvalidToken);
    }
    Ok((ticket, user))
}
