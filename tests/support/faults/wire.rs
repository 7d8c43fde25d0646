//! Requests and answers as bytes.

use std::io;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::kind::Fault;

/// The head, with its empty line, and the body of a request.
pub(super) async fn request(client: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
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

/// The operation that a request's head names, like `GetItem`.
pub(super) fn operation(head: &str) -> String {
    header(head, "x-amz-target").rsplit('.').next().unwrap_or_default().to_owned()
}

/// Whether the SDK has sent the request before and had no answer that it could use.
pub(super) fn is_repeated(head: &str) -> bool {
    let attempt =
        header(head, "amz-sdk-request").split(';').find_map(|part| part.trim().strip_prefix("attempt="));
    attempt.is_some_and(|attempt| attempt != "1")
}

fn header<'a>(head: &'a str, wanted: &str) -> &'a str {
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let mut values =
        lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim());
    values.next().unwrap_or_default()
}

/// The engine's answer, to its last byte.
pub(super) async fn forward(upstream: &str, head: &str, body: &[u8]) -> io::Result<Vec<u8>> {
    let mut engine = TcpStream::connect(upstream).await?;
    let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    engine.write_all(head.as_bytes()).await?;
    engine.write_all(body).await?;
    let mut answer = Vec::new();
    engine.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// The answer of a `DynamoDB` that does not do what it is asked for.
pub(super) fn canned(fault: Fault, request: &Value) -> Vec<u8> {
    let (status, body) = match fault {
        Fault::Throttled => (400, error("ThrottlingException")),
        Fault::Exceeded => (400, error("ProvisionedThroughputExceededException")),
        Fault::ItemThrottled => (400, cancelled("ThrottlingError", request)),
        Fault::Conflict if request["TransactItems"].is_array() => {
            (400, cancelled("TransactionConflict", request))
        }
        Fault::Conflict => (400, error("TransactionConflictException")),
        Fault::Unprocessed => (200, json!({ "Responses": {}, "UnprocessedKeys": request["RequestItems"] })),
        Fault::ServerError | Fault::Hang | Fault::Cut | Fault::Lost | Fault::Swallowed => {
            (500, error("InternalServerError"))
        }
    };
    let body = body.to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 {status} .\r\ncontent-type: application/x-amz-json-1.0\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn error(name: &str) -> Value {
    json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{name}"), "message": "no" })
}

/// One reason for each item of the transaction, `None` but for the last.
fn cancelled(code: &str, request: &Value) -> Value {
    let items = request["TransactItems"].as_array().map_or(1, Vec::len).max(1);
    let mut reasons = vec![json!({ "Code": "None" }); items];
    reasons[items - 1] = json!({ "Code": code, "Message": "no" });
    let mut body = error("TransactionCanceledException");
    body["CancellationReasons"] = json!(reasons);
    body
}
