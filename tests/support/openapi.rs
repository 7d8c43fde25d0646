//! The description of the whole API, merged from every function's routes.

mod limits;
mod links;
mod problems;

use serde_json::{Value, json};
use shared::http::{FieldError, ProblemDocument};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

/// The document: what the handlers say, and what holds for each operation
/// because of what it is.
#[must_use]
pub fn document() -> Value {
    let mut document = serde_json::to_value(described()).unwrap();
    document["info"]["license"] = json!({ "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" });
    share_schemas(&mut document);
    problems::add(&mut document);
    limits::add(&mut document);
    links::add(&mut document);
    document
}

fn described() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Usher")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "User management: registration, sign-in, password reset by e-mail, roles and administration. \
             Every error is a problem document (RFC 9457) with a stable `code`.",
        ))
        .build();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token (RFC 9068), checked as RFC8725 asks"))
        .build();
    let about = "The refresh token of a session that was opened with `\"session\": \"cookie\"`. Whoever sends it sends \
                 an `Origin` that may: the API's own or one of `CORS_ORIGINS`";
    let cookie = ApiKey::Cookie(ApiKeyValue::with_description(shared::http::REFRESH_COOKIE, about));
    let components = ComponentsBuilder::new()
        .schema_from::<ProblemDocument>()
        .schema_from::<FieldError>()
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .security_scheme("refresh_cookie", SecurityScheme::ApiKey(cookie))
        .build();
    let mut document =
        OpenApiBuilder::new().info(info).tags(Some(tags())).components(Some(components)).build();
    for routes in [auth::routes(), users::routes(), admin::routes(), posts::routes(), docs::routes()] {
        document.merge(routes.openapi());
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
        tag("posts", "Posts and comments: the example of a resource of one's own"),
        tag("docs", "This documentation, and health"),
    ]
}

/// Names each schema that is written out though it has a name.
fn share_schemas(document: &mut Value) {
    let named = document["components"]["schemas"].as_object().unwrap().clone();
    for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
        for part in schema.as_object_mut().unwrap().values_mut() {
            walk(part, &mut |inner| {
                let is_object = inner["type"] == "object";
                if let Some((name, _)) = named.iter().find(|(_, known)| is_object && *known == inner) {
                    *inner = json!({ "$ref": format!("#/components/schemas/{name}") });
                }
            });
        }
    }
}

/// Visits a value and everything in it, the outer first.
fn walk(value: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    visit(value);
    match value {
        Value::Object(members) => members.values_mut().for_each(|inner| walk(inner, visit)),
        Value::Array(members) => members.iter_mut().for_each(|inner| walk(inner, visit)),
        _ => {}
    }
}

/// Visits each operation: its path, its method in lower case, and itself.
fn each_operation(document: &mut Value, mut visit: impl FnMut(&str, &str, &mut Value)) {
    for (path, operations) in document["paths"].as_object_mut().unwrap() {
        for (method, operation) in operations.as_object_mut().unwrap() {
            visit(path, method, operation);
        }
    }
}

/// The document as it is served.
#[must_use]
pub fn text() -> String {
    let text = serde_json::to_string_pretty(&document()).unwrap();
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
