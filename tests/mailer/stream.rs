//! Through the table's own stream: of `DynamoDB` Local under `make test`, else of
//! the embedded engine.

use local::mailbox::Failure;
use local::stream::{Poll, Trigger};
use serde_json::{Value, json};
use tests::{PASSWORD, Person, World};

use crate::{register, sent, token};

/// Looks at the stream once and has the mailer take what is new.
pub(crate) async fn poll(world: &World, trigger: &mut Trigger) -> Poll {
    let mut invoke = |event: Value| async move { Ok(world.bring(&event).await) };
    trigger.poll_once(&mut invoke).await.unwrap()
}

#[tokio::test]
async fn a_persons_mail_arrives_through_the_stream_and_its_link_works() {
    let world = World::new().await;
    let mut trigger = world.trigger().await;
    register(&world, "ada@example.com").await;
    assert_eq!(poll(&world, &mut trigger).await, Poll { delivered: 1, dropped: 0, failing: 0 });
    let mails = world.mailbox.messages();
    let body = json!({ "token": token(&mails[0].text), "password": PASSWORD });
    let tokens = world.post("/auth/confirm-registration", body).await.ok(200);
    let ada = Person::from_tokens(&tokens.body, PASSWORD);
    let _ = ada.get(&world, "/users/me").await.ok(200);
    // Users, sessions, tickets and deletions in the stream are none of the mailer's business.
    assert_eq!(poll(&world, &mut trigger).await, Poll::default());
    assert_eq!(sent(&world), ["ada@example.com"]);
}

#[tokio::test]
async fn a_partial_failure_is_brought_again_and_each_mail_is_sent_once() {
    let world = World::new().await;
    let mut trigger = world.trigger().await;
    world.mailbox.fail_for("b@example.com", Failure::Throttled);
    world.mailbox.fail_for("d@example.com", Failure::Rejected);
    for address in ["a@example.com", "b@example.com", "c@example.com", "d@example.com"] {
        register(&world, address).await;
    }
    for _ in 0..2 {
        assert!(poll(&world, &mut trigger).await.failing > 0);
        assert_eq!(sent(&world), ["a@example.com", "c@example.com"]);
    }
    world.mailbox.heal("b@example.com");
    assert_eq!(poll(&world, &mut trigger).await.failing, 0);
    assert_eq!(poll(&world, &mut trigger).await, Poll::default());
    assert_eq!(sent(&world), ["a@example.com", "b@example.com", "c@example.com"]);
}

/// What was given up stays in the table, and the operator's retry is a new record.
#[tokio::test]
async fn what_the_stream_gave_up_is_delivered_when_the_operator_retries_it() {
    let world = World::new().await;
    let mut trigger = world.trigger().await.with_max_retries(1);
    world.mailbox.fail_for("ada@example.com", Failure::ServerError);
    register(&world, "ada@example.com").await;
    assert_eq!(poll(&world, &mut trigger).await.failing, 1);
    assert_eq!(poll(&world, &mut trigger).await.dropped, 1);
    world.mailbox.heal("ada@example.com");
    assert_eq!(poll(&world, &mut trigger).await, Poll::default());
    for mail in world.store.waiting_mails().await.unwrap() {
        assert!(world.store.retry_mail(&mail).await.unwrap());
    }
    assert_eq!(poll(&world, &mut trigger).await.delivered, 1);
    assert_eq!(sent(&world), ["ada@example.com"]);
}
