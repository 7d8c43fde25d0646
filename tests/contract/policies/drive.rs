//! All that the functions do to the table, done once: every operation of the
//! `OpenAPI` document by everyone (`tests/access`), and what that walk leaves out.
//! **An operation that does something else in another case has that case here.**

#[path = "../../access/cast.rs"]
mod cast;

use cast::{Cast, EVERYONE};
use jiff::SignedDuration;
use local::mailbox::Failure;
use serde_json::{Value, json};
use shared::model::{Agent, Role};
use tests::{Factor, OTHER_PASSWORD, PASSWORD, Person, World};

use crate::operations;

/// Of the world that is driven.
pub(super) const ADMIN_KEY: &str = "an admin key that has more than 32 characters";

/// Does everything. In `limited` an account is made at once, and limits are on.
pub(super) async fn everything(world: &World, limited: &World) {
    every_operation(world).await;
    registrations(world).await;
    registration_at_once(limited).await;
    limits(limited).await;
    written(limited).await;
    names_and_addresses(world).await;
    invitations(world).await;
    sessions(world).await;
    beside(world).await;
    admins(world).await;
    deletions(world, limited).await;
    undone(world).await;
    lists(world).await;
    what_goes_with_what_is_gone(world).await;
    mails_that_fail(world).await;
    keys(world).await;
    statistics(world).await;
}

async fn every_operation(world: &World) {
    for (method, path, id) in operations() {
        for who in EVERYONE {
            let cast = Cast::new(world, who, &id).await;
            cast.call(world, who, &method, &path, &id).await;
        }
    }
}

async fn post(world: &World, path: &str, body: Value, status: u16) -> Value {
    world.post(path, body).await.ok(status).body
}

/// With a username and the admin key; with five wrong passwords; of an address
/// that has an account.
async fn registrations(world: &World) {
    let root = json!({ "email": "root@example.com", "username": "root", "name": "Root", "password": PASSWORD, "admin_key": ADMIN_KEY });
    post(world, "/auth/register", root.clone(), 202).await;
    let token = world.token_for("root@example.com").await;
    let confirm = json!({ "token": token, "password": PASSWORD, "username": "rooted" });
    post(world, "/auth/confirm-registration", confirm, 200).await;
    post(world, "/auth/register", json!({ "email": "root@example.com", "password": PASSWORD }), 202).await;

    post(world, "/auth/register", json!({ "email": "eve@example.com", "password": PASSWORD }), 202).await;
    let token = world.token_for("eve@example.com").await;
    for _ in 0..5 {
        let wrong = json!({ "token": token, "password": OTHER_PASSWORD });
        post(world, "/auth/confirm-registration", wrong, 403).await;
    }
}

async fn registration_at_once(world: &World) {
    let bob = json!({ "email": "bob@example.com", "username": "bob", "password": PASSWORD });
    post(world, "/auth/register", bob, 201).await;
    post(world, "/auth/verify-email", json!({ "token": world.token_for("bob@example.com").await }), 204)
        .await;
}

/// Mails too many to one address; a lock that begins, and a right password after.
async fn limits(world: &World) {
    world.make_user("often@example.com", |_| ()).await;
    for _ in 0..3 {
        post(world, "/auth/forgot-password", json!({ "email": "often@example.com" }), 202).await;
        world.deliver().await;
    }
    let wrong = json!({ "email": "often@example.com", "password": OTHER_PASSWORD });
    for _ in 0..6 {
        world.post("/auth/login", wrong.clone()).await;
    }
    world.wait(SignedDuration::from_mins(20));
    Person::sign_in(world, "often@example.com", PASSWORD).await;
}

async fn names_and_addresses(world: &World) {
    let admin = Person::an_admin(world, "names-admin@example.com").await;
    let ada = Person::registered(world, "ada@example.com").await;
    for name in ["ada", "lovelace"] {
        ada.patch(world, "/users/me", json!({ "username": name })).await.ok(200);
    }
    post(world, "/auth/login", json!({ "username": "lovelace", "password": PASSWORD }), 200).await;
    for address in ["ada2@example.com", "names-admin@example.com"] {
        let change = json!({ "current_password": PASSWORD, "new_email": address });
        ada.post(world, "/users/me/change-email", change).await.ok(202);
        world.deliver().await;
    }
    post(world, "/auth/verify-email", json!({ "token": world.token_for("ada2@example.com").await }), 204)
        .await;
    for (path, name) in [("/users", "countess"), ("/admin/users", "ada3")] {
        let change = json!({ "username": name, "email": format!("{name}@example.com") });
        admin.patch(world, &format!("{path}/{}", ada.id), change).await.ok(200);
        world.deliver().await;
    }
    admin.delete(world, &format!("/admin/users/{}", ada.id)).await.ok(204);
}

/// What is counted, and what an admin does to what another one wrote.
async fn written(world: &World) {
    let (ada, eve) =
        (Person::user(world, "wrote@example.com").await, Person::an_admin(world, "tidies@example.com").await);
    let words = json!({ "title": "A title", "body": "Words" });
    let made = ada.post(world, "/posts", words).await.ok(201).body;
    let post = format!("/posts/{}", made["id"].as_str().unwrap());
    let made = ada.post(world, &format!("{post}/comments"), json!({ "body": "Words" })).await.ok(201).body;
    let comment = format!("{post}/comments/{}", made["id"].as_str().unwrap());
    for path in [comment, post] {
        eve.patch(world, &path, json!({ "body": "Other words" })).await.ok(200);
        eve.delete(world, &path).await.ok(204);
    }
}

/// Twice with one key, and with a name that goes.
async fn invitations(world: &World) {
    let admin = Person::an_admin(world, "host@example.com").await;
    let guest = json!({ "email": "guest@example.com", "username": "guest", "name": "Guest" });
    for _ in 0..2 {
        let call = tests::Call::new("POST", "/admin/users").json(&guest).header("idempotency-key", "one");
        admin.call(world, call).await.ok(201);
    }
    let accept = json!({ "token": world.token_for("guest@example.com").await, "password": PASSWORD });
    let guest = Person::from_tokens(&post(world, "/auth/accept-invite", accept, 200).await, PASSWORD);
    guest.patch(world, "/users/me", json!({ "name": null })).await.ok(200);
    for name in [json!("Guest"), json!(null)] {
        admin.patch(world, &format!("/admin/users/{}", guest.id), json!({ "name": name })).await.ok(200);
    }
}

/// What another API has the authorizer look at.
async fn beside(world: &World) {
    let ada = Person::user(world, "beside@example.com").await;
    let call = tests::Call::new("GET", "/orders").token(&ada.access_token);
    assert_eq!(world.authorize(&call.event()).await.unwrap()["isAuthorized"], true);
}

/// A weak hash made anew, a token used twice, signing out elsewhere and everywhere.
async fn sessions(world: &World) {
    let ada = Person::user(world, "sessions@example.com").await;
    world.set_hash(&ada.id, WEAK).await;
    let ada = Person::sign_in(world, &ada.email, PASSWORD).await;
    ada.refresh(world).await.ok(200);
    world.wait(SignedDuration::from_secs(31));
    ada.refresh(world).await.refused(401, "refresh_token_reused");
    for scope in ["local", "others", "global"] {
        let ada = Person::sign_in(world, &ada.email, PASSWORD).await;
        ada.call(world, tests::Call::new("POST", &format!("/auth/logout?scope={scope}"))).await.ok(204);
    }
    let ada = Person::sign_in(world, &ada.email, PASSWORD).await;
    ada.patch(world, "/users/me", json!({ "username": "sessions" })).await.ok(200);
    ada.delete(world, "/users/me").await.ok(204);
}

/// With all that there is to go and to come back; and for good.
async fn deletions(world: &World, at_once: &World) {
    let admin = Person::an_admin(world, "deletions@example.com").await;
    let ada = Person::user(world, "going@example.com").await;
    ada.patch(world, "/users/me", json!({ "username": "going", "name": "Going" })).await.ok(200);
    Factor::enrolled(world, &ada).await;
    ada.delete(world, "/users/me").await.ok(204);
    post(world, "/auth/register", json!({ "email": "going@example.com", "password": PASSWORD }), 202).await;
    world.deliver().await;
    admin.put(world, &format!("/admin/users/{}/restore", ada.id), None).await.ok(200);
    admin.delete(world, &format!("/users/{}", ada.id)).await.ok(204);
    for _ in 0..2 {
        let ada = Person::an_admin(at_once, &format!("{:x}@example.com", fastrand::u64(..))).await;
        ada.patch(at_once, "/users/me", json!({ "username": "going", "name": "Going" })).await.ok(200);
        Person::an_admin(at_once, &format!("{:x}@example.com", fastrand::u64(..))).await;
        ada.delete(at_once, "/users/me").await.ok(204);
    }
}

/// An admin that goes, with another one for a witness.
async fn admins(world: &World) {
    let staying = Person::an_admin(world, "staying@example.com").await;
    let leaving = Person::an_admin(world, "leaving@example.com").await;
    leaving.delete(world, "/users/me").await.ok(204);
    let restore = format!("/admin/users/{}/restore", leaving.id);
    staying.put(world, &restore, None).await.ok(200);
    let leaving = Person::sign_in(world, "leaving@example.com", PASSWORD).await;
    let role = |id: &str| format!("/admin/users/{id}/role");
    leaving.put(world, &role(&leaving.id), Some(json!({ "role": "user" }))).await.ok(200);
    staying.put(world, &role(&leaving.id), Some(json!({ "role": "admin" }))).await.ok(200);
    let leaving = Person::sign_in(world, &leaving.email, PASSWORD).await;
    leaving.delete(world, &format!("/users/{}", leaving.id)).await.ok(204);
    // By a token from before the promotion.
    let new = Person::user(world, "promoted@example.com").await;
    staying.put(world, &role(&new.id), Some(json!({ "role": "admin" }))).await.ok(200);
    for path in ["/users", "/admin/users"] {
        new.get(world, &format!("{path}/{}", staying.id)).await.ok(200);
    }
}

/// An address that is taken back, and those that somebody has by then: of a user, of
/// an admin whom another one can witness.
async fn undone(world: &World) {
    for (name, role, is_taken) in
        [("back", Role::User, false), ("taken", Role::User, true), ("root-taken", Role::Admin, true)]
    {
        let (old, new) = (format!("{name}@example.com"), format!("{name}-moved@example.com"));
        world.make_user(&old, |user| user.role = role).await;
        let person = Person::sign_in(world, &old, PASSWORD).await;
        let change = json!({ "current_password": PASSWORD, "new_email": new });
        person.post(world, "/users/me/change-email", change).await.ok(202);
        post(world, "/auth/verify-email", json!({ "token": world.token_for(&new).await }), 204).await;
        if is_taken {
            world.make_user(&old, |_| ()).await;
        }
        post(world, "/auth/revoke", json!({ "token": world.undo_for(&old).await }), 204).await;
    }
}

async fn lists(world: &World) {
    let admin = Person::an_admin(world, "lists@example.com").await;
    for query in
        ["", "?order=oldest&limit=1", "?email=a", "?username=r", "?name=s", "?role=admin&status=active"]
    {
        admin.get(world, &format!("/admin/users{query}")).await.ok(200);
    }
}

/// A post's comments; and with an account its posts and its comments.
async fn what_goes_with_what_is_gone(world: &World) {
    let mut worker = world.worker().await;
    let (ada, bob) =
        (Person::user(world, "writes@example.com").await, Person::user(world, "answers@example.com").await);
    for _ in 0..2 {
        let post = world.write_post(&ada.id, "Words").await;
        world.write_comment(&bob.id, post.id, "Words").await;
        let other = world.write_post(&bob.id, "Words").await;
        world.write_comment(&ada.id, other.id, "Words").await;
        ada.get(world, "/users/me/export").await.ok(200);
        ada.delete(world, &format!("/posts/{}", post.id)).await.ok(204);
        worker.catch_up(world).await;
    }
    world.wait(SignedDuration::from_mins(5));
    for person in [&ada, &bob] {
        post(world, "/auth/forgot-password", json!({ "email": person.email }), 202).await;
        world.deliver().await;
        let user = world.stored(&person.id).await.unwrap();
        world.store.delete_user(&Agent::operator(), &user).await.unwrap().unwrap();
        worker.catch_up(world).await;
    }
}

/// For now, and then sent with the ticket that was made; and for good.
async fn mails_that_fail(world: &World) {
    world.deliver().await;
    world.mailbox.fail_next(1, Failure::Throttled);
    post(world, "/auth/register", json!({ "email": "late@example.com", "password": PASSWORD }), 202).await;
    world.deliver().await;
    world.deliver().await;
    world.mailbox.fail_for("never@example.com", Failure::Rejected);
    post(world, "/auth/register", json!({ "email": "never@example.com", "password": PASSWORD }), 202).await;
    world.deliver().await;
}

/// Somebody who comes, is active, changes and goes, as the stream tells the worker.
async fn statistics(world: &World) {
    let mut worker = world.worker().await;
    let admin = Person::an_admin(world, "statistics@example.com").await;
    let ada = Person::user(world, "counted@example.com").await;
    ada.refresh(world).await.ok(200);
    worker.catch_up(world).await;
    admin.put(world, &format!("/admin/users/{}/deactivate", ada.id), None).await.ok(200);
    worker.catch_up(world).await;
    admin.delete(world, &format!("/admin/users/{}", ada.id)).await.ok(204);
    worker.catch_up(world).await;
}

/// Signing keys that come, sign and go.
async fn keys(world: &World) {
    world.make_user("keys@example.com", |_| ()).await;
    for hours in [24 * 100, 3, 24 * 100, 3] {
        world.wait(SignedDuration::from_hours(hours));
        Person::sign_in(world, "keys@example.com", PASSWORD).await;
    }
}

/// The hash of [`PASSWORD`] as it would have been made at a lower cost.
const WEAK: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$EstMPFmPwEV1ZKsYgQUv5J+Zg0iQylaykGB5kmbPnSE";
