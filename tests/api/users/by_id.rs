//! `/users/{id}`, by users. What admins do by id: `test_admin`.

use serde_json::{Value, json};
use shared::model::{Status, UserId};
use tests::{Call, Person, Reply, World};

use crate::ada;

/// An answer without what names the request.
fn anonymous(mut reply: Reply) -> (u16, Value, Value) {
    if reply.status >= 400 {
        reply.body["instance"] = json!(null);
    }
    (reply.status, reply.headers, reply.body)
}

#[tokio::test]
async fn ones_own_id_is_as_me_to_read_and_to_change() {
    let (world, ada) = ada().await;
    let own = format!("/users/{}", ada.id);
    for body in [
        json!({}),
        json!({ "username": "lovelace", "first_name": "Ada" }),
        json!({ "username": "x" }),
        json!({ "email": "new@example.com" }),
        json!({ "role": "admin" }),
        json!({ "first_name": null }),
        json!([]),
    ] {
        let by_id = ada.patch(&world, &own, body.clone()).await;
        let me = ada.patch(&world, "/users/me", body).await;
        assert_eq!(anonymous(by_id), anonymous(me));
        let (by_id, me) = (ada.get(&world, &own).await, ada.get(&world, "/users/me").await);
        assert_eq!(anonymous(by_id.ok(200)), anonymous(me.ok(200)));
    }
}

#[tokio::test]
async fn ones_own_id_is_as_me_to_delete() {
    let (world, ada) = ada().await;
    world.wait(jiff::SignedDuration::from_mins(6));
    let own = format!("/users/{}", ada.id);
    let (by_id, me) = (ada.delete(&world, &own).await, ada.delete(&world, "/users/me").await);
    assert_eq!(by_id.code(), "reauthentication_required");
    assert_eq!(anonymous(by_id), anonymous(me));
    let ada = Person::sign_in(&world, &ada.email, &ada.password).await;
    ada.delete(&world, &own).await.ok(204);
    ada.get(&world, &own).await.refused(401, "session_ended");
    assert_eq!(world.stored(&ada.id).await.unwrap().status, Status::Deleted);
}

/// Z02
#[tokio::test]
async fn any_other_id_is_forbidden_whether_it_is_there_or_not() {
    let (world, ada) = ada().await;
    let admin = world.make_user("eve@example.com", |user| user.role = shared::model::Role::Admin).await;
    let bob = world.make_user("bob@example.com", |_| ()).await;
    let unknown = UserId::new(world.now());
    let shouted = ada.id.to_uppercase();
    let before = world.items().await;
    for method in ["GET", "PATCH", "DELETE"] {
        let mut answers = Vec::new();
        let ids = [
            &bob.id.to_string(),
            &admin.id.to_string(),
            &unknown.to_string(),
            "garbage",
            "%FF",
            "%00",
            &shouted,
        ];
        for id in ids {
            let call = Call::new(method, &format!("/users/{id}"));
            let call = if method == "PATCH" { call.json(&json!({ "name": "Eve" })) } else { call };
            let refused = ada.call(&world, call).await;
            refused.refused(403, "forbidden");
            answers.push(anonymous(refused));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
    assert_eq!(world.items().await, before);
}

/// Z02: a body that is wrong does not tell either.
#[tokio::test]
async fn another_id_is_forbidden_before_the_body_is_read() {
    let (world, ada) = ada().await;
    let bob = world.make_user("bob@example.com", |_| ()).await.id.to_string();
    let unknown = UserId::new(world.now()).to_string();
    for id in [&bob, &unknown] {
        for body in ["", "{", "[]", r#"{"role": "admin"}"#, r#"{"email": "x"}"#] {
            let call = Call::new("PATCH", &format!("/users/{id}")).raw(body);
            let refused = ada.call(&world, call.header("content-type", "application/json")).await;
            refused.refused(403, "forbidden");
        }
    }
}

/// Z04
#[tokio::test]
async fn headers_do_not_make_somebody_else() {
    let (world, ada) = ada().await;
    let admin = world.make_user("eve@example.com", |user| user.role = shared::model::Role::Admin).await;
    let id = admin.id.to_string();
    let mut call = Call::new("GET", "/users/me");
    for name in ["x-user-id", "x-amzn-oidc-identity", "x-amz-user", "x-forwarded-user", "x-role"] {
        call = call.header(name, &id);
    }
    let mut event = call.token(&ada.access_token).event();
    event["headers"]["x-http-method-override"] = json!("DELETE");
    event["requestContext"]["authorizer"] = json!({ "jwt": { "claims": { "sub": id, "roles": "[admin]" } } });
    let me = world.send("users", &event).await.ok(200);
    assert_eq!(me.body["id"], ada.id.as_str());
    event["rawPath"] = json!(format!("/users/{id}"));
    world.send("users", &event).await.refused(403, "forbidden");
}

#[tokio::test]
async fn a_deactivated_user_does_not_even_learn_of_others() {
    let (world, ada) = ada().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    eve.put(&world, &format!("/admin/users/{}/deactivate", ada.id), None).await.ok(200);
    for id in [&ada.id, &eve.id] {
        ada.get(&world, &format!("/users/{id}")).await.refused(401, "session_ended");
    }
    assert_world_has(&world, 2).await;
}

async fn assert_world_has(world: &World, users: usize) {
    let items = world.items().await;
    assert_eq!(items.iter().filter(|item| item["SK"] == "PROFILE").count(), users);
}
