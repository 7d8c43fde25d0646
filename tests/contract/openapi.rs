//! `openapi.json`, and what every operation has to say of itself.

use std::collections::HashSet;

use serde_json::Value;

use crate::{described, operations, read, root};

#[test]
fn openapi_json_is_what_the_handlers_say() {
    let path = "functions/docs/openapi.json";
    let expected = tests::openapi::text();
    if std::env::var("USHER_WRITE_OPENAPI").is_ok() {
        std::fs::write(root().join(path), &expected).unwrap();
    }
    assert!(read(path) == expected, "{path} is stale: run `make openapi`");
}

#[test]
fn operation_ids_are_unique() {
    let mut known = HashSet::new();
    for (method, path, id) in operations() {
        assert!(
            known.insert(id.clone()),
            "{method} {path}: another operation is called {id}; rename the handler"
        );
    }
}

#[test]
fn every_operation_is_described() {
    let document = described();
    for (method, path, id) in operations() {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let first = path.split('/').nth(1).unwrap();
        assert_eq!(
            operation["tags"],
            serde_json::json!([first]),
            "{id}: paste `tag = \"{first}\"` into its attribute"
        );
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty(), "{id}: the first line of its doc comment is the summary; write one");
        let problem = operation["responses"]["default"]["content"]["application/problem+json"].is_object();
        assert!(problem, "{id}: paste `Problems` at the end of `responses(..)` into its attribute");
        let fine = |status: &str| status.starts_with('2');
        let ok = operation["responses"].as_object().unwrap().keys().any(|status| fine(status));
        assert!(ok, "{id}: describe what it answers when all is well in `responses(..)`");
    }
}

/// A body that is not described would be missing from Swagger UI.
#[test]
fn every_described_body_is_required_json_without_other_fields() {
    let document = described();
    for (method, path, id) in operations() {
        let body = &document["paths"][&path][method.to_lowercase()]["requestBody"];
        if body.is_null() {
            continue;
        }
        assert_eq!(body["required"], true, "{id}");
        let name = body["content"]["application/json"]["schema"]["$ref"].as_str().expect(&id);
        let schema = document.pointer(name.trim_start_matches('#')).expect(&id);
        assert_eq!(schema["additionalProperties"], false, "{name}: paste `#[serde(deny_unknown_fields)]`");
    }
}

/// Parameters of the path are described, each by its name.
#[test]
fn every_path_parameter_is_described() {
    let document = described();
    for (method, path, id) in operations() {
        let parameters = &document["paths"][&path][method.to_lowercase()]["parameters"];
        let in_path = |parameter: &&Value| parameter["in"] == "path";
        let described = parameters.as_array().into_iter().flatten().filter(in_path);
        let described: Vec<&str> = described.filter_map(|parameter| parameter["name"].as_str()).collect();
        let segments = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let named: Vec<&str> = segments.collect();
        let paste = "paste `params((\"id\" = String, Path, description = \"..\"))` into its attribute";
        assert_eq!(described, named, "{id}: {paste}");
    }
}

/// API Gateway's matcher and axum's agree on these only.
#[test]
fn paths_are_made_of_literals_and_whole_parameters() {
    for (_, path, id) in operations() {
        for part in path.split('/').skip(1) {
            let inner = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).unwrap_or(part);
            assert!(!inner.is_empty() && !inner.contains(['{', '}', '*', ':']), "{id}: {path}");
        }
    }
}
