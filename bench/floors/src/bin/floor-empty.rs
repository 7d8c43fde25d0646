//! The empty function: what Lambda's HTTP runtime for Rust costs.

use floors::answer;
use lambda_http::{Error, Request, run, service_fn};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(async |_: Request| answer(&json!({})))).await
}
