//! `DELETE /admin/users/{id}/mfa`, and `ADMIN_MFA`.

use serde_json::json;
use tests::{Call, Factor, PASSWORD, Person, World};

use crate::{eve_and_bob, nobodys_ids};

fn path(person: &Person) -> String {
    format!("/admin/users/{}/mfa", person.id)
}

#[tokio::test]
async fn an_admin_removes_a_lost_factor() {
    let (world, eve, bob) = eve_and_bob().await;
    Factor::enrolled(&world, &bob).await;
    let half_done = Person::password_step(&world, &bob.email, PASSWORD).await;
    world.wait(jiff::SignedDuration::from_secs(1));
    eve.delete(&world, &path(&bob)).await.ok(204);
    bob.get(&world, "/users/me").await.refused(401, "session_ended");
    Person::code_step(&world, &half_done, "123456").await.refused(401, "invalid_mfa_token");
    let bob = Person::sign_in(&world, &bob.email, PASSWORD).await;
    let status = bob.get(&world, "/auth/mfa").await.ok(200).body;
    assert_eq!(status, json!({ "totp": null, "recovery_codes_left": 0 }));
    let mails = world.mails_to(&bob.email).await;
    assert_eq!(mails.last().unwrap().subject, "The second factor was removed by an administrator");
    let audit = eve.get(&world, &format!("/admin/users/{}/audit", bob.id)).await.ok(200).body;
    let event = audit["data"].as_array().unwrap().iter().find(|event| event["action"] == "authz_admin");
    let event = event.unwrap();
    assert_eq!((&event["actor"], &event["details"]), (&json!(eve.id), &json!({ "factor": "removed" })));
    Factor::enrolled(&world, &bob).await;
}

#[tokio::test]
async fn an_admin_removes_another_admins_but_not_its_own() {
    let (world, eve, _) = eve_and_bob().await;
    let mal = Person::an_admin(&world, "mal@example.com").await;
    Factor::enrolled(&world, &mal).await;
    Factor::enrolled(&world, &eve).await;
    eve.delete(&world, &path(&eve)).await.refused(403, "forbidden");
    eve.delete(&world, &path(&mal)).await.ok(204);
    assert!(world.stored(&eve.id).await.unwrap().mfa_since.is_some());
    Person::sign_in(&world, &mal.email, PASSWORD).await;
}

#[tokio::test]
async fn who_has_none_is_not_found() {
    let (world, eve, bob) = eve_and_bob().await;
    Factor::begun(&world, &bob).await;
    eve.delete(&world, &path(&bob)).await.refused(404, "not_found");
    for id in nobodys_ids(&world) {
        eve.delete(&world, &format!("/admin/users/{id}/mfa")).await.refused(404, "not_found");
    }
    bob.get(&world, "/users/me").await.ok(200);
}

/// Z02
#[tokio::test]
async fn a_user_removes_nobodys() {
    let (world, eve, bob) = eve_and_bob().await;
    Factor::enrolled(&world, &eve).await;
    for person in [&eve, &bob] {
        bob.delete(&world, &path(person)).await.refused(403, "forbidden");
    }
    assert!(world.stored(&eve.id).await.unwrap().mfa_since.is_some());
}

async fn strict() -> (World, Person, Person) {
    let world = World::with(&[("ADMIN_MFA", "required")]).await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    (world, eve, bob)
}

/// Z07: every operation under `/admin`, and what admins do to others elsewhere.
#[tokio::test]
async fn where_it_is_required_an_admin_without_a_second_factor_administers_nothing() {
    let (world, eve, bob) = strict().await;
    let document = serde_json::to_value(tests::openapi::document()).unwrap();
    let mut tried = 0;
    for (method, path, id) in tests::openapi::operations(&document) {
        let of_others = ["get_user", "update_user", "delete_user"].contains(&id.as_str());
        if path.starts_with("/admin") || of_others {
            let call = Call::new(&method, &path.replace("{id}", &bob.id));
            let call = if method == "GET" || method == "DELETE" { call } else { call.json(&json!({})) };
            eve.call(&world, call).await.refused(403, "mfa_enrolment_required");
            tried += 1;
        }
    }
    assert!(tried >= 14, "{tried}");
    bob.get(&world, "/users/me").await.ok(200);
    bob.get(&world, "/admin/users").await.refused(403, "forbidden");
}

/// Z07
#[tokio::test]
async fn there_an_admin_still_has_its_own_account_and_enrols() {
    let (world, eve, bob) = strict().await;
    eve.get(&world, "/users/me").await.ok(200);
    eve.get(&world, &format!("/users/{}", eve.id)).await.ok(200);
    eve.patch(&world, "/users/me", json!({ "name": "Eve" })).await.ok(200);
    let factor = Factor::enrolled(&world, &eve).await;
    eve.get(&world, "/admin/users").await.ok(200);
    eve.patch(&world, &format!("/users/{}", bob.id), json!({ "name": "Bob" })).await.ok(200);
    let again = Person::sign_in_with_code(&world, &eve.email, PASSWORD, &factor.code_in(&world, 1)).await;
    again.get(&world, "/admin/users").await.ok(200);
}

/// Z07: the session that is left has one factor.
#[tokio::test]
async fn there_an_admin_who_removes_the_factor_administers_no_more() {
    let (world, eve, _) = strict().await;
    let factor = Factor::enrolled(&world, &eve).await;
    eve.get(&world, "/admin/users").await.ok(200);
    let body = json!({ "password": PASSWORD, "code": factor.recovery[0] });
    eve.post(&world, "/auth/mfa/totp/disable", body).await.ok(204);
    eve.get(&world, "/admin/users").await.refused(403, "mfa_enrolment_required");
    eve.get(&world, "/users/me").await.ok(200);
}
