//! What a test of the trigger stands on.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    StreamSpecification, StreamViewType,
};
use local::stream::Trigger;

/// A table with a stream.
pub struct Stand {
    endpoint: String,
    pub dynamodb: Client,
    pub table: String,
}

impl Stand {
    #[expect(clippy::disallowed_methods, reason = "the engine is chosen as for any AWS client")]
    pub async fn new() -> Self {
        let endpoint = match std::env::var("AWS_ENDPOINT_URL_DYNAMODB") {
            Ok(endpoint) => endpoint,
            Err(_) => local::engine::serve_memory().await.expect("an engine").endpoint,
        };
        Self::at(endpoint, format!("trigger-{}", uuid::Uuid::now_v7())).await
    }

    /// The table of this name, made when missing.
    pub async fn at(endpoint: String, table: String) -> Self {
        let dynamodb = local::client::dynamodb(&endpoint);
        create_table(&dynamodb, &table).await;
        Self { endpoint, dynamodb, table }
    }

    pub fn trigger(&self) -> Trigger {
        let streams = local::client::streams(&self.endpoint);
        Trigger::new(streams, self.dynamodb.clone(), &self.table)
    }

    pub async fn put(&self, pk: &str) {
        let item = self.dynamodb.put_item().table_name(&self.table);
        let item = item.item("PK", AttributeValue::S(pk.to_owned()));
        item.item("SK", AttributeValue::S("MAIL".to_owned())).send().await.expect("written");
    }
}

async fn create_table(dynamodb: &Client, table: &str) {
    let key = |name: &str, kind: KeyType| {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().expect("complete")
    };
    let attribute = |name: &str| {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        attribute.attribute_type(ScalarAttributeType::S).build().expect("complete")
    };
    let stream =
        StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::KeysOnly);
    let made = dynamodb
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key("PK", KeyType::Hash))
        .key_schema(key("SK", KeyType::Range))
        .attribute_definitions(attribute("PK"))
        .attribute_definitions(attribute("SK"))
        .stream_specification(stream.build().expect("complete"))
        .send()
        .await;
    let exists = |e: SdkError<CreateTableError>| e.code() == Some("ResourceInUseException");
    assert!(made.is_ok() || made.is_err_and(exists), "a table");
}
