//! Bodies that are no JSON, too large or of another kind. security.md H07, H12.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tests::{Call, Reply, World};

const MAX_BODY: usize = 64 * 1024;

async fn sent(world: &World, path: &str, body: &str) -> Reply {
    world.call(Call::new("POST", path).raw(body).header("content-type", "application/json")).await
}

/// A good body of that many bytes.
fn padded(length: usize) -> String {
    let body = json!({ "email": "ada@example.com" }).to_string();
    let padding = " ".repeat(length - body.len());
    body + &padding
}

/// H07.
#[tokio::test]
async fn what_is_no_json_is_400() {
    let world = World::new().await;
    let deep = "[".repeat(10_000);
    let inside = format!("{{\"email\":{}", "{\"a\":".repeat(10_000));
    for body in [
        "",
        " ",
        "{",
        "{]",
        "email=a%40b.example",
        "\u{feff}{}",
        "nul",
        "'a'",
        "{\"email\":\"a@b.example\"} x",
        "{\"email\":\"a@b.example\"}{}",
        "[1,]",
        "{\"email\":\"\\u00\"}",
        "{\"email\":\"a\u{1}\"}",
        "{'email':1}",
        "NaN",
        "\u{0}",
        &deep,
    ] {
        sent(&world, "/auth/forgot-password", body).await.refused(400, "invalid_json");
    }
    for body in [&inside, r#"{"email":"\ud800"}"#, r#"{"email":"\udc00\ud800"}"#] {
        let reply = sent(&world, "/auth/forgot-password", body).await;
        assert!(matches!(reply.status, 400 | 422), "{}", reply.body);
    }
}

/// H07.
#[tokio::test]
async fn json_that_is_no_object_is_422() {
    let world = World::new().await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for body in [
        "null",
        "true",
        "7",
        "\"a\"",
        "[]",
        "[{\"email\":\"ada@example.com\"}]",
        "[\"ada@example.com\"]",
        &deep,
    ] {
        let reply = sent(&world, "/auth/forgot-password", body).await;
        reply.refused(422, "invalid_body");
        assert_eq!(reply.body["errors"][0]["pointer"], "", "{body}");
    }
}

/// H12: `serde_json` lets the last one win, but not here.
#[tokio::test]
async fn a_field_that_is_given_twice_is_422() {
    let world = World::new().await;
    let body = r#"{"email":"ada@example.com","password":"x","email":"eve@example.com"}"#;
    let reply = sent(&world, "/auth/login", body).await;
    reply.refused(422, "invalid_body");
    assert_eq!(
        reply.body["errors"],
        json!([{ "pointer": "/email", "code": "duplicate_field", "message": "is given twice" }])
    );
}

/// H07.
#[tokio::test]
async fn control_characters_and_long_values_are_422() {
    let world = World::new().await;
    let long = format!("{}@example.com", "a".repeat(308));
    let bad: [(&str, &str); 9] = [
        ("email", "a\u{0}@example.com"),
        ("email", "a@exam\nple.com"),
        ("email", &long),
        ("username", "ada\u{0}"),
        ("username", "a\u{430}da"),
        ("name", "a\u{0}b"),
        ("first_name", "\u{1b}[31m"),
        ("last_name", " \t "),
        ("name", &"x".repeat(101)),
    ];
    for (field, value) in bad {
        let mut body = json!({ "email": "ada@example.com", "password": "correct horse battery staple" });
        body[field] = json!(value);
        let reply = world.post("/auth/register", body).await;
        reply.refused(422, "invalid_body");
        assert_eq!(reply.body["errors"][0]["pointer"], format!("/{field}"), "{value:?}");
    }
}

/// H07, A02: a token or password may be any text; a wrong one is a wrong one.
#[tokio::test]
async fn strange_texts_in_tokens_and_passwords_are_simply_wrong() {
    let world = World::new().await;
    for token in [
        "",
        "\u{0}",
        ".",
        "..",
        "a.b",
        "\u{1f600}",
        &"x".repeat(60_000),
        "019530c2-8f4d-7c3e-9b1a-5d2f6e8a7b40.",
    ] {
        world.post("/auth/verify-email", json!({ "token": token })).await.refused(400, "invalid_token");
        let body = json!({ "refresh_token": token });
        world.post("/auth/refresh", body).await.refused(401, "invalid_refresh_token");
    }
    let body = json!({ "email": "ada@example.com", "password": "\u{0}" });
    world.post("/auth/login", body).await.refused(401, "invalid_credentials");
    for password in [String::new(), "x".repeat(1025)] {
        let body = json!({ "email": "ada@example.com", "password": password });
        world.post("/auth/login", body).await.refused(422, "invalid_body");
    }
}

/// H07: 64 KiB pass, a byte more does not, in either encoding.
#[tokio::test]
async fn a_body_has_at_most_64_kib() {
    let world = World::new().await;
    for (length, status) in [(MAX_BODY - 1, 202), (MAX_BODY, 202), (MAX_BODY + 1, 413), (1 << 20, 413)] {
        let body = padded(length);
        let plain = sent(&world, "/auth/forgot-password", &body).await;
        let call = Call::new("POST", "/auth/forgot-password").header("content-type", "application/json");
        let mut event = call.raw(&STANDARD.encode(&body)).event();
        event["isBase64Encoded"] = json!(true);
        let encoded = world.send("auth", &event).await;
        assert_eq!((plain.status, encoded.status), (status, status), "{length}");
    }
    sent(&world, "/auth/forgot-password", &padded(MAX_BODY + 1)).await.refused(413, "body_too_large");
}

/// 4.1: API Gateway sends what has no text type encoded.
#[tokio::test]
async fn the_media_type_is_json_with_or_without_parameters() {
    let world = World::new().await;
    let good =
        ["application/json", "APPLICATION/JSON", "application/json; charset=utf-8", " application/json ;x"];
    let bad = [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/problem+json",
        "multipart/form-data; boundary=x",
        "application/json, text/plain",
        "json",
    ];
    let call =
        |kind: &str| Call::new("POST", "/auth/forgot-password").raw(&padded(40)).header("content-type", kind);
    for kind in good {
        let _ = world.call(call(kind)).await.ok(202);
    }
    for kind in bad {
        world.call(call(kind)).await.refused(415, "unsupported_media_type");
    }
    let none = Call::new("POST", "/auth/forgot-password").raw(&padded(40));
    world.call(none).await.refused(415, "unsupported_media_type");
}
