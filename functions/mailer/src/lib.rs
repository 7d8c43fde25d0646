//! The mailer: the table's stream says that a mail is waiting; this function finds
//! out what it has to say, makes its ticket, and has SES send it.

mod deliver;
mod letter;
mod link;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shared::App;
use shared::config::Setting;
use shared::mail::Mailer;
use shared::store::mail_id;

pub use deliver::Delivery;

/// The settings that this function uses.
pub const SETTINGS: &[Setting] = &[
    Setting::TableName,
    Setting::AppSecret,
    Setting::MailFrom,
    Setting::FrontendUrl,
    Setting::PublicUrl,
    Setting::MailLimit,
];

/// What is not begun by then is left to the next invocation: the Lambda has 30 s,
/// and an answer that comes too late loses what it has to say.
const BUDGET: Duration = Duration::from_secs(18);

/// Delivers the mails that a batch of stream records names. The answer lists the
/// records to bring again (partial batch response); a mail that can never be sent
/// is marked and not among them. Sent mails leave the table, so a record that is
/// brought twice sends nothing twice.
pub async fn handle(app: &App, post: &Mailer, event: &Value) -> Value {
    let started = Instant::now();
    let mut failures = Vec::new();
    for record in event.get("Records").and_then(Value::as_array).into_iter().flatten() {
        let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
        let Some(id) = text("/dynamodb/Keys/PK/S").and_then(mail_id) else {
            continue;
        };
        let number = text("/dynamodb/SequenceNumber").unwrap_or_default();
        if started.elapsed() > BUDGET {
            failures.push(json!({ "itemIdentifier": number }));
            continue;
        }
        match deliver::deliver(app, post, id).await {
            Ok(delivery) => tracing::info!(mail_id = %id, outcome = delivery.as_str(), "mail"),
            Err(cause) => {
                tracing::error!(mail_id = %id, cause, "a mail was not sent; the stream brings it again");
                failures.push(json!({ "itemIdentifier": number }));
            }
        }
    }
    json!({ "batchItemFailures": failures })
}
