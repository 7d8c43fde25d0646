//! `POST /auth/mfa`.

use axum::extract::State;
use serde::Deserialize;
use shared::App;
use shared::http::{
    Body, Browser, Problem, Problems, RequestContext, Subject, TokenAnswer, new_session, signing_beside,
    token_answer,
};
use shared::model::{AuthMethod, Carrier, Session, Status, Ticket, TicketKind, User};
use shared::store::{MAX_TRIES, Proven};
use shared::token::{MfaCode, MfaToken};
use utoipa::ToSchema;

use super::code::prove;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FinishSignIn {
    /// From the answer to the password.
    mfa_token: String,
    /// The six digits that the app shows, or a recovery code.
    #[schema(value_type = String, max_length = 64, pattern = "^[ -]*(([0-9][ -]*){6}|([A-Za-z2-7][ -]*){24})$")]
    code: MfaCode,
    /// How the refresh token travels: `json`, if not given. What the first step said does not count.
    #[serde(default)]
    #[schema(value_type = Option<Carrier>, nullable = false)]
    session: Carrier,
}

/// Finish signing in
///
/// With the code of a second factor, within 5 minutes of the password. Each code
/// works once; five wrong ones burn the `mfa_token`, and the next from that source
/// have to wait, with a new one, too: 429 `too_many_requests`.
#[utoipa::path(
    post, path = "/auth/mfa", tag = "auth", request_body = FinishSignIn,
    responses((status = 200, description = "Signed in", body = TokenAnswer,
        headers(("Set-Cookie" = String, description = "The refresh token of a `cookie` session"))), Problems)
)]
pub(crate) async fn finish_sign_in(
    State(app): State<App>,
    context: RequestContext,
    browser: Browser,
    Body(body): Body<FinishSignIn>,
) -> Result<TokenAnswer, Problem> {
    browser.admits(body.session)?;
    let MfaToken(id) = MfaToken::decode(&body.mfa_token, app.secret()?).ok_or(Problem::InvalidMfaToken)?;
    let ticket = app.store.try_ticket(id).await?.ok_or(Problem::InvalidMfaToken)?;
    let mut user = owner(&app, &ticket).await?;
    let (factor, proof) = match Box::pin(prove(&app, &context, &user, &body.code)).await {
        Ok(Some(proven)) => proven,
        Ok(None) => return Err(wrong(&app, &ticket).await?),
        Err(problem) => {
            // The code was not looked at.
            app.store.forgive_try(id).await?;
            return Err(problem);
        }
    };
    app.signer()?.ready(&app.store).await?;
    let session = Session { amr: AuthMethod::two_factors(), ..new_session(&app, &context, &user) };
    let agent = context.agent_for(user.id);
    let finishing = Box::pin(app.store.finish_sign_in(&agent, &ticket, &user, &session, &factor, &proof));
    let (proven, ahead) = signing_beside(&app, &context, Subject::of(&user, &session), finishing).await;
    match proven? {
        Proven::Done => {}
        Proven::CodeUsed => return Err(wrong(&app, &ticket).await?),
        Proven::Changed => return Err(Problem::InvalidMfaToken),
    }
    user.last_login_at = Some(session.auth_time);
    token_answer(&app, &context, &user, &session, body.session, ahead).await
}

/// Whose password was right, if the account is still as it was then.
async fn owner(app: &App, ticket: &Ticket) -> Result<User, Problem> {
    let TicketKind::Mfa { user_id, session_epoch } = ticket.kind else {
        return Err(Problem::InvalidMfaToken);
    };
    let user = app.store.user(user_id).await?;
    let is_as_it_was = |user: &User| user.session_epoch == session_epoch && user.status == Status::Active;
    user.filter(is_as_it_was).ok_or(Problem::InvalidMfaToken)
}

/// The try was counted before the code was looked at.
async fn wrong(app: &App, ticket: &Ticket) -> Result<Problem, Problem> {
    if ticket.tries >= MAX_TRIES {
        app.store.burn_ticket(ticket.id).await?;
    }
    Ok(Problem::InvalidMfaCode)
}
