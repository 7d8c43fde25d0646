//! The refusals that an operation may answer because of what it is. What else it
//! may answer is under `default`.

use serde_json::{Value, json};

/// Status, name and meaning.
const REFUSALS: [(&str, &str, &str); 10] = [
    ("400", "BadRequest", "The request, its JSON or its query cannot be read"),
    ("401", "Unauthenticated", "No access token, or one that is not good, or its session has ended"),
    ("403", "Forbidden", "The caller may not do this"),
    ("404", "NotFound", "There is nothing here, or nothing for the caller"),
    ("413", "BodyTooLarge", "The body is longer than 64 KiB"),
    ("415", "UnsupportedMediaType", "The body is not `application/json`"),
    ("422", "Invalid", "`errors` names the fields that are wrong"),
    (
        "429",
        "TooManyRequests",
        "Try again later. API Gateway's own limit names no time and has a body of its own",
    ),
    ("500", "InternalError", "Our mistake; nothing was changed"),
    ("503", "TemporarilyUnavailable", "What Usher depends on does not answer; try again"),
];

/// Adds to each operation the refusals that concern it.
pub(super) fn add(document: &mut Value) {
    super::each_operation(document, |path, method, operation| {
        for (status, name, _) in REFUSALS {
            let responses = operation["responses"].as_object().unwrap();
            if concerns(status, path, method, operation) && !responses.contains_key(status) {
                operation["responses"][status] = json!({ "$ref": format!("#/components/responses/{name}") });
            }
        }
    });
    for (status, name, meaning) in REFUSALS {
        document["components"]["responses"][name] = response(status, meaning);
    }
}

fn concerns(status: &str, path: &str, method: &str, operation: &Value) -> bool {
    let has_token = operation["security"].is_array();
    let has_body = operation["requestBody"].is_object();
    match status {
        "401" => has_token,
        "403" => has_token && (method != "get" || path.contains('{') || path.starts_with("/admin")),
        "404" => path.contains('{'),
        "413" | "415" | "422" => has_body,
        _ => true,
    }
}

fn response(status: &str, meaning: &str) -> Value {
    let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    let mut response = json!({ "description": meaning, "content": { "application/problem+json": problem } });
    let header = |description: &str, schema: Value| json!({ "description": description, "schema": schema });
    match status {
        "401" => {
            let schema = json!({ "type": "string", "pattern": "^Bearer" });
            response["headers"]["WWW-Authenticate"] = header("How to sign in (RFC 6750)", schema);
        }
        "429" | "503" => {
            let schema = json!({ "type": "integer", "format": "int32", "minimum": 0 });
            response["headers"]["Retry-After"] = header("Seconds to wait", schema);
        }
        _ => {}
    }
    if status == "429" {
        let message = json!({ "type": "object", "properties": { "message": { "type": "string" } } });
        response["content"]["application/json"] = json!({ "schema": message });
    }
    response
}
