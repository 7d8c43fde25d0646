//! The server's side: what an instance asks, and what it is told.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::task::AbortHandle;

use crate::Failure;

/// The bench's end of the line to an instance.
#[derive(Debug)]
pub(super) struct Link {
    /// Where the Runtime API listens.
    pub address: String,
    pub events: mpsc::Sender<Bytes>,
    pub polls: mpsc::UnboundedReceiver<Instant>,
    pub reports: mpsc::UnboundedReceiver<Report>,
    server: AbortHandle,
}

/// What an instance posted.
#[derive(Debug)]
pub(super) struct Report {
    pub body: Bytes,
    pub failed: bool,
    /// Since the event was handed out.
    pub elapsed: Duration,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Desk {
    waiting: Mutex<mpsc::Receiver<Bytes>>,
    polls: mpsc::UnboundedSender<Instant>,
    reports: mpsc::UnboundedSender<Report>,
    handed_out: std::sync::Mutex<Instant>,
}

pub(super) async fn serve() -> Result<Link, Failure> {
    let (events, waiting) = mpsc::channel(1);
    let (polls, polled) = mpsc::unbounded_channel();
    let (reports, reported) = mpsc::unbounded_channel();
    let desk = Desk {
        waiting: Mutex::new(waiting),
        polls,
        reports,
        handed_out: std::sync::Mutex::new(Instant::now()),
    };
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/{outcome}", post(report))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .with_state(Arc::new(desk));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?.to_string();
    // A small answer must not wait for the acknowledgement of what went before it.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let server = tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle();
    Ok(Link { address, events, polls: polled, reports: reported, server })
}

async fn next(State(desk): State<Arc<Desk>>) -> Response {
    let asked = Instant::now();
    let mut waiting = desk.waiting.lock().await;
    // What nobody receives any more belongs to an instance that is being ended.
    let _ = desk.polls.send(asked);
    let Some(event) = waiting.recv().await else { return StatusCode::GONE.into_response() };
    if let Ok(mut handed_out) = desk.handed_out.lock() {
        *handed_out = Instant::now();
    }
    let headers = [
        ("content-type", "application/json"),
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:measured"),
    ];
    (headers, event).into_response()
}

async fn report(
    State(desk): State<Arc<Desk>>,
    Path((_, outcome)): Path<(String, String)>,
    body: Bytes,
) -> StatusCode {
    let elapsed = desk.handed_out.lock().map(|handed_out| handed_out.elapsed()).unwrap_or_default();
    let _ = desk.reports.send(Report { body, failed: outcome != "response", elapsed });
    StatusCode::ACCEPTED
}

async fn init_error(State(desk): State<Arc<Desk>>, body: Bytes) -> StatusCode {
    let _ = desk.reports.send(Report { body, failed: true, elapsed: Duration::ZERO });
    StatusCode::ACCEPTED
}
