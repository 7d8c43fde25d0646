//! Delivering one mail.

use shared::App;
use shared::mail::{MailError, Mailer};
use shared::model::{Mail, MailId, UserId};
use shared::store::StoreError;

use crate::letter::{Letter, letter};

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// SES took it.
    Sent,
    /// There was nothing to send (any more).
    Nothing,
    /// The address got enough mails: dropped.
    HeldBack,
    /// It can never be sent as it is: marked.
    Marked,
}

impl Delivery {
    /// For the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Nothing => "nothing to send",
            Self::HeldBack => "held back",
            Self::Marked => "marked as failed",
        }
    }
}

/// Delivers the mail of that id. The order is: ticket, SES, deletion. A crash
/// between SES's yes and the deletion sends the mail again, with the same link.
pub(crate) async fn deliver(app: &App, post: &Mailer, id: MailId) -> Result<Delivery, String> {
    let mail = match app.store.mail(id).await {
        Ok(mail) => mail,
        Err(StoreError::Broken(cause)) => return mark(app, id, &cause, None).await,
        Err(error) => return Err(error.to_string()),
    };
    let Some(mail) = mail.filter(|mail| mail.failure.is_none()) else {
        return Ok(Delivery::Nothing);
    };
    let letter = match letter(app, &mail).await {
        Ok(letter) => letter,
        Err(StoreError::Broken(cause)) => return mark(app, id, &cause, None).await,
        Err(error) => return Err(error.to_string()),
    };
    match letter {
        Letter::None => finish(app, &mail, Delivery::Nothing).await,
        Letter::HeldBack => finish(app, &mail, Delivery::HeldBack).await,
        Letter::Some { to, message } => match post.send(&to, &message).await {
            Ok(()) => finish(app, &mail, Delivery::Sent).await,
            Err(MailError::Permanent(cause)) => {
                let owner = owner(app, &mail).await.map_err(|error| error.to_string())?;
                mark(app, id, &cause, owner).await
            }
            Err(MailError::Transient(cause)) => Err(cause),
        },
    }
}

async fn finish(app: &App, mail: &Mail, delivery: Delivery) -> Result<Delivery, String> {
    app.store.delete_mail(mail.id).await.map_err(|error| error.to_string())?;
    Ok(delivery)
}

/// Whose account the mail is about, if there is one.
async fn owner(app: &App, mail: &Mail) -> Result<Option<UserId>, StoreError> {
    match mail.subject() {
        Some(id) => Ok(Some(id)),
        None => Ok(app.store.user_by_email(&mail.to).await?.map(|user| user.id)),
    }
}

async fn mark(app: &App, id: MailId, cause: &str, owner: Option<UserId>) -> Result<Delivery, String> {
    tracing::error!(mail_id = %id, cause, "a mail can never be sent");
    app.store.mark_failed(id, cause, owner).await.map_err(|error| error.to_string())?;
    Ok(Delivery::Marked)
}
