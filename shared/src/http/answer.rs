//! Answers in the form that API Gateway reads (payload format 2.0).

use std::borrow::Cow;
use std::string::FromUtf8Error;

use axum::body::to_bytes;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Serialize, Serializer};

/// An answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    status_code: u16,
    #[serde(serialize_with = "joined")]
    headers: HeaderMap,
    cookies: Vec<String>,
    body: String,
    is_base64_encoded: bool,
}

impl Answer {
    /// That of a response.
    pub(super) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let mut headers = parts.headers;
        // API Gateway counts for itself, and a problem's document came later.
        headers.remove(CONTENT_LENGTH);
        let cookies = headers.get_all(SET_COOKIE).iter().map(text).map(Cow::into_owned).collect();
        headers.remove(SET_COOKIE);
        let body = Vec::from(to_bytes(body, usize::MAX).await.unwrap_or_default());
        let text = if is_text(&headers) {
            String::from_utf8(body).map_err(FromUtf8Error::into_bytes)
        } else {
            Err(body)
        };
        let is_base64_encoded = text.is_err();
        let body = text.unwrap_or_else(|bytes| STANDARD.encode(bytes));
        Self { status_code: parts.status.as_u16(), headers, cookies, body, is_base64_encoded }
    }
}

fn text(value: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}

/// The headers; the values of a name, with commas between them (RFC 9110 section 5.2).
fn joined<S: Serializer>(headers: &HeaderMap, serializer: S) -> Result<S::Ok, S::Error> {
    let all = |name: &HeaderName| {
        let mut values = headers.get_all(name).iter().map(text);
        let first = values.next().unwrap_or_default();
        values.fold(first, |all, value| all + ", " + value)
    };
    serializer.collect_map(headers.keys().map(|name| (name.as_str(), all(name))))
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
