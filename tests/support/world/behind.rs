//! What happens behind a request: the table's stream, mails, another API's question.

use local::mailbox::Message;
use local::stream::{Trigger, WORKER};
use serde_json::{Value, json};
use shared::http::HttpEvent;
use shared::store::schema;

use super::World;
use crate::{Stream, engine};

impl World {
    /// Brings every mail that waits in the table to the mailer, as the stream
    /// does, and returns the mailer's answer.
    pub async fn deliver(&self) -> Value {
        let mut mails = self.store.waiting_mails().await.unwrap();
        mails.sort_by_key(|mail| mail.id);
        let records: Vec<Value> = mails
            .iter()
            .map(|mail| {
                json!({
                    "eventName": "INSERT",
                    "dynamodb": {
                        "Keys": { "PK": { "S": format!("MAIL#{}", mail.id) }, "SK": { "S": "MAIL" } },
                        "SequenceNumber": mail.id.to_string(),
                    },
                })
            })
            .collect();
        self.bring(&json!({ "Records": records })).await
    }

    /// Brings an event to the mailer.
    pub async fn bring(&self, event: &Value) -> Value {
        mailer::handle(&self.mailer.0, &self.mailer.1, event).await
    }

    /// Brings an event to the worker.
    pub async fn work(&self, event: &Value) -> Value {
        worker::handle(&self.worker, event).await
    }

    /// Asks the authorizer about an event of another API.
    ///
    /// # Errors
    /// When it cannot decide.
    pub async fn authorize(&self, event: &Value) -> Result<Value, authorizer::Undecided> {
        let raw = serde_json::value::to_raw_value(event).unwrap();
        authorizer::handle(&self.authorizer, &HttpEvent::read(&raw)).await
    }

    /// The worker behind the table's stream, from here on: [`Stream::catch_up`] brings
    /// it what happened since. See [`World::trigger`].
    pub async fn worker(&self) -> Stream {
        Stream::new(self.trigger().await.mapped(WORKER))
    }

    /// The mailer's event source mapping of the table's stream, to be polled by hand. The
    /// stream begins here: local engines go through what they keep of it in each write, and
    /// DynamoDB Local through that of all tables.
    pub async fn trigger(&self) -> Trigger {
        let stream = schema::stream().unwrap();
        let begun =
            self.client.update_table().table_name(&self.table).stream_specification(stream).send().await;
        if begun.is_err() {
            let table = self.client.describe_table().table_name(&self.table).send().await.unwrap().table;
            assert!(table.and_then(|table| table.latest_stream_arn).is_some(), "{begun:?}");
        }
        let streams = local::client::streams(&engine::endpoint().await);
        Trigger::new(streams, self.client.clone(), &self.table)
    }

    /// Delivers, and returns the mails to `address`, the oldest first.
    pub async fn mails_to(&self, address: &str) -> Vec<Message> {
        self.deliver().await;
        self.mailbox.messages().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect()
    }

    /// Delivers, and returns the token in the newest mail to `address`.
    pub async fn token_for(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let text = &mails.last().expect("there is a mail").text;
        let token = text.split("token=").nth(1).expect("there is a token in the mail");
        token.split_whitespace().next().unwrap().to_owned()
    }

    /// Delivers, and returns the token of the newest link to `address` that undoes
    /// something.
    pub async fn undo_for(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let found = mails.iter().rev().find_map(|mail| mail.text.split("#revoke=").nth(1));
        found.expect("there is a link to undo something").split_whitespace().next().unwrap().to_owned()
    }
}
