//! SES is away, and comes back: nothing is lost, and each mail goes out once.
//! security.md P10.

use local::mailbox::Failure;
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::stream::poll;
use crate::{batch, failures, notice, register, sent, token};

/// P10: through the table's own stream, with all that people do meanwhile.
#[tokio::test]
async fn an_outage_of_ses_loses_no_mail_and_sends_none_twice() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let mut trigger = world.trigger().await.with_max_retries(100);
    for outage in [Failure::ServerError, Failure::Throttled] {
        world.mailbox.clear();
        world.mailbox.fail_all(outage);
        let new = format!("eve-{outage:?}@example.com").to_lowercase();
        register(&world, &new).await;
        let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
        register(&world, &ada.email).await;
        for _ in 0..3 {
            assert!(poll(&world, &mut trigger).await.failing > 0);
        }
        assert_eq!(sent(&world), [""; 0]);

        world.mailbox.recover();
        assert_eq!(poll(&world, &mut trigger).await.failing, 0);
        assert_eq!(sent(&world), ["ada@example.com", "ada@example.com", new.as_str()]);
        assert!(world.store.waiting_mails().await.unwrap().is_empty());
        assert_eq!(poll(&world, &mut trigger).await.delivered, 0);

        let token = world.token_for(&new).await;
        let body = json!({ "token": token, "password": PASSWORD });
        let _ = world.post("/auth/confirm-registration", body).await.ok(200);
    }
}

/// P10: the batch is brought again from the first that failed, with those behind
/// it that did not.
#[tokio::test]
async fn an_outage_in_the_middle_of_a_batch_repeats_no_mail_of_it() {
    let world = World::new().await;
    let addresses = ["a", "b", "c", "d", "e", "f"].map(|name| format!("{name}@example.com"));
    let mut ids = Vec::new();
    for address in &addresses {
        ids.push(notice(&world, address).await);
    }
    for address in &addresses[2..5] {
        world.mailbox.fail_for(address, Failure::ServerError);
    }
    assert_eq!(world.bring(&batch(&ids)).await, failures(&ids[2..5]));
    assert_eq!(world.bring(&batch(&ids[2..])).await, failures(&ids[2..5]));
    for address in &addresses[2..5] {
        world.mailbox.heal(address);
    }
    assert_eq!(world.bring(&batch(&ids[2..])).await, failures(&[]));
    assert_eq!(sent(&world), addresses);
}

/// P10: SES has taken it and the mailer cannot know. The price of losing none is
/// the same mail again, with the same link.
#[tokio::test]
async fn a_mail_whose_yes_was_lost_goes_out_again_with_the_same_link() {
    let world = World::new().await;
    world.make_user("ada@example.com", |_| ()).await;
    world.mailbox.fail_next(2, Failure::Lost);
    let _ = world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    for _ in 0..4 {
        world.deliver().await;
    }
    let mails = world.mailbox.messages();
    assert_eq!(mails.len(), 3, "two whose yes was lost, and one");
    assert!(mails.iter().all(|mail| mail.text == mails[0].text));
    let body = json!({ "token": token(&mails[0].text), "new_password": OTHER_PASSWORD });
    let _ = world.post("/auth/reset-password", body.clone()).await.ok(204);
    world.post("/auth/reset-password", body).await.refused(400, "invalid_token");
}
