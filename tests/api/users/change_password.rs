//! `POST /users/me/change-password`.

use serde_json::json;
use tests::range::{Range, Ranges, listing};
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::ada;

const PATH: &str = "/users/me/change-password";

async fn change(world: &World, person: &Person, current: &str, new: &str) -> tests::Reply {
    person.post(world, PATH, json!({ "current_password": current, "new_password": new })).await
}

#[tokio::test]
async fn a_user_changes_its_password() {
    let (world, ada) = ada().await;
    change(&world, &ada, PASSWORD, OTHER_PASSWORD).await.ok(204);
    let old = json!({ "email": "ada@example.com", "password": PASSWORD });
    world.post("/auth/login", old).await.refused(401, "invalid_credentials");
    Person::sign_in(&world, "ada@example.com", OTHER_PASSWORD).await;
}

/// A09
#[tokio::test]
async fn a_password_is_not_changed_without_the_current_one() {
    let (world, ada) = ada().await;
    let before = world.items_but_counters().await;
    change(&world, &ada, OTHER_PASSWORD, OTHER_PASSWORD).await.refused(403, "wrong_password");
    let missing = ada.post(&world, PATH, json!({ "new_password": OTHER_PASSWORD })).await;
    missing.refused(422, "invalid_body");
    assert_eq!(missing.body["errors"][0]["pointer"], "/current_password");
    let null = json!({ "current_password": null, "new_password": OTHER_PASSWORD });
    ada.post(&world, PATH, null).await.refused(422, "invalid_body");
    assert_eq!(world.items_but_counters().await, before);
}

/// A01, A06, A08
#[tokio::test]
async fn a_weak_new_password_is_refused() {
    let (world, ada) = ada().await;
    ada.patch(&world, "/users/me", json!({ "username": "countess.l" })).await.ok(200);
    let before = world.items().await;
    for (weak, code) in [
        ("short-7", "password_too_short"),
        ("password123", "password_too_common"),
        ("zyxwvutsrqponmlkj", "password_too_predictable"),
        ("ADA@example.com", "password_too_similar"),
        ("Countess.L", "password_too_similar"),
    ] {
        let refused = change(&world, &ada, PASSWORD, weak).await;
        refused.refused(422, "weak_password");
        assert_eq!(refused.body["errors"][0]["code"], code);
        assert_eq!(refused.body["errors"][0]["pointer"], "/new_password");
    }
    assert_eq!(world.items().await, before);
}

/// A07
#[tokio::test]
async fn a_new_password_from_a_breach_is_refused() {
    let ranges = Ranges::new(Range::Says(200, listing(OTHER_PASSWORD, 3))).await;
    let world = World::with(&[("HIBP_URL", &ranges.url)]).await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let refused = change(&world, &ada, PASSWORD, OTHER_PASSWORD).await;
    refused.refused(422, "weak_password");
    assert_eq!(refused.body["errors"][0]["code"], "password_breached");
    assert_eq!(refused.body["errors"][0]["pointer"], "/new_password");
    change(&world, &ada, PASSWORD, "neither listed nor common").await.ok(204);
}

/// A02
#[tokio::test]
async fn an_endless_password_is_refused() {
    let (world, ada) = ada().await;
    let endless = (0..).map(|number| format!("{number:x}")).take(1025).collect::<String>()[..1025].to_owned();
    change(&world, &ada, PASSWORD, &endless).await.refused(422, "invalid_body");
    change(&world, &ada, &endless, OTHER_PASSWORD).await.refused(422, "invalid_body");
    change(&world, &ada, PASSWORD, &endless[1..]).await.ok(204);
}

/// S05, S07
#[tokio::test]
async fn after_a_password_change_the_other_devices_are_out_and_ones_own_lives_on() {
    let (world, ada) = ada().await;
    let other = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    change(&world, &ada, PASSWORD, OTHER_PASSWORD).await.ok(204);
    other.get(&world, "/users/me").await.refused(401, "session_ended");
    other.refresh(&world).await.refused(401, "session_ended");
    ada.get(&world, "/users/me").await.ok(200);
    let refreshed = ada.refresh(&world).await.ok(200).body;
    assert_eq!(refreshed["session_id"], ada.session_id.as_str());
    let sessions = ada.get(&world, "/users/me/sessions").await.ok(200).body;
    assert_eq!(sessions["data"].as_array().unwrap().len(), 1);
}

/// A15
#[tokio::test]
async fn a_password_change_is_told_once() {
    let (world, ada) = ada().await;
    change(&world, &ada, OTHER_PASSWORD, PASSWORD).await.refused(403, "wrong_password");
    assert_eq!(world.mails_to("ada@example.com").await.len(), 0);
    change(&world, &ada, PASSWORD, OTHER_PASSWORD).await.ok(204);
    world.deliver().await;
    let mails = world.mails_to("ada@example.com").await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Your password was changed");
    assert!(!mails[0].text.contains("token="));
}

/// A20
#[tokio::test]
async fn a_password_change_voids_the_reset_links_that_are_out() {
    let (world, ada) = ada().await;
    world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    change(&world, &ada, PASSWORD, OTHER_PASSWORD).await.ok(204);
    let reset = json!({ "token": token, "new_password": "something else entirely" });
    world.post("/auth/reset-password", reset).await.refused(400, "invalid_token");
    Person::sign_in(&world, "ada@example.com", OTHER_PASSWORD).await;
}

/// J07
#[tokio::test]
async fn a_password_is_not_changed_by_who_was_signed_out() {
    let (world, ada) = ada().await;
    ada.post(&world, "/auth/logout", json!({})).await.ok(204);
    change(&world, &ada, PASSWORD, OTHER_PASSWORD).await.refused(401, "session_ended");
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;
}
