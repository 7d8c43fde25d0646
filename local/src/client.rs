//! Clients for a local endpoint, which takes any credentials and needs none of the developer's.

use aws_config::SdkConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};

/// The region that local parts are said to be in.
pub const REGION: &str = "us-east-1";

/// The access key, and the secret to it, that local parts are addressed with.
pub const CREDENTIALS: &str = "local";

/// A configuration for the service at `endpoint`, which reads nothing from the environment.
#[must_use]
pub fn config(endpoint: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            CREDENTIALS,
            CREDENTIALS,
            None,
            None,
            "local",
        )))
        .endpoint_url(endpoint)
        .build()
}

/// A client of the engine at `endpoint`.
#[must_use]
pub fn dynamodb(endpoint: &str) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(&config(endpoint))
}

/// A client of the streams of the engine at `endpoint`.
#[must_use]
pub fn streams(endpoint: &str) -> aws_sdk_dynamodbstreams::Client {
    aws_sdk_dynamodbstreams::Client::new(&config(endpoint))
}
