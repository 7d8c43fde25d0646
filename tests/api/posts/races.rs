//! Requests at one moment, and rights that go between the look and the write.

use serde_json::json;
use shared::model::{Actor, Agent, Role, Status};
use shared::store::{Change, Denied};
use tests::World;

use crate::{items, people, post_of};

#[tokio::test]
async fn of_two_deletions_at_once_one_finds_the_post() {
    let (world, ada, _, eve) = people().await;
    for _ in 0..5 {
        let post = post_of(&world, &ada).await;
        let (one, two) = tokio::join!(ada.delete(&world, &post), eve.delete(&world, &post));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 404]);
    }
    assert!(items(&world).await.is_empty());
}

/// A change never brings back what is deleted.
#[tokio::test]
async fn a_change_at_the_moment_of_deletion_leaves_nothing() {
    let (world, ada, ..) = people().await;
    for _ in 0..10 {
        let post = post_of(&world, &ada).await;
        let body = json!({ "title": "New" });
        let (deleted, changed) = tokio::join!(ada.delete(&world, &post), ada.patch(&world, &post, body));
        assert_eq!(deleted.status, 204);
        assert!([200, 404].contains(&changed.status), "{}", changed.body);
    }
    assert!(items(&world).await.is_empty());
}

/// The write itself asks whether its author is still active, and whether an admin is
/// one still.
#[tokio::test]
async fn who_loses_the_right_between_look_and_write_writes_nothing() {
    let (world, ada, bob, eve) = people().await;
    let post = world.write_post(&ada.id, "Old words").await;
    let comment = world.write_comment(&ada.id, post.id, "Old words").await;
    let eve = world.stored(&eve.id).await.unwrap();
    world.store.set_role(&Agent::operator(), &eve, Role::User).await.unwrap().unwrap();
    let ada_user = world.stored(&ada.id).await.unwrap();
    world.store.set_status(&Agent::operator(), &ada_user, Status::Deactivated).await.unwrap().unwrap();
    let before = items(&world).await;
    for actor in [eve.id, ada_user.id, bob.id.parse().unwrap()] {
        let agent = Agent { actor: Actor::User(actor), ..Agent::operator() };
        let change = Change { title: Some("New".to_owned().try_into().unwrap()), body: None };
        let store = &world.store;
        let lost = Some(Denied::ActorLost);
        assert_eq!(store.update_post(&agent, post.clone(), change).await.unwrap().err(), lost);
        assert_eq!(store.delete_post(&agent, &post).await.unwrap().err(), lost);
        let words = "New".to_owned().try_into().unwrap();
        assert_eq!(store.update_comment(&agent, comment.clone(), words).await.unwrap().err(), lost);
        assert_eq!(store.delete_comment(&agent, &comment).await.unwrap().err(), lost);
    }
    world.write_post(&ada.id, "Nothing").await;
    world.write_comment(&ada.id, post.id, "Nothing").await;
    assert_eq!(items(&world).await, before);
}

#[tokio::test]
async fn twenty_comments_at_once_are_twenty_comments() {
    let (world, ada, bob, _) = people().await;
    let post = post_of(&world, &ada).await;
    let comments = format!("{post}/comments");
    let write = |world: &'static World, n: usize, path: String, who: tests::Person| {
        tokio::spawn(async move { who.post(world, &path, json!({ "body": format!("{n}") })).await.status })
    };
    let world: &'static World = Box::leak(Box::new(world));
    let all: Vec<_> = (0..20)
        .map(|n| write(world, n, comments.clone(), if n % 2 == 0 { ada.clone() } else { bob.clone() }))
        .collect();
    for one in all {
        assert_eq!(one.await.unwrap(), 201);
    }
    assert_eq!(
        ada.get(world, &format!("{comments}?limit=100")).await.ok(200).body["data"].as_array().unwrap().len(),
        20
    );
}
