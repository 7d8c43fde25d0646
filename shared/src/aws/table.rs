//! The client of the table: the SDK's operations, signatures, retries and time limits, without what the SDK's
//! own client adds to each call (`docs/decisions/0020-table-client.md`).

mod endpoint;
mod headers;
mod parts;
mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::error::SdkError;
use aws_smithy_runtime::client::orchestrator::invoke;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use self::parts::Parts;
use self::request::Prepared;
pub use self::request::Request;

/// The client of the table. Clones share it, with its connections.
#[derive(Clone, Debug)]
pub struct TableClient(Arc<(Parts, Prepared)>);

impl TableClient {
    /// A client by a configuration. Connects to nothing.
    #[must_use]
    pub fn new(sdk: &SdkConfig) -> Self {
        Self(Arc::new((Parts::new(sdk), Prepared::default())))
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// As the SDK's own client: the service refused the request, or no answer came.
    pub async fn send<R: Request>(&self, request: R) -> Result<R::Output, SdkError<R::Error, HttpResponse>> {
        let input = request.input().map_err(SdkError::construction_failure)?;
        let (parts, prepared) = &*self.0;
        let plugins = R::prepared(prepared).get_or_init(|| parts.with(&R::operation()));
        let answer = invoke("DynamoDB", R::NAME, input, plugins).await;
        answer.map(R::output).map_err(|error| error.map_service_error(R::error))
    }
}
