//! Steps that several files take, and looks into the table.

use std::future::Future;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::App;
use shared::config::Config;
use shared::http::Function;
use shared::model::{Status, UserId};
use tests::{Call, PASSWORD, Person, Reply, World};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// `POST /auth/login` by address.
pub async fn login(world: &World, email: &str, password: &str) -> Reply {
    world.post("/auth/login", json!({ "email": email, "password": password })).await
}

/// `POST /auth/refresh`.
pub async fn refresh(world: &World, token: &str) -> Reply {
    world.post("/auth/refresh", json!({ "refresh_token": token })).await
}

/// Registers and returns the mailed token.
pub async fn registration(world: &World, body: &Value) -> String {
    world.post("/auth/register", body.clone()).await.ok(202);
    world.token_for(body["email"].as_str().unwrap()).await
}

/// `POST /auth/confirm-registration`.
pub async fn confirm(world: &World, token: &str, password: &str) -> Reply {
    world.post("/auth/confirm-registration", json!({ "token": token, "password": password })).await
}

/// Asks for a reset and returns the mailed token. What waited before is delivered
/// first: mails of one instant go out in no order.
pub async fn reset_token(world: &World, email: &str) -> String {
    world.deliver().await;
    world.post("/auth/forgot-password", json!({ "email": email })).await.ok(202);
    world.token_for(email).await
}

/// `POST /auth/reset-password`.
pub async fn reset(world: &World, token: &str, password: &str) -> Reply {
    world.post("/auth/reset-password", json!({ "token": token, "new_password": password })).await
}

/// `POST /auth/verify-email`.
pub async fn verify(world: &World, token: &str) -> Reply {
    world.post("/auth/verify-email", json!({ "token": token })).await
}

/// A world in which an account is made at once.
pub async fn optional_world() -> World {
    World::with(&[("EMAIL_VERIFICATION", "optional")]).await
}

/// Somebody who registers in such a world, signed in with an unverified address.
pub async fn unverified(world: &World, email: &str) -> Person {
    world.post("/auth/register", json!({ "email": email, "password": PASSWORD })).await.ok(201);
    Person::sign_in(world, email, PASSWORD).await
}

/// Has an admin shut somebody out.
pub async fn deactivate(world: &World, person: &Person) {
    let admin = Person::admin(world, "root@example.com").await;
    let path = format!("/admin/users/{}/deactivate", person.id);
    admin.put(world, &path, None).await.ok(200);
    assert_eq!(stored_user(world, person).await.status, Status::Deactivated);
}

/// The user as the table has it.
pub async fn stored_user(world: &World, person: &Person) -> shared::model::User {
    let id: UserId = person.id.parse().unwrap();
    world.store.user(id).await.unwrap().unwrap()
}

/// The raw answer to a `POST`, for comparing whole answers.
pub async fn raw(world: &World, path: &str, body: Value) -> Value {
    world.answer("auth", &Call::new("POST", path).json(&body).event()).await
}

/// Another `auth` function on the world's table, with other settings.
pub fn auth_under(world: &World, settings: &[(&str, &str)]) -> Function {
    let mut all = world.settings.clone();
    all.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let config = Config::read(auth::SETTINGS, |name| all.get(name).cloned()).unwrap();
    let store = world.store.clone();
    Function::new(App::new(config, store, world.clock.clone()), auth::routes())
}

/// `POST` to such a function.
pub async fn post_to(function: &Function, path: &str, body: Value) -> Reply {
    Reply::read(&function.call(&Call::new("POST", path).json(&body).event()).await)
}

/// Makes all requests at once. Those that are told to try again, on a busy machine,
/// do so one after the other.
pub async fn at_once<F, R>(requests: impl IntoIterator<Item = F>) -> Vec<Reply>
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Reply> + Send,
{
    let mut all = JoinSet::new();
    let turn = Arc::new(Mutex::new(()));
    for request in requests {
        let turn = turn.clone();
        all.spawn(async move {
            let mut reply = request().await;
            for _ in 0..20 {
                if reply.status != 503 {
                    return reply;
                }
                let _mine = turn.lock().await;
                reply = request().await;
            }
            panic!("still 503: {}", reply.body);
        });
    }
    all.join_all().await
}

/// How many of the replies have this status and code.
pub fn count(replies: &[Reply], status: u16, code: &str) -> usize {
    replies.iter().filter(|reply| (reply.status, reply.code()) == (status, code)).count()
}

/// Every item of the table.
#[expect(clippy::disallowed_methods, reason = "a test may read the whole table")]
pub async fn dump(world: &World) -> Vec<Value> {
    let pages = world.client.scan().table_name(&world.table).consistent_read(true).into_paginator();
    let items: Vec<_> = pages.items().send().collect::<Result<_, _>>().await.unwrap();
    serde_dynamo::from_items(items).unwrap()
}

/// How many users there are.
pub async fn users(world: &World) -> usize {
    dump(world).await.iter().filter(|item| item["SK"] == "PROFILE").count()
}

/// Every string in `values`, and the parts of those made of parts.
pub fn strings(values: &[Value]) -> Vec<String> {
    fn collect(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                found.push(text.clone());
                found.extend(text.split(['#', '$']).map(str::to_owned));
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
            Value::Object(values) => values.values().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for value in values {
        collect(value, &mut found);
    }
    found
}

/// Replaces somebody's password hash in the table.
pub async fn set_hash(world: &World, person: &Person, hash: &str) {
    let text = |text: String| AttributeValue::S(text);
    let update = world.client.update_item().table_name(&world.table);
    update
        .key("PK", text(format!("USER#{}", person.id)))
        .key("SK", text("PROFILE".to_owned()))
        .update_expression("SET password_hash = :hash")
        .condition_expression("attribute_exists(password_hash)")
        .expression_attribute_values(":hash", text(hash.to_owned()))
        .send()
        .await
        .unwrap();
}
