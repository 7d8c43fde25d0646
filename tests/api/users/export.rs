//! `GET /users/me/export`.

use serde_json::{Value, json};
use shared::model::{Action, Agent, AuditEvent};
use tests::{PASSWORD, Person, World};

use crate::ada;

async fn export(world: &World, person: &Person) -> Value {
    person.get(world, "/users/me/export").await.ok(200).body
}

#[tokio::test]
async fn a_person_gets_everything_that_is_held_about_it_and_nothing_of_others() {
    let (world, ada) = ada().await;
    let bob = Person::user(&world, "bob@example.com").await;
    let _ = ada.patch(&world, "/users/me", json!({ "name": "Ada Lovelace" })).await.ok(200);
    let phone = Person::sign_in(&world, &ada.email, PASSWORD).await;
    let reply = ada.get(&world, "/users/me/export").await.ok(200);
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"account.json\"");
    assert_eq!(reply.header("cache-control"), "no-store");
    let held = &reply.body;
    assert_eq!(held["user"], ada.get(&world, "/users/me").await.ok(200).body);
    assert_eq!(held["sessions"], ada.get(&world, "/users/me/sessions").await.ok(200).body["data"]);
    assert_eq!(held["activity"], ada.get(&world, "/users/me/activity").await.ok(200).body["data"]);
    assert_eq!(held["sessions"].as_array().unwrap().len(), 2);
    assert!(reply.text.contains(&phone.session_id) && !reply.text.contains(&bob.id));
    assert!(!reply.text.contains("argon2") && !reply.text.contains("epoch"));
    assert_eq!((&held["external_id"], &held["mfa_since"]), (&Value::Null, &Value::Null));
}

/// More than one page of the table's.
#[tokio::test]
async fn a_long_history_is_whole() {
    let (world, ada) = ada().await;
    let before = export(&world, &ada).await["activity"].as_array().unwrap().len();
    let agent = Agent::operator();
    for _ in 0..1050 {
        let id = ada.id.parse().unwrap();
        let event = AuditEvent::new(Action::UserUpdated, &agent, id, world.now());
        world.store.record(event).await.unwrap();
    }
    let activity = export(&world, &ada).await["activity"].as_array().unwrap().clone();
    assert_eq!(activity.len(), before + 1050);
    let ids: Vec<&str> = activity.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted_by(|one, next| one > next), "the newest first, each once");
}
