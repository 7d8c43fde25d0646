//! One `UpdateItem` and one RS256 signature.

use floors::{answer, client, sign, signing_key, update};
use lambda_http::{Error, Request, run, service_fn};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (client, key) = (&client(), &signing_key()?);
    let write = async move |request: Request| {
        update(client, &request).await?;
        answer(&json!({ "signature": sign(key)? }))
    };
    run(service_fn(write)).await
}
