//! The headers of every answer. What holds for all of them is in
//! `tests/support/reply.rs`, and so asserted in every suite. security.md H08, H01.

use serde_json::{Value, json};
use tests::samples::{function, samples, signed};
use tests::{Call, NOTHING, Person, Reply, World};

/// Whether the description says that an operation takes a token.
fn takes_a_token(id: &str) -> bool {
    let document = serde_json::to_value(tests::openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let mut operations = paths.values().flat_map(|path| path.as_object().unwrap().values());
    operations.find(|operation| operation["operationId"] == id).expect(id)["security"].is_array()
}

/// The event with something wrong with it, in ways that end in different places.
fn spoiled(event: &Value) -> Vec<Value> {
    let changes: [(&str, Value); 6] = [
        ("/rawQueryString", json!("x=1")),
        ("/rawQueryString", json!("\"")),
        ("/body", json!("{")),
        ("/body", json!(7)),
        ("/headers", json!({})),
        ("/requestContext/http/method", json!("TRACE")),
    ];
    let mut events = Vec::new();
    for (pointer, value) in changes {
        let mut event = event.clone();
        if event.pointer(pointer).is_none() {
            event["body"] = value;
        } else {
            *event.pointer_mut(pointer).unwrap() = value;
        }
        events.push(event);
    }
    events
}

/// H08: in answers of every kind, of every operation.
#[tokio::test]
async fn every_operations_answers_have_them_good_or_bad() {
    let world = World::new().await;
    let root = Person::an_admin(&world, "root@example.com").await;
    for (number, (id, sample)) in samples().into_iter().enumerate() {
        let ada = Person::user(&world, &format!("ada{number}@example.com")).await;
        tests::samples::written(&world, &ada).await;
        let to = function(&sample);
        let mut bad = 0;
        for event in spoiled(&signed(&sample, &root, &ada)) {
            bad += u32::from(world.send(to, &event).await.status >= 400);
        }
        assert!(bad >= 3, "{id}: {bad} answers were problems");
        let reply = world.send(to, &signed(&sample, &root, &ada)).await;
        if takes_a_token(&id) || reply.body["access_token"].is_string() {
            assert_eq!(reply.header("cache-control"), "no-store", "{id}");
        }
        if !["swagger_ui", "mail_page"].contains(&id.as_str()) {
            assert_eq!(reply.header("content-security-policy"), NOTHING, "{id}");
        }
    }
}

/// H08: one page of ours is for browsers: it may load its own parts and call the API.
#[tokio::test]
async fn the_page_may_load_what_is_beside_it_and_nothing_else() {
    let world = World::new().await;
    let page = world.get("/docs").await.ok(200);
    let policy = page.header("content-security-policy");
    for directive in [
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.split("; ").any(|said| said == directive), "{directive}: {policy}");
    }
    for source in ["http", "*", "unsafe-eval", "script-src 'self' 'unsafe"] {
        assert!(!policy.contains(source), "{source}: {policy}");
    }
    // What it loads is all there, and the policy lets it.
    let html = page.body.as_str().unwrap();
    let loaded = html.split(['"']).filter(|part| part.starts_with("/docs/assets/"));
    let mut found = 0;
    for path in loaded {
        let _ = world.get(path).await.ok(200);
        found += 1;
    }
    assert!(found >= 4 && !html.contains("<script>") && !html.contains("onload="), "{html}");
}

/// H08: a preflight and an answer to a page, where no API Gateway answers for CORS.
#[tokio::test]
async fn answers_to_other_origins_have_them_too() {
    let world = World::with(&[("CORS_ORIGINS", "http://localhost:3000")]).await;
    for origin in ["http://localhost:3000", "https://evil.example"] {
        for method in ["GET", "OPTIONS"] {
            let call = Call::new(method, "/users/me").header("origin", origin);
            let _: Reply = world.call(call.header("access-control-request-method", "GET")).await;
        }
    }
}
