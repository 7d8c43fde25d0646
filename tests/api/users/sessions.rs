//! `/users/me/sessions`.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::model::SessionId;
use tests::{Call, PASSWORD, Person, START, World};

use crate::ada;

const PATH: &str = "/users/me/sessions";

async fn listed(world: &World, person: &Person) -> Vec<Value> {
    let page = person.get(world, PATH).await.ok(200).body;
    assert_eq!((&page["next_cursor"], &page["has_more"]), (&json!(null), &json!(false)));
    page["data"].as_array().unwrap().clone()
}

/// S10
#[tokio::test]
async fn a_user_sees_where_it_is_signed_in() {
    let (world, ada) = ada().await;
    world.wait(SignedDuration::from_mins(1));
    let login = json!({ "email": "ada@example.com", "password": PASSWORD });
    let phone = world.call(Call::new("POST", "/auth/login").json(&login).from("198.51.100.9")).await.ok(200);
    let sessions = listed(&world, &ada).await;
    let phone = json!({
        "id": phone.body["session_id"], "current": false, "device": "tests/1.0", "ip": "198.51.100.9",
        "created_at": "2026-03-01T12:01:00Z", "last_used_at": "2026-03-01T12:01:00Z",
        "expires_at": "2026-03-31T12:01:00Z",
    });
    let own = json!({
        "id": ada.session_id, "current": true, "device": "tests/1.0", "ip": "203.0.113.7",
        "created_at": START, "last_used_at": START, "expires_at": "2026-03-31T12:00:00Z",
    });
    assert_eq!(sessions, [phone, own]);
}

#[tokio::test]
async fn a_refresh_shows_in_the_list() {
    let (world, ada) = ada().await;
    world.wait(SignedDuration::from_mins(10));
    ada.refresh(&world).await.ok(200);
    let sessions = listed(&world, &ada).await;
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0]["created_at"], START);
    assert_eq!(sessions[0]["last_used_at"], "2026-03-01T12:10:00Z");
    assert_eq!(sessions[0]["expires_at"], "2026-03-31T12:10:00Z");
}

/// H02
#[tokio::test]
async fn the_address_of_a_session_is_what_the_gateway_saw() {
    let (world, _) = ada().await;
    let login = json!({ "email": "ada@example.com", "password": PASSWORD });
    let call = Call::new("POST", "/auth/login").json(&login).header("x-forwarded-for", "192.0.2.1");
    let tokens = world.call(call.from("198.51.100.9")).await.ok(200).body;
    let phone = Person::from_tokens(&tokens, PASSWORD);
    let sessions = listed(&world, &phone).await;
    let current: Vec<&Value> = sessions.iter().filter(|session| session["current"] == true).collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0]["ip"], "198.51.100.9");
}

/// S01, P07
#[tokio::test]
async fn a_session_that_has_expired_is_not_listed() {
    let (world, _) = ada().await;
    world.wait(SignedDuration::from_hours(24 * 30));
    let now = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    let sessions = listed(&world, &now).await;
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0]["id"], now.session_id.as_str());
}

/// S02, S10
#[tokio::test]
async fn a_user_ends_one_of_its_sessions() {
    let (world, ada) = ada().await;
    let phone = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    let path = format!("{PATH}/{}", phone.session_id);
    ada.delete(&world, &path).await.ok(204);
    phone.get(&world, "/users/me").await.refused(401, "session_ended");
    phone.refresh(&world).await.refused(401, "session_ended");
    assert_eq!(listed(&world, &ada).await.len(), 1);
    ada.delete(&world, &path).await.refused(404, "not_found");
}

#[tokio::test]
async fn ending_the_current_session_is_signing_out() {
    let (world, ada) = ada().await;
    ada.delete(&world, &format!("{PATH}/{}", ada.session_id)).await.ok(204);
    ada.get(&world, PATH).await.refused(401, "session_ended");
}

#[tokio::test]
async fn sessions_that_were_ended_all_at_once_are_not_listed() {
    let (world, ada) = ada().await;
    let phone = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    ada.call(&world, Call::new("POST", "/auth/logout?scope=others")).await.ok(204);
    assert_eq!(listed(&world, &ada).await.len(), 1);
    let path = format!("{PATH}/{}", phone.session_id);
    ada.delete(&world, &path).await.refused(404, "not_found");
}

/// S10, Z02
#[tokio::test]
async fn a_session_that_is_not_ones_own_is_not_there() {
    let (world, ada) = ada().await;
    let bob = Person::user(&world, "bob@example.com").await;
    let unknown = SessionId::new(world.now()).to_string();
    let mut answers = Vec::new();
    for id in [bob.session_id.as_str(), &unknown, "garbage", "..", "%F0%9F%92%A3", "%FF", "PROFILE", &ada.id]
    {
        let mut refused = ada.delete(&world, &format!("{PATH}/{id}")).await;
        refused.refused(404, "not_found");
        refused.body["instance"] = json!(null);
        answers.push(refused.body);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    bob.get(&world, "/users/me").await.ok(200);
    bob.refresh(&world).await.ok(200);
}
