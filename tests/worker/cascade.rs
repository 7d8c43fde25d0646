//! What goes with a post or an account that is gone, through the table's stream.

use std::cell::Cell;

use serde_json::{Value, json};
use shared::model::{Actor, Agent, Post};
use shared::store::{Cleared, Removed};
use tests::faults::{Fault, Faults};
use tests::invariants::Checker;
use tests::{Person, World, record};

fn agent(person: &Person) -> Agent {
    Agent { actor: Actor::User(person.id.parse().unwrap()), ..Agent::operator() }
}

/// The items whose keys or values hold the text, but for the audit and what is counted.
pub(crate) async fn naming(world: &World, text: &str) -> Vec<Value> {
    let is_log = |item: &Value| {
        ["AUDIT#", "STATS#"].iter().any(|start| item["PK"].as_str().unwrap().starts_with(start))
    };
    let items = world.items().await;
    items.into_iter().filter(|item| !is_log(item) && item.to_string().contains(text)).collect()
}

/// The items of posts and comments.
pub(crate) async fn written(world: &World) -> Vec<Value> {
    let is_written = |item: &Value| {
        ["POST#", "POSTS", "AUTHOR#"].iter().any(|start| item["PK"].as_str().unwrap().starts_with(start))
    };
    world.items().await.into_iter().filter(is_written).collect()
}

pub(crate) async fn comment(world: &World, author: &Person, post: &Post, times: usize) {
    for _ in 0..times {
        world.write_comment(&author.id, post.id, "A comment").await;
    }
}

#[tokio::test]
async fn a_post_takes_all_of_its_250_comments_with_it_and_nothing_else() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    let post = world.write_post(&ada.id, "A post").await;
    let other = world.write_post(&ada.id, "Another post").await;
    comment(&world, &bob, &post, 200).await;
    comment(&world, &ada, &post, 50).await;
    comment(&world, &bob, &other, 2).await;
    let _ = ada.delete(&world, &format!("/posts/{}", post.id)).await.ok(204);
    assert_eq!(naming(&world, &post.id.to_string()).await.len(), 500, "a comment, and who wrote it");
    worker.catch_up(&world).await;
    assert_eq!(naming(&world, &post.id.to_string()).await, Vec::<Value>::new());
    let page = bob.get(&world, &format!("/posts/{}/comments", other.id)).await.ok(200);
    assert_eq!(page.body["data"].as_array().unwrap().len(), 2);
    assert_eq!(Checker::new().check(&world).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_account_takes_its_posts_with_everybodys_comments_and_its_comments_with_it() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    let theirs = world.write_post(&bob.id, "Of Bob").await;
    let (mut posts, mut left) = (Vec::new(), 0);
    for _ in 0..40 {
        let post = world.write_post(&ada.id, "Of Ada").await;
        comment(&world, &bob, &post, 3).await;
        comment(&world, &ada, &post, 1).await;
        comment(&world, &ada, &theirs, 1).await;
        posts.push(post.id.to_string());
    }
    comment(&world, &bob, &theirs, 5).await;
    left += 3 + 5 * 2;
    crate::remove(&world, &ada).await;
    worker.catch_up(&world).await;
    assert_eq!(naming(&world, &ada.id).await, Vec::<Value>::new());
    for post in &posts {
        assert_eq!(naming(&world, post).await, Vec::<Value>::new());
    }
    assert_eq!(written(&world).await.len(), left);
    assert_eq!(Checker::new().check(&world).await, Vec::<String>::new());
    let page = bob.get(&world, "/posts").await.ok(200);
    assert_eq!(page.body["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_brought_again_late_or_in_another_order_changes_nothing() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    let theirs = world.write_post(&bob.id, "Of Bob").await;
    let post = world.write_post(&ada.id, "Of Ada").await;
    comment(&world, &bob, &post, 2).await;
    comment(&world, &bob, &theirs, 2).await;
    crate::remove(&world, &ada).await;
    worker.catch_up(&world).await;
    let before = written(&world).await;
    assert_eq!(before.len(), 3 + 4);
    let mut records = worker.brought.clone();
    for _ in 0..2 {
        records.reverse();
        let again = world.work(&json!({ "Records": records })).await;
        assert_eq!(again, json!({ "batchItemFailures": [] }));
        assert_eq!(written(&world).await, before);
    }
}

/// A record that says so of an account or post that is there takes nothing from it.
#[tokio::test]
async fn nothing_of_an_account_or_post_that_is_there_is_deleted() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let post = world.write_post(&ada.id, "A post").await;
    comment(&world, &ada, &post, 2).await;
    let before = written(&world).await;
    let removals = [
        record("REMOVE", &format!("USER#{}", ada.id), "PROFILE"),
        record("REMOVE", &format!("POST#{}", post.id), "POST"),
    ];
    let done = world.work(&json!({ "Records": removals })).await;
    assert_eq!(done, json!({ "batchItemFailures": [] }));
    assert_eq!(written(&world).await, before);
}

/// As when the Lambda's time is up: 30 at a time, and the next try goes on.
#[tokio::test]
async fn what_there_is_no_time_for_is_done_by_the_next_try() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let post = world.write_post(&ada.id, "A post").await;
    comment(&world, &ada, &post, 70).await;
    world.store.delete_post(&agent(&ada), &post).await.unwrap().unwrap();
    for (left, cleared) in
        [(140, Cleared::InPart), (80, Cleared::InPart), (20, Cleared::InPart), (0, Cleared::InPart)]
    {
        assert_eq!(written(&world).await.len(), left);
        let once = Cell::new(true);
        let done = world.store.clear(Removed::Post(post.id), || once.replace(false)).await.unwrap();
        assert_eq!(done, if left == 0 { Cleared::All } else { cleared });
    }
}

#[tokio::test]
async fn a_record_is_brought_again_until_the_table_has_done_all_of_it() {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    let ada = Person::user(&world, "ada@example.com").await;
    let post = world.write_post(&ada.id, "A post").await;
    comment(&world, &ada, &post, 40).await;
    world.store.delete_post(&agent(&ada), &post).await.unwrap().unwrap();
    let gone = record("REMOVE", &format!("POST#{}", post.id), "POST");
    let event = json!({ "Records": [gone] });
    faults.always(Fault::ServerError);
    let failed = json!({ "batchItemFailures": [{ "itemIdentifier": gone["dynamodb"]["SequenceNumber"] }] });
    assert_eq!(world.work(&event).await, failed);
    assert_eq!(written(&world).await.len(), 80);
    faults.heal();
    assert_eq!(world.work(&event).await, json!({ "batchItemFailures": [] }));
    assert_eq!(written(&world).await, Vec::<Value>::new());
}

/// Whichever comes first: a comment that was written before goes with the post, and
/// one after is refused, also one that comes when all has been cleared away.
#[tokio::test]
async fn a_comment_at_the_moment_of_its_posts_deletion_is_no_orphan() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    for round in 1..8 {
        let post = world.write_post(&ada.id, "A post").await;
        let path = format!("/posts/{}", post.id);
        let written_so_far = Cell::new(0);
        let comments = async {
            let path = format!("{path}/comments");
            while written_so_far.get() < 500 {
                let three = tokio::join!(
                    say(&world, &bob, &path),
                    say(&world, &ada, &path),
                    say(&world, &bob, &path)
                );
                let refused = [three.0, three.1, three.2].iter().filter(|status| **status == 404).count();
                written_so_far.set(written_so_far.get() + 3 - refused);
                if refused == 3 {
                    return;
                }
            }
        };
        let deletion = async {
            while written_so_far.get() < round {
                tokio::task::yield_now().await;
            }
            let _ = ada.delete(&world, &path).await.ok(204);
            worker.catch_up(&world).await;
        };
        tokio::join!(comments, deletion);
        assert!((1..500).contains(&written_so_far.get()), "comments are refused from some time on");
        assert_eq!(written(&world).await, Vec::<Value>::new());
    }
}

/// The status of a comment.
async fn say(world: &World, who: &Person, path: &str) -> u16 {
    let reply = who.post(world, path, json!({ "body": "First" })).await;
    assert!([201, 404].contains(&reply.status), "{}", reply.body);
    reply.status
}

/// The same for an account that goes while it writes.
#[tokio::test]
async fn what_is_written_at_the_moment_of_its_authors_deletion_is_no_orphan() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    let bob = Person::user(&world, "bob@example.com").await;
    let theirs = world.write_post(&bob.id, "Of Bob").await;
    for round in 0..6 {
        let ada = Person::user(&world, &format!("ada{round}@example.com")).await;
        let written_so_far = Cell::new(0);
        // As a request does that was let in just before.
        let writing = async {
            for _ in 0..60 {
                let post = world.write_post(&ada.id, "Of Ada").await;
                world.write_comment(&ada.id, theirs.id, "Of Ada").await;
                world.write_comment(&ada.id, post.id, "Of Ada").await;
                written_so_far.set(written_so_far.get() + 1);
            }
        };
        let deletion = async {
            while written_so_far.get() <= round {
                tokio::task::yield_now().await;
            }
            crate::remove(&world, &ada).await;
            worker.catch_up(&world).await;
        };
        tokio::join!(writing, deletion);
        assert_eq!(naming(&world, &ada.id).await, Vec::<Value>::new());
    }
    assert_eq!(written(&world).await.len(), 3);
}
