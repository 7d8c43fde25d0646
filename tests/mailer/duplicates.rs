//! The stream may bring a record more than once, in any way. security.md P10.

use std::collections::HashSet;

use serde_json::json;
use tests::{Person, World};

use crate::{batch, failures, notice, register, sent, token, waiting};

#[tokio::test]
async fn a_record_in_two_batches_is_one_mail() {
    let world = World::new().await;
    let (a, b, c) = (
        notice(&world, "a@example.com").await,
        notice(&world, "b@example.com").await,
        notice(&world, "c@example.com").await,
    );
    assert_eq!(world.bring(&batch(&[a, b, a])).await, failures(&[]));
    assert_eq!(world.bring(&batch(&[b, a, c, c, b])).await, failures(&[]));
    assert_eq!(sent(&world), ["a@example.com", "b@example.com", "c@example.com"]);
}

/// Two that deliver at the same time cannot know of each other; but the link is
/// one, whoever sends it, and who finds the mail gone sends nothing.
#[tokio::test]
async fn eight_deliveries_at_once_make_one_ticket() {
    let world = World::new().await;
    for kind in ["forgot-password", "register"] {
        world.mailbox.clear();
        let address = format!("{kind}@example.com");
        if kind == "register" {
            register(&world, &address).await;
        } else {
            world.make_user(&address, |_| ()).await;
            let _ = world.post("/auth/forgot-password", json!({ "email": address })).await.ok(202);
        }
        let event = batch(&[waiting(&world).await]);
        let bring = || world.bring(&event);
        tokio::join!(bring(), bring(), bring(), bring(), bring(), bring(), bring(), bring());
        assert_eq!(world.bring(&event).await, failures(&[]), "whoever lost has it done now");
        let mails = world.mailbox.messages();
        let links: HashSet<&str> = mails.iter().map(|mail| token(&mail.text)).collect();
        assert_eq!(links.len(), 1, "{kind}");
        let tickets = world.items().await.into_iter().filter(|item| item["SK"] == "TICKET").count();
        assert_eq!(tickets, if kind == "register" { 2 } else { 1 }, "one of each kind so far");
        assert_eq!(world.bring(&event).await, failures(&[]));
        assert_eq!(world.mailbox.messages().len(), mails.len(), "a mail that is gone is gone");
    }
}

/// An old record, brought when all is over.
#[tokio::test]
async fn a_record_that_comes_late_says_nothing() {
    let world = World::new().await;
    register(&world, "ada@example.com").await;
    let event = batch(&[waiting(&world).await]);
    assert_eq!(world.bring(&event).await, failures(&[]));
    let body = json!({ "token": world.token_for("ada@example.com").await, "password": tests::PASSWORD });
    let tokens = world.post("/auth/confirm-registration", body).await.ok(200);
    let ada = Person::from_tokens(&tokens.body, tests::PASSWORD);
    assert_eq!(world.bring(&event).await, failures(&[]));
    assert_eq!(sent(&world), [ada.email]);
}
