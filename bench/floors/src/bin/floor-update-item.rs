//! One `UpdateItem`.

use aws_sdk_dynamodb::types::AttributeValue;
use floors::{answer, client, failed, place};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = &client().await;
    let write = async move |event: LambdaEvent<Value>| {
        let (table, key) = place(&event.payload);
        let write = client.update_item().table_name(table).set_key(Some(key));
        let write = write.update_expression("ADD times :one");
        let one = AttributeValue::N("1".to_owned());
        write.expression_attribute_values(":one", one).send().await.map_err(failed)?;
        Ok::<_, Error>(answer(&json!({ "written": true })))
    };
    run(service_fn(write)).await
}
