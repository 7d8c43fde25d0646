//! The whole way, once.

#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

#[tokio::test]
async fn a_person_registers_confirms_reads_its_profile_and_resets_its_password() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let me = ada.get(&world, "/users/me").await.ok(200);
    assert_eq!(me.body["email"], "ada@example.com");
    assert_eq!(me.body["email_verified"], true);
    assert_eq!(me.body["role"], "user");

    world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    let body = json!({ "token": token, "new_password": OTHER_PASSWORD });
    world.post("/auth/reset-password", body).await.ok(204);

    ada.get(&world, "/users/me").await.refused(401, "session_ended");
    let old = json!({ "email": "ada@example.com", "password": PASSWORD });
    world.post("/auth/login", old).await.refused(401, "invalid_credentials");
    let ada = Person::sign_in(&world, "ada@example.com", OTHER_PASSWORD).await;
    let again = ada.refresh(&world).await.ok(200);
    assert_eq!(again.body["session_id"], ada.session_id.as_str());
}
