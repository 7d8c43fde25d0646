//! The worker: what follows from a change and that no request waits for. The table's
//! stream says which items changed; this function keeps the statistics and takes away
//! what belonged to an account or a post that is gone.

mod cascade;
mod record;
mod stats;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shared::App;
use shared::config::Setting;

use record::Record;

/// The settings that this function uses.
pub const SETTINGS: &[Setting] = &[Setting::TableName];

/// What is not begun by then is left to the next invocation: the Lambda has 30 s,
/// and an answer that comes too late loses what it has to say.
const BUDGET: Duration = Duration::from_secs(18);

/// Does what follows from a batch of stream records. The answer lists the records to
/// bring again (partial batch response). Whatever is brought twice, late or in another
/// order comes to the same.
pub async fn handle(app: &App, event: &Value) -> Value {
    let deadline = Instant::now() + BUDGET;
    let records = Record::all(event, app.clock.now());
    let mut failures: BTreeSet<usize> = BTreeSet::new();
    if let Err(error) = stats::count(&app.store, &records, deadline).await {
        tracing::error!(%error, "the statistics were not brought up to date; the stream brings the records again");
        failures.extend(0..records.len());
    }
    for (at, record) in records.iter().enumerate().filter(|(_, record)| record.is_removal()) {
        let done = cascade::cascade(&app.store, record, deadline).await;
        if let Err(error) = done {
            tracing::error!(%error, "what belonged to a removed item is still there; the stream brings the record again");
            failures.insert(at);
        }
    }
    let name = |at: usize| json!({ "itemIdentifier": records[at].number });
    json!({ "batchItemFailures": failures.into_iter().map(name).collect::<Vec<_>>() })
}
