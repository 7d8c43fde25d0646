//! Batches that are brought again. A mail is sent once, and its ticket made once.

use jiff::SignedDuration;
use local::mailbox::Failure;
use serde_json::json;
use tests::faults::{Fault, Faults};
use tests::{OTHER_PASSWORD, Person, World};

use crate::{batch, failures, register, token, waiting};

#[tokio::test]
async fn a_batch_that_is_brought_again_sends_nothing_twice() {
    let world = World::new().await;
    register(&world, "ada@example.com").await;
    let id = waiting(&world).await;
    for _ in 0..3 {
        assert_eq!(world.bring(&batch(&[id, id])).await, failures(&[]));
    }
    assert_eq!(world.mailbox.messages().len(), 1);
}

/// A crash between SES's yes and the deletion: the same mail again, with the same
/// link, and the older of the two works as well.
#[tokio::test]
async fn a_mail_that_is_sent_twice_after_all_has_the_same_link() {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    register(&world, "ada@example.com").await;
    let id = waiting(&world).await;
    faults.next(3, "DeleteItem", Fault::ServerError);
    assert_eq!(world.bring(&batch(&[id])).await, failures(&[id]));
    world.wait(SignedDuration::from_mins(5));
    assert_eq!(world.bring(&batch(&[id])).await, failures(&[]));
    let mails = world.mailbox.messages();
    assert_eq!(mails.len(), 2);
    assert_eq!(token(&mails[0].text), token(&mails[1].text));
    let body = json!({ "token": token(&mails[0].text), "password": tests::PASSWORD });
    let _ = world.post("/auth/confirm-registration", body).await.ok(200);
}

/// The link is from the ticket's making, not from the last try's.
#[tokio::test]
async fn a_retry_does_not_prolong_the_ticket() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    world.mailbox.fail_for("ada@example.com", Failure::Throttled);
    let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    world.deliver().await;
    world.wait(SignedDuration::from_mins(50));
    world.mailbox.heal("ada@example.com");
    let reset = world.token_for("ada@example.com").await;
    world.wait(SignedDuration::from_mins(10));
    let body = json!({ "token": reset, "new_password": OTHER_PASSWORD });
    world.post("/auth/reset-password", body).await.refused(400, "invalid_token");
}

/// SES took it but the table did not let go of it; by then the link was used.
#[tokio::test]
async fn a_retry_after_the_link_was_used_sends_nothing_and_makes_no_second_ticket() {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let before = world.mailbox.messages().len();
    let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    let id = waiting(&world).await;
    faults.next(3, "DeleteItem", Fault::ServerError);
    assert_eq!(world.bring(&batch(&[id])).await, failures(&[id]));
    let reset = token(&world.mailbox.messages()[before].text).to_owned();
    let body = json!({ "token": reset, "new_password": OTHER_PASSWORD });
    let _ = world.post("/auth/reset-password", body.clone()).await.ok(204);

    assert_eq!(world.bring(&batch(&[id])).await, failures(&[]));
    assert_eq!(world.mailbox.messages().len(), before + 1);
    world.post("/auth/reset-password", body).await.refused(400, "invalid_token");
    assert!(world.store.mail(id).await.unwrap().is_none(), "it is done with");
}

/// Two invocations that deliver the same mail at the same time: an expired
/// invocation of Lambda may still be running when its batch is brought again.
#[tokio::test]
async fn two_deliveries_at_the_same_time_lose_no_mail() {
    let world = World::new().await;
    register(&world, "ada@example.com").await;
    let id = waiting(&world).await;
    world.mailbox.fail_for("ada@example.com", Failure::Throttled);
    let event = batch(&[id]);
    tokio::join!(world.bring(&event), world.bring(&event), world.bring(&event));
    assert_eq!(waiting(&world).await, id, "no loser throws away what the winner could not send");
    world.mailbox.heal("ada@example.com");
    assert_eq!(world.bring(&event).await, failures(&[]));
    assert_eq!(world.mailbox.messages().len(), 1);
}
