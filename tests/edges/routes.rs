//! Paths, methods and query strings that no operation has. security.md Z08, H12.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::samples::{function, samples, signed};
use tests::{Call, Person, World, event};

const METHODS: [&str; 10] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"];

/// Each path's methods, by a path that exists.
fn paths() -> BTreeMap<String, Vec<String>> {
    let mut paths = BTreeMap::<String, Vec<String>>::new();
    for (_, sample) in samples() {
        let text = |pointer: &str| sample.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        paths.entry(text("/rawPath")).or_default().push(text("/requestContext/http/method"));
    }
    paths
}

/// Z08: in AWS such a request reaches `docs`, on a laptop the function itself.
/// `HEAD` is among them.
#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_405_with_those_it_has() {
    let world = World::new().await;
    let paths = paths();
    assert!(paths.len() > 20, "{paths:?}");
    for (path, has) in &paths {
        for method in METHODS.iter().filter(|method| !has.iter().any(|has| has == *method)) {
            for to in ["docs", path.split('/').nth(1).unwrap()] {
                let reply = world.send(to, &event(method, path, "")).await;
                reply.refused(405, "method_not_allowed");
                let mut has = has.clone();
                has.sort();
                assert_eq!(reply.header("allow"), has.join(", "), "{to} {method} {path}");
            }
        }
    }
}

/// Z08, A14.
#[tokio::test]
async fn a_path_that_nobody_has_is_404() {
    let world = World::new().await;
    for path in [
        "/",
        "/nothing",
        "/auth",
        "/auth/",
        "/auth/login/",
        "/auth/Login",
        "/auth/nothing",
        "/users",
        "/users/me/",
        "/users/me/nothing",
        "/users//sessions",
        "/admin",
        "/admin/users/",
        "/docs/",
        "/docs/nothing",
        "/docs/assets/nothing.js",
        "/docs/assets/../openapi.json",
        "/mailer",
        "/worker",
        "/favicon.ico",
        "/.well-known/jwks.json",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let reply = world.call(Call::new(method, path)).await;
            let other_method = path.starts_with("/docs/assets/") && reply.status == 405;
            assert!(other_method || reply.status == 404, "{method} {path}: {}", reply.body);
        }
    }
}

/// H12, the same for those who are signed in and who may do anything.
#[tokio::test]
async fn an_unknown_query_parameter_is_400_on_every_operation() {
    let world = World::new().await;
    let root = Person::admin(&world, "root@example.com").await;
    let ada = Person::registered(&world, "ada@example.com").await;
    for (id, sample) in samples() {
        let mut event = signed(&sample, &root, &ada);
        for query in ["x=1", "x", "utm_source=a", "limit=25&x=1", "%00=1", "access_token=a"] {
            event["rawQueryString"] = json!(query);
            let reply = world.send(function(&event), &event).await;
            assert_eq!((reply.status, reply.code()), (400, "invalid_query"), "{id}?{query}: {}", reply.body);
        }
    }
    // Nothing of all that was done.
    let _ = ada.get(&world, "/users/me").await.ok(200);
    let _ = root.get(&world, "/users/me").await.ok(200);
}

/// H12.
#[tokio::test]
async fn a_query_parameter_that_is_repeated_or_bad_is_400() {
    let world = World::new().await;
    let root = Person::admin(&world, "root@example.com").await;
    for query in [
        "limit=1&limit=2",
        "limit=0",
        "limit=101",
        "limit=",
        "limit=-1",
        "limit=1e1",
        "limit=9999999999",
        "status=",
        "status=ACTIVE",
        "status=active&status=pending",
        "role=root",
        "order=up",
        "email=a&email=b",
        "email=",
        "email=a&username=b",
        "email=a&order=newest",
        "username=%20",
        "limit=%ff",
        "Limit=1",
    ] {
        let reply = root.get(&world, &format!("/admin/users?{query}")).await;
        assert_eq!((reply.status, reply.code()), (400, "invalid_query"), "{query}: {}", reply.body);
    }
    for query in ["scope=all", "scope=local&scope=global", "scope="] {
        let path = format!("/auth/logout?{query}");
        root.call(&world, Call::new("POST", &path)).await.refused(400, "invalid_query");
    }
    let _ = root.get(&world, "/users/me").await.ok(200);
}
