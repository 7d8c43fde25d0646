//! SES throttles, fails or refuses. security.md P10.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use local::mailbox::Failure;
use serde_json::json;
use shared::model::{Email, Mail, MailId, MailKind};
use tests::{Person, World};

use crate::{batch, failures, register, waiting};

/// P10: a failing SES does not fail the registration, and loses nothing.
#[tokio::test]
async fn a_mail_that_ses_does_not_take_now_stays_and_is_brought_again() {
    for failure in [Failure::Throttled, Failure::ServerError] {
        let world = World::new().await;
        world.mailbox.fail_for("ada@example.com", failure);
        register(&world, "ada@example.com").await;
        let id = waiting(&world).await;
        assert_eq!(world.deliver().await, failures(&[id]), "{failure:?}");
        assert_eq!(world.deliver().await, failures(&[id]), "{failure:?}");
        assert_eq!(waiting(&world).await, id);
        assert_eq!(world.mailbox.messages(), []);

        world.mailbox.heal("ada@example.com");
        assert_eq!(world.deliver().await, failures(&[]));
        assert_eq!(world.mails_to("ada@example.com").await.len(), 1);
        assert!(world.store.waiting_mails().await.unwrap().is_empty());
    }
}

/// P10: after an answer that was lost, a try at once could send twice. The stream
/// tries again, later.
#[tokio::test]
async fn ses_is_asked_once_each_time_that_a_mail_is_brought() {
    let world = World::new().await;
    world.mailbox.fail_next(2, Failure::Throttled);
    register(&world, "ada@example.com").await;
    let id = waiting(&world).await;
    assert_eq!(world.deliver().await, failures(&[id]));
    assert_eq!(world.deliver().await, failures(&[id]));
    assert_eq!(world.deliver().await, failures(&[]));
    assert_eq!(world.mailbox.messages().len(), 1);
}

/// P10.
#[tokio::test]
async fn one_mail_that_fails_holds_up_no_other_of_its_batch() {
    let world = World::new().await;
    world.mailbox.fail_for("b@example.com", Failure::Throttled);
    let mut ids = Vec::new();
    for address in ["a@example.com", "b@example.com", "c@example.com"] {
        let mail = notice(&world, address);
        world.store.put_mail(&mail).await.unwrap();
        ids.push(mail.id);
    }
    assert_eq!(world.bring(&batch(&ids)).await, failures(&ids[1..2]));
    assert_eq!(world.mailbox.messages().len(), 2);
    world.mailbox.heal("b@example.com");
    // The stream brings what follows the failed one, too.
    assert_eq!(world.bring(&batch(&ids[1..])).await, failures(&[]));
    let to: Vec<String> = world.mailbox.messages().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to, ["a@example.com", "c@example.com", "b@example.com"]);
}

/// P10.
#[tokio::test]
async fn a_mail_that_ses_will_never_take_is_marked_and_not_brought_again() {
    let world = World::new().await;
    world.mailbox.fail_for("b@example.com", Failure::Rejected);
    for address in ["a@example.com", "b@example.com", "c@example.com"] {
        register(&world, address).await;
    }
    assert_eq!(world.deliver().await, failures(&[]));
    assert_eq!(world.mailbox.messages().len(), 2);
    let marked = world.store.mail(waiting(&world).await).await.unwrap().unwrap();
    assert_eq!((marked.to.as_str(), marked.failure.as_deref()), ("b@example.com", Some("MessageRejected")));

    world.mailbox.heal("b@example.com");
    assert_eq!(world.deliver().await, failures(&[]));
    assert_eq!(world.mailbox.messages().len(), 2, "only the operator takes it up again");
}

/// P10: an item that is no mail, by whoever's mistake.
#[tokio::test]
async fn an_item_that_does_not_read_is_marked_and_blocks_neither_mails_nor_the_operator() {
    let world = World::new().await;
    let poison = MailId::new(world.now());
    let item = world.client.put_item().table_name(&world.table);
    let item = item
        .item("PK", AttributeValue::S(format!("MAIL#{poison}")))
        .item("SK", AttributeValue::S("MAIL".into()));
    item.item("mail", AttributeValue::N("7".into())).send().await.unwrap();
    let good = notice(&world, "ada@example.com");
    world.store.put_mail(&good).await.unwrap();

    assert_eq!(world.bring(&batch(&[poison, good.id])).await, failures(&[]));
    assert_eq!(world.mails_to("ada@example.com").await.len(), 1);
    let key = [("PK", format!("MAIL#{poison}")), ("SK", "MAIL".to_owned())];
    let key = key.map(|(name, value)| (name.to_owned(), AttributeValue::S(value)));
    let found =
        world.client.get_item().table_name(&world.table).set_key(Some(key.into())).send().await.unwrap();
    assert!(found.item.unwrap().contains_key("failure"));
    assert!(
        world.store.waiting_mails().await.unwrap().is_empty(),
        "what does not read is not retried either"
    );
}

/// H06: a stream may bring anything.
#[tokio::test]
async fn records_that_name_no_mail_are_passed_over() {
    let world = World::new().await;
    let gone = MailId::new(world.now());
    let mut strange = batch(&[gone]);
    let records = strange["Records"].as_array_mut().unwrap();
    for keys in [
        json!(null),
        json!({}),
        json!({ "PK": { "S": "MAIL#x" } }),
        json!({ "PK": { "S": "USER#x" } }),
        json!([]),
    ] {
        records.push(json!({ "eventName": "INSERT", "dynamodb": { "Keys": keys } }));
    }
    for event in
        [strange, json!({}), json!(null), json!({ "Records": 7 }), json!({ "Records": [null, 7, "x"] })]
    {
        assert_eq!(world.bring(&event).await, failures(&[]), "{event}");
    }
}

/// A mail of two weeks ago is of no use to anyone.
#[tokio::test]
async fn a_mail_that_is_too_old_is_not_sent() {
    let world = World::new().await;
    let old = notice(&world, "ada@example.com");
    world.store.put_mail(&old).await.unwrap();
    world.wait(SignedDuration::from_hours(24 * 14));
    assert_eq!(world.bring(&batch(&[old.id])).await, failures(&[]));
    assert_eq!(world.mailbox.messages(), []);
}

fn notice(world: &World, to: &str) -> Mail {
    let to: Email = to.parse().unwrap();
    let kind = MailKind::Notice { notice: shared::model::Notice::PasswordChanged };
    Mail::new(to, kind, world.now())
}

/// P10: nor does a failing table lose a mail.
#[tokio::test]
async fn a_table_that_fails_has_the_mail_brought_again() {
    use tests::faults::{Fault, Faults};
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    register(&world, "ada@example.com").await;
    let id = waiting(&world).await;
    for (operation, fault) in [
        ("GetItem", Fault::Throttled),
        ("TransactWriteItems", Fault::ServerError),
        ("TransactWriteItems", Fault::Lost),
    ] {
        faults.next(3, operation, fault);
        assert_eq!(world.bring(&batch(&[id])).await, failures(&[id]), "{operation} {fault:?}");
    }
    assert_eq!(world.mailbox.messages(), []);
    assert_eq!(world.bring(&batch(&[id])).await, failures(&[]));
    assert_eq!(world.mailbox.messages().len(), 1);
    let body = json!({ "token": world.token_for("ada@example.com").await, "password": tests::PASSWORD });
    let tokens = world.post("/auth/confirm-registration", body).await.ok(200);
    assert_eq!(Person::from_tokens(&tokens.body, tests::PASSWORD).email, "ada@example.com");
}
