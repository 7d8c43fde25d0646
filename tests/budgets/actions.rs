//! What an admin does to a user.

use serde_json::{Value, json};
use shared::model::{PasswordHash, Status, User};
use tests::{Call, Factor, PASSWORD, Person, Reply};

use crate::Ledger;

/// A world with an admin in it, who signed in as one.
async fn ledger() -> (Ledger, Person) {
    let ledger = Ledger::new().await;
    let root = Person::an_admin(&ledger.world, "root@example.com").await;
    (ledger, root)
}

/// The user that is acted upon.
async fn user(ledger: &Ledger, change: impl FnOnce(&mut User)) -> String {
    let email = format!("{:x}@example.com", fastrand::u64(..));
    ledger.world.make_user(&email, change).await.id.to_string()
}

fn call(method: &str, path: &str, body: Option<Value>) -> Call {
    let call = Call::new(method, path);
    body.map_or(call.clone(), |body| call.json(&body))
}

/// Does it to `{id}`, and holds it to the row.
async fn acts(
    (ledger, root): &(Ledger, Person),
    row: &str,
    (method, path): (&str, &str),
    id: &str,
    body: Option<Value>,
) -> Reply {
    let call = call(method, &path.replace("{id}", id), body);
    let reply = ledger.holds(row, root.call(&ledger.world, call)).await;
    assert!(reply.status < 300, "{row}: {}", reply.body);
    reply
}

#[tokio::test]
async fn the_caller_and_the_user_acted_upon_are_read_beside_each_other() {
    let world = ledger().await;
    let id = user(&world.0, |_| ()).await;
    let row = "an action of an admin's";
    let path = |rest: &str| format!("/admin/users/{{id}}{rest}");
    for (method, rest, body) in [
        ("PUT", "/role", Some(json!({ "role": "admin" }))),
        ("PUT", "/role", Some(json!({ "role": "user" }))),
        ("PUT", "/deactivate", None),
        ("PUT", "/activate", None),
        ("DELETE", "/sessions", None),
        ("PATCH", "", Some(json!({ "name": "Ada", "username": "ada" }))),
        ("PATCH", "", Some(json!({ "email": "countess@example.com" }))),
        ("POST", "/require-password-change", None),
    ] {
        acts(&world, row, (method, &path(rest)), &id, body).await;
    }
    let pending = user(&world.0, |user| user.status = Status::Pending).await;
    acts(&world, row, ("PUT", &path("/activate")), &pending, None).await;
    let invited = user(&world.0, |user| user.password_hash = PasswordHash::none()).await;
    acts(&world, row, ("POST", &path("/invitation")), &invited, None).await;
}

#[tokio::test]
async fn a_user_is_deleted_with_its_sessions_in_two_steps() {
    let world = ledger().await;
    for path in ["/admin/users/{id}", "/users/{id}"] {
        let ada = world.0.person(&format!("{:x}@example.com", fastrand::u64(..))).await;
        acts(&world, "delete a user", ("DELETE", path), &ada.id, None).await;
        ada.get(&world.0.world, "/users/me").await.refused(401, "session_ended");
    }
}

#[tokio::test]
async fn restoring_a_user_is_an_action_like_others() {
    let world = ledger().await;
    let ada = world.0.person("ada@example.com").await;
    ada.delete(&world.0.world, "/users/me").await.ok(204);
    acts(&world, "an action of an admin's", ("PUT", "/admin/users/{id}/restore"), &ada.id, None).await;
}

#[tokio::test]
async fn removing_a_second_factor_is_an_action_like_others() {
    let world = ledger().await;
    let ada = world.0.person("ada@example.com").await;
    Factor::enrolled(&world.0.world, &ada).await;
    acts(&world, "an action of an admin's", ("DELETE", "/admin/users/{id}/mfa"), &ada.id, None).await;
}

#[tokio::test]
async fn looking_at_a_user_is_one_read() {
    let world = ledger().await;
    let id = user(&world.0, |_| ()).await;
    acts(&world, "a user, for an admin", ("GET", "/admin/users/{id}"), &id, None).await;
    acts(&world, "a user, for an admin", ("GET", "/users/{id}"), &id, None).await;
    acts(&world, "a user's sessions", ("GET", "/admin/users/{id}/sessions"), &id, None).await;
}

#[tokio::test]
async fn inviting_somebody_new_is_two_steps() {
    let (ledger, root) = ledger().await;
    let body = json!({ "email": "new@example.com" });
    let invited = root.post(&ledger.world, "/admin/users", body);
    ledger.holds("invite a user", invited).await.ok(201);
}

/// Somebody else must be left.
#[tokio::test]
async fn an_admin_who_steps_down_finds_another_one_first() {
    let world = ledger().await;
    let root = world.1.id.clone();
    let body = json!({ "role": "user" });
    acts(&world, "step down as an admin", ("PUT", "/admin/users/{id}/role"), &root, Some(body)).await;
}

/// The token says no; nothing of the other account is asked for.
#[tokio::test]
async fn who_is_no_admin_is_refused_before_the_other_is_read() {
    let (ledger, root) = ledger().await;
    let eve = ledger.person("eve@example.com").await;
    let path = format!("/admin/users/{}/deactivate", root.id);
    let row = "an action, refused to who is no admin";
    ledger.holds(row, eve.put(&ledger.world, &path, None)).await.refused(403, "forbidden");
    let path = format!("/users/{}", root.id);
    ledger.holds(row, eve.get(&ledger.world, &path)).await.refused(403, "forbidden");
}

/// The token says yes, the table no: nothing of the other is told, nor whether it is there.
#[tokio::test]
async fn a_demoted_admin_learns_nothing_of_who_is_there() {
    let (ledger, root) = ledger().await;
    let old = Person::an_admin(&ledger.world, "old@example.com").await;
    let path = format!("/admin/users/{}/role", old.id);
    root.put(&ledger.world, &path, Some(json!({ "role": "user" }))).await.ok(200);
    let row = "an action, refused to who is no admin any more";
    for id in [root.id.as_str(), "0195d9f0-0000-7000-8000-000000000000"] {
        let path = format!("/admin/users/{id}/deactivate");
        ledger.holds(row, old.put(&ledger.world, &path, None)).await.refused(403, "forbidden");
        let path = format!("/users/{id}");
        let looking = old.get(&ledger.world, &path);
        ledger.holds(row, looking).await.refused(403, "forbidden");
    }
}

/// The token is older than the role.
#[tokio::test]
async fn whom_the_token_does_not_call_an_admin_yet_waits_one_step_more() {
    let (ledger, root) = ledger().await;
    let new = ledger.person("new@example.com").await;
    let body = json!({ "role": "admin" });
    root.put(&ledger.world, &format!("/admin/users/{}/role", new.id), Some(body)).await.ok(200);
    let id = user(&ledger, |_| ()).await;
    let path = format!("/admin/users/{id}/deactivate");
    let row = "an action, by a token from before the promotion";
    ledger.holds(row, new.put(&ledger.world, &path, None)).await.ok(200);
    let again = Person::sign_in(&ledger.world, &new.email, PASSWORD).await;
    let path = format!("/admin/users/{id}/activate");
    ledger.holds("an action of an admin's", again.put(&ledger.world, &path, None)).await.ok(200);
}
