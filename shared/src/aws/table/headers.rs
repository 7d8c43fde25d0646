//! What our requests to the table say of themselves.

use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use http::header::USER_AGENT;

/// As the `User-Agent` of RFC 9110 section 10.1.5.
const NAME: &str = concat!("usher/", env!("CARGO_PKG_VERSION"));

/// Names Usher, and says which try it is, from the second on. The SDK's client composes a name of its own anew with each
/// request, twice, and numbers the first, too.
#[derive(Debug)]
pub(super) struct Headers;

#[dyn_dispatch_hint]
impl Intercept for Headers {
    fn name(&self) -> &'static str {
        "Headers"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        headers.insert(USER_AGENT, NAME);
        let attempt = config.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
        if attempt > 1 {
            headers.insert("amz-sdk-request", format!("attempt={attempt}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use aws_config::Region;
    use aws_sdk_dynamodb::config::Credentials;
    use aws_sdk_dynamodb::config::SharedCredentialsProvider;
    use aws_sdk_dynamodb::operation::get_item::GetItemInput;
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::NAME;

    /// The head of the request that a client sends, in small letters.
    async fn head() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let table = thread::spawn(move || {
            let (mut connection, mut head) = (listener.accept().unwrap().0, vec![0; 8192]);
            let length = connection.read(&mut head).unwrap();
            connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
            String::from_utf8_lossy(&head[..length]).to_lowercase()
        });
        let credentials = Credentials::new("key", "secret", None, None, "test");
        let sdk = crate::aws::builder()
            .region(Region::new("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(format!("http://{address}"))
            .build();
        let key = AttributeValue::S("key".to_owned());
        let request = GetItemInput::builder().table_name("table").key("PK", key);
        crate::aws::TableClient::new(&sdk).send(request).await.unwrap();
        table.join().unwrap()
    }

    #[tokio::test]
    async fn a_request_to_the_table_is_named_once_and_signed() {
        let head = head().await;
        let named: Vec<&str> = head.lines().filter(|line| line.contains("user-agent:")).collect();
        assert_eq!(named, [format!("user-agent: {NAME}")], "{head}");
        assert!(head.contains("authorization: aws4-hmac-sha256 credential=key/"), "{head}");
    }
}
