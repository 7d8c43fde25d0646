//! The description of the whole API, merged from every function's routes.

use serde_json::{Value, json};
use shared::http::{FieldError, ProblemDocument};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Usher")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "User management: registration, sign-in, password reset by e-mail, roles and administration. \
             Every error is a problem document (RFC 9457) with a stable `code`.",
        ))
        .build();
    let components = ComponentsBuilder::new()
        .schema_from::<ProblemDocument>()
        .schema_from::<FieldError>()
        .security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .build();
    let mut document =
        OpenApiBuilder::new().info(info).tags(Some(tags())).components(Some(components)).build();
    for mut routes in [auth::routes(), users::routes(), admin::routes(), docs::routes()] {
        document.merge(routes.to_openapi());
    }
    document
}

/// The functions, in the order in which a newcomer meets them.
fn tags() -> Vec<Tag> {
    let tag =
        |name: &str, description: &str| TagBuilder::new().name(name).description(Some(description)).build();
    vec![
        tag("auth", "Registering, signing in and out, tokens, passwords"),
        tag("users", "One's own account, and users by id"),
        tag("admin", "Administration"),
        tag("docs", "This documentation, and health"),
    ]
}

/// The document as it is served.
#[must_use]
pub fn text() -> String {
    let mut document = serde_json::to_value(document()).unwrap();
    document["info"]["license"] = json!({ "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" });
    let text = serde_json::to_string_pretty(&document).unwrap();
    format!("{text}\n")
}

/// Each operation as `(METHOD, path, operation id)`.
#[must_use]
pub fn operations(document: &Value) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            all.push((method.to_uppercase(), path.clone(), id));
        }
    }
    all
}
