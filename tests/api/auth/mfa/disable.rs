//! `POST /auth/mfa/totp/disable`.

use serde_json::{Value, json};
use tests::{Factor, OTHER_PASSWORD, PASSWORD, Person, Reply, World};

use super::{ada, event, status, subjects};
use crate::forge::part;

async fn disable(world: &World, person: &Person, password: &str, code: &str) -> Reply {
    person.post(world, "/auth/mfa/totp/disable", json!({ "password": password, "code": code })).await
}

#[tokio::test]
async fn it_takes_the_password_and_a_code() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let code = factor.code(&world);
    disable(&world, &ada, OTHER_PASSWORD, &code).await.refused(403, "wrong_password");
    disable(&world, &ada, PASSWORD, &factor.wrong_code(&world)).await.refused(403, "wrong_mfa_code");
    for body in [json!({ "password": PASSWORD }), json!({ "code": code })] {
        ada.post(&world, "/auth/mfa/totp/disable", body).await.refused(422, "invalid_body");
    }
    assert_eq!(status(&world, &ada).await["recovery_codes_left"], 10);
    disable(&world, &ada, PASSWORD, &code).await.ok(204);
    assert_eq!(status(&world, &ada).await, json!({ "totp": null, "recovery_codes_left": 0 }));
    Person::sign_in(&world, &ada.email, PASSWORD).await.get(&world, "/users/me").await.ok(200);
    disable(&world, &ada, PASSWORD, &code).await.refused(409, "mfa_not_enrolled");
}

/// A15, S07: and what remains no longer counts as two factors.
#[tokio::test]
async fn it_ends_the_other_sessions_and_is_told() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let phone = Person::sign_in_with_code(&world, &ada.email, PASSWORD, &factor.code(&world)).await;
    disable(&world, &ada, PASSWORD, &factor.recovery[0]).await.ok(204);
    phone.get(&world, "/users/me").await.refused(401, "session_ended");
    let ada = Person::from_tokens(&ada.refresh(&world).await.ok(200).body, PASSWORD);
    assert_eq!(part(&ada.access_token, 1)["acr"], "aal1");
    assert_eq!(subjects(&world, &ada).await.last().unwrap(), "The second factor was removed");
    assert_eq!(event(&world, &ada, "authn_mfa_removed").await["details"]["factor"], "totp");
}

#[tokio::test]
async fn a_new_app_has_nothing_of_the_old_one() {
    let world = World::new().await;
    let (ada, old) = ada(&world).await;
    let half_done = Person::password_step(&world, &ada.email, PASSWORD).await;
    disable(&world, &ada, PASSWORD, &old.code(&world)).await.ok(204);
    let new = Factor::enrolled(&world, &ada).await;
    Person::code_step(&world, &half_done, &new.code_in(&world, 1)).await.refused(401, "invalid_mfa_token");
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    for code in [&old.code_in(&world, 1), &old.recovery[0]] {
        Person::code_step(&world, &token, code).await.refused(401, "invalid_mfa_code");
    }
    Person::code_step(&world, &token, &new.code_in(&world, 1)).await.ok(200);
}

#[tokio::test]
async fn no_item_of_it_remains() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let is_factor = |item: &Value| item["SK"] == "TOTP";
    assert!(world.items().await.iter().any(is_factor));
    disable(&world, &ada, PASSWORD, &factor.code(&world)).await.ok(204);
    assert!(!world.items().await.iter().any(is_factor));
    assert_eq!(world.stored(&ada.id).await.unwrap().mfa_since, None);
}
