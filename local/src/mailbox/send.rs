//! Taking a mail in: what SES would refuse is refused, what a test wants refused too.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use shared::clock::Clock;

use super::wire::{Destination, Raw, Refusal, SendEmail, Simple};
use super::{Failure, Mailbox, Message};

/// SES takes at most 50 recipients a message.
const MAX_RECIPIENTS: usize = 50;

pub(super) async fn send_email(State(mailbox): State<Mailbox>, body: String) -> Response {
    match accept(&mailbox, &body) {
        Ok(id) => axum::Json(json!({ "MessageId": id })).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

fn accept(mailbox: &Mailbox, body: &str) -> Result<String, Refusal> {
    let request: SendEmail =
        serde_json::from_str(body).map_err(|error| Refusal::bad_request(error.to_string()))?;
    let message = message(request)?;
    let mut inner = mailbox.inner();
    let failure = inner.faults.due(message.to.iter().map(|to| address(to)));
    if let Some(failure) = failure {
        if failure == Failure::Lost {
            inner.store.add(message).map_err(|error| Refusal::internal(error.to_string()))?;
        }
        return Err(failure.into());
    }
    let id = message.id.clone();
    inner.store.add(message).map_err(|error| Refusal::internal(error.to_string()))?;
    Ok(id)
}

fn message(request: SendEmail) -> Result<Message, Refusal> {
    let Destination { mut to, cc, bcc } = request.destination;
    to.extend(cc);
    to.extend(bcc);
    if to.is_empty() || to.len() > MAX_RECIPIENTS {
        return Err(Refusal::bad_request("A message has 1 to 50 recipients."));
    }
    for mailbox in to.iter().chain([&request.from_email_address]) {
        check_address(mailbox)?;
    }
    let (subject, text, html) = match (request.content.simple, request.content.raw) {
        (Some(simple), None) => simple_content(simple)?,
        (None, Some(raw)) => raw_content(&raw)?,
        _ => return Err(Refusal::bad_request("Content is either Simple or Raw.")),
    };
    let id = uuid::Uuid::now_v7().to_string();
    let (from, sent_at) = (request.from_email_address, Clock::system().now());
    Ok(Message { id, to, from, subject, text, html, sent_at })
}

fn simple_content(simple: Simple) -> Result<(String, String, String), Refusal> {
    let values = simple.headers.iter().flat_map(|header| [&header.name, &header.value]);
    if values.chain([&simple.subject.data]).any(|value| value.contains(char::is_control)) {
        return Err(Refusal::bad_request("A header contains a control character."));
    }
    if simple.body.text.is_none() && simple.body.html.is_none() {
        return Err(Refusal::bad_request("A body has Text, Html or both."));
    }
    let data = |part: Option<super::wire::Part>| part.map(|part| part.data).unwrap_or_default();
    Ok((simple.subject.data, data(simple.body.text), data(simple.body.html)))
}

/// A MIME message is kept as the text it is made of: Usher sends none, so none is taken apart.
fn raw_content(raw: &Raw) -> Result<(String, String, String), Refusal> {
    let bytes = STANDARD.decode(&raw.data).map_err(|error| Refusal::bad_request(error.to_string()))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(("(a MIME message, shown as it is)".to_owned(), text, String::new()))
}

/// The address in `Name <address>`, or all of it.
fn address(mailbox: &str) -> &str {
    let inner = mailbox.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    inner.unwrap_or(mailbox).trim()
}

/// SES knows no SMTPUTF8, and refuses what has no domain.
fn check_address(mailbox: &str) -> Result<(), Refusal> {
    let wrong = |message: &str| Err(Refusal::bad_request(message));
    if !mailbox.is_ascii() || mailbox.contains(|c: char| c.is_ascii_control()) {
        return wrong("An address contains a character that is not printable ASCII.");
    }
    match address(mailbox).rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(()),
        _ => wrong("Missing final '@domain'"),
    }
}
