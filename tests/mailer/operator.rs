//! What `usher mail retry` does with mails that were not sent. security.md P10.

use jiff::SignedDuration;
use local::mailbox::Failure;
use serde_json::json;
use tests::World;

use crate::{register, waiting};

/// P10.
#[tokio::test]
async fn a_marked_mail_that_the_operator_retries_is_delivered_with_a_link_that_works() {
    let world = World::new().await;
    world.mailbox.fail_for("ada@example.com", Failure::Rejected);
    register(&world, "ada@example.com").await;
    world.deliver().await;
    world.mailbox.heal("ada@example.com");
    let marked = world.store.mail(waiting(&world).await).await.unwrap().unwrap();
    assert!(world.store.retry_mail(&marked).await.unwrap());
    assert!(!world.store.retry_mail(&marked).await.unwrap(), "it is a new one now");
    let token = world.token_for("ada@example.com").await;
    let body = json!({ "token": token, "password": tests::PASSWORD });
    let _ = world.post("/auth/confirm-registration", body).await.ok(200);
    assert!(world.store.waiting_mails().await.unwrap().is_empty());
}

/// The link of the first try is long void by then.
#[tokio::test]
async fn a_mail_that_the_operator_retries_after_a_day_has_a_link_that_works() {
    for failure in [Failure::Rejected, Failure::ServerError] {
        let world = World::new().await;
        world.mailbox.fail_for("ada@example.com", failure);
        register(&world, "ada@example.com").await;
        world.deliver().await;
        world.mailbox.heal("ada@example.com");
        world.wait(SignedDuration::from_hours(25));
        let marked = world.store.mail(waiting(&world).await).await.unwrap().unwrap();
        assert!(world.store.retry_mail(&marked).await.unwrap());
        let body = json!({ "token": world.token_for("ada@example.com").await, "password": tests::PASSWORD });
        let _ = world.post("/auth/confirm-registration", body).await.ok(200);
    }
}
