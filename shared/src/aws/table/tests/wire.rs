//! A wire of ours, to which both clients are connected in turn.

use std::sync::{Arc, Mutex};

use aws_config::{Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_types::sdk_config::Builder;

/// What a service does with a request.
#[derive(Clone, Copy, Debug)]
pub enum Does {
    Answer(u16, &'static str),
    /// The same, by a clock that stands.
    AnswerLate(u16, &'static str),
    /// Two pages: this one, and what follows it.
    Pages(&'static str, &'static str),
    HangUp,
    Nothing,
}

/// A request that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub url: String,
    /// Sorted.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Sent {
    pub fn header(&self, wanted: &str) -> &str {
        self.headers.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value)
    }
}

/// A wire to a service that always does the same.
#[derive(Clone, Debug)]
pub struct Wire(Does, Arc<Mutex<Vec<Sent>>>);

impl Wire {
    /// Connects who has the configuration.
    pub fn connect(does: Does, sdk: Builder) -> (Self, SdkConfig) {
        let wire = Self(does, Arc::default());
        let connector = SharedHttpConnector::new(wire.clone());
        (wire, sdk.http_client(http_client_fn(move |_, _| connector.clone())).build())
    }

    /// What was sent since the last look.
    pub fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.1.lock().unwrap())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let headers = request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut headers: Vec<_> = headers.collect();
        headers.sort();
        let body = String::from_utf8_lossy(request.body().bytes().unwrap()).into_owned();
        let is_more = body.contains("ExclusiveStartKey");
        self.1.lock().unwrap().push(Sent { url: request.uri().to_owned(), headers, body });
        let answer = |status: u16, body: &'static str| {
            HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))
        };
        match self.0 {
            Does::Answer(status, body) => HttpConnectorFuture::ready(Ok(answer(status, body))),
            Does::AnswerLate(status, body) => {
                let mut answer = answer(status, body);
                answer.headers_mut().insert("date", "Thu, 01 Jan 2026 00:00:00 GMT");
                HttpConnectorFuture::ready(Ok(answer))
            }
            Does::Pages(first, second) => {
                HttpConnectorFuture::ready(Ok(answer(200, if is_more { second } else { first })))
            }
            Does::HangUp => HttpConnectorFuture::ready(Err(ConnectorError::io("hung up".into()))),
            Does::Nothing => HttpConnectorFuture::new(std::future::pending()),
        }
    }
}

/// A function's configuration, with credentials of a role.
pub fn sdk() -> Builder {
    let credentials = Credentials::new("key", "secret", Some("session".to_owned()), None, "test");
    crate::aws::builder()
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
}
