//! Which `DynamoDB` the tests run on: the one that `AWS_ENDPOINT_URL_DYNAMODB`
//! names (`make test`: Amazon's DynamoDB Local), else the embedded one.

use tokio::sync::OnceCell;

static EMBEDDED: OnceCell<String> = OnceCell::const_new();

/// The engine's address. The embedded one is started once in a process.
#[allow(clippy::disallowed_methods, reason = "the engine is chosen by the environment")]
pub async fn endpoint() -> String {
    if let Ok(endpoint) = std::env::var("AWS_ENDPOINT_URL_DYNAMODB") {
        return endpoint;
    }
    let start = || async { local::engine::serve_memory().await.unwrap().endpoint };
    EMBEDDED.get_or_init(start).await.clone()
}
