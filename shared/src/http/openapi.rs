//! What the handlers' descriptions share.

use serde::Serialize;
use utoipa::openapi::{ContentBuilder, Ref, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::FieldError;

/// An error (RFC 9457). `docs/problems.md` lists the codes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// `urn:usher:problem:<code>`.
    #[serde(rename = "type")]
    kind: String,
    /// The same for the same code.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What to do about it.
    detail: String,
    /// The request's path.
    instance: String,
    /// Stable, for programs.
    code: String,
    /// For support: the logs have it, too.
    request_id: String,
    /// The fields that are wrong, with `invalid_body` and `weak_password`.
    #[schema(nullable = false)]
    errors: Option<Vec<FieldError>>,
}

/// The answer of every operation when something is wrong.
#[derive(Debug)]
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<Response>> {
        let schema = Ref::from_schema_name("Problem");
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new()
            .description("A problem (RFC 9457); `code` says which")
            .content("application/problem+json", content)
            .build();
        [("default".to_owned(), response.into())].into()
    }
}
