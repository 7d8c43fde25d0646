//! Every error that the API answers: RFC 9457 problem documents with a closed
//! list of codes, described in `docs/problems.md`.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::NotConfigured;
use crate::model::Invalid;
use crate::password::Weakness;
use crate::store::StoreError;

/// What is wrong with one field of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Which field: a JSON Pointer (RFC 6901) into the body.
    pub pointer: String,
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub message: String,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident $(($payload:ty))? = $status:ident $code:literal $title:literal,)*) => {
        /// An error that the API answers.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Problem { $($(#[$doc])* $name $(($payload))?,)* }

        impl Problem {
            /// Every code with its status and title, in the order of `docs/problems.md`.
            pub const ALL: &'static [(&'static str, StatusCode, &'static str)] =
                &[$(($code, StatusCode::$status, $title)),*];

            fn entry(&self) -> (&'static str, StatusCode, &'static str) {
                match self {
                    $(problems!(@pattern $name $($payload)?) => ($code, StatusCode::$status, $title),)*
                }
            }
        }
    };
    (@pattern $name:ident $payload:ty) => { Self::$name(_) };
    (@pattern $name:ident) => { Self::$name };
}

problems! {
    /// The request could not be read at all.
    InvalidRequest = BAD_REQUEST "invalid_request" "The request could not be read",
    /// The body is not JSON.
    InvalidJson = BAD_REQUEST "invalid_json" "The body is not JSON",
    /// A query parameter is unknown, repeated or bad.
    InvalidQuery(String) = BAD_REQUEST "invalid_query" "The query is not valid",
    /// The cursor is not one that this list gave.
    InvalidCursor = BAD_REQUEST "invalid_cursor" "The cursor is not valid",
    /// The mailed token is unknown, spent or expired.
    InvalidToken = BAD_REQUEST "invalid_token" "The token is not valid",
    /// The idempotency key is not one.
    InvalidIdempotencyKey = BAD_REQUEST "invalid_idempotency_key" "The idempotency key is not valid",
    /// There is no bearer token.
    Unauthenticated = UNAUTHORIZED "unauthenticated" "Sign in first",
    /// The access token is not good; refresh.
    InvalidAccessToken = UNAUTHORIZED "invalid_access_token" "The access token is not valid",
    /// The session is over; sign in again.
    SessionEnded = UNAUTHORIZED "session_ended" "The session has ended",
    /// No such account with that password.
    InvalidCredentials = UNAUTHORIZED "invalid_credentials" "Wrong sign-in name or password",
    /// The refresh token is not one of ours.
    InvalidRefreshToken = UNAUTHORIZED "invalid_refresh_token" "The refresh token is not valid",
    /// The refresh token was used before; the session is over.
    RefreshTokenReused = UNAUTHORIZED "refresh_token_reused" "The refresh token was used before",
    /// The token between the two steps of a sign-in is unknown, spent or expired.
    InvalidMfaToken = UNAUTHORIZED "invalid_mfa_token" "The sign-in has to begin anew",
    /// The code that is to finish a sign-in is wrong or used.
    InvalidMfaCode = UNAUTHORIZED "invalid_mfa_code" "The code is not valid",
    /// The caller may not do this.
    Forbidden = FORBIDDEN "forbidden" "You may not do this",
    /// The last sign-in is too long ago for this.
    ReauthenticationRequired = FORBIDDEN "reauthentication_required" "Sign in again first",
    /// The password given again was wrong.
    WrongPassword = FORBIDDEN "wrong_password" "The password is wrong",
    /// The code given by who is signed in was wrong or used.
    WrongMfaCode = FORBIDDEN "wrong_mfa_code" "The code is wrong",
    /// The person has not shown yet that the account's address is its own.
    EmailNotVerified = FORBIDDEN "email_not_verified" "Verify your e-mail address first",
    /// Admins have to sign in with a second factor here.
    MfaEnrolmentRequired = FORBIDDEN "mfa_enrolment_required" "Add a second factor first",
    /// An admin has to activate the account first.
    AccountPending = FORBIDDEN "account_pending" "The account awaits approval",
    /// An admin deactivated the account.
    AccountDeactivated = FORBIDDEN "account_deactivated" "The account is deactivated",
    /// The password is right, but good no more: a link by mail sets a new one.
    PasswordChangeRequired = FORBIDDEN "password_change_required" "Set a new password first",
    /// The page's origin may not use the refresh cookie.
    OriginNotAllowed = FORBIDDEN "origin_not_allowed" "This origin may not use the cookie",
    /// Nobody can register here.
    RegistrationClosed = FORBIDDEN "registration_closed" "Registration is closed",
    /// The admin key is wrong or not in use.
    InvalidAdminKey = FORBIDDEN "invalid_admin_key" "The admin key is not valid",
    /// There is nothing here.
    NotFound = NOT_FOUND "not_found" "There is nothing here",
    /// There is, but not for this method.
    MethodNotAllowed = METHOD_NOT_ALLOWED "method_not_allowed" "This method is not allowed here",
    /// Somebody has the username.
    UsernameTaken = CONFLICT "username_taken" "The username is taken",
    /// Somebody has the address.
    EmailTaken = CONFLICT "email_taken" "The e-mail address is taken",
    /// No active admin would remain.
    LastAdmin = CONFLICT "last_admin" "The last admin stays an admin",
    /// Nobody deactivates itself.
    CannotDeactivateYourself = CONFLICT "cannot_deactivate_yourself" "You cannot deactivate yourself",
    /// The user deleted itself: nothing but restoring it, or deleting it for good.
    UserDeleted = CONFLICT "user_deleted" "The account is deleted",
    /// The account is there, so it cannot be restored.
    NotDeleted = CONFLICT "not_deleted" "The account is not deleted",
    /// There is a second factor already.
    MfaAlreadyEnrolled = CONFLICT "mfa_already_enrolled" "There is a second factor already",
    /// There is no second factor, or none that waits to be confirmed.
    MfaNotEnrolled = CONFLICT "mfa_not_enrolled" "There is no second factor",
    /// The account has a password, so it takes no invitation.
    PasswordAlreadySet = CONFLICT "password_already_set" "The account has a password already",
    /// The body is longer than 64 KiB.
    BodyTooLarge = PAYLOAD_TOO_LARGE "body_too_large" "The body is too large",
    /// The body is not `application/json`.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" "The body must be application/json",
    /// Fields are missing, unknown, repeated or bad.
    InvalidBody(Vec<FieldError>) = UNPROCESSABLE_ENTITY "invalid_body" "The body is not valid",
    /// The new password is too weak.
    WeakPassword(Vec<FieldError>) = UNPROCESSABLE_ENTITY "weak_password" "The password is too weak",
    /// The idempotency key was sent before, with another body.
    IdempotencyKeyReused = UNPROCESSABLE_ENTITY "idempotency_key_reused" "The idempotency key was used before",
    /// Too many from here, or of this: wait so many seconds.
    TooManyRequests(u32) = TOO_MANY_REQUESTS "too_many_requests" "Too many requests",
    /// Too many wrong passwords for this sign-in name: wait so many seconds.
    AccountLocked(u32) = TOO_MANY_REQUESTS "account_locked" "Too many wrong passwords",
    /// Our mistake.
    Internal = INTERNAL_SERVER_ERROR "internal_error" "Something went wrong",
    /// What we depend on does not answer: try again.
    TemporarilyUnavailable = SERVICE_UNAVAILABLE "temporarily_unavailable" "Temporarily unavailable",
}

impl Problem {
    /// A bad field, by its pointer.
    #[must_use]
    pub fn field(pointer: &str, invalid: Invalid) -> Self {
        Self::InvalidBody(vec![FieldError {
            pointer: pointer.to_owned(),
            code: invalid.code.to_owned(),
            message: invalid.message.to_owned(),
        }])
    }

    /// A new password that the policy refuses.
    #[must_use]
    pub fn weak_password(pointer: &str, weakness: Weakness) -> Self {
        Self::WeakPassword(vec![FieldError {
            pointer: pointer.to_owned(),
            code: weakness.code().to_owned(),
            message: weakness.to_string(),
        }])
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.entry().0
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.entry().1
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Self::InvalidQuery(detail) => Some(detail),
            Self::InvalidCredentials => Some(
                "No account has this sign-in name and password. If you registered a short while ago, \
                 confirm the registration first with the link in the mail.",
            ),
            Self::InvalidToken => {
                Some("The token is unknown, was used, has expired or was overtaken. Ask for a new one.")
            }
            Self::InvalidAccessToken => Some("It is malformed or has expired. Refresh it."),
            Self::SessionEnded => Some("It was signed out, has expired, or the account changed."),
            Self::InvalidMfaToken => Some(
                "It is unknown, was used, has expired, or had five wrong codes. Give the password again.",
            ),
            Self::InvalidMfaCode | Self::WrongMfaCode => {
                Some("It is wrong, has expired, or was used: each code works once. Wait for the next one.")
            }
            Self::MfaEnrolmentRequired => Some(
                "Here an administrator needs a second factor: add one at /auth/mfa/totp, or sign in with it.",
            ),
            Self::PasswordChangeRequired => Some(
                "This password is not good any more. Ask for a link to set a new one: /auth/forgot-password.",
            ),
            Self::OriginNotAllowed => Some(
                "A request with the refresh cookie, or for one, needs an Origin header that names the API's own \
                  origin or one of CORS_ORIGINS.",
            ),
            Self::TemporarilyUnavailable => {
                Some("Something we depend on did not answer in time. Try again in a moment.")
            }
            Self::InvalidIdempotencyKey => {
                Some("It has 1 to 255 visible ASCII characters, in quotes or not.")
            }
            Self::IdempotencyKeyReused => {
                Some("It was sent with another body in the last 24 hours. Make a new one for a new request.")
            }
            Self::TooManyRequests(_) => Some("Try again after the seconds that Retry-After says."),
            Self::AccountLocked(_) => Some(
                "Too many wrong passwords were given for this sign-in name, whether or not there is such an \
                 account. Try again after the seconds that Retry-After says, or set a new password by mail.",
            ),
            Self::ReauthenticationRequired => Some("Your last sign-in must be less than 5 minutes ago."),
            _ => None,
        }
    }

    /// After how many seconds to try again.
    fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooManyRequests(seconds) | Self::AccountLocked(seconds) => Some(*seconds),
            Self::TemporarilyUnavailable => Some(1),
            _ => None,
        }
    }

    fn errors(&self) -> Option<&[FieldError]> {
        match self {
            Self::InvalidBody(errors) | Self::WeakPassword(errors) => Some(errors),
            _ => None,
        }
    }

    /// The document, for a request.
    #[must_use]
    pub fn document(&self, instance: &str, request_id: &str) -> serde_json::Value {
        let (code, status, title) = self.entry();
        let mut document = serde_json::json!({
            "type": format!("urn:usher:problem:{code}"),
            "title": title,
            "status": status.as_u16(),
            "detail": self.detail().unwrap_or(title),
            "instance": instance,
            "code": code,
            "request_id": request_id,
        });
        if let Some(errors) = self.errors() {
            document["errors"] = serde_json::json!(errors);
        }
        document
    }
}

impl IntoResponse for Problem {
    /// An answer without a body: [`super::serve`] writes the document, for it
    /// knows the request.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        if self.status() == StatusCode::UNAUTHORIZED {
            let challenge = match self {
                Self::InvalidAccessToken | Self::SessionEnded => "Bearer error=\"invalid_token\"",
                _ => "Bearer",
            };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    /// The cause is logged here, once, and never shown.
    fn from(error: StoreError) -> Self {
        tracing::error!(cause = %error, "the store failed");
        match error {
            StoreError::Unavailable(_) => Self::TemporarilyUnavailable,
            StoreError::Broken(_) => Self::Internal,
        }
    }
}

impl From<NotConfigured> for Problem {
    fn from(missing: NotConfigured) -> Self {
        tracing::error!(setting = missing.0, "this function has no such setting");
        Self::Internal
    }
}
