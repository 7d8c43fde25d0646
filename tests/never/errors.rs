//! 8. 500 for a wrong type, a duplicate, a missing or garbage token, an unknown
//!    id; HTML errors; SQL or hashes in a body; 200 for an unknown id.

use serde_json::{Map, Value, json};
use shared::model::UserId;
use tests::samples::{placed, written};
use tests::{Call, PASSWORD, Person, World};

/// H07: every field of every body, with every wrong type.
#[tokio::test]
async fn a_wrong_type_is_no_mistake_of_ours() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let bob = world.make_user("bob@example.com", |_| ()).await.id.to_string();
    written(&world, &eve).await;
    let document = crate::document();
    let wrong = [
        json!(null),
        json!(1),
        json!(-1.5e300),
        json!(true),
        json!([]),
        json!({}),
        json!([["x"]]),
        json!({ "$gt": "" }),
    ];
    let mut tried = 0;
    for (method, path, id) in tests::openapi::operations(&document) {
        let Some(schema) = crate::body_schema(&document, &method, &path) else { continue };
        let fields = schema["properties"].as_object().unwrap();
        for (field, of) in fields {
            for value in &wrong {
                let may_be_null = of["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
                if value.is_null() && (may_be_null || of.get("oneOf").is_some()) {
                    continue;
                }
                let mut body: Map<String, Value> = Map::new();
                body.insert(field.clone(), value.clone());
                let call = Call::new(&method, &placed(&path, &bob)).json(&Value::Object(body));
                let reply = eve.call(&world, call).await;
                assert_eq!((reply.status, reply.code()), (422, "invalid_body"), "{id} {field}: {value}");
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

/// H07
#[tokio::test]
async fn a_body_that_is_no_object_is_no_mistake_of_ours() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let bob = world.make_user("bob@example.com", |_| ()).await.id.to_string();
    written(&world, &eve).await;
    let document = crate::document();
    for (method, path, id) in tests::openapi::operations(&document) {
        if crate::body_schema(&document, &method, &path).is_none() {
            continue;
        }
        for (body, status, code) in [
            ("", 400, "invalid_json"),
            ("{", 400, "invalid_json"),
            ("<html>", 400, "invalid_json"),
            ("{}{}", 400, "invalid_json"),
            ("[]", 422, "invalid_body"),
            ("null", 422, "invalid_body"),
            ("\"' OR 1=1 --\"", 422, "invalid_body"),
        ] {
            if body == "{}{}"
                && !["update_user", "admin_update_user", "update_me", "update_post"].contains(&id.as_str())
            {
                continue;
            }
            let call = Call::new(&method, &placed(&path, &bob)).raw(body);
            let reply = eve.call(&world, call.header("content-type", "application/json")).await;
            assert_eq!((reply.status, reply.code()), (status, code), "{id} {body}");
        }
    }
}

#[tokio::test]
async fn a_missing_or_garbage_token_is_no_mistake_of_ours() {
    let world = World::new().await;
    let long = "a".repeat(10_000);
    for header in [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer a b",
        "Bearer é",
        "bearer null",
        "Bearer ...",
        &format!("Bearer {long}"),
    ] {
        let call = Call::new("GET", "/users/me").header("authorization", header);
        assert_eq!(world.call(call).await.status, 401, "{header}");
    }
    for token in ["", "null", "é", "../..", &long, "AAAA"] {
        let refresh = json!({ "refresh_token": token });
        world.post("/auth/refresh", refresh).await.refused(401, "invalid_refresh_token");
        world.post("/auth/verify-email", json!({ "token": token })).await.refused(400, "invalid_token");
        let confirm = json!({ "token": token, "password": PASSWORD });
        world.post("/auth/confirm-registration", confirm).await.refused(400, "invalid_token");
    }
}

#[tokio::test]
async fn an_unknown_id_is_never_a_success_nor_a_mistake_of_ours() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let unknown = UserId::new(world.now()).to_string();
    let mut tried = 0;
    for (method, path, id) in tests::openapi::operations(&crate::document()) {
        if !path.contains('{') {
            continue;
        }
        for value in
            [&unknown, "0", "-1", "undefined", "' OR '1'='1", "..", "%00", "%F0%28", &"9".repeat(900)]
        {
            let path = ["{id}", "{comment_id}", "{file}", "{page}"]
                .iter()
                .fold(path.clone(), |p, name| p.replace(name, value));
            let call = Call::new(&method, &path);
            let body = match id.as_str() {
                "change_role" => json!({ "role": "user" }),
                "create_comment" => json!({ "body": "X" }),
                _ => json!({ "name": "X" }),
            };
            let call = if matches!(method.as_str(), "GET" | "DELETE") { call } else { call.json(&body) };
            let reply = eve.call(&world, call).await;
            // A raw quote or space is no path at all.
            let expected: &[u16] = if value.contains(' ') { &[400, 404] } else { &[404] };
            assert!(expected.contains(&reply.status), "{id} {value}: {}", reply.body);
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
}

#[tokio::test]
async fn a_duplicate_is_a_conflict() {
    let world = World::with(&[("EMAIL_VERIFICATION", "optional")]).await;
    let body = json!({ "email": "ada@example.com", "username": "ada", "password": PASSWORD });
    world.post("/auth/register", body.clone()).await.ok(201);
    world.post("/auth/register", body).await.refused(409, "username_taken");
    let body = json!({ "email": "ADA@example.com", "username": "other", "password": PASSWORD });
    world.post("/auth/register", body).await.refused(409, "email_taken");
    let body = json!({ "email": "other@example.com", "username": "ADA", "password": PASSWORD });
    world.post("/auth/register", body).await.refused(409, "username_taken");
}

/// H01, Z08: no path, known or not, answers HTML, but for the documentation.
#[tokio::test]
async fn what_is_not_there_is_a_problem_document() {
    let world = World::new().await;
    for (method, path, status) in [
        ("GET", "/", 404),
        ("GET", "/index.html", 404),
        ("GET", "/admin", 404),
        ("GET", "/auth/login", 405),
        ("PUT", "/users/me", 405),
        ("TRACE", "/users/me", 405),
        ("GET", "/users/me/", 404),
        ("GET", "/users/", 404),
        ("PUT", "/admin/users", 405),
        ("GET", "/auth/../users/me", 404),
    ] {
        let reply = world.call(Call::new(method, path)).await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.body);
    }
}
