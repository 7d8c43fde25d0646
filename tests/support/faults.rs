//! A `DynamoDB` that fails on demand: a proxy in front of the engine, since no
//! local engine is ever slow, throttled, in conflict or gone.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::engine;

/// What becomes of a request to the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No answer, ever.
    Hang,
    /// 400 `ThrottlingException`.
    Throttled,
    /// 400 `ProvisionedThroughputExceededException`.
    Exceeded,
    /// 500 `InternalServerError`.
    ServerError,
    /// 400 `TransactionCanceledException`, for another transaction was there first.
    Conflict,
    /// 200, but no key of the batch was looked at.
    Unprocessed,
    /// The engine does it, and the connection breaks before its answer arrives.
    Lost,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The operation, like `GetItem`.
    pub operation: String,
    /// Its parameters.
    pub body: Value,
}

#[derive(Debug)]
struct Rule {
    operation: Option<&'static str>,
    fault: Fault,
    left: usize,
}

#[derive(Debug, Default)]
struct State {
    rules: Vec<Rule>,
    seen: Vec<Seen>,
}

/// The proxy. It lets everything pass until it is told otherwise.
#[derive(Debug)]
pub struct Faults {
    /// Where it listens.
    pub endpoint: String,
    state: Arc<Mutex<State>>,
    server: AbortHandle,
}

impl Faults {
    /// A proxy before the engine of the tests. It lives as long as the test.
    pub async fn new() -> Self {
        let upstream = engine::endpoint().await.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let server = tokio::spawn(serve(listener, upstream, state.clone())).abort_handle();
        Self { endpoint, state, server }
    }

    /// Every request fails so from now on.
    pub fn always(&self, fault: Fault) {
        self.rule(None, fault, usize::MAX);
    }

    /// The next `times` requests of this operation fail so.
    pub fn next(&self, times: usize, operation: &'static str, fault: Fault) {
        self.rule(Some(operation), fault, times);
    }

    fn rule(&self, operation: Option<&'static str>, fault: Fault, left: usize) {
        self.state.lock().unwrap().rules.push(Rule { operation, fault, left });
    }

    /// Nothing fails any more.
    pub fn heal(&self) {
        self.state.lock().unwrap().rules.clear();
    }

    /// From now on nobody listens, and open connections are cut.
    pub fn gone(&self) {
        self.server.abort();
    }

    /// What arrived since it was asked last.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state.lock().unwrap().seen)
    }
}

async fn serve(listener: TcpListener, upstream: String, state: Arc<Mutex<State>>) {
    // Dropped with this task, and its connections with it.
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        connections.spawn(connection(client, upstream.clone(), state.clone()));
    }
}

/// One request and its answer; then the connection is closed.
async fn connection(mut client: TcpStream, upstream: String, state: Arc<Mutex<State>>) -> io::Result<()> {
    let (head, body) = request(&mut client).await?;
    let operation = header(&head, "x-amz-target").rsplit('.').next().unwrap_or_default().to_owned();
    let json: Value = serde_json::from_slice(&body).unwrap_or_default();
    let fault = due(&state, &operation, &json);
    let answer = match fault {
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Lost) => return forward(&upstream, &head, &body).await.map(drop),
        Some(fault) => canned(fault, &json),
        None => forward(&upstream, &head, &body).await?,
    };
    client.write_all(&answer).await?;
    client.shutdown().await
}

fn due(state: &Mutex<State>, operation: &str, body: &Value) -> Option<Fault> {
    let mut state = state.lock().unwrap();
    state.seen.push(Seen { operation: operation.to_owned(), body: body.clone() });
    let concerns = |rule: &&mut Rule| rule.left > 0 && rule.operation.is_none_or(|only| only == operation);
    let rule = state.rules.iter_mut().find(concerns)?;
    rule.left -= 1;
    Some(rule.fault)
}

/// The head, with its empty line, and the body of a request.
async fn request(client: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let mut body = bytes.split_off(end);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let length: usize = header(&head, "content-length").parse().unwrap_or_default();
    while body.len() < length {
        if client.read_buf(&mut body).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok((head, body))
}

fn header<'a>(head: &'a str, wanted: &str) -> &'a str {
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let mut values =
        lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim());
    values.next().unwrap_or_default()
}

/// The engine's answer, to its last byte.
async fn forward(upstream: &str, head: &str, body: &[u8]) -> io::Result<Vec<u8>> {
    let mut engine = TcpStream::connect(upstream).await?;
    let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    engine.write_all(head.as_bytes()).await?;
    engine.write_all(body).await?;
    let mut answer = Vec::new();
    engine.read_to_end(&mut answer).await?;
    Ok(answer)
}

fn canned(fault: Fault, request: &Value) -> Vec<u8> {
    let error =
        |name: &str| json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{name}"), "message": "no" });
    let (status, body) = match fault {
        Fault::Throttled => (400, error("ThrottlingException")),
        Fault::Exceeded => (400, error("ProvisionedThroughputExceededException")),
        Fault::Conflict => {
            let mut body = error("TransactionCanceledException");
            body["CancellationReasons"] = json!([{ "Code": "TransactionConflict", "Message": "no" }]);
            (400, body)
        }
        Fault::Unprocessed => (200, json!({ "Responses": {}, "UnprocessedKeys": request["RequestItems"] })),
        Fault::ServerError | Fault::Hang | Fault::Lost => (500, error("InternalServerError")),
    };
    let body = body.to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 {status} .\r\ncontent-type: application/x-amz-json-1.0\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
