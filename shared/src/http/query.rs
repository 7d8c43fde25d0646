//! Query strings, read strictly.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::Problem;

/// A query string that became a `T`. Unknown and repeated parameters are refused
/// by the type (`deny_unknown_fields`). Operations whose description names no
/// query parameter refuse any.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let value = serde_urlencoded::from_str(query).map_err(|error| explain(&error.to_string()))?;
        Ok(Self(value))
    }
}

/// Says what is wrong, but never repeats what was sent.
fn explain(error: &str) -> Problem {
    let detail = if error.starts_with("unknown field") {
        "The query has an unknown parameter."
    } else if error.starts_with("duplicate field") {
        "The query has a parameter twice."
    } else {
        "A query parameter has a value that is not allowed."
    };
    Problem::InvalidQuery(detail.to_owned())
}
