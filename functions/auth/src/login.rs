//! `POST /auth/login`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Problem, Problems, RequestContext, TokenAnswer, new_session, token_answer};
use shared::model::{Email, Invalid, Password, Status, User, Username};
use shared::password::Verdict;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// Either this or `username`.
    #[schema(value_type = Option<String>, format = "email")]
    email: Option<Email>,
    /// Either this or `email`.
    #[schema(value_type = Option<String>)]
    username: Option<Username>,
    /// 1 to 1,024 bytes.
    #[schema(value_type = String, format = "password")]
    password: Password,
}

/// Sign in
///
/// By e-mail address or username. An unknown one gets the same answer as a wrong
/// password, in the same time.
#[utoipa::path(
    post, path = "/auth/login", tag = "auth", request_body = Login,
    responses((status = 200, description = "Signed in", body = TokenAnswer), Problems)
)]
pub(crate) async fn login(
    State(app): State<App>,
    context: RequestContext,
    Body(body): Body<Login>,
) -> Result<Json<TokenAnswer>, Problem> {
    // The account may change between the check of its password and the opening
    // of the session; then both are done once more.
    for _ in 0..2 {
        let user = find(&app, &body).await?;
        let (mut user, verdict) = verify(&app, user, &body.password)?;
        match user.status {
            Status::Active => {}
            Status::Pending => return Err(Problem::AccountPending),
            Status::Deactivated => return Err(Problem::AccountDeactivated),
        }
        app.signer()?.ready(&app.store).await?;
        let rehashed = (verdict == Verdict::RightButWeak).then(|| app.hasher.hash(&body.password));
        let session = new_session(&app, &context, &user);
        if app.store.open_session(&context.agent_for(user.id), &user, &session, rehashed.as_ref()).await? {
            user.last_login_at = Some(session.auth_time);
            return Ok(Json(token_answer(&app, &context, &user, &session).await?));
        }
    }
    Err(Problem::TemporarilyUnavailable)
}

async fn find(app: &App, body: &Login) -> Result<Option<User>, Problem> {
    match (&body.email, &body.username) {
        (Some(email), None) => Ok(app.store.user_by_email(email).await?),
        (None, Some(username)) => Ok(app.store.user_by_username(username).await?),
        _ => {
            let message = "give either email or username";
            Err(Problem::field("", Invalid { code: "email_or_username", message }))
        }
    }
}

/// The user whose password it is. For nobody the hash is computed, too.
fn verify(app: &App, user: Option<User>, password: &Password) -> Result<(User, Verdict), Problem> {
    let Some(user) = user else {
        app.hasher.verify_nobody(password);
        return Err(Problem::InvalidCredentials);
    };
    match app.hasher.verify(password, &user.password_hash) {
        Verdict::Wrong => Err(Problem::InvalidCredentials),
        verdict => Ok((user, verdict)),
    }
}
