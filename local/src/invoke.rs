//! Invoking a function as the Lambda API does, which `cargo lambda watch` serves too.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Longer than a rebuild takes that an invocation may have to wait for. `cargo lambda watch` never
/// answers an invocation whose function was replaced meanwhile.
const PATIENCE: Duration = Duration::from_mins(2);

const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// A function behind a Lambda API on this machine.
#[derive(Clone, Debug)]
pub struct Function {
    client: Client<HttpConnector, Full<Bytes>>,
    authority: String,
    path: String,
}

impl Function {
    /// The function of this name at the Lambda API on a loopback port.
    #[must_use]
    pub fn new(port: u16, name: &str) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            authority: format!("127.0.0.1:{port}"),
            path: format!("/2015-03-31/functions/{name}/invocations"),
        }
    }

    /// Waits until something listens on the port. In AWS a function always exists; here it may be
    /// started later, and an event must not use up its retries meanwhile.
    pub async fn wait(&self) {
        while TcpStream::connect(&self.authority).await.is_err() {
            sleep(RECONNECT_PAUSE).await;
        }
    }

    /// Invokes the function with `event` and returns its answer, waiting for the port first.
    ///
    /// # Errors
    /// The function failed, gave no JSON, or none within two minutes; in words, for a log.
    pub async fn invoke(&self, event: Value) -> Result<Value, String> {
        self.wait().await;
        let answer = timeout(PATIENCE, self.send(event)).await;
        answer.unwrap_or_else(|_| Err("no answer from the function".to_owned()))
    }

    async fn send(&self, event: Value) -> Result<Value, String> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("http://{}{}", self.authority, self.path))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(event.to_string()))
            .map_err(|error| error.to_string())?;
        let answer = self.client.request(request).await.map_err(|error| error.to_string())?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        if head.status != StatusCode::OK {
            return Err(format!("{}: {}", head.status, String::from_utf8_lossy(&body)));
        }
        let answer: Value =
            serde_json::from_slice(&body).map_err(|error| format!("the answer is no JSON: {error}"))?;
        // The form in which a runtime reports that a function could not start; it comes with a 200.
        match answer.get("errorMessage") {
            Some(message) if answer.get("errorType").is_some() => Err(message.to_string()),
            _ => Ok(answer),
        }
    }
}
