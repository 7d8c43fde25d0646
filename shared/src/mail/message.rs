//! What the mails say. Each is a few paragraphs and at most one link; text and
//! HTML are made from the same words, which are in `texts/`.

use super::own::Words;
use crate::model::{Locale, Notice};

/// A mail's subject and its two bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The subject.
    pub subject: String,
    /// The text body; the first `token=` in it is the main link's.
    pub text: String,
    /// The HTML body.
    pub html: String,
}

impl Message {
    /// A link to make the account.
    #[must_use]
    pub fn confirm_registration(locale: impl Into<Words>, link: &str) -> Self {
        Self::write(locale, "confirm_registration", Some(link), None)
    }

    /// Word to somebody who has an account and asked for another.
    #[must_use]
    pub fn already_registered(locale: impl Into<Words>) -> Self {
        Self::write(locale, "already_registered", None, None)
    }

    /// A link to set the first password of an account that an admin made.
    #[must_use]
    pub fn invitation(locale: impl Into<Words>, link: &str) -> Self {
        Self::write(locale, "invitation", Some(link), None)
    }

    /// A link to set a new password.
    #[must_use]
    pub fn reset_password(locale: impl Into<Words>, link: &str) -> Self {
        Self::write(locale, "reset_password", Some(link), None)
    }

    /// A link to verify the account's address.
    #[must_use]
    pub fn verify_email(locale: impl Into<Words>, link: &str) -> Self {
        Self::write(locale, "verify_email", Some(link), None)
    }

    /// A link to move the account to this address.
    #[must_use]
    pub fn confirm_email(locale: impl Into<Words>, link: &str) -> Self {
        Self::write(locale, "confirm_email", Some(link), None)
    }

    /// Word to somebody whose address another account asked for.
    #[must_use]
    pub fn address_in_use(locale: impl Into<Words>) -> Self {
        Self::write(locale, "address_in_use", None, None)
    }

    /// Word of something that happened, with a link to undo it, if it can be undone.
    #[must_use]
    pub fn notice(locale: impl Into<Words>, notice: Notice, revoke: Option<&str>) -> Self {
        let name = match notice {
            Notice::PasswordChanged => "password_changed",
            Notice::PasswordReset => "password_reset",
            Notice::PasswordChangeRequired => "password_change_required",
            Notice::Approved => "approved",
            Notice::EmailChangeRequested => "email_change_requested",
            Notice::EmailChanged => "email_changed",
            Notice::EmailChangedByAdmin => "email_changed_by_admin",
            Notice::MadeAdmin => "made_admin",
            Notice::NoLongerAdmin => "no_longer_admin",
            Notice::AccountDeleted { until } => {
                let until = until.strftime("%Y-%m-%d %H:%M UTC").to_string();
                return Self::write(locale, "account_deleted", None, Some(&("{until}", until)));
            }
            Notice::AccountRestored => "account_restored",
            Notice::RefreshTokenReused => "refresh_token_reused",
            Notice::MfaAdded => "mfa_added",
            Notice::MfaRemoved => "mfa_removed",
            Notice::MfaRemovedByAdmin => "mfa_removed_by_admin",
            Notice::RecoveryCodesCreated => "recovery_codes_created",
            Notice::RecoveryCodeUsed { left } => {
                return Self::write(
                    locale,
                    "recovery_code_used",
                    revoke,
                    Some(&("{left}", left.to_string())),
                );
            }
        };
        Self::write(locale, name, revoke, None)
    }

    /// Every mail that there is, with a link that leads nowhere: for who reads them
    /// over.
    #[must_use]
    pub fn all(locale: impl Into<Words>) -> Vec<Self> {
        let words = &locale.into();
        let link = "https://app.example.com/a-page#token=0123456789abcdef";
        let undo = "https://app.example.com/not-me#revoke=0123456789abcdef";
        let mut all = vec![
            Self::confirm_registration(words, link),
            Self::already_registered(words),
            Self::invitation(words, link),
            Self::reset_password(words, link),
            Self::verify_email(words, link),
            Self::confirm_email(words, link),
            Self::address_in_use(words),
        ];
        all.extend(Notice::ALL.into_iter().map(|notice| Self::notice(words, notice, Some(undo))));
        all
    }

    fn write(locale: impl Into<Words>, name: &str, link: Option<&str>, value: Option<&Value>) -> Self {
        let words = locale.into();
        let mut lines = words.section(name).into_iter();
        let subject = lines.next().unwrap_or_default();
        let paragraphs: Vec<Paragraph> =
            lines.flat_map(|line| paragraphs(&words, line, link, value)).collect();
        let text: Vec<&str> = paragraphs.iter().map(Paragraph::text).collect();
        let html: String = paragraphs.iter().map(Paragraph::html).collect();
        let direction = if words.locale == Locale::Ar { "rtl" } else { "ltr" };
        let html = format!(
            "<!doctype html><html lang=\"{tag}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
             <title>{title}</title></head><body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">\
             <h1 style=\"font-size:1.25em\">{title}</h1>{html}</body></html>",
            tag = words.locale.tag(),
            title = escape(subject),
        );
        Self { subject: subject.to_owned(), text: format!("{}\n", text.join("\n\n")), html }
    }
}

/// A variable in braces, and what stands in its place.
type Value = (&'static str, String);

enum Paragraph {
    Words(String),
    Link(String),
}

/// What a line of a text stands for.
fn paragraphs(words: &Words, text: &str, link: Option<&str>, value: Option<&Value>) -> Vec<Paragraph> {
    let part = |name: &str| words.section(name).into_iter().map(|words| Paragraph::Words(words.to_owned()));
    let the_link = || Paragraph::Link(link.unwrap_or_default().to_owned());
    match text {
        "{link}" => vec![the_link()],
        "{ignore}" => part("ignore").collect(),
        "{not_you}" if link.is_some() => part("undo").chain([the_link()]).collect(),
        "{not_you}" => part("not_you").collect(),
        text => vec![Paragraph::Words(match value {
            Some((name, value)) => text.replace(name, value),
            None => text.to_owned(),
        })],
    }
}

impl Paragraph {
    fn text(&self) -> &str {
        match self {
            Self::Words(text) | Self::Link(text) => text,
        }
    }

    fn html(&self) -> String {
        match self {
            Self::Words(words) => format!("<p>{}</p>", escape(words)),
            // An address is read from left to right.
            Self::Link(link) => format!("<p dir=\"ltr\"><a href=\"{0}\">{0}</a></p>", escape(link)),
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::Message;
    use crate::model::Locale;

    #[test]
    fn the_first_token_in_the_text_is_the_links() {
        let message = Message::reset_password(Locale::En, "https://a.example/reset-password#token=abc");
        assert_eq!(message.text.split("token=").nth(1).unwrap().split_whitespace().next(), Some("abc"));
        assert!(message.html.contains("href=\"https://a.example/reset-password#token=abc\""));
    }

    #[test]
    fn a_link_cannot_leave_its_attribute() {
        let message = Message::verify_email(Locale::En, "https://a.example/\"><script>");
        assert!(!message.html.contains("<script>"));
    }
}
