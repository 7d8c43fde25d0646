//! One `UpdateItem` and one RS256 signature.

use aws_sdk_dynamodb::types::AttributeValue;
use floors::{answer, client, failed, place, sign, signing_key};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (client, key) = (&client().await, &signing_key()?);
    let write = async move |event: LambdaEvent<Value>| {
        let (table, place) = place(&event.payload);
        let write = client.update_item().table_name(table).set_key(Some(place));
        let write = write.update_expression("ADD times :one");
        let one = AttributeValue::N("1".to_owned());
        write.expression_attribute_values(":one", one).send().await.map_err(failed)?;
        Ok::<_, Error>(answer(&json!({ "signature": sign(key)? })))
    };
    run(service_fn(write)).await
}
