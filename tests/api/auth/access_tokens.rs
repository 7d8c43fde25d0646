//! What access tokens say and how long they are good.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::{Call, PASSWORD, Person, START, World};

use crate::forge::{part, present};

async fn ada(world: &World) -> Person {
    Person::registered(world, "ada@example.com").await
}

/// J05, J06, J13; RFC 9068 section 2.
#[tokio::test]
async fn an_access_token_says_who_and_for_how_long_and_nothing_personal() {
    let world = World::new().await;
    let body =
        json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada", "username": "countess" });
    let token = crate::steps::registration(&world, &body).await;
    let reply = crate::steps::confirm(&world, &token, PASSWORD).await.ok(200);
    let ada = Person::from_tokens(&reply.body, PASSWORD);
    let (header, mut claims) = (part(&ada.access_token, 0), part(&ada.access_token, 1));
    let kid = world.get("/auth/.well-known/jwks.json").await.body["keys"][0]["kid"].clone();
    assert_eq!(header, json!({ "typ": "at+jwt", "alg": "RS256", "kid": kid }));
    let now = START.parse::<Timestamp>().unwrap().as_second();
    assert!(claims["jti"].as_str().unwrap().len() >= 22);
    claims["jti"] = Value::Null;
    let expected = json!({
        "iss": "https://api.example.com/auth", "aud": "usher", "client_id": "usher",
        "sub": ada.id, "sid": ada.session_id, "roles": ["user"], "jti": null,
        "iat": now, "nbf": now - 10, "auth_time": now, "exp": now + 900,
        "amr": ["pwd"], "acr": "aal1",
    });
    assert_eq!(claims, expected, "these and no others");
}

/// Anyone can verify our tokens with the published keys.
#[tokio::test]
async fn the_published_keys_verify_the_signature() {
    let world = World::new().await;
    let token = ada(&world).await.access_token;
    let jwks = world.get("/auth/.well-known/jwks.json").await.ok(200).body;
    let number = |name: &str| URL_SAFE_NO_PAD.decode(jwks["keys"][0][name].as_str().unwrap()).unwrap();
    let key = RsaPublicKeyComponents { n: number("n"), e: number("e") };
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    key.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).unwrap();
    let altered = message.replacen('.', ".A", 1);
    key.verify(&RSA_PKCS1_2048_8192_SHA256, altered.as_bytes(), &signature).unwrap_err();
}

/// J04.
#[tokio::test]
async fn an_access_token_is_good_for_15_minutes() {
    let world = World::new().await;
    let ada = ada(&world).await;
    world.wait(SignedDuration::from_secs(899));
    present(&world, &ada.access_token).await.ok(200);
    world.wait(SignedDuration::from_secs(1));
    present(&world, &ada.access_token).await.refused(401, "invalid_access_token");
    let reply = ada.refresh(&world).await.ok(200);
    let next = Person::from_tokens(&reply.body, PASSWORD);
    present(&world, &next.access_token).await.ok(200);
    let (old, new) = (part(&ada.access_token, 1), part(&next.access_token, 1));
    assert_eq!(old["auth_time"], new["auth_time"], "a refresh is no sign-in");
    assert_ne!(old["jti"], new["jti"]);
}

#[tokio::test]
async fn lifetime_and_audience_are_settings() {
    let world = World::with(&[("ACCESS_TOKEN_TTL", "1d"), ("TOKEN_AUDIENCE", "https://shop.example")]).await;
    let ada = ada(&world).await;
    let claims = part(&ada.access_token, 1);
    assert_eq!(claims["aud"], "https://shop.example");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 86_400);
    world.wait(SignedDuration::from_hours(23));
    present(&world, &ada.access_token).await.ok(200);
}

/// J07.
#[tokio::test]
async fn a_deleted_user_is_out_on_a_token_already_issued() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let other = Person::sign_in(&world, &ada.email, PASSWORD).await;
    ada.delete(&world, "/users/me").await.ok(204);
    for person in [&ada, &other] {
        present(&world, &person.access_token).await.refused(401, "session_ended");
        person.refresh(&world).await.refused(401, "session_ended");
    }
}

/// Z05: other systems read the roles in the token; Usher reads the stored one.
#[tokio::test]
async fn the_role_in_a_token_decides_nothing_here() {
    let world = World::new().await;
    let ada = Person::admin(&world, "ada@example.com").await;
    assert_eq!(part(&ada.access_token, 1)["roles"], json!(["user"]));
    ada.get(&world, "/admin/users").await.ok(200);
    let reply = ada.refresh(&world).await.ok(200);
    assert_eq!(part(reply.body["access_token"].as_str().unwrap(), 1)["roles"], json!(["admin"]));
}

/// RFC 6750 section 2.1.
#[tokio::test]
async fn the_token_comes_in_one_bearer_header() {
    let world = World::new().await;
    let token = ada(&world).await.access_token;
    let with = |value: &str| Call::new("GET", "/users/me").header("authorization", value);
    for good in [format!("Bearer {token}"), format!("bearer {token}"), format!("BEARER  {token}")] {
        world.call(with(&good)).await.ok(200);
    }
    for none in ["", "Bearer", &format!("Basic {token}"), &format!("Token {token}"), &token] {
        world.call(with(none)).await.refused(401, "unauthenticated");
    }
    for bad in [format!("Bearer {token},Bearer {token}"), format!("Bearer {token} x"), "Bearer \"\"".into()] {
        world.call(with(&bad)).await.refused(401, "invalid_access_token");
    }
    let elsewhere = Call::new("GET", &format!("/users/me?access_token={token}"));
    let reply = world.call(elsewhere).await;
    assert!(reply.status == 401 || reply.status == 400, "{}", reply.body);
    let cookie = Call::new("GET", "/users/me").header("cookie", &format!("access_token={token}"));
    world.call(cookie).await.refused(401, "unauthenticated");
}
