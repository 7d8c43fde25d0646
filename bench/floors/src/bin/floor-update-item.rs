//! One `UpdateItem`.

use floors::{answer, client, update};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = &client().await;
    let write = async move |event: LambdaEvent<Value>| {
        update(client, &event.payload).await?;
        Ok::<_, Error>(answer(&json!({ "written": true })))
    };
    run(service_fn(write)).await
}
