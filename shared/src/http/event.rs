//! API Gateway HTTP API events (payload format 2.0) to requests and back. Every
//! event, however malformed, becomes a request or a problem: nothing panics.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE, SET_COOKIE};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use serde_json::{Value, json};

use super::Problem;

/// Longer bodies are refused.
pub(super) const MAX_BODY: usize = 64 * 1024;

/// The request that an event stands for.
pub(super) fn to_request(event: &Value) -> Result<Request<Body>, Problem> {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    let method = text("/requestContext/http/method").unwrap_or_default();
    let method: Method = method.parse().map_err(|_| Problem::InvalidRequest)?;
    let mut uri = text("/rawPath").filter(|path| path.starts_with('/')).unwrap_or("/").to_owned();
    if let Some(query) = text("/rawQueryString").filter(|query| !query.is_empty()) {
        uri = format!("{uri}?{query}");
    }
    let uri: PathAndQuery = uri.parse().map_err(|_| Problem::InvalidRequest)?;
    let mut request = Request::new(Body::from(body(event)?));
    *request.method_mut() = method;
    *request.uri_mut() = uri.into();
    *request.headers_mut() = headers(event);
    Ok(request)
}

fn body(event: &Value) -> Result<Bytes, Problem> {
    let body = match event.get("body") {
        None | Some(Value::Null) => return Ok(Bytes::new()),
        Some(Value::String(body)) => body,
        Some(_) => return Err(Problem::InvalidRequest),
    };
    let bytes = if event.get("isBase64Encoded").and_then(Value::as_bool) == Some(true) {
        if body.len() > MAX_BODY.div_ceil(3) * 4 {
            return Err(Problem::BodyTooLarge);
        }
        STANDARD.decode(body).map_err(|_| Problem::InvalidRequest)?.into()
    } else {
        Bytes::copy_from_slice(body.as_bytes())
    };
    if bytes.len() > MAX_BODY { Err(Problem::BodyTooLarge) } else { Ok(bytes) }
}

/// The headers; one that HTTP does not allow is left out.
pub(super) fn headers(event: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in event.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let value = value.as_str().map(HeaderValue::from_str);
        if let (Ok(name), Some(Ok(value))) = (name.parse::<HeaderName>(), value) {
            let _ = headers.try_append(name, value);
        }
    }
    let cookies = event.get("cookies").and_then(Value::as_array).into_iter().flatten();
    for cookie in cookies.filter_map(Value::as_str) {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            let _ = headers.try_append(COOKIE, cookie);
        }
    }
    headers
}

/// The answer in the form that API Gateway reads (payload format 2.0).
pub(super) async fn from_response(response: Response) -> Value {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut headers = BTreeMap::<&str, String>::new();
    let mut cookies = Vec::new();
    for (name, value) in &parts.headers {
        if name == CONTENT_LENGTH {
            // API Gateway counts for itself, and a problem's document came later.
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if name == SET_COOKIE {
            cookies.push(value);
        } else {
            headers.entry(name.as_str()).and_modify(|all| *all = format!("{all}, {value}")).or_insert(value);
        }
    }
    let text = if is_text(&parts.headers) { String::from_utf8(body.to_vec()).ok() } else { None };
    let is_base64 = text.is_none();
    json!({
        "statusCode": parts.status.as_u16(),
        "headers": headers,
        "cookies": cookies,
        "body": text.unwrap_or_else(|| STANDARD.encode(&body)),
        "isBase64Encoded": is_base64,
    })
}

fn is_text(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else {
        return true;
    };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || kind.ends_with("json")
        || kind.ends_with("xml")
        || kind.ends_with("javascript")
}
