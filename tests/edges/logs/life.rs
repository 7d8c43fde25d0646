//! A life in which every operation succeeds once, told with words that appear
//! nowhere else. What is added to the API and does not succeed as in `events/` gets
//! a step here.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Call, Factor, OTHER_PASSWORD, PASSWORD, Person, World};

/// In every secret and personal value, and in no line.
pub(super) const CANARY: &str = "canary";

/// The settings of a world for it.
pub(super) const SETTINGS: [(&str, &str); 4] = [
    ("ADMIN_REGISTRATION_KEY", "a canary key of more than 32 characters"),
    // A person who does everything at once.
    ("LOGIN_FAILURES", "off"),
    ("SOURCE_LIMIT", "off"),
    ("MAIL_LIMIT", "off"),
];

const ADA: &str = "canary.ada@example.com";
const SECRET: &str = "yellow Canary bicycle 1";
const NEW_SECRET: &str = "yellow Canary bicycle 2";

/// What every request says of the client: nothing of it is to be logged.
pub(super) fn dress(event: &mut Value) {
    let Some(headers) = event.get_mut("headers").and_then(Value::as_object_mut) else { return };
    for (name, value) in [
        ("user-agent", "Canary/1.0"),
        ("referer", "https://canary.example/?token=canary"),
        ("x-forwarded-for", "192.0.2.77"),
        ("x-canary", "canary header"),
        ("accept-language", "x-canary"),
    ] {
        headers.insert(name.to_owned(), json!(value));
    }
    event["cookies"] = json!(["session=canary-cookie-1", "other=canary-cookie-2"]);
    if event.pointer("/requestContext/http").is_some_and(Value::is_object) {
        event["requestContext"]["http"]["userAgent"] = json!("Canary/1.0");
        event["requestContext"]["http"]["sourceIp"] = json!("192.0.2.77");
    }
}

/// Lives it, and returns the admin and a user who are left.
pub(super) async fn live(world: &World) -> (Person, Person) {
    world.listen(dress);
    let root = register(world, "canary.root@example.com", true).await;
    let ada = register(world, ADA, false).await;
    at_home(world, &ada).await;
    let ada = forget(world).await;
    let ada = move_house(world, &ada).await;
    write(world, &ada).await;
    administer(world, &root, &ada).await;
    read(world).await;
    let eve = with_a_second_factor(world, &root).await;
    let _ = eve.delete(world, "/users/me").await.ok(204);
    let left = Person::user(world, "canary.left@example.com").await;
    (root, left)
}

async fn register(world: &World, email: &str, admin: bool) -> Person {
    let name = email.split('@').next().unwrap();
    let mut body = json!({
        "email": email, "password": SECRET, "username": name,
        "name": "Canary Lovelace", "first_name": "Canary", "last_name": "Lovelace-Canary",
    });
    if admin {
        body["admin_key"] = json!("a canary key of more than 32 characters");
    }
    let _ = world.post("/auth/register", body).await.ok(202);
    let body = json!({ "token": world.token_for(email).await, "password": SECRET });
    let reply = world.post("/auth/confirm-registration", body).await.ok(200);
    Person::from_tokens(&reply.body, SECRET)
}

async fn at_home(world: &World, ada: &Person) {
    let body = json!({ "username": "canary.ada", "password": SECRET });
    let other = world.post("/auth/login", body).await.ok(200);
    let other = Person::from_tokens(&other.body, SECRET);
    let _ = ada.get(world, "/users/me").await.ok(200);
    let _ = ada.get(world, &format!("/users/{}", ada.id)).await.ok(200);
    let _ = ada.patch(world, "/users/me", json!({ "name": "Canary King" })).await.ok(200);
    let _ = ada.get(world, "/users/me/sessions").await.ok(200);
    let _ = ada.delete(world, &format!("/users/me/sessions/{}", other.session_id)).await.ok(204);
    let _ = ada.refresh(world).await.ok(200);
    let body = json!({ "current_password": SECRET, "new_password": NEW_SECRET });
    let reply = ada.post(world, "/users/me/change-password", body).await;
    assert!(reply.status < 300, "{}", reply.body);
}

async fn forget(world: &World) -> Person {
    world.deliver().await;
    let _ = world.post("/auth/resend-verification", json!({ "email": ADA })).await.ok(202);
    let _ = world.post("/auth/forgot-password", json!({ "email": ADA })).await.ok(202);
    let body = json!({ "token": world.token_for(ADA).await, "new_password": SECRET });
    let _ = world.post("/auth/reset-password", body).await.ok(204);
    Person::sign_in(world, ADA, SECRET).await
}

async fn move_house(world: &World, ada: &Person) -> Person {
    world.deliver().await;
    let new = "canary.countess@example.com";
    let body = json!({ "new_email": new, "current_password": SECRET });
    let _ = ada.post(world, "/users/me/change-email", body).await.ok(202);
    let body = json!({ "token": world.token_for(new).await });
    let _ = world.post("/auth/verify-email", body).await.ok(204);
    let ada = Person::sign_in(world, new, SECRET).await;
    let _ = ada.post(world, "/auth/logout", json!({})).await.ok(204);
    Person::sign_in(world, new, SECRET).await
}

async fn write(world: &World, ada: &Person) {
    let body = json!({ "title": "Canary notes", "body": "What the Canary weaves" });
    let post = ada.post(world, "/posts", body).await.ok(201);
    let path = format!("/posts/{}", post.body["id"].as_str().unwrap());
    let _ = ada.patch(world, &path, json!({ "title": "Canary sketches" })).await.ok(200);
    let comments = format!("{path}/comments");
    let comment = ada.post(world, &comments, json!({ "body": "So says the Canary" })).await.ok(201);
    let comment = format!("{comments}/{}", comment.body["id"].as_str().unwrap());
    let _ = ada.patch(world, &comment, json!({ "body": "So said the Canary" })).await.ok(200);
    for read in ["/posts", &path, &comments] {
        let _ = ada.get(world, read).await.ok(200);
    }
    let _ = ada.delete(world, &comment).await.ok(204);
    let _ = ada.delete(world, &path).await.ok(204);
}

async fn administer(world: &World, root: &Person, ada: &Person) {
    let _ = root.get(world, "/admin/users?email=canary").await.ok(200);
    let bob = Person::user(world, "canary.bob@example.com").await;
    let carol = Person::user(world, "canary.carol@example.com").await;
    let own = format!("/admin/users/{}", ada.id);
    let _ = root.get(world, &own).await.ok(200);
    for path in [&own, &format!("/users/{}", ada.id)] {
        let _ = root.patch(world, path, json!({ "last_name": "Canary King" })).await.ok(200);
    }
    let _ = root.get(world, &format!("{own}/sessions")).await.ok(200);
    let _ = root.delete(world, &format!("{own}/sessions")).await.ok(204);
    for role in ["admin", "user"] {
        let _ = root.put(world, &format!("{own}/role"), Some(json!({ "role": role }))).await.ok(200);
    }
    for change in ["deactivate", "activate"] {
        let _ = root.put(world, &format!("{own}/{change}"), None).await.ok(200);
    }
    let _ = bob.delete(world, "/users/me").await.ok(204);
    let _ = root.put(world, &format!("/admin/users/{}/restore", bob.id), None).await.ok(200);
    invite(world, root).await;
    let _ = root.delete(world, &format!("/users/{}", bob.id)).await.ok(204);
    let _ = root.delete(world, &format!("/admin/users/{}", carol.id)).await.ok(204);
}

async fn invite(world: &World, root: &Person) {
    let dora = "canary.dora@example.com";
    let body = json!({ "email": dora, "username": "canary.dora", "first_name": "Canary" });
    let call = Call::new("POST", "/admin/users").json(&body).header("idempotency-key", "canary-key");
    let made = root.call(world, call).await.ok(201).body;
    let own = format!("/admin/users/{}", made["id"].as_str().unwrap());
    let _ = root.call(world, Call::new("POST", &format!("{own}/invitation"))).await.ok(202);
    let body = json!({ "token": world.token_for(dora).await, "password": SECRET });
    let reply = world.post("/auth/accept-invite", body).await.ok(200);
    let body = json!({ "current_password": SECRET, "new_password": NEW_SECRET });
    let _ =
        Person::from_tokens(&reply.body, SECRET).post(world, "/users/me/change-password", body).await.ok(204);
    let body = json!({ "token": world.undo_for(dora).await });
    let _ = world.post("/auth/revoke", body).await.ok(204);
    let _ = root.call(world, Call::new("POST", &format!("{own}/require-password-change"))).await.ok(200);
}

/// With every code, of the app and on paper.
async fn with_a_second_factor(world: &World, root: &Person) -> Person {
    let email = "canary.eve@example.com";
    let eve = Person::user(world, email).await;
    let _ = eve.get(world, "/auth/mfa").await.ok(200);
    let factor = Factor::enrolled(world, &eve).await;
    let step = SignedDuration::from_secs(30);
    world.wait(step);
    let token = Person::password_step(world, email, PASSWORD).await;
    let _ = Person::code_step(world, &token, &factor.wrong_code(world)).await.ok(401);
    let _ = Person::code_step(world, &token, &factor.code(world)).await.ok(200);
    let token = Person::password_step(world, email, PASSWORD).await;
    let reply = Person::code_step(world, &token, &factor.recovery[0]).await.ok(200);
    let eve = Person::from_tokens(&reply.body, PASSWORD);
    world.wait(step);
    let _ = eve.post(world, "/auth/mfa/recovery-codes", json!({ "code": factor.code(world) })).await.ok(200);
    world.wait(step);
    let body = json!({ "password": PASSWORD, "code": factor.code(world) });
    let _ = eve.post(world, "/auth/mfa/totp/disable", body).await.ok(204);
    let eve = Person::sign_in(world, email, PASSWORD).await;
    let _ = Factor::enrolled(world, &eve).await;
    let _ = root.delete(world, &format!("/admin/users/{}/mfa", eve.id)).await.ok(204);
    Person::sign_in(world, email, PASSWORD).await
}

async fn read(world: &World) {
    for path in [
        "/docs",
        "/docs/assets/init.js",
        "/docs/openapi.json",
        "/docs/health",
        "/auth/.well-known/jwks.json",
        "/auth/.well-known/openid-configuration",
    ] {
        let _ = world.get(path).await.ok(200);
    }
}

/// What goes wrong, in the ways that are logged.
pub(super) async fn go_wrong(world: &World, ada: &Person) {
    let wrong = json!({ "email": ada.email, "password": "a wrong Canary password" });
    let _ = world.post("/auth/login", wrong).await.ok(401);
    let wrong = json!({ "token": "canary.canary.canary", "new_password": OTHER_PASSWORD });
    let _ = world.post("/auth/reset-password", wrong).await.ok(400);
    let _ = world.get("/auth/canary?token=canary").await.ok(404);
    let _ = world.call(Call::new("CANARY", "/users/canary@example.com")).await;
    world.mailbox.fail_for(&ada.email, local::mailbox::Failure::Rejected);
    let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    world.deliver().await;
    let _ = ada.refresh(world).await.ok(200);
    world.wait(jiff::SignedDuration::from_mins(1));
    let _ = ada.refresh(world).await.ok(401);
    world.deliver().await;
}
