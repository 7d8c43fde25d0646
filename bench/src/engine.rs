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
}

impl Engine {
    /// The engine that the environment names, else a fresh one on a thread of its own.
    ///
    /// # Errors
    /// The embedded engine did not start.
    #[expect(clippy::disallowed_methods, reason = "the engine is chosen by the environment")]
    pub async fn start() -> Result<Self, Failure> {
        let endpoint = match env::var("AWS_ENDPOINT_URL_DYNAMODB") {
            Ok(endpoint) if !endpoint.is_empty() => endpoint,
            _ => local::engine::serve_memory().await?.endpoint,
        };
        let client = client::dynamodb(&endpoint);
        Ok(Self { endpoint, client })
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
