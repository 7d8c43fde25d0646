//! The table's definition. The contract test compares it with the template's.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
};

use super::StoreError;
use super::key::{INDEX, INDEX_PK, INDEX_SK, PK, SK, TTL};

/// What the table is made of, in the words of `CreateTable`.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The table's hash and range key, both strings.
    pub key: [&'static str; 2],
    /// The one index.
    pub index: &'static str,
    /// Its hash and range key, both strings.
    pub index_key: [&'static str; 2],
    /// What it projects besides the keys.
    pub projected: [&'static str; 2],
    /// The attribute that holds the time to live, in epoch seconds.
    pub ttl: &'static str,
    /// What the stream shows of a change.
    pub stream: &'static str,
}

/// The table's definition.
pub const DEFINITION: Definition = Definition {
    key: [PK, SK],
    index: INDEX,
    index_key: [INDEX_PK, INDEX_SK],
    projected: ["role", "status"],
    ttl: TTL,
    stream: "KEYS_ONLY",
};

/// Makes the table, for local engines and tests; in AWS the template does.
/// Says whether it was made: `false` means that it was there already.
///
/// # Errors
/// When the engine does not answer or refuses.
pub async fn create_table(client: &Client, table: &str) -> Result<bool, StoreError> {
    match creation(client, table)?.stream_specification(stream()?).send().await {
        Ok(_) => {}
        Err(error) if error.code() == Some("ResourceInUseException") => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    let ttl = TimeToLiveSpecification::builder()
        .attribute_name(DEFINITION.ttl)
        .enabled(true)
        .build()
        .map_err(StoreError::encoding)?;
    client.update_time_to_live().table_name(table).time_to_live_specification(ttl).send().await?;
    Ok(true)
}

/// The request that makes the table with its index. The stream and the time to live
/// are wanting.
///
/// # Errors
/// None: what the SDK's builders ask for is given.
pub fn creation(client: &Client, table: &str) -> Result<CreateTableFluentBuilder, StoreError> {
    let attributes = DEFINITION.key.into_iter().chain(DEFINITION.index_key).map(string_attribute);
    Ok(client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes.collect::<Result<_, _>>()?))
        .set_key_schema(Some(key_schema(DEFINITION.key)?))
        .global_secondary_indexes(index()?))
}

/// What the table's stream is to show.
///
/// # Errors
/// None: what the SDK's builder asks for is given.
pub fn stream() -> Result<StreamSpecification, StoreError> {
    StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::from(DEFINITION.stream))
        .build()
        .map_err(StoreError::encoding)
}

fn string_attribute(name: &str) -> Result<AttributeDefinition, StoreError> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .map_err(StoreError::encoding)
}

fn key_schema(names: [&str; 2]) -> Result<Vec<KeySchemaElement>, StoreError> {
    names
        .into_iter()
        .zip([KeyType::Hash, KeyType::Range])
        .map(|(name, kind)| KeySchemaElement::builder().attribute_name(name).key_type(kind).build())
        .collect::<Result<_, _>>()
        .map_err(StoreError::encoding)
}

fn index() -> Result<GlobalSecondaryIndex, StoreError> {
    let projection = Projection::builder()
        .projection_type(ProjectionType::Include)
        .set_non_key_attributes(Some(DEFINITION.projected.map(String::from).to_vec()))
        .build();
    GlobalSecondaryIndex::builder()
        .index_name(DEFINITION.index)
        .set_key_schema(Some(key_schema(DEFINITION.index_key)?))
        .projection(projection)
        .build()
        .map_err(StoreError::encoding)
}
