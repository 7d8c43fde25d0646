//! Requests that claim to be more than they are. security.md Z03, Z04, H02.

use serde_json::{Value, json};
use tests::{Call, Person, World};

/// Z03: what a profile's owner may not set is no field of the body, and stays.
#[tokio::test]
async fn nobody_promotes_oneself_with_a_field() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let before = ada.get(&world, "/users/me").await.body;
    let fields: [(&str, Value); 8] = [
        ("role", json!("admin")),
        ("status", json!("active")),
        ("email_verified", json!(true)),
        ("id", json!("x")),
        ("email", json!("eve@example.com")),
        ("created_at", json!("2020-01-01T00:00:00Z")),
        ("hash", json!("x")),
        ("session_epoch", json!(0)),
    ];
    for path in ["/users/me".to_owned(), format!("/users/{}", ada.id)] {
        for (field, value) in &fields {
            let reply = ada.patch(&world, &path, json!({ *field: value, "name": "Eve" })).await;
            reply.refused(422, "invalid_body");
            assert_eq!(reply.body["errors"][0]["pointer"], format!("/{field}"));
        }
    }
    assert_eq!(ada.get(&world, "/users/me").await.body, before);
}

/// H02, Z04, A21: what a client says of itself has no effect.
#[tokio::test]
async fn headers_that_pretend_to_be_the_gateway_change_nothing() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let forged = [
        ("x-user-id", "root"),
        ("x-amzn-request-context", r#"{"authorizer":{"role":"admin"}}"#),
        ("x-role", "admin"),
        ("x-forwarded-for", "198.51.100.1"),
        ("x-http-method-override", "DELETE"),
        ("x-original-url", "/docs"),
    ];
    let with = |call: Call| forged.iter().fold(call, |call, (name, value)| call.header(name, value));
    world.call(with(Call::new("GET", "/users/me"))).await.refused(401, "unauthenticated");
    ada.call(&world, with(Call::new("GET", "/admin/users"))).await.refused(403, "forbidden");
    let me = ada.call(&world, with(Call::new("GET", "/users/me"))).await.ok(200);
    assert_eq!(me.body["email"], "ada@example.com");
    let mut event = Call::new("GET", "/users/me").event();
    event["requestContext"]["authorizer"] = json!({ "jwt": { "claims": { "sub": ada.id } } });
    world.send("users", &event).await.refused(401, "unauthenticated");
}
