//! 6. Nothing is there by default.

use tests::World;

/// A13
#[tokio::test]
async fn a_new_installation_has_no_account() {
    let world = World::new().await;
    assert!(world.items().await.is_empty());
    let login = serde_json::json!({ "email": "admin@example.com", "password": "admin" });
    world.post("/auth/login", login).await.refused(401, "invalid_credentials");
}

/// A17, A19: no field asks for a hint, and none of an admin's holds a password.
#[test]
fn no_operation_takes_a_hint_and_no_admins_a_password() {
    let schemas = crate::document()["components"]["schemas"].clone();
    for (name, schema) in schemas.as_object().unwrap() {
        for field in schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys()) {
            assert!(!field.contains("hint") && !field.contains("question"), "{name}.{field}");
        }
    }
    let document = crate::document();
    for (method, path, id) in
        tests::openapi::operations(&document).iter().filter(|(_, path, _)| path.starts_with("/admin"))
    {
        let operation = &document["paths"][path][method.to_lowercase()];
        let reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
        let schema = reference.and_then(|reference| document.pointer(&reference[1..]));
        assert!(!schema.is_some_and(|schema| schema["properties"]["password"].is_object()), "{id}");
    }
}
