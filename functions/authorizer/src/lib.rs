//! The authorizer: for APIs beside Usher that want a deactivation to bite at once.
//! API Gateway asks it about each request (an HTTP API's REQUEST authorizer, payload
//! format 2.0, simple responses); it looks at token, user and session as Usher's own
//! routes do.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};
use shared::App;
use shared::config::Setting;
use shared::http::{Caller, HttpEvent, Problem};
use tracing::Instrument as _;
use tracing::field::Empty;

/// The settings that this function uses. `PUBLIC_URL` is Usher's own address, whatever
/// API asks.
pub const SETTINGS: &[Setting] = &[Setting::TableName, Setting::TokenAudience, Setting::PublicUrl];

/// Later than this the answer is that there is none. API Gateway waits 10 s.
const DEADLINE: Duration = Duration::from_millis(3500);

/// Nobody knows whether the caller may: API Gateway answers 500 and does not call the
/// API behind it.
#[derive(Debug)]
pub struct Undecided(&'static str);

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "undecided: {}", self.0)
    }
}

impl std::error::Error for Undecided {}

/// Whether the caller of `event` is an active user with a live session:
/// `isAuthorized`, and for whoever is a `context` with `sub`, `role` and `sid`. What
/// is no event, and has no token, or a bad one, is not authorized.
///
/// # Errors
/// When the table does not answer: that is neither yes nor no.
pub async fn handle(app: &App, event: &HttpEvent) -> Result<Value, Undecided> {
    if app.config.public_url.is_none() {
        return Err(Undecided("PUBLIC_URL is not set, so nobody knows who issues the tokens"));
    }
    let request_id = event.request_id.as_deref();
    let span = tracing::error_span!("request", request_id, user_id = Empty, sid = Empty);
    judge(app, event).instrument(span).await
}

async fn judge(app: &App, event: &HttpEvent) -> Result<Value, Undecided> {
    let found = tokio::time::timeout(DEADLINE, Caller::of_event(app, event)).await;
    match found.unwrap_or(Err(Problem::TemporarilyUnavailable)) {
        Ok(caller) => {
            let (user, role) = (&caller.user, caller.user.role);
            tracing::info!(outcome = "authorized", "authorizer");
            let context = json!({ "sub": user.id, "role": role, "sid": caller.session.id });
            Ok(json!({ "isAuthorized": true, "context": context }))
        }
        Err(problem @ (Problem::Internal | Problem::TemporarilyUnavailable)) => {
            tracing::error!(code = problem.code(), "authorizer");
            Err(Undecided(problem.code()))
        }
        Err(problem) => {
            tracing::info!(code = problem.code(), event = problem.event(), "authorizer");
            Ok(json!({ "isAuthorized": false }))
        }
    }
}
