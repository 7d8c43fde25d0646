//! One `UpdateItem` and one RS256 signature.

use floors::{answer, client, sign, signing_key, update};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (client, key) = (&client().await, &signing_key()?);
    let write = async move |event: LambdaEvent<Value>| {
        update(client, &event.payload).await?;
        Ok::<_, Error>(answer(&json!({ "signature": sign(key)? })))
    };
    run(service_fn(write)).await
}
