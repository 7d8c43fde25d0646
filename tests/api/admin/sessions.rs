//! `/admin/users/{id}/sessions`.

use serde_json::json;
use tests::{PASSWORD, Person};

use crate::{eve_and_bob, nobodys_ids};

#[tokio::test]
async fn an_admin_sees_where_a_user_is_signed_in() {
    let (world, eve, bob) = eve_and_bob().await;
    Person::sign_in(&world, &bob.email, PASSWORD).await;
    let path = format!("/admin/users/{}/sessions", bob.id);
    let page = eve.get(&world, &path).await.ok(200).body;
    let sessions = page["data"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let own = bob.get(&world, "/users/me/sessions").await.ok(200).body;
    for (seen, own) in sessions.iter().zip(own["data"].as_array().unwrap()) {
        assert_eq!(seen["current"], false);
        assert_eq!((&seen["id"], &seen["ip"], &seen["device"]), (&own["id"], &own["ip"], &own["device"]));
    }
    assert_eq!((&page["next_cursor"], &page["has_more"]), (&json!(null), &json!(false)));
}

/// S08
#[tokio::test]
async fn an_admin_ends_a_users_sessions() {
    let (world, eve, bob) = eve_and_bob().await;
    let phone = Person::sign_in(&world, &bob.email, PASSWORD).await;
    let path = format!("/admin/users/{}/sessions", bob.id);
    eve.delete(&world, &path).await.ok(204);
    for device in [&bob, &phone] {
        device.get(&world, "/users/me").await.refused(401, "session_ended");
        device.refresh(&world).await.refused(401, "session_ended");
    }
    assert_eq!(eve.get(&world, &path).await.ok(200).body["data"], json!([]));
    Person::sign_in(&world, &bob.email, PASSWORD).await.get(&world, "/users/me").await.ok(200);
    eve.get(&world, "/users/me").await.ok(200);
}

#[tokio::test]
async fn an_admin_sees_and_ends_its_own_sessions_by_id() {
    let (world, eve, _) = eve_and_bob().await;
    let path = format!("/admin/users/{}/sessions", eve.id);
    assert_eq!(eve.get(&world, &path).await.ok(200).body["data"][0]["current"], true);
    eve.delete(&world, &path).await.ok(204);
    eve.get(&world, &path).await.refused(401, "session_ended");
}

#[tokio::test]
async fn who_is_not_there_is_not_found() {
    let (world, eve, _) = eve_and_bob().await;
    for id in nobodys_ids(&world) {
        let path = format!("/admin/users/{id}/sessions");
        eve.get(&world, &path).await.refused(404, "not_found");
        eve.delete(&world, &path).await.refused(404, "not_found");
    }
}

/// Z02
#[tokio::test]
async fn a_user_sees_and_ends_nobodys_sessions_here() {
    let (world, eve, bob) = eve_and_bob().await;
    for id in [&bob.id, &eve.id] {
        let path = format!("/admin/users/{id}/sessions");
        bob.get(&world, &path).await.refused(403, "forbidden");
        bob.delete(&world, &path).await.refused(403, "forbidden");
    }
    eve.get(&world, "/users/me").await.ok(200);
    bob.get(&world, "/users/me").await.ok(200);
}
