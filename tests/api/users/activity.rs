//! `GET /users/me/activity`. security.md L03, A15.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{PASSWORD, Person, World};

use crate::ada;

/// The actions and their details, the oldest first.
async fn activity(world: &World, person: &Person) -> Vec<(String, Value)> {
    let page = person.get(world, "/users/me/activity?limit=100").await.ok(200).body;
    let events = page["data"].as_array().unwrap().iter().rev();
    events.map(|e| (e["action"].as_str().unwrap().to_owned(), e["details"].clone())).collect()
}

#[tokio::test]
async fn a_person_sees_what_happened_to_its_account() {
    let world = World::new().await;
    let tick = || world.wait(SignedDuration::from_secs(1));
    let ada = Person::registered(&world, "ada@example.com").await;
    tick();
    let phone = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    tick();
    let _ = ada.delete(&world, &format!("/users/me/sessions/{}", phone.session_id)).await.ok(204);
    tick();
    let _ = ada.patch(&world, "/users/me", json!({ "name": "Ada", "username": "ada" })).await.ok(200);
    tick();
    let body = json!({ "current_password": PASSWORD, "new_password": "another fine sentence" });
    let _ = ada.post(&world, "/users/me/change-password", body).await.ok(204);
    tick();
    let body = json!({ "new_email": "countess@example.com", "current_password": "another fine sentence" });
    let _ = ada.post(&world, "/users/me/change-email", body).await.ok(202);
    let token = world.token_for("countess@example.com").await;
    let _ = world.post("/auth/verify-email", json!({ "token": token })).await.ok(204);
    tick();
    let body = json!({ "email": "countess@example.com" });
    let _ = world.post("/auth/forgot-password", body).await.ok(202);
    let token = world.token_for("countess@example.com").await;
    let body = json!({ "token": token, "new_password": "a third fine sentence" });
    let _ = world.post("/auth/reset-password", body).await.ok(204);
    tick();
    let ada = Person::sign_in(&world, "countess@example.com", "a third fine sentence").await;
    let laptop = Person::sign_in(&world, "countess@example.com", "a third fine sentence").await;
    tick();
    let _ = laptop.call(&world, tests::Call::new("POST", "/auth/logout")).await.ok(204);

    let told = activity(&world, &ada).await;
    let actions: Vec<&str> = told.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "user_created",
            "authn_login_success",
            "authn_login_success",
            "authn_token_revoked",
            "user_updated",
            "authn_password_change",
            "user_updated",
            "authn_password_change",
            "authn_login_success",
            "authn_login_success",
            "session_logout",
        ]
    );
    assert_eq!(told[0].1, json!({ "role": "user", "status": "active" }));
    assert_eq!(told[3].1, json!({ "session_id": phone.session_id }));
    assert_eq!(told[4].1, json!({ "fields": "username name" }));
    assert_eq!(told[5].1, json!({ "by": "password" }));
    assert_eq!(told[6].1, json!({ "fields": "email" }));
    assert_eq!(told[7].1, json!({ "by": "link" }));
    assert_eq!(told[10].1, json!({ "session_id": laptop.session_id }));
}

#[tokio::test]
async fn a_stolen_token_is_in_the_history_as_somebody_unknowns_doing() {
    let (world, ada) = ada().await;
    let _ = ada.refresh(&world).await.ok(200);
    world.wait(SignedDuration::from_mins(1));
    ada.refresh(&world).await.refused(401, "refresh_token_reused");
    ada.refresh(&world).await.refused(401, "session_ended");
    let ada = Person::sign_in(&world, &ada.email, PASSWORD).await;
    let page = ada.get(&world, "/users/me/activity").await.ok(200).body;
    let reused: Vec<&Value> =
        page["data"].as_array().unwrap().iter().filter(|e| e["action"] == "authn_token_reuse").collect();
    assert_eq!(reused.len(), 1, "{page}");
    assert_eq!((&reused[0]["actor"], &reused[0]["subject"]), (&json!("unknown"), &json!(ada.id)));
}

#[tokio::test]
async fn nobody_sees_anybody_elses_activity() {
    let (world, ada) = ada().await;
    let bob = Person::user(&world, "bob@example.com").await;
    for person in [&ada, &bob] {
        let page = person.get(&world, "/users/me/activity").await.ok(200).body;
        assert!(page["data"].as_array().unwrap().iter().all(|event| event["subject"] == json!(person.id)));
    }
    let page = bob.get(&world, "/users/me/activity?limit=1").await.ok(200).body;
    let cursor = page["next_cursor"].as_str().unwrap();
    ada.get(&world, &format!("/users/me/activity?cursor={cursor}")).await.refused(400, "invalid_cursor");
    bob.get(&world, "/users/me/activity?subject=x").await.refused(400, "invalid_query");
}

/// L06: an event is written with the change, or there is no change.
#[tokio::test]
async fn a_change_whose_event_cannot_be_written_is_not_made() {
    let faults = tests::faults::Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    let ada = Person::user(&world, "ada@example.com").await;
    let _ = faults.seen();
    let _ = ada.patch(&world, "/users/me", json!({ "name": "Ada" })).await.ok(200);
    let _ = ada.call(&world, tests::Call::new("POST", "/auth/logout")).await.ok(204);
    let writes: Vec<_> = faults.seen().into_iter().filter(|seen| seen.operation.contains("Write")).collect();
    assert_eq!(writes.len(), 2, "{writes:?}");
    for write in writes {
        let puts = write.body["TransactItems"].as_array().unwrap().iter().map(|item| &item["Put"]);
        let audit: Vec<&Value> = puts
            .filter(|put| put["Item"]["PK"]["S"].as_str().is_some_and(|pk| pk.starts_with("AUDIT#")))
            .collect();
        assert_eq!(audit.len(), 1, "{write:?}");
        assert_eq!(audit[0]["ConditionExpression"], "attribute_not_exists(#PK)");
    }
}

/// That it was an admin one may know, not from where.
#[tokio::test]
async fn a_person_does_not_see_from_where_an_admin_acted() {
    let (world, ada) = ada().await;
    let root = Person::an_admin(&world, "root@example.com").await;
    let _ = root
        .put(&world, &format!("/admin/users/{}/role", ada.id), Some(json!({ "role": "admin" })))
        .await
        .ok(200);
    for path in ["/users/me/activity", "/users/me/export"] {
        let body = ada.get(&world, path).await.ok(200).body;
        let events = body["data"].as_array().or(body["activity"].as_array()).unwrap();
        let of = |action: &str| events.iter().find(|event| event["action"] == action).unwrap();
        assert_eq!(of("authz_change")["actor"], json!(root.id));
        assert!(of("authz_change")["network"].is_null() && of("authz_change")["request_id"].is_null());
        assert!(of("authn_login_success")["network"].is_string());
    }
}
