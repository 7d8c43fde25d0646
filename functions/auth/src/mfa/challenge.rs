//! The answer to a right password where that is not enough.

use axum::Json;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use shared::App;
use shared::http::{Problem, TokenAnswer};
use shared::model::{PasswordHash, Ticket, TicketId, TicketKind, User};
use shared::store::Forgiven;
use shared::token::MfaToken;
use utoipa::ToSchema;

/// For so long after the password the code may come.
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// What signing in gives.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum LoginAnswer {
    SignedIn(Box<TokenAnswer>),
    SecondFactor(SecondStep),
}

impl IntoResponse for LoginAnswer {
    fn into_response(self) -> Response {
        match self {
            Self::SignedIn(tokens) => tokens.into_response(),
            Self::SecondFactor(step) => Json(step).into_response(),
        }
    }
}

/// The password was right. `POST /auth/mfa` finishes the sign-in with a code.
#[derive(Serialize, ToSchema)]
pub(crate) struct SecondStep {
    /// Always true.
    mfa_required: bool,
    /// Opaque: good for one sign-in, and for five wrong codes.
    mfa_token: String,
    /// What is taken: `totp`, `recovery_code`.
    methods: [&'static str; 2],
    /// Seconds until the token expires.
    expires_in: i64,
}

/// Asks for the second factor; with `rehashed`, stores the hash made anew. `None`:
/// the account changed meanwhile.
pub(crate) async fn challenge(
    app: &App,
    user: &User,
    rehashed: Option<&PasswordHash>,
    forgiven: &Forgiven,
) -> Result<Option<LoginAnswer>, Problem> {
    let now = app.clock.now();
    let ticket = Ticket {
        id: TicketId::new(now),
        email: user.email.clone(),
        kind: TicketKind::Mfa { user_id: user.id, session_epoch: user.session_epoch },
        tries: 0,
        expires_at: now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX),
    };
    let mfa_token = MfaToken(ticket.id).encode(app.secret()?);
    let awaited = app.store.await_second_factor(user, &ticket, rehashed, forgiven).await?;
    Ok(awaited.then(|| {
        LoginAnswer::SecondFactor(SecondStep {
            mfa_required: true,
            mfa_token,
            methods: ["totp", "recovery_code"],
            expires_in: LIFETIME.as_secs(),
        })
    }))
}
