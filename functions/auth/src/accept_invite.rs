//! `POST /auth/accept-invite`.

use axum::extract::State;
use serde::Deserialize;
use shared::App;
use shared::http::{
    Body, Browser, Problem, Problems, RequestContext, Subject, TokenAnswer, new_session, signing_beside,
    token_answer,
};
use shared::model::{Carrier, Password, Status, TicketKind, User};
use shared::store::Redeemed;
use utoipa::ToSchema;

use crate::redeem::redeem;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvite {
    /// From the mailed link.
    token: String,
    /// At least `PASSWORD_MIN_LENGTH` characters and at most 1,024 bytes.
    #[schema(value_type = String, format = "password", min_length = 8)]
    password: Password,
    /// How the refresh token travels: `json`, if not given.
    #[serde(default)]
    #[schema(value_type = Option<Carrier>, nullable = false)]
    session: Carrier,
}

/// Accept an invitation
///
/// Sets the first password of an account that an admin made, verifies its address and
/// signs in. A password that is too weak leaves the token as it is.
#[utoipa::path(
    post, path = "/auth/accept-invite", tag = "auth", request_body = AcceptInvite,
    responses((status = 200, description = "Signed in", body = TokenAnswer,
        headers(("Set-Cookie" = String, description = "The refresh token of a `cookie` session"))), Problems)
)]
pub(crate) async fn accept_invite(
    State(app): State<App>,
    context: RequestContext,
    browser: Browser,
    Body(body): Body<AcceptInvite>,
) -> Result<TokenAnswer, Problem> {
    browser.admits(body.session)?;
    let (ticket, user) = redeem(&app, &context, "accept-invite", &body.token).await?;
    let TicketKind::Invitation { .. } = ticket.kind else {
        return Err(Problem::InvalidToken);
    };
    if user.status == Status::Pending {
        return Err(Problem::AccountPending);
    }
    app.judge(&body.password, &user.email, user.username.as_ref())
        .await
        .map_err(|weakness| Problem::weak_password("/password", weakness))?;
    let hash = app.hasher.hash(&body.password);
    app.signer()?.ready(&app.store).await?;
    let session = new_session(&app, &context, &user);
    let agent = context.agent_for(user.id);
    let accepting = Box::pin(app.store.accept_invitation(&agent, &ticket, &user, &hash, &session));
    let (redeemed, ahead) = signing_beside(&app, &context, Subject::of(&user, &session), accepting).await;
    match redeemed? {
        Redeemed::Done => {}
        Redeemed::Void => return Err(Problem::InvalidToken),
    }
    let now = session.auth_time;
    let user = User { email_verified: true, last_login_at: Some(now), updated_at: now, ..user };
    token_answer(&app, &context, &user, &session, body.session, ahead).await
}
