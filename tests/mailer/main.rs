//! The mailer: from the outbox to SES, through failures.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod duplicates;
mod failing;
mod languages;
mod limits;
mod links;
mod operator;
mod outage;
mod own_words;
mod poison;
mod retried;
mod stream;

use serde_json::{Value, json};
use shared::model::{Mail, MailId, Notice};
use tests::{PASSWORD, World};

/// Registers an address, which puts one mail into the outbox.
async fn register(world: &World, email: &str) {
    let body = json!({ "email": email, "password": PASSWORD });
    let _ = world.post("/auth/register", body).await.ok(202);
}

/// Puts a notice into the outbox.
async fn notice(world: &World, to: &str) -> MailId {
    let mail = Mail::notice(to.parse().unwrap(), Notice::PasswordChanged, world.now());
    world.store.put_mail(&mail).await.unwrap();
    mail.id
}

/// The addresses that got a mail, in alphabetical order, each as often as it got one.
fn sent(world: &World) -> Vec<String> {
    let mut to: Vec<String> = world.mailbox.messages().into_iter().flat_map(|mail| mail.to).collect();
    to.sort();
    to
}

/// The one mail that waits.
async fn waiting(world: &World) -> MailId {
    let mails = world.store.waiting_mails().await.unwrap();
    assert_eq!(mails.len(), 1, "{mails:?}");
    mails[0].id
}

/// A stream's batch that names these mails, with their ids as sequence numbers.
fn batch(ids: &[MailId]) -> Value {
    let record = |id: &MailId| {
        json!({
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": { "PK": { "S": format!("MAIL#{id}") }, "SK": { "S": "MAIL" } },
                "SequenceNumber": id.to_string(),
            },
        })
    };
    json!({ "Records": ids.iter().map(record).collect::<Vec<_>>() })
}

/// The mailer's answer when these are to be brought again.
fn failures(ids: &[MailId]) -> Value {
    let failures = ids.iter().map(|id| json!({ "itemIdentifier": id.to_string() }));
    json!({ "batchItemFailures": failures.collect::<Vec<_>>() })
}

/// What follows `token=` in a text.
fn token(text: &str) -> &str {
    text.split("token=").nth(1).unwrap().split_whitespace().next().unwrap()
}
