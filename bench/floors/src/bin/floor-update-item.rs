//! One `UpdateItem`.

use floors::{answer, client, update};
use lambda_http::{Error, Request, run, service_fn};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = &client();
    let write = async move |request: Request| {
        update(client, &request).await?;
        answer(&json!({ "written": true }))
    };
    run(service_fn(write)).await
}
