//! Recovery codes.

use jiff::SignedDuration;
use serde_json::json;
use tests::{Factor, PASSWORD, Person, World};

use super::{ada, event, status, subjects};

const PATH: &str = "/auth/mfa/recovery-codes";

/// A23
#[tokio::test]
async fn each_replaces_the_app_once() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let code = &factor.recovery[7];
    let typed = code.to_lowercase().replace('-', " ");
    let again = Person::sign_in_with_code(&world, &ada.email, PASSWORD, &typed).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    Person::code_step(&world, &token, code).await.refused(401, "invalid_mfa_code");
    Person::code_step(&world, &token, &factor.recovery[0]).await.ok(200);
    assert_eq!(status(&world, &again).await["recovery_codes_left"], 8);
    let event = event(&world, &again, "authn_login_success").await;
    assert_eq!(event["details"]["factor"], "recovery_code");
}

#[tokio::test]
async fn using_one_is_told_with_how_many_are_left() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    for code in &factor.recovery {
        Person::sign_in_with_code(&world, &ada.email, PASSWORD, code).await;
    }
    let mails = world.mails_to(&ada.email).await;
    let mut left: Vec<&str> =
        mails.iter().filter_map(|mail| mail.text.split("codes left: ").nth(1)).collect();
    left.sort_unstable();
    let left: Vec<&str> = left.iter().map(|text| text.split('.').next().unwrap()).collect();
    assert_eq!(left, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert_eq!(status(&world, &ada).await["recovery_codes_left"], 0);
    Person::sign_in_with_code(&world, &ada.email, PASSWORD, &factor.code(&world)).await;
}

/// S09
#[tokio::test]
async fn new_ones_void_the_old_and_take_a_code_and_a_fresh_sign_in() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    ada.post(&world, PATH, json!({ "code": factor.wrong_code(&world) })).await.refused(403, "wrong_mfa_code");
    let reply = ada.post(&world, PATH, json!({ "code": factor.code(&world) })).await.ok(200);
    let new: Vec<String> = serde_json::from_value(reply.body["recovery_codes"].clone()).unwrap();
    assert!(new.len() == 10 && !new.iter().any(|code| factor.recovery.contains(code)));
    assert_eq!(subjects(&world, &ada).await.last().unwrap(), "New recovery codes were made");
    event(&world, &ada, "authn_recovery_codes_created").await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    Person::code_step(&world, &token, &factor.recovery[0]).await.refused(401, "invalid_mfa_code");
    Person::code_step(&world, &token, &new[0]).await.ok(200);
    world.wait(SignedDuration::from_mins(6));
    let body = json!({ "code": factor.code(&world) });
    ada.post(&world, PATH, body).await.refused(403, "reauthentication_required");
}

#[tokio::test]
async fn an_old_one_makes_new_ones() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    ada.post(&world, PATH, json!({ "code": factor.recovery[2] })).await.ok(200);
    assert_eq!(status(&world, &ada).await["recovery_codes_left"], 10);
}

#[tokio::test]
async fn who_has_no_factor_gets_none() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    ada.post(&world, PATH, json!({ "code": "123456" })).await.refused(409, "mfa_not_enrolled");
    let factor = Factor::begun(&world, &ada).await;
    let body = json!({ "code": factor.code(&world) });
    ada.post(&world, PATH, body).await.refused(409, "mfa_not_enrolled");
}
