//! The way of a call through the recorder.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::time::sleep;

use super::Call;
use super::images::Looked;
use crate::Failure;

const TARGET: &str = "x-amz-target";

/// How long each call is held, so that calls made beside each other overlap though one of them has to
/// open a connection first. Nothing is timed through a recorder.
const HELD: Duration = Duration::from_millis(4);

#[derive(Clone)]
pub(super) struct Upstream {
    client: Client<HttpConnector, Full<Bytes>>,
    endpoint: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Upstream {
    pub fn new(endpoint: &str, calls: Arc<Mutex<Vec<Call>>>) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { client, endpoint: endpoint.to_owned(), calls }
    }

    async fn send(&self, headers: HeaderMap, body: Bytes) -> Result<(StatusCode, HeaderMap, Bytes), Failure> {
        let mut request =
            Request::builder().method(Method::POST).uri(&self.endpoint).body(Full::new(body))?;
        *request.headers_mut() = headers;
        request.headers_mut().remove(HOST);
        request.headers_mut().remove(CONTENT_LENGTH);
        let (head, body) = self.client.request(request).await?.into_parts();
        Ok((head.status, head.headers, body.collect().await?.to_bytes()))
    }

    /// A call of the recorder's own, with the credentials of the one it looks into.
    pub async fn ask(&self, headers: &HeaderMap, operation: &str, body: &Value) -> Result<Value, Failure> {
        let mut headers = headers.clone();
        headers.insert(TARGET, HeaderValue::from_str(&format!("DynamoDB_20120810.{operation}"))?);
        let (status, _, answer) = self.send(headers, body.to_string().into()).await?;
        if status != StatusCode::OK {
            return Err(format!("{operation}: {}", String::from_utf8_lossy(&answer)).into());
        }
        Ok(serde_json::from_slice(&answer)?)
    }
}

pub(super) async fn recorded(State(upstream): State<Upstream>, request: Request) -> Response {
    match record(&upstream, request).await {
        Ok(response) => response,
        Err(error) => {
            eprintln!("bench: a call was not recorded: {error}");
            StatusCode::BAD_GATEWAY.into_response()
        }
    }
}

async fn record(upstream: &Upstream, request: Request) -> Result<Response, Failure> {
    let started = Instant::now();
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let target = head.headers.get(TARGET).and_then(|target| target.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    let asked: Value = serde_json::from_slice(&body)?;
    let mut looked = Looked::before(upstream, &head.headers, &operation, &asked).await?;
    sleep(HELD).await;
    let (status, headers, answer) = upstream.send(head.headers.clone(), body).await?;
    looked.after(upstream, &head.headers).await?;
    upstream.calls.lock().unwrap_or_else(PoisonError::into_inner).push(Call {
        operation,
        started,
        ended: Instant::now(),
        status: status.as_u16(),
        request: asked,
        response: serde_json::from_slice(&answer)?,
        read: looked.read,
        written: looked.written,
    });
    let mut response = Response::new(Body::from(answer));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    // The body is whole here; a large one came from the engine in chunks.
    response.headers_mut().remove(TRANSFER_ENCODING);
    Ok(response)
}
