//! `POST /auth/login`.

use axum::extract::State;
use serde::Deserialize;
use shared::App;
use shared::http::{
    Body, Browser, Problem, Problems, RequestContext, Subject, new_session, signing_beside, token_answer,
};
use shared::model::{Carrier, Email, Invalid, Password, PasswordHash, Status, User, UserId, Username};
use shared::password::Verdict;
use shared::store::Forgiven;
use utoipa::ToSchema;

use crate::mfa::{LoginAnswer, challenge};
use crate::tries::Tries;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// Either this or `username`.
    #[schema(value_type = Option<String>, format = "email")]
    email: Option<Email>,
    /// Either this or `email`.
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{3,30}$")]
    username: Option<Username>,
    /// 1 to 1,024 bytes.
    #[schema(value_type = String, format = "password")]
    password: Password,
    /// How the refresh token travels: `cookie` keeps it from the page's scripts.
    #[serde(default)]
    #[schema(value_type = Option<Carrier>, nullable = false)]
    session: Carrier,
}

/// Who signs in.
enum Name<'a> {
    Email(&'a Email),
    Username(&'a Username),
}

/// Sign in
///
/// By e-mail address or username. An unknown one gets the same answer as a wrong
/// password, in the same time. After `LOGIN_FAILURES` wrong ones from one source
/// every further try there has to wait, the right one and for an unknown account
/// too: 429 `account_locked`. Where the account has a second factor, the answer to
/// the right password is an `mfa_token`: `POST /auth/mfa` finishes the sign-in.
#[utoipa::path(
    post, path = "/auth/login", tag = "auth", request_body = Login,
    responses((status = 200, description = "Signed in, or a code is awaited", body = LoginAnswer,
        headers(("Set-Cookie" = String, description = "The refresh token of a `cookie` session"))), Problems)
)]
pub(crate) async fn login(
    State(app): State<App>,
    context: RequestContext,
    browser: Browser,
    Body(body): Body<Login>,
) -> Result<LoginAnswer, Problem> {
    browser.admits(body.session)?;
    let name = body.name()?;
    let tries = Tries::new(&app, &context, &name.normalized())?;
    let (found, counted) = tokio::join!(find(&app, &name), tries.count());
    let counted = counted?;
    let id = found.as_ref().ok().and_then(Option::as_ref).map_or(UserId::NOBODY, |user| user.id);
    match found.and_then(|user| verify(&app, user, &body.password)) {
        Ok((user, verdict)) => {
            let forgiven = tries.forgiven(counted);
            let opened = async {
                let answer = open(&app, &context, &body, user, verdict, &forgiven).await;
                if answer.is_err() {
                    // Nothing was opened, and the password right all the same.
                    tries.forgive(counted).await;
                }
                answer
            };
            tokio::join!(opened, Box::pin(tries.give_back(counted))).0
        }
        Err(Problem::InvalidCredentials) => {
            tries.wrong(counted, id).await;
            Err(Problem::InvalidCredentials)
        }
        Err(problem) => {
            Box::pin(tries.take_back()).await;
            Err(problem)
        }
    }
}

impl Login {
    fn name(&self) -> Result<Name<'_>, Problem> {
        match (&self.email, &self.username) {
            (Some(email), None) => Ok(Name::Email(email)),
            (None, Some(username)) => Ok(Name::Username(username)),
            _ => {
                let message = "give either email or username";
                Err(Problem::field("", Invalid { code: "email_or_username", message }))
            }
        }
    }
}

impl Name<'_> {
    /// As it is unique. No username holds an `@`, so the two cannot be confused.
    fn normalized(&self) -> String {
        match self {
            Self::Email(email) => email.to_string(),
            Self::Username(username) => username.lower(),
        }
    }
}

async fn find(app: &App, name: &Name<'_>) -> Result<Option<User>, Problem> {
    let user = match name {
        Name::Email(email) => app.store.user_by_email(email).await?,
        Name::Username(username) => app.store.user_by_username(username).await?,
    };
    // Who deleted itself is nobody, to the last millisecond.
    Ok(user.filter(|user| user.status != Status::Deleted))
}

/// Opens the session of the user whose password it was, or asks for the second
/// factor. The account may change between the check and this; then both are done
/// once more.
async fn open(
    app: &App,
    context: &RequestContext,
    body: &Login,
    mut user: User,
    mut verdict: Verdict,
    forgiven: &Forgiven,
) -> Result<LoginAnswer, Problem> {
    for is_last in [false, true] {
        match user.status {
            Status::Active => {}
            Status::Pending => return Err(Problem::AccountPending),
            Status::Deactivated => return Err(Problem::AccountDeactivated),
            Status::Deleted => return Err(Problem::InvalidCredentials),
        }
        if user.password_change_required {
            return Err(Problem::PasswordChangeRequired);
        }
        let rehashed = (verdict == Verdict::RightButWeak).then(|| app.hasher.hash(&body.password));
        let answer = if user.mfa_since.is_some() {
            challenge(app, &user, rehashed.as_ref(), forgiven).await?
        } else {
            session_of(app, context, &user, rehashed.as_ref(), body.session, forgiven).await?
        };
        if let Some(answer) = answer {
            return Ok(answer);
        }
        if !is_last {
            (user, verdict) = verify(app, find(app, &body.name()?).await?, &body.password)?;
        }
    }
    Err(Problem::TemporarilyUnavailable)
}

/// A session for the user; with `rehashed`, stores the hash made anew. `None`: the
/// account changed meanwhile.
async fn session_of(
    app: &App,
    context: &RequestContext,
    user: &User,
    rehashed: Option<&PasswordHash>,
    carrier: Carrier,
    forgiven: &Forgiven,
) -> Result<Option<LoginAnswer>, Problem> {
    app.signer()?.ready(&app.store).await?;
    let session = new_session(app, context, user);
    let agent = context.agent_for(user.id);
    let opening = Box::pin(app.store.open_session(&agent, user, &session, rehashed, forgiven));
    let (opened, ahead) = signing_beside(app, context, Subject::of(user, &session), opening).await;
    if !opened? {
        return Ok(None);
    }
    let user = User { last_login_at: Some(session.auth_time), ..user.clone() };
    let tokens = token_answer(app, context, &user, &session, carrier, ahead).await?;
    Ok(Some(LoginAnswer::SignedIn(Box::new(tokens))))
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
