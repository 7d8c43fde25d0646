//! What the description says that a path takes, and nothing else: its methods
//! (RFC 9110 section 15.5.6), and query parameters where it names any.

use std::collections::HashMap;

use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse, Response};
use http::header::ALLOW;
use http::{HeaderValue, Method};
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::{OpenApi, RefOr};

use super::Problem;

/// Each path as it is described: its methods, and whether each takes a query.
#[derive(Debug)]
pub(super) struct Described(HashMap<String, Vec<(Method, bool)>>);

impl Described {
    /// From the description.
    pub(super) fn of(openapi: &OpenApi) -> Self {
        Self(openapi.paths.paths.iter().map(|(path, item)| (path.clone(), methods(item))).collect())
    }

    /// The refusal of a request to a described path that its description does not
    /// admit. `HEAD` is no exception: in AWS it reaches no function that has the
    /// path, so it is the same on a laptop.
    pub(super) fn refusal(&self, request: &Request) -> Option<Response> {
        let path = request.extensions().get::<MatchedPath>()?;
        let methods = self.0.get(path.as_str())?;
        let Some((_, takes_query)) = methods.iter().find(|(method, _)| method == request.method()) else {
            let names = methods.iter().map(|(method, _)| method.as_str());
            return Some(method_not_allowed(names));
        };
        if *takes_query || request.uri().query().is_none_or(str::is_empty) {
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

fn methods(item: &PathItem) -> Vec<(Method, bool)> {
    let operations = [
        (Method::DELETE, &item.delete),
        (Method::GET, &item.get),
        (Method::PATCH, &item.patch),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
    ];
    let there = operations.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?)));
    there.map(|(method, operation)| (method, takes_query(operation))).collect()
}

fn takes_query(operation: &Operation) -> bool {
    let parameters = operation.parameters.iter().flatten();
    parameters.into_iter().any(
        |parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query),
    )
}
