//! Amazon SES, API v2.

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message as SesMessage};

use super::Message;
use crate::model::Email;

/// Why a mail was not sent.
#[derive(Debug, PartialEq, Eq)]
pub enum MailError {
    /// It never will be, as it is.
    Permanent(String),
    /// It may be, later.
    Transient(String),
}

impl std::fmt::Display for MailError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Permanent(cause) => write!(f, "refused for good: {cause}"),
            Self::Transient(cause) => write!(f, "not sent yet: {cause}"),
        }
    }
}

impl std::error::Error for MailError {}

/// What SES says of a mail that it will not take: an address that cannot be, but
/// also a sender that is not verified. All else (throttling, a paused account, no
/// answer) may pass by itself. An alarm watches these, and `usher mail retry`
/// sends them once the cause is mended.
const PERMANENT: [&str; 2] = ["MessageRejected", "BadRequestException"];

/// Sends mails from one sender. Clones share one client.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
    from: String,
}

impl Mailer {
    /// A mailer whose mails come from `from`.
    #[must_use]
    pub fn new(client: Client, from: impl Into<String>) -> Self {
        Self { client, from: from.into() }
    }

    /// Sends a mail as multipart text and HTML.
    ///
    /// # Errors
    /// When SES did not take it. After a transient error it may have been sent.
    pub async fn send(&self, to: &Email, message: &Message) -> Result<(), MailError> {
        let content = EmailContent::builder().simple(parts(message)?).build();
        self.client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(to.as_str()).build())
            .content(content)
            .send()
            .await
            .map(|_| ())
            .map_err(|error| judge(&error))
    }
}

fn parts(message: &Message) -> Result<SesMessage, MailError> {
    let utf8 = |data: &str| {
        Content::builder()
            .charset("UTF-8")
            .data(data)
            .build()
            .map_err(|error| MailError::Permanent(error.to_string()))
    };
    let body = Body::builder().text(utf8(&message.text)?).html(utf8(&message.html)?).build();
    Ok(SesMessage::builder().subject(utf8(&message.subject)?).body(body).build())
}

fn judge<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> MailError {
    match error.code() {
        Some(code) if PERMANENT.contains(&code) => MailError::Permanent(code.to_owned()),
        Some(code) => MailError::Transient(code.to_owned()),
        None => MailError::Transient("no answer from SES".to_owned()),
    }
}
