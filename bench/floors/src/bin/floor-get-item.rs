//! One strongly consistent `GetItem`.

use floors::{answer, asked, client, failed, place};
use lambda_http::{Request, run, service_fn};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let client = &client();
    let read = async move |request: Request| {
        let (table, key) = place(&asked(&request)?);
        let read = client.get_item().table_name(table).set_key(Some(key)).consistent_read(true);
        let found = read.send().await.map_err(failed)?.item.is_some();
        answer(&json!({ "found": found }))
    };
    run(service_fn(read)).await
}
