//! `/posts/**`.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod comments;
mod limit;
mod others;
mod paging;
mod posts;
mod races;
mod texts;
mod unreadable;

use serde_json::{Value, json};
use tests::{Person, Reply, World};

/// A world with Ada, Bob and Eve, an admin.
async fn people() -> (World, Person, Person, Person) {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    (world, ada, bob, eve)
}

/// The path of a new post of somebody's.
async fn post_of(world: &World, author: &Person) -> String {
    let body = json!({ "title": "A title", "body": "A text" });
    path("/posts", &author.post(world, "/posts", body).await.ok(201))
}

/// The path of a new comment of somebody's on the post at `post`.
async fn comment_of(world: &World, author: &Person, post: &str) -> String {
    let comments = format!("{post}/comments");
    path(&comments, &author.post(world, &comments, json!({ "body": "A comment" })).await.ok(201))
}

/// Where what was made is found.
fn path(under: &str, made: &Reply) -> String {
    format!("{under}/{}", made.body["id"].as_str().unwrap())
}

/// The items that posts and comments leave in the table.
async fn items(world: &World) -> Vec<Value> {
    let of_posts = |item: &Value| {
        let pk = item["PK"].as_str().unwrap();
        ["POST#", "POSTS", "AUTHOR#"].iter().any(|start| pk.starts_with(start))
    };
    world.items().await.into_iter().filter(of_posts).collect()
}

/// An id that nobody has, and what is no id.
fn nobodys_ids(world: &World) -> [String; 6] {
    let unknown = shared::model::PostId::new(world.now()).to_string();
    let shouted = unknown.to_uppercase();
    let ids = [&unknown, &shouted, "garbage", "%FF", "%00", "POST%23"];
    ids.map(str::to_owned)
}
