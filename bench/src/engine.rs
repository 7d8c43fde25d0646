//! The engine that the functions' table is in.

use std::env;

use local::client;
use shared::store::schema;

use crate::Failure;

/// A `DynamoDB` engine: the one at `AWS_ENDPOINT_URL_DYNAMODB`, else the embedded one, in memory.
#[derive(Clone, Debug)]
pub struct Engine {
    /// Its URL.
    pub endpoint: String,
    /// A client of it.
    pub client: aws_sdk_dynamodb::Client,
    /// Whether it is ours.
    pub is_embedded: bool,
}

impl Engine {
    /// The engine that the environment names, else a fresh one on a thread of its own.
    ///
    /// # Errors
    /// The embedded engine did not start.
    #[expect(clippy::disallowed_methods, reason = "the engine is chosen by the environment")]
    pub async fn start() -> Result<Self, Failure> {
        let named = env::var("AWS_ENDPOINT_URL_DYNAMODB").ok().filter(|endpoint| !endpoint.is_empty());
        let is_embedded = named.is_none();
        let endpoint = match named {
            Some(endpoint) => endpoint,
            None => local::engine::serve_memory().await?.endpoint,
        };
        let client = client::dynamodb(&endpoint);
        Ok(Self { endpoint, client, is_embedded })
    }

    /// Makes Usher's table of this name.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn create_table(&self, name: &str) -> Result<(), Failure> {
        schema::create_table(&self.client, name).await?;
        Ok(())
    }
}
