//! What API Gateway's other routes do not match: 405 where the path is one of
//! the API's, with the methods that it has (RFC 9110 section 15.5.6), else 404.

use std::sync::LazyLock;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use shared::http::{Problem, method_not_allowed};

use crate::OPENAPI_JSON;

/// Each path of the API, in segments, with its methods in upper case.
static PATHS: LazyLock<Vec<(Vec<String>, Vec<String>)>> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(OPENAPI_JSON).unwrap_or_default();
    let paths = document.get("paths").and_then(Value::as_object);
    paths.into_iter().flatten().map(|(path, operations)| (segments(path), methods(operations))).collect()
});

pub(crate) async fn unmatched(request: Request) -> Response {
    let path = segments(request.uri().path());
    // A literal path comes before one with a parameter, as in every matcher.
    let found = PATHS.iter().filter(|(known, _)| matches(known, &path));
    let found = found.min_by_key(|(known, _)| known.iter().filter(|part| part.starts_with('{')).count());
    match found {
        None => Problem::NotFound.into_response(),
        Some((_, methods)) => method_not_allowed(methods.iter().map(String::as_str)),
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(str::to_owned).collect()
}

fn methods(operations: &Value) -> Vec<String> {
    let names = operations.as_object().into_iter().flatten().map(|(name, _)| name.to_uppercase());
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names
}

fn matches(known: &[String], path: &[String]) -> bool {
    known.len() == path.len()
        && known
            .iter()
            .zip(path)
            .all(|(known, part)| known == part || (known.starts_with('{') && !part.is_empty()))
}
