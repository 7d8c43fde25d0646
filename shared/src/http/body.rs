//! JSON bodies, read strictly.

use std::convert::Infallible;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::event::MAX_BODY;
use super::{FieldError, Problem};

/// A JSON body that became a `T`. Unknown and repeated fields are refused by the
/// type (`deny_unknown_fields`).
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A JSON body of which the handler learns only later what it has to be, and
/// whether the caller may send one at all. So even what is wrong with its media
/// type is said when it is parsed, and not before.
#[derive(Debug)]
pub struct RawBody(Result<Bytes, Problem>);

impl RawBody {
    /// Reads it as a `T`.
    ///
    /// # Errors
    /// `unsupported_media_type`, `body_too_large`, `invalid_json` when it is not JSON,
    /// `invalid_body` when it is not a `T`.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let bytes = self.0.as_deref().map_err(Clone::clone)?;
        // JSON is UTF-8 (RFC 8259 section 8.1); serde does not look into what it skips.
        std::str::from_utf8(bytes).map_err(|_| Problem::InvalidJson)?;
        // serde would read an array as a struct, too.
        let is_object = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if !is_object {
            let json = serde_json::from_slice::<IgnoredAny>(bytes);
            json.map_err(|_| Problem::InvalidJson)?;
            return Err(Problem::InvalidBody(vec![error("", "invalid_type", "must be an object")]));
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| judge(bytes, &error))?;
        reader.end().map_err(|_| Problem::InvalidJson)?;
        Ok(value)
    }
}

impl<S: Sync> FromRequest<S> for RawBody {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(read(request).await))
    }
}

async fn read(request: Request) -> Result<Bytes, Problem> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Problem::UnsupportedMediaType);
    }
    to_bytes(request.into_body(), MAX_BODY).await.map_err(|_| Problem::BodyTooLarge)
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        RawBody(read(request).await).parse().map(Self)
    }
}

/// What serde could not read, as a problem.
fn judge(bytes: &[u8], failure: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    // What is no variant of an enum counts as bad syntax to serde, good JSON though it is.
    let is_json = || serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
    if failure.inner().classify() != Category::Data && !is_json() {
        return Problem::InvalidJson;
    }
    let path = failure.path().iter().filter_map(|segment| match segment {
        serde_path_to_error::Segment::Map { key } => Some(format!("/{}", escape(key))),
        serde_path_to_error::Segment::Seq { index } => Some(format!("/{index}")),
        _ => None,
    });
    let path: String = path.collect();
    let text = failure.inner().to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    Problem::InvalidBody(vec![explain(&path, text)])
}

/// serde's words for a field, in ours; its `{code}: {message}` from our types.
fn explain(path: &str, text: &str) -> FieldError {
    let named = |prefix: &str| {
        let rest = text.strip_prefix(prefix)?;
        Some(format!("{path}/{}", escape(rest.split('`').next().unwrap_or_default())))
    };
    if let Some(pointer) = named("missing field `") {
        return error(&pointer, "required", "is required");
    }
    if text.starts_with("unknown field `") {
        // The path names the field already.
        return error(path, "unknown_field", "is not a field of this body");
    }
    if let Some(pointer) = named("duplicate field `") {
        let pointer = if path.is_empty() { pointer } else { path.to_owned() };
        return error(&pointer, "duplicate_field", "is given twice");
    }
    match text.split_once(": ") {
        Some((code, message)) if code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => {
            error(path, code, message)
        }
        _ => error(path, "invalid_type", "has the wrong type or is not one of the values allowed"),
    }
}

fn error(pointer: &str, code: &str, message: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code: code.to_owned(), message: message.to_owned() }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
