//! One strongly consistent `GetItem`.

use floors::{answer, client, failed, place};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = &client().await;
    let read = async move |event: LambdaEvent<Value>| {
        let (table, key) = place(&event.payload);
        let read = client.get_item().table_name(table).set_key(Some(key)).consistent_read(true);
        let found = read.send().await.map_err(failed)?.item.is_some();
        Ok::<_, Error>(answer(&json!({ "found": found })))
    };
    run(service_fn(read)).await
}
