//! API Gateway HTTP API events (payload format 2.0) to requests. Every event, however
//! malformed, becomes a request or a problem: nothing panics.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::COOKIE;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Problem;

/// Longer bodies are refused.
pub(super) const MAX_BODY: usize = 64 * 1024;

/// As much of an event as is asked of one. What is of another kind than it should be
/// counts as absent, but for a body.
#[derive(Clone, Debug)]
pub struct HttpEvent {
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    query: Option<String>,
    pub(super) headers: HeaderMap,
    body: Result<Bytes, Problem>,
    /// API Gateway's id of the request.
    pub request_id: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) source_ip: Option<String>,
    pub(super) user_agent: Option<String>,
}

/// A value that was not looked at yet.
type Raw<'a> = Option<&'a RawValue>;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow)]
    raw_path: Raw<'a>,
    #[serde(borrow)]
    raw_query_string: Raw<'a>,
    #[serde(borrow)]
    headers: Raw<'a>,
    #[serde(borrow)]
    cookies: Raw<'a>,
    #[serde(borrow)]
    body: Raw<'a>,
    #[serde(borrow)]
    is_base64_encoded: Raw<'a>,
    #[serde(borrow)]
    request_context: Raw<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Context<'a> {
    #[serde(borrow)]
    request_id: Raw<'a>,
    #[serde(borrow)]
    domain_name: Raw<'a>,
    #[serde(borrow)]
    http: Raw<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Http<'a> {
    #[serde(borrow)]
    method: Raw<'a>,
    #[serde(borrow)]
    source_ip: Raw<'a>,
    #[serde(borrow)]
    user_agent: Raw<'a>,
}

/// An object; of anything else, and of one that does not read, all is absent.
fn object<'a, T: Default + Deserialize<'a>>(raw: Raw<'a>) -> T {
    read(raw.filter(|raw| raw.get().starts_with('{'))).unwrap_or_default()
}

/// The value, if it is one of that kind.
fn read<'a, T: Deserialize<'a>>(raw: Raw<'a>) -> Option<T> {
    serde_json::from_str(raw?.get()).ok()
}

impl HttpEvent {
    /// Reads an event.
    #[must_use]
    pub fn read(event: &RawValue) -> Self {
        let event: Event<'_> = object(Some(event));
        let context: Context<'_> = object(event.request_context);
        let http: Http<'_> = object(context.http);
        Self {
            method: read(http.method),
            path: read(event.raw_path),
            query: read(event.raw_query_string),
            headers: headers(event.headers, event.cookies),
            body: body(event.body, read(event.is_base64_encoded) == Some(true)),
            request_id: read(context.request_id),
            domain: read(context.domain_name),
            source_ip: read(http.source_ip),
            user_agent: read(http.user_agent),
        }
    }

    /// The request that it stands for.
    pub(super) fn into_request(self) -> Result<Request<Body>, Problem> {
        let method: Method = self.method.unwrap_or_default().parse().map_err(|_| Problem::InvalidRequest)?;
        let mut uri = self.path.filter(|path| path.starts_with('/')).unwrap_or_else(|| "/".to_owned());
        if let Some(query) = self.query.filter(|query| !query.is_empty()) {
            uri = format!("{uri}?{query}");
        }
        let uri = PathAndQuery::try_from(uri).map_err(|_| Problem::InvalidRequest)?;
        let mut request = Request::new(Body::from(self.body?));
        *request.method_mut() = method;
        *request.uri_mut() = uri.into();
        *request.headers_mut() = self.headers;
        Ok(request)
    }
}

fn body(body: Raw<'_>, is_base64: bool) -> Result<Bytes, Problem> {
    if body.is_none() {
        return Ok(Bytes::new());
    }
    let body: String = read(body).ok_or(Problem::InvalidRequest)?;
    let bytes: Bytes = if is_base64 {
        if body.len() > MAX_BODY.div_ceil(3) * 4 {
            return Err(Problem::BodyTooLarge);
        }
        STANDARD.decode(body).map_err(|_| Problem::InvalidRequest)?.into()
    } else {
        body.into()
    };
    if bytes.len() > MAX_BODY { Err(Problem::BodyTooLarge) } else { Ok(bytes) }
}

/// The headers; one that HTTP does not allow is left out.
fn headers(given: Raw<'_>, cookies: Raw<'_>) -> HeaderMap {
    let given: BTreeMap<String, &RawValue> = read(given).unwrap_or_default();
    let cookies: Vec<&RawValue> = read(cookies).unwrap_or_default();
    let value = |raw| HeaderValue::try_from(read::<String>(Some(raw))?).ok();
    let mut headers = HeaderMap::new();
    for (name, raw) in given {
        if let (Ok(name), Some(value)) = (name.parse::<HeaderName>(), value(raw)) {
            let _ = headers.try_append(name, value);
        }
    }
    for cookie in cookies.into_iter().filter_map(value) {
        let _ = headers.try_append(COOKIE, cookie);
    }
    headers
}
