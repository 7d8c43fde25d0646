//! The mailbox, as the real SES client and a reader of `/messages` meet it.

#![expect(clippy::expect_used, reason = "a test says what it takes for granted")]

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader, RawMessage};
use local::invoke::Function;
use local::mailbox::{Failure, Mailbox};

async fn client(mailbox: &Mailbox) -> Client {
    let served = mailbox.serve().await.expect("served");
    Client::from_conf(
        aws_sdk_sesv2::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::from_static(local::client::REGION))
            .credentials_provider(Credentials::new("a", "b", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .endpoint_url(served.endpoint)
            .build(),
    )
}

fn part(data: &str) -> Content {
    Content::builder().data(data).charset("UTF-8").build().expect("complete")
}

fn simple(subject: &str) -> EmailContent {
    let header = MessageHeader::builder().name("Auto-Submitted").value("auto-generated");
    let body = Body::builder().text(part("a ü\n\"<b>")).html(part("<p>a</p>")).build();
    let message = Message::builder()
        .subject(part(subject))
        .body(body)
        .headers(header.build().expect("complete"))
        .build();
    EmailContent::builder().simple(message).build()
}

async fn send(client: &Client, to: &str, content: EmailContent) -> Result<String, SendFailure> {
    let sent = client
        .send_email()
        .from_email_address("Usher <no-reply@example.com>")
        .destination(Destination::builder().to_addresses(to).build())
        .content(content)
        .send()
        .await;
    match sent {
        Ok(answer) => Ok(answer.message_id.expect("an accepted mail has an id")),
        Err(error) => Err(SendFailure::from(error)),
    }
}

#[derive(Debug, PartialEq)]
struct SendFailure {
    status: Option<u16>,
    code: Option<String>,
    rejected: bool,
}

impl From<SdkError<SendEmailError>> for SendFailure {
    fn from(error: SdkError<SendEmailError>) -> Self {
        Self {
            status: error.raw_response().map(|response| response.status().as_u16()),
            code: error.code().map(str::to_owned),
            rejected: error.as_service_error().is_some_and(SendEmailError::is_message_rejected),
        }
    }
}

fn failure(status: u16, code: &str) -> Result<String, SendFailure> {
    let rejected = code == "MessageRejected";
    Err(SendFailure { status: Some(status), code: Some(code.to_owned()), rejected })
}

#[tokio::test]
async fn what_the_sdk_sends_is_kept_as_it_was_meant() {
    let mailbox = Mailbox::new();
    let client = client(&mailbox).await;
    let id = send(&client, "ada@example.com", simple("Hëllo")).await.expect("accepted");
    send(&client, "bob@example.com", simple("two")).await.expect("accepted");

    let messages = mailbox.messages();
    assert_eq!(messages.len(), 2);
    let first = &messages[0];
    assert_eq!(first.id, id);
    assert_eq!(first.to, ["ada@example.com"]);
    assert_eq!(first.from, "Usher <no-reply@example.com>");
    assert_eq!(first.subject, "Hëllo");
    assert_eq!(first.text, "a ü\n\"<b>");
    assert_eq!(first.html, "<p>a</p>");
    let json = serde_json::to_value(first).expect("JSON");
    assert!(json["sent_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{json}");
}

#[tokio::test]
async fn a_failure_asked_for_is_the_one_that_the_sdk_sees_and_nothing_is_kept() {
    let mailbox = Mailbox::new();
    let client = client(&mailbox).await;
    mailbox.fail_next(1, Failure::Throttled);
    mailbox.fail_next(1, Failure::ServerError);
    mailbox.fail_next(1, Failure::Rejected);
    let to = "ada@example.com";
    assert_eq!(send(&client, to, simple("1")).await, failure(429, "TooManyRequestsException"));
    assert_eq!(send(&client, to, simple("2")).await, failure(500, "InternalServiceErrorException"));
    assert_eq!(send(&client, to, simple("3")).await, failure(400, "MessageRejected"));
    assert_eq!(mailbox.messages(), []);
    send(&client, to, simple("4")).await.expect("the failures are used up");
}

#[tokio::test]
async fn a_poison_address_fails_until_it_is_healed_and_the_others_do_not() {
    let mailbox = Mailbox::new();
    let client = client(&mailbox).await;
    mailbox.fail_for("Poison@example.com", Failure::Rejected);
    for _ in 0..2 {
        let refused = send(&client, "Name <poison@EXAMPLE.com>", simple("no")).await;
        assert_eq!(refused, failure(400, "MessageRejected"));
    }
    send(&client, "ada@example.com", simple("yes")).await.expect("accepted");
    mailbox.heal("poison@example.com");
    send(&client, "poison@example.com", simple("yes")).await.expect("accepted");
    mailbox.fail_for("poison@example.com", Failure::Rejected);
    mailbox.clear();
    assert_eq!(mailbox.messages(), []);
    send(&client, "poison@example.com", simple("yes")).await.expect("accepted");
}

#[tokio::test]
async fn what_ses_would_refuse_is_refused() {
    let mailbox = Mailbox::new();
    let client = client(&mailbox).await;
    for to in ["", "ada", "ada@", "ü@example.com", "a@example.com\nBcc: b@example.com"] {
        let refused = send(&client, to, simple("x")).await;
        assert_eq!(refused, failure(400, "BadRequestException"), "{to:?}");
    }
    let injected = send(&client, "a@example.com", simple("x\r\nBcc: b@example.com")).await;
    assert_eq!(injected, failure(400, "BadRequestException"));
    assert_eq!(mailbox.messages(), []);
}

#[tokio::test]
async fn a_mime_message_is_kept_as_text() {
    let mailbox = Mailbox::new();
    let client = client(&mailbox).await;
    let raw = RawMessage::builder().data(Blob::new("Subject: x\r\n\r\nhello")).build();
    let content = EmailContent::builder().raw(raw.expect("complete")).build();
    send(&client, "ada@example.com", content).await.expect("accepted");
    assert_eq!(mailbox.messages()[0].text, "Subject: x\r\n\r\nhello");
}

#[tokio::test]
async fn a_server_goes_on_after_the_runtime_that_started_it() {
    let start = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async { Mailbox::new().serve().await })
    };
    let served = std::thread::spawn(start).join().expect("joined").expect("served");
    let port = served.endpoint.rsplit(':').next().and_then(|port| port.parse().ok());
    let answer = Function::new(port.expect("a port"), "x").invoke(serde_json::json!({})).await;
    assert!(answer.is_err_and(|why| why.starts_with("404")), "the mailbox has no such route");
}
