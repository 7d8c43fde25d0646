//! What a problem is called where security is watched: the names of the OWASP
//! Logging Vocabulary Cheat Sheet.

use http::StatusCode;

use super::Problem;

impl Problem {
    /// The event on the request's line in the log. `None` where there is nothing to
    /// watch, or where the event has a line of its own, as a reused token has.
    #[must_use]
    pub fn event(&self) -> Option<&'static str> {
        match self {
            Self::InvalidCredentials
            | Self::WrongPassword
            | Self::InvalidMfaCode
            | Self::WrongMfaCode
            | Self::AccountPending
            | Self::AccountDeactivated => Some("authn_login_fail"),
            Self::SessionEnded => Some("session_use_after_expire"),
            Self::RefreshTokenReused => None,
            other => by_status(other.status()),
        }
    }
}

fn by_status(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Some("authz_fail"),
        StatusCode::TOO_MANY_REQUESTS => Some("excess_rate_limit_exceeded"),
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => Some("input_validation_fail"),
        _ => None,
    }
}
