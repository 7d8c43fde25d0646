//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::Problem;

/// What a client names a request by that it may have to send again: a text of 1 to
/// 255 visible ASCII characters, in quotes as the draft has it, or without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        let text = value.to_str().map_err(|_| Problem::InvalidIdempotencyKey)?.trim();
        let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let key = quoted.unwrap_or(text);
        let is_fit = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_fit || values.next().is_some() {
            return Err(Problem::InvalidIdempotencyKey);
        }
        Ok(Self(Some(key.to_owned())))
    }
}
