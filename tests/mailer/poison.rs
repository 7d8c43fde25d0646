//! Mails that can never be sent are marked, and hold up no other. security.md P10.

use local::mailbox::Failure;
use serde_json::{Value, json};
use shared::model::MailId;
use tests::{Person, World};

use crate::stream::poll;
use crate::{batch, failures, notice, register, sent, waiting};

/// Puts an item as it is.
async fn put(world: &World, item: Value) {
    let item = serde_dynamo::to_item(item).unwrap();
    world.client.put_item().table_name(&world.table).set_item(Some(item)).send().await.unwrap();
}

/// Puts something into the outbox that is no mail.
async fn garbage(world: &World, rest: &Value) -> MailId {
    let id = MailId::new(world.now());
    let mut item = json!({ "PK": format!("MAIL#{id}"), "SK": "MAIL", "id": id });
    item.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    put(world, item).await;
    id
}

/// Why a mail was given up.
async fn failure(world: &World, id: MailId) -> Option<String> {
    let items = world.items().await;
    let item = items.iter().find(|item| item["PK"] == format!("MAIL#{id}")).unwrap();
    item["failure"].as_str().map(str::to_owned)
}

/// P10: one batch with all that can be wrong, and good mails in between.
#[tokio::test]
async fn a_batch_of_poison_delivers_the_good_and_repeats_only_what_may_pass() {
    let world = World::new().await;
    world.mailbox.fail_for("refused@example.com", Failure::Rejected);
    world.mailbox.fail_for("later@example.com", Failure::Throttled);
    let unreadable = [
        garbage(&world, &json!({})).await,
        garbage(&world, &json!({ "mail": 7 })).await,
        garbage(&world, &json!({ "mail": "notice", "to": "no address", "notice": "password_changed" })).await,
        garbage(&world, &json!({ "mail": "no_such_kind", "to": "ada@example.com" })).await,
        garbage(&world, &json!({ "mail": "reset_password", "to": "ada@example.com", "ticket_made": "x" }))
            .await,
    ];
    let good = [notice(&world, "a@example.com").await, notice(&world, "b@example.com").await];
    let refused = notice(&world, "refused@example.com").await;
    let later = notice(&world, "later@example.com").await;
    let gone = MailId::new(world.now());
    let mut ids = unreadable.to_vec();
    ids.splice(1..1, [good[0], later, refused]);
    ids.extend([gone, good[1], good[1], refused]);

    assert_eq!(world.bring(&batch(&ids)).await, failures(&[later]));
    assert_eq!(sent(&world), ["a@example.com", "b@example.com"]);
    for id in unreadable {
        assert!(failure(&world, id).await.is_some(), "{id}");
    }
    assert_eq!(failure(&world, refused).await.as_deref(), Some("MessageRejected"));
    assert_eq!(failure(&world, later).await, None);

    world.mailbox.heal("refused@example.com");
    world.mailbox.heal("later@example.com");
    assert_eq!(world.bring(&batch(&ids)).await, failures(&[]));
    assert_eq!(sent(&world), ["a@example.com", "b@example.com", "later@example.com"]);
}

/// P10: in the stream, where what is behind a failed record waits for it.
#[tokio::test]
async fn poison_at_the_head_of_the_stream_blocks_nothing() {
    let world = World::new().await;
    let mut trigger = world.trigger().await;
    world.mailbox.fail_for("refused@example.com", Failure::Rejected);
    let poison = garbage(&world, &json!({ "mail": [] })).await;
    notice(&world, "refused@example.com").await;
    notice(&world, "ada@example.com").await;
    assert_eq!(poll(&world, &mut trigger).await.failing, 0);
    assert_eq!(sent(&world), ["ada@example.com"]);
    assert!(failure(&world, poison).await.is_some());
}

/// P10: the mail is well, but what it stands on is not.
#[tokio::test]
async fn a_mail_whose_ticket_or_account_does_not_read_is_marked() {
    let world = World::new().await;
    register(&world, "ticket@example.com").await;
    world.mailbox.fail_for("ticket@example.com", Failure::ServerError);
    let id = waiting(&world).await;
    assert_eq!(world.deliver().await, failures(&[id]));
    world.mailbox.heal("ticket@example.com");
    put(&world, json!({ "PK": format!("TICKET#{id}"), "SK": "TICKET", "ticket": 7 })).await;
    assert_eq!(world.bring(&batch(&[id])).await, failures(&[]));
    assert!(failure(&world, id).await.is_some());

    let ada = Person::user(&world, "ada@example.com").await;
    let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    put(&world, json!({ "PK": format!("USER#{}", ada.id), "SK": "PROFILE", "role": 7 })).await;
    let mails = world.store.waiting_mails().await.unwrap();
    let reset = mails.iter().find(|mail| mail.to.as_str() == ada.email).unwrap().id;
    let good = notice(&world, "good@example.com").await;
    assert_eq!(world.bring(&batch(&[reset, good])).await, failures(&[]));
    assert!(failure(&world, reset).await.is_some());
    assert_eq!(sent(&world), ["good@example.com"]);
}

/// A marked mail is marked once: what is brought again changes nothing in it.
#[tokio::test]
async fn a_marked_mail_keeps_its_reason() {
    let world = World::new().await;
    world.mailbox.fail_for("ada@example.com", Failure::Rejected);
    let id = notice(&world, "ada@example.com").await;
    world.bring(&batch(&[id])).await;
    world.mailbox.fail_for("ada@example.com", Failure::ServerError);
    assert_eq!(world.bring(&batch(&[id])).await, failures(&[]));
    assert_eq!(failure(&world, id).await.as_deref(), Some("MessageRejected"));
}
