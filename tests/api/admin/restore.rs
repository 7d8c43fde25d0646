//! `PUT /admin/users/{id}/restore`.

use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use serde_json::json;
use shared::model::Status;
use tests::invariants::Checker;
use tests::{PASSWORD, Person, World};

use crate::{eve_and_bob, nobodys_ids};

fn restore(id: &str) -> String {
    format!("/admin/users/{id}/restore")
}

#[tokio::test]
async fn a_restored_user_is_as_before_but_signed_out() {
    let (world, eve, bob) = eve_and_bob().await;
    bob.patch(&world, "/users/me", json!({ "username": "bobby", "locale": "fr" })).await.ok(200);
    let before = eve.get(&world, &format!("/admin/users/{}", bob.id)).await.ok(200).body;
    bob.delete(&world, "/users/me").await.ok(204);
    world.wait(SignedDuration::from_hours(24 * 7 - 1));
    let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
    let mut restored = eve.put(&world, &restore(&bob.id), None).await.ok(200).body;
    restored["updated_at"] = before["updated_at"].clone();
    assert_eq!(restored, before);
    bob.refresh(&world).await.refused(401, "session_ended");
    let mails = world.mails_to("bob@example.com").await;
    assert_eq!(mails.last().unwrap().subject, "Votre compte a été rétabli");
    world.wait(SignedDuration::from_hours(24 * 30));
    for name in [json!({ "email": "bob@example.com" }), json!({ "username": "Bobby" })] {
        let mut body = name;
        body["password"] = json!(PASSWORD);
        world.post("/auth/login", body).await.ok(200);
    }
    assert_eq!(Checker::new().check(&world).await, Vec::<String>::new());
}

/// Whoever took the account over and deleted it still knows the password.
#[tokio::test]
async fn a_user_can_be_restored_without_letting_the_thief_back_in() {
    let (world, eve, bob) = eve_and_bob().await;
    bob.delete(&world, "/users/me").await.ok(204);
    let path = restore(&bob.id);
    let maybe = format!("{path}?locked=maybe");
    eve.put(&world, &maybe, None).await.refused(400, "invalid_query");
    eve.put(&world, &format!("{path}?locked=true"), None).await.ok(200);
    let body = json!({ "email": "bob@example.com", "password": PASSWORD });
    world.post("/auth/login", body).await.refused(403, "password_change_required");
    let mails = world.mails_to("bob@example.com").await;
    for subject in ["Your account was restored", "Set a new password"] {
        assert!(mails.iter().any(|mail| mail.subject == subject), "{subject}: {mails:?}");
    }
    let events = eve.get(&world, &format!("/admin/users/{}/audit", bob.id)).await.ok(200).body;
    let details = json!({ "status": "active", "password": "change_required" });
    assert!(events["data"].as_array().unwrap().iter().any(|event| event["details"] == details), "{events}");
    let _ = world.post("/auth/forgot-password", json!({ "email": "bob@example.com" })).await.ok(202);
    let token = world.token_for("bob@example.com").await;
    let reset = json!({ "token": token, "new_password": tests::OTHER_PASSWORD });
    let _ = world.post("/auth/reset-password", reset).await.ok(204);
    Person::sign_in(&world, "bob@example.com", tests::OTHER_PASSWORD).await;
}

#[tokio::test]
async fn nobody_is_restored_who_is_not_deleted_or_not_there() {
    let (world, eve, bob) = eve_and_bob().await;
    for status in [Status::Active, Status::Pending, Status::Deactivated] {
        let user =
            world.make_user(&format!("{}@example.com", status.as_str()), |user| user.status = status).await;
        eve.put(&world, &restore(&user.id.to_string()), None).await.refused(409, "not_deleted");
    }
    for id in nobodys_ids(&world) {
        eve.put(&world, &restore(&id), None).await.refused(404, "not_found");
    }
    bob.delete(&world, "/users/me").await.ok(204);
    let carol = Person::user(&world, "carol@example.com").await;
    carol.put(&world, &restore(&bob.id), None).await.refused(403, "forbidden");
    eve.put(&world, &restore(&bob.id), None).await.ok(200);
    eve.put(&world, &restore(&bob.id), None).await.refused(409, "not_deleted");
}

#[tokio::test]
async fn who_is_deleted_is_restored_or_deleted_for_good_and_nothing_else() {
    let (world, eve, bob) = eve_and_bob().await;
    bob.delete(&world, "/users/me").await.ok(204);
    let own = format!("/admin/users/{}", bob.id);
    for action in ["activate", "deactivate"] {
        eve.put(&world, &format!("{own}/{action}"), None).await.refused(409, "user_deleted");
    }
    let role = Some(json!({ "role": "admin" }));
    eve.put(&world, &format!("{own}/role"), role).await.refused(409, "user_deleted");
    eve.patch(&world, &own, json!({ "name": "Bob" })).await.refused(409, "user_deleted");
    eve.delete(&world, &format!("{own}/sessions")).await.refused(409, "user_deleted");
    assert_eq!(eve.get(&world, &own).await.ok(200).body["status"], "deleted");
    eve.delete(&world, &own).await.ok(204);
    eve.put(&world, &restore(&bob.id), None).await.refused(404, "not_found");
    world.deliver().await;
    Person::registered(&world, "bob@example.com").await;
}

#[tokio::test]
async fn a_status_before_is_the_status_after() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let mal = Person::an_admin(&world, "mal@example.com").await;
    mal.delete(&world, "/users/me").await.ok(204);
    assert!(!is_listed(&world, &mal).await, "no witness is left of it");
    // So the other one is the last.
    eve.delete(&world, "/users/me").await.refused(409, "last_admin");
    let restored = eve.put(&world, &restore(&mal.id), None).await.ok(200).body;
    assert_eq!((&restored["role"], &restored["status"]), (&json!("admin"), &json!("active")));
    assert!(is_listed(&world, &mal).await);
    eve.delete(&world, "/users/me").await.ok(204);
    let mal = Person::sign_in(&world, "mal@example.com", PASSWORD).await;
    let _ = mal.get(&world, "/admin/users").await.ok(200);
    // An admin's account is closed to admins until it deletes itself: then it can go for good.
    let kim = Person::an_admin(&world, "kim@example.com").await;
    for path in [format!("/users/{}", kim.id), format!("/admin/users/{}", kim.id)] {
        mal.delete(&world, &path).await.refused(403, "forbidden");
    }
    kim.delete(&world, "/users/me").await.ok(204);
    mal.delete(&world, &format!("/users/{}", eve.id)).await.ok(204);
    mal.delete(&world, &format!("/admin/users/{}", kim.id)).await.ok(204);
    mal.put(&world, &restore(&kim.id), None).await.refused(404, "not_found");
    assert_eq!(Checker::new().check(&world).await, Vec::<String>::new());
}

async fn is_listed(world: &World, person: &Person) -> bool {
    world.items().await.iter().any(|item| item["PK"] == "ADMINS" && item["SK"] == person.id)
}

#[tokio::test]
async fn a_deletion_and_its_undoing_are_written_down() {
    let (world, eve, bob) = eve_and_bob().await;
    bob.delete(&world, "/users/me").await.ok(204);
    eve.put(&world, &restore(&bob.id), None).await.ok(200);
    let events = eve.get(&world, &format!("/admin/users/{}/audit", bob.id)).await.ok(200).body;
    let event = |action: &str| {
        let all = events["data"].as_array().unwrap();
        all.iter().find(|event| event["action"] == action).unwrap().clone()
    };
    let (restored, deleted) = (event("user_restored"), event("user_deleted"));
    assert_eq!((&restored["actor"], &deleted["actor"]), (&json!(eve.id), &json!(bob.id)));
    assert_eq!(restored["details"], json!({ "status": "active" }));
    assert_eq!(deleted["details"], json!({ "status": "deleted", "until": "2026-03-08T12:00:00Z" }));
}

/// Whatever comes first, the table holds together, and the last admin stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deletions_and_restorations_at_once_leave_a_whole() {
    let world = Arc::new(World::new().await);
    let mut checker = Checker::new();
    for round in 0..6 {
        let eve = Person::an_admin(&world, &format!("eve{round}@example.com")).await;
        let mal = Person::an_admin(&world, &format!("mal{round}@example.com")).await;
        let bob = Person::user(&world, &format!("bob{round}@example.com")).await;
        bob.delete(&world, "/users/me").await.ok(204);
        let calls = [
            (eve.clone(), "PUT", restore(&bob.id)),
            (mal.clone(), "PUT", restore(&bob.id)),
            (eve.clone(), "DELETE", format!("/users/{}", bob.id)),
            (eve.clone(), "DELETE", "/users/me".to_owned()),
            (mal.clone(), "DELETE", "/users/me".to_owned()),
        ];
        let tasks = calls.map(|(person, method, path)| {
            let world = world.clone();
            tokio::spawn(async move { person.call(&world, tests::Call::new(method, &path)).await })
        });
        for task in tasks {
            let reply = task.await.unwrap();
            assert!(matches!(reply.status, 200 | 204 | 401 | 403 | 404 | 409 | 503), "{reply:?}");
        }
        assert_eq!(checker.check(&world).await, Vec::<String>::new(), "round {round}");
    }
}

/// Nobody had one before there was the list.
#[tokio::test]
async fn an_account_without_an_entry_in_the_list_of_names_is_deleted_and_restored_and_has_one() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    ada.patch(&world, "/users/me", json!({ "name": "Augusta" })).await.ok(200);
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let entry = world.client.delete_item().table_name(&world.table);
    let entry = entry.key("PK", text(&format!("NAME#{}", ada.id))).key("SK", text("ENTRY"));
    entry.send().await.unwrap();
    ada.delete(&world, "/users/me").await.ok(204);
    let eve = Person::an_admin(&world, "eve@example.com").await;
    eve.put(&world, &format!("/admin/users/{}/restore", ada.id), None).await.ok(200);
    let found = eve.get(&world, "/admin/users?name=augusta").await.ok(200).body;
    assert_eq!(found["data"][0]["id"], ada.id);
    assert_eq!(Checker::new().check(&world).await, Vec::<String>::new());
}
