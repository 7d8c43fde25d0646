//! What reaches the index, whose partitions take 1,000 writes a second each: what
//! `docs/scale.md` says, and no more.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Call, OTHER_PASSWORD, PASSWORD, Person, World};

const DOCUMENT: &str = include_str!("../../docs/scale.md");
const PARTITIONS: [&str; 5] = ["USERS", "EMAILS", "USERNAMES", "NAMES", "AUDIT"];

/// The index's entries: by the item's key, its place and what is projected.
type Entries = BTreeMap<String, Vec<Value>>;

/// The writes that each partition of the index gets, as the document has them.
fn documented(operation: &str) -> [u32; 5] {
    let begin = format!("| {operation} |");
    let line = DOCUMENT.lines().find(|line| line.starts_with(&begin));
    let line = line.unwrap_or_else(|| panic!("docs/scale.md has no line {begin}"));
    let numbers: Vec<u32> = line.split('|').filter_map(|cell| cell.trim().parse().ok()).collect();
    numbers.try_into().unwrap()
}

async fn entries(world: &World) -> Entries {
    let items = world.items().await.into_iter().filter(|item| item["GSI1PK"].is_string());
    let entry = |item: Value| {
        let of = ["GSI1PK", "GSI1SK", "role", "status"].map(|name| item[name].clone()).to_vec();
        (format!("{} {}", item["PK"], item["SK"]), of)
    };
    items.map(entry).collect()
}

/// The writes to the index that lead from the one to the other: a new, deleted or changed
/// entry is one, and one whose place changes is two.
fn writes(before: &Entries, after: &Entries) -> [u32; 5] {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut count = |entry: &[Value], number| {
        let partition = entry[0].as_str().unwrap().split('#').next().unwrap().to_owned();
        *counts.entry(partition).or_default() += number;
    };
    for (key, entry) in after {
        match before.get(key) {
            None => count(entry, 1),
            Some(old) if old == entry => {}
            Some(old) => count(entry, if old[..2] == entry[..2] { 1 } else { 2 }),
        }
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    gone.for_each(|(_, entry)| count(entry, 1));
    PARTITIONS.map(|partition| counts.get(partition).copied().unwrap_or(0))
}

/// Does it, and holds it to the document's line.
async fn holds(world: &World, operation: &str, call: Call) -> Value {
    let before = entries(world).await;
    let reply = world.call(call).await;
    assert!(reply.status < 300, "{operation}: {} {}", reply.status, reply.body);
    assert_eq!(writes(&before, &entries(world).await), documented(operation), "{operation}");
    reply.body
}

async fn ada(world: &World) -> Person {
    let named = |user: &mut shared::model::User| {
        user.username = Some("ada".parse().unwrap());
        user.name = Some("Ada Lovelace".to_owned().try_into().unwrap());
    };
    world.make_user("ada@example.com", named).await;
    Person::sign_in(world, "ada@example.com", PASSWORD).await
}

#[tokio::test]
async fn a_sign_up_is_listed_once_in_each_partition() {
    let world = World::with(&[("EMAIL_VERIFICATION", "optional")]).await;
    let body = json!({
        "email": "ada@example.com", "password": PASSWORD, "username": "ada", "name": "Ada Lovelace",
    });
    holds(&world, "sign-up", Call::new("POST", "/auth/register").json(&body)).await;
}

#[tokio::test]
async fn who_comes_and_goes_does_not_reach_the_index() {
    let world = World::new().await;
    ada(&world).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let tokens = holds(&world, "sign-in", Call::new("POST", "/auth/login").json(&body)).await;
    let body = json!({ "refresh_token": tokens["refresh_token"] });
    let tokens = holds(&world, "refresh", Call::new("POST", "/auth/refresh").json(&body)).await;
    let token = tokens["access_token"].as_str().unwrap();
    holds(&world, "profile read", Call::new("GET", "/users/me").token(token)).await;
    let body = json!({ "email": "ada@example.com" });
    holds(&world, "a reset asked for", Call::new("POST", "/auth/forgot-password").json(&body)).await;
    holds(&world, "sign-out", Call::new("POST", "/auth/logout").token(token)).await;
}

#[tokio::test]
async fn what_one_changes_of_oneself_reaches_what_it_is_listed_by() {
    let world = World::new().await;
    let token = ada(&world).await.access_token;
    let change = |body: Value| Call::new("PATCH", "/users/me").json(&body).token(&token);
    holds(&world, "another language", change(json!({ "locale": "de" }))).await;
    holds(&world, "another name", change(json!({ "name": "Ada King" }))).await;
    holds(&world, "another username", change(json!({ "username": "countess" }))).await;
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    let call = Call::new("POST", "/users/me/change-password").json(&body).token(&token);
    holds(&world, "another password", call).await;
}

#[tokio::test]
async fn what_an_admin_does_reaches_the_list_of_users() {
    let world = World::new().await;
    let root = Person::an_admin(&world, "root@example.com").await;
    let id = ada(&world).await.id;
    let call = |method: &str, rest: &str| {
        Call::new(method, &format!("/admin/users/{id}{rest}")).token(&root.access_token)
    };
    for role in ["admin", "user"] {
        holds(&world, "role changed", call("PUT", "/role").json(&json!({ "role": role }))).await;
    }
    holds(&world, "deactivated", call("PUT", "/deactivate")).await;
    holds(&world, "deleted by an admin", call("DELETE", "")).await;
}
