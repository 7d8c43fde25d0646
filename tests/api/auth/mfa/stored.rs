//! What the table holds of a second factor, and when it no longer does.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::{Call, Factor, PASSWORD, Person, World};

use super::{STEP, ada};
use crate::steps::{auth_under, dump, post_to, set_hash, strings};
use crate::stored_hashes::WEAK;

/// A24, S16: no secret, no code and no token is in the table as it is.
#[tokio::test]
async fn nothing_in_the_table_is_a_second_factor() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let reply = ada.call(&world, Call::new("POST", "/auth/mfa/totp")).await.ok(200);
    let secret = reply.body["secret"].as_str().unwrap();
    let mut factor = Factor::of(secret);
    let reply = ada.post(&world, "/auth/mfa/totp/confirm", json!({ "code": factor.code(&world) })).await;
    factor.recovery = serde_json::from_value(reply.ok(200).body["recovery_codes"].clone()).unwrap();
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    let bytes = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let mut plain = vec![
        secret.to_owned(),
        data_encoding::BASE64.encode(&bytes),
        data_encoding::BASE64URL_NOPAD.encode(&bytes),
        data_encoding::HEXLOWER.encode(&bytes),
        token,
    ];
    for code in &factor.recovery {
        plain.extend([code.clone(), code.replace('-', "")]);
    }
    let text = json!(dump(&world).await).to_string();
    for plain in plain {
        assert!(!text.contains(&plain) && !text.contains(&plain[..16]), "{plain}");
    }
    // Nor is anything in it good for signing in.
    for text in strings(&dump(&world).await) {
        let reply = Person::code_step(&world, &text, &factor.code_in(&world, 1)).await;
        reply.refused(401, "invalid_mfa_token");
    }
}

/// Who can write to the table, but does not know `APP_SECRET`, gains nothing by
/// putting a sealed secret of its own at somebody else's account.
#[tokio::test]
async fn a_sealed_secret_opens_for_its_user_alone() {
    let world = World::new().await;
    let (ada, _) = ada(&world).await;
    let eve = Person::user(&world, "eve@example.com").await;
    let eves = Factor::enrolled(&world, &eve).await;
    let items = dump(&world).await;
    let sealed_of = |person: &Person| {
        let pk = format!("USER#{}", person.id);
        let item = items.iter().find(|item| item["SK"] == "TOTP" && item["PK"] == pk.as_str()).unwrap();
        item["sealed"].as_str().unwrap().to_owned()
    };
    let text = |text: String| AttributeValue::S(text);
    let update = world.client.update_item().table_name(&world.table);
    update
        .key("PK", text(format!("USER#{}", ada.id)))
        .key("SK", text("TOTP".to_owned()))
        .update_expression("SET sealed = :sealed, last_step = :zero")
        .expression_attribute_values(":sealed", text(sealed_of(&eve)))
        .expression_attribute_values(":zero", AttributeValue::N("0".to_owned()))
        .send()
        .await
        .unwrap();
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    let reply = Person::code_step(&world, &token, &eves.code_in(&world, 1)).await;
    reply.refused(401, "invalid_mfa_code");
}

/// C04: the old value may go when everyone has signed in under the new one.
#[tokio::test]
async fn a_change_of_the_secret_keeps_the_factors_that_are_used_meanwhile() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let new = "another secret for tests of more than 32 characters";
    let both = auth_under(&world, &[("APP_SECRET", &format!("{new},{}", tests::APP_SECRET))]);
    let only_new = auth_under(&world, &[("APP_SECRET", new)]);
    let password = json!({ "email": ada.email, "password": PASSWORD });
    for (function, status) in [(&only_new, 401), (&both, 200), (&only_new, 200)] {
        let reply = post_to(function, "/auth/login", password.clone()).await.ok(200);
        let body = json!({ "mfa_token": reply.body["mfa_token"], "code": factor.code(&world) });
        post_to(function, "/auth/mfa", body).await.ok(status);
        world.wait(STEP);
    }
    // Recovery codes depend on no secret.
    let reply = post_to(&only_new, "/auth/login", password).await.ok(200);
    let body = json!({ "mfa_token": reply.body["mfa_token"], "code": factor.recovery[0] });
    post_to(&only_new, "/auth/mfa", body).await.ok(200);
}

#[tokio::test]
async fn a_deleted_user_leaves_no_factor() {
    let world = World::with(&[("DELETION_GRACE", "off")]).await;
    let (ada, _) = ada(&world).await;
    let bob = Person::user(&world, "bob@example.com").await;
    Factor::begun(&world, &bob).await;
    ada.delete(&world, "/users/me").await.ok(204);
    let eve = Person::an_admin(&world, "eve@example.com").await;
    eve.delete(&world, &format!("/users/{}", bob.id)).await.ok(204);
    let left: Vec<Value> = dump(&world).await.into_iter().filter(|item| item["SK"] == "TOTP").collect();
    assert_eq!(left, Vec::<Value>::new());
}

/// A weak hash is made anew by the first step already: the second has no password.
#[tokio::test]
async fn a_weak_hash_is_made_anew_by_a_sign_in_with_two_factors() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    set_hash(&world, &ada, WEAK).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    let stored = world.stored(&ada.id).await.unwrap().password_hash.0;
    assert!(stored.contains("m=19456,t=2,p=1"));
    Person::code_step(&world, &token, &factor.code(&world)).await.ok(200);
}
