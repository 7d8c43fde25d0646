//! What the handlers' descriptions share.

use serde::Serialize;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ContentBuilder, Header, Object, Ref, Response, ResponseBuilder};
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

/// The answers of every operation when something is wrong.
#[derive(Debug)]
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<Response>> {
        let problem = |description| {
            let schema = Ref::from_schema_name("Problem");
            let content = ContentBuilder::new().schema(Some(schema)).build();
            ResponseBuilder::new().description(description).content("application/problem+json", content)
        };
        let mut seconds = Header::new(Object::with_type(Type::Integer));
        seconds.description = Some("After how many seconds to try again".to_owned());
        let limited =
            problem("Too many; `Retry-After` says when to try again").header("Retry-After", seconds);
        let default = problem("A problem (RFC 9457); `code` says which");
        [("429".to_owned(), limited.build().into()), ("default".to_owned(), default.build().into())].into()
    }
}
