//! What the description says that a path takes, and nothing else: its methods
//! (RFC 9110 section 15.5.6), and query parameters where it names any.

use std::collections::HashMap;

use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::ALLOW;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};

use super::Problem;
use super::routes::Method;

/// Each path as it is described: its methods, and what each does.
#[derive(Debug, Default)]
pub(super) struct Described(HashMap<String, Vec<Method>>);

impl Described {
    /// What these methods of a path do.
    pub(super) fn add(&mut self, path: String, methods: Vec<Method>) {
        let known = self.0.entry(path).or_default();
        known.extend(methods);
        known.sort_by(|one, other| one.0.as_str().cmp(other.0.as_str()));
    }

    /// Those of `other`, too.
    pub(super) fn merge(&mut self, other: Self) {
        for (path, methods) in other.0 {
            self.add(path, methods);
        }
    }

    /// The refusal of a request to a described path that its description does not
    /// admit. `HEAD` is no exception: in AWS it reaches no function that has the
    /// path, so it is the same on a laptop.
    pub(super) fn refusal(&self, request: &Request) -> Option<Response> {
        let path = request.extensions().get::<MatchedPath>()?;
        let methods = self.0.get(path.as_str())?;
        let Some((_, operation)) = methods.iter().find(|(method, _)| method == request.method()) else {
            let names = methods.iter().map(|(method, _)| method.as_str());
            return Some(method_not_allowed(names));
        };
        if request.uri().query().is_none_or(str::is_empty) || takes_query(&operation()) {
            return None;
        }
        let detail = "This operation takes no query parameters.".to_owned();
        Some(Problem::InvalidQuery(detail).into_response())
    }
}

/// `method_not_allowed`, with the methods that are (RFC 9110 section 10.2.1).
pub fn method_not_allowed<'a>(methods: impl IntoIterator<Item = &'a str>) -> Response {
    let allow = methods.into_iter().collect::<Vec<_>>().join(", ");
    let mut response = Problem::MethodNotAllowed.into_response();
    if let Ok(allow) = HeaderValue::from_str(&allow) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

fn takes_query(operation: &Operation) -> bool {
    let parameters = operation.parameters.iter().flatten();
    parameters.into_iter().any(
        |parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query),
    )
}
