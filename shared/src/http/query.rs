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

/// Names the parameter, where the error does, but never repeats a value.
fn explain(error: &str) -> Problem {
    let known = ["unknown field", "duplicate field", "missing field"];
    let kind = known.iter().find(|kind| error.starts_with(**kind));
    Problem::InvalidQuery(
        match kind {
            Some(kind) => format!("The query has an {kind}.").replace("an d", "a d").replace("an m", "a m"),
            None => "A query parameter has a value that is not allowed.".to_owned(),
        }
        .replace("field", "parameter"),
    )
}
