//! `GET /auth/.well-known/**`.

use serde_json::Value;
use tests::{Call, Person, World};

const DISCOVERY: &str = "/auth/.well-known/openid-configuration";
const JWKS: &str = "/auth/.well-known/jwks.json";

#[tokio::test]
async fn the_discovery_document_says_where_the_keys_are() {
    let world = World::new().await;
    let reply = world.get(DISCOVERY).await.ok(200);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "public, max-age=300");
    assert_eq!(reply.body["issuer"], "https://api.example.com/auth");
    assert_eq!(reply.body["jwks_uri"], "https://api.example.com/auth/.well-known/jwks.json");
    assert_eq!(reply.body["id_token_signing_alg_values_supported"][0], "RS256");
    for member in ["subject_types_supported", "response_types_supported", "claims_supported"] {
        assert!(reply.body[member].is_array(), "{member}");
    }
}

/// J03; OIDC Discovery 1.0 section 3: the document is at the issuer.
#[tokio::test]
async fn the_keys_say_what_they_are_for() {
    let world = World::new().await;
    let reply = world.get(JWKS).await.ok(200);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "public, max-age=300");
    let keys = reply.body["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 1);
    for (member, value) in [("kty", "RSA"), ("use", "sig"), ("alg", "RS256"), ("e", "AQAB")] {
        assert_eq!(keys[0][member], value);
    }
    assert_eq!(keys[0]["n"].as_str().unwrap().len(), 342, "2048 bits");
    let members: Vec<_> = keys[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"], "nothing private");
}

#[tokio::test]
async fn the_first_key_is_the_one_that_signs() {
    let world = World::new().await;
    let before: Value = world.get(JWKS).await.ok(200).body;
    let ada = Person::registered(&world, "ada@example.com").await;
    ada.get(&world, "/users/me").await.ok(200);
    assert_eq!(world.get(JWKS).await.ok(200).body, before);
}

/// Without `PUBLIC_URL` the issuer is the domain that API Gateway was called by.
#[tokio::test]
async fn a_stranger_cannot_choose_the_issuer() {
    let world = World::with(&[("PUBLIC_URL", "")]).await;
    let call = Call::new("GET", DISCOVERY).header("host", "evil.example").header("x-forwarded-host", "evil");
    let reply = world.call(call).await.ok(200);
    let domain = "https://abc123.execute-api.eu-central-1.amazonaws.com";
    assert_eq!(reply.body["issuer"], format!("{domain}/auth"));
    assert!(!reply.body.to_string().contains("evil"));
    let ada = Person::registered(&world, "ada@example.com").await;
    ada.get(&world, "/users/me").await.ok(200);
}

#[tokio::test]
async fn they_take_no_query_and_nothing_but_get() {
    let world = World::new().await;
    for path in [DISCOVERY, JWKS] {
        world.get(&format!("{path}?x=1")).await.refused(400, "invalid_query");
        let reply = world.call(Call::new("POST", path)).await;
        reply.refused(405, "method_not_allowed");
        assert!(reply.header("allow").contains("GET"));
    }
}
