//! `/admin/users/{id}` and `/users/{id}`, by admins: the same.

use serde_json::{Value, json};
use tests::{PASSWORD, Person};

use crate::{eve_and_bob, nobodys_ids};

const BASES: [&str; 2] = ["/admin/users", "/users"];

#[tokio::test]
async fn an_admin_reads_any_user() {
    let (world, eve, bob) = eve_and_bob().await;
    let other = Person::an_admin(&world, "other@example.com").await;
    for person in [&bob, &other, &eve] {
        let me = person.get(&world, "/users/me").await.ok(200).body;
        for base in BASES {
            assert_eq!(eve.get(&world, &format!("{base}/{}", person.id)).await.ok(200).body, me);
        }
    }
}

#[tokio::test]
async fn an_id_that_nobody_has_is_not_found() {
    let (world, eve, _) = eve_and_bob().await;
    for id in nobodys_ids(&world) {
        for base in BASES {
            let path = format!("{base}/{id}");
            eve.get(&world, &path).await.refused(404, "not_found");
            eve.patch(&world, &path, json!({ "name": "X" })).await.refused(404, "not_found");
            eve.delete(&world, &path).await.refused(404, "not_found");
        }
    }
}

#[tokio::test]
async fn an_admin_changes_a_user_who_stays_signed_in() {
    let (world, eve, bob) = eve_and_bob().await;
    for (base, name) in BASES.into_iter().zip(["Bob", "Robert"]) {
        let change =
            json!({ "username": format!("{name}-1"), "name": name, "first_name": name, "last_name": null });
        let changed = eve.patch(&world, &format!("{base}/{}", bob.id), change).await.ok(200).body;
        assert_eq!((&changed["name"], &changed["username"]), (&json!(name), &json!(format!("{name}-1"))));
        assert_eq!(bob.get(&world, "/users/me").await.ok(200).body, changed);
    }
}

/// Z03
#[tokio::test]
async fn an_admin_sets_neither_role_nor_status_nor_password_with_a_profile() {
    let (world, eve, bob) = eve_and_bob().await;
    let before = world.items().await;
    for base in BASES {
        for (field, value) in [
            ("role", json!("admin")),
            ("status", json!("deactivated")),
            ("password", json!(PASSWORD)),
            ("email_verified", json!(true)),
            ("id", json!(eve.id)),
            ("email", json!(null)),
            ("email", json!("nobody")),
        ] {
            let change = json!({ "name": "Bob", field: value });
            let refused = eve.patch(&world, &format!("{base}/{}", bob.id), change).await;
            refused.refused(422, "invalid_body");
            assert_eq!(refused.body["errors"][0]["pointer"], format!("/{field}"));
        }
    }
    assert_eq!(world.items().await, before);
}

/// Z02
#[tokio::test]
async fn another_admins_profile_is_closed_to_changes() {
    let (world, eve, _) = eve_and_bob().await;
    let other = Person::an_admin(&world, "other@example.com").await;
    let before = world.items().await;
    for base in BASES {
        let path = format!("{base}/{}", other.id);
        for change in [json!({}), json!({ "name": "X" }), json!({ "email": "x@example.com" })] {
            eve.patch(&world, &path, change).await.refused(403, "forbidden");
        }
        eve.delete(&world, &path).await.refused(403, "forbidden");
    }
    assert_eq!(world.items().await, before);
}

#[tokio::test]
async fn an_admins_own_id_is_as_me() {
    let (world, eve, _) = eve_and_bob().await;
    for base in BASES {
        let path = format!("{base}/{}", eve.id);
        let changed = eve.patch(&world, &path, json!({ "name": base })).await.ok(200).body;
        assert_eq!(changed["name"], base);
        let refused = eve.patch(&world, &path, json!({ "email": "new@example.com" })).await;
        refused.refused(422, "invalid_body");
        assert_eq!(refused.body["errors"][0]["pointer"], "/email");
        eve.delete(&world, &path).await.refused(409, "last_admin");
    }
    Person::an_admin(&world, "other@example.com").await;
    world.wait(jiff::SignedDuration::from_mins(6));
    for base in BASES {
        let path = format!("{base}/{}", eve.id);
        eve.delete(&world, &path).await.refused(403, "reauthentication_required");
    }
    let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
    eve.delete(&world, &format!("/admin/users/{}", eve.id)).await.ok(204);
    eve.get(&world, "/users/me").await.refused(401, "session_ended");
}

/// S06
#[tokio::test]
async fn a_user_whom_an_admin_deletes_is_gone_at_once_and_its_names_are_free() {
    let (world, eve, bob) = eve_and_bob().await;
    bob.patch(&world, "/users/me", json!({ "username": "bob" })).await.ok(200);
    world.wait(jiff::SignedDuration::from_mins(6));
    let path = format!("/admin/users/{}", bob.id);
    eve.delete(&world, &path).await.ok(204);
    bob.get(&world, "/users/me").await.refused(401, "session_ended");
    bob.refresh(&world).await.refused(401, "session_ended");
    eve.get(&world, &path).await.refused(404, "not_found");
    eve.delete(&world, &path).await.refused(404, "not_found");
    let items: Vec<Value> = world.items().await;
    let mut left = items.iter().filter(|item| item.to_string().contains(&bob.id));
    assert!(left.all(|item| item["PK"] == format!("AUDIT#{}", bob.id)), "{items:?}");
    let next = Person::registered(&world, "bob@example.com").await;
    next.patch(&world, "/users/me", json!({ "username": "Bob" })).await.ok(200);
    bob.get(&world, "/users/me").await.refused(401, "session_ended");
}

#[tokio::test]
async fn a_username_that_somebody_has_is_refused_to_admins_too() {
    let (world, eve, bob) = eve_and_bob().await;
    eve.patch(&world, "/users/me", json!({ "username": "Eve" })).await.ok(200);
    let path = format!("/admin/users/{}", bob.id);
    eve.patch(&world, &path, json!({ "username": "eve" })).await.refused(409, "username_taken");
    assert_eq!(bob.get(&world, "/users/me").await.body["username"], json!(null));
}
