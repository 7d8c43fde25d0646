//! SES v2 `SendEmail` on the wire: the request, and the answers other than yes.
//!
//! <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>

use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::Failure;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendEmail {
    #[serde(default)]
    pub(super) from_email_address: String,
    #[serde(default)]
    pub(super) destination: Destination,
    pub(super) content: Content,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Destination {
    #[serde(rename = "ToAddresses")]
    pub(super) to: Vec<String>,
    #[serde(rename = "CcAddresses")]
    pub(super) cc: Vec<String>,
    #[serde(rename = "BccAddresses")]
    pub(super) bcc: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Content {
    pub(super) simple: Option<Simple>,
    pub(super) raw: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Simple {
    pub(super) subject: Part,
    pub(super) body: Body,
    #[serde(default)]
    pub(super) headers: Vec<Header>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Body {
    pub(super) text: Option<Part>,
    pub(super) html: Option<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Part {
    pub(super) data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Raw {
    pub(super) data: String,
}

/// An answer other than yes, in the shape of AWS's REST JSON protocol.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        let (status, code) = (StatusCode::BAD_REQUEST, "BadRequestException");
        Self { status, code, message: message.into() }
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        let (status, code) = (StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceErrorException");
        Self { status, code, message: message.into() }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Throttled => Self {
                status: StatusCode::TOO_MANY_REQUESTS,
                code: "TooManyRequestsException",
                message: "Maximum sending rate exceeded.".to_owned(),
            },
            Failure::ServerError | Failure::Lost => Self::internal("The service is unavailable."),
            Failure::Rejected => Self {
                status: StatusCode::BAD_REQUEST,
                code: "MessageRejected",
                message: "Email address is not verified.".to_owned(),
            },
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let kind = HeaderName::from_static("x-amzn-errortype");
        let headers = [(kind, HeaderValue::from_static(self.code))];
        (self.status, headers, axum::Json(json!({ "message": self.message }))).into_response()
    }
}
