//! What the mails say. Each is a few paragraphs and at most one link; text and
//! HTML are made from the same words, which are in `texts/`.

use super::texts::section;
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
    pub fn confirm_registration(locale: Locale, link: &str) -> Self {
        Self::write(locale, "confirm_registration", Some(link), None)
    }

    /// Word to somebody who has an account and asked for another.
    #[must_use]
    pub fn already_registered(locale: Locale) -> Self {
        Self::write(locale, "already_registered", None, None)
    }

    /// A link to set the first password of an account that an admin made.
    #[must_use]
    pub fn invitation(locale: Locale, link: &str) -> Self {
        Self::write(locale, "invitation", Some(link), None)
    }

    /// A link to set a new password.
    #[must_use]
    pub fn reset_password(locale: Locale, link: &str) -> Self {
        Self::write(locale, "reset_password", Some(link), None)
    }

    /// A link to verify the account's address.
    #[must_use]
    pub fn verify_email(locale: Locale, link: &str) -> Self {
        Self::write(locale, "verify_email", Some(link), None)
    }

    /// A link to move the account to this address.
    #[must_use]
    pub fn confirm_email(locale: Locale, link: &str) -> Self {
        Self::write(locale, "confirm_email", Some(link), None)
    }

    /// Word to somebody whose address another account asked for.
    #[must_use]
    pub fn address_in_use(locale: Locale) -> Self {
        Self::write(locale, "address_in_use", None, None)
    }

    /// Word of something that happened, with a link to undo it, if it can be undone.
    #[must_use]
    pub fn notice(locale: Locale, notice: Notice, revoke: Option<&str>) -> Self {
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
            Notice::RefreshTokenReused => "refresh_token_reused",
            Notice::MfaAdded => "mfa_added",
            Notice::MfaRemoved => "mfa_removed",
            Notice::MfaRemovedByAdmin => "mfa_removed_by_admin",
            Notice::RecoveryCodesCreated => "recovery_codes_created",
            Notice::RecoveryCodeUsed { left } => {
                return Self::write(locale, "recovery_code_used", revoke, Some(left));
            }
        };
        Self::write(locale, name, revoke, None)
    }

    /// Every mail that there is, with a link that leads nowhere: for who reads them
    /// over.
    #[must_use]
    pub fn all(locale: Locale) -> Vec<Self> {
        let link = "https://app.example.com/a-page#token=0123456789abcdef";
        let undo = "https://app.example.com/not-me#revoke=0123456789abcdef";
        let mut all = vec![
            Self::confirm_registration(locale, link),
            Self::already_registered(locale),
            Self::invitation(locale, link),
            Self::reset_password(locale, link),
            Self::verify_email(locale, link),
            Self::confirm_email(locale, link),
            Self::address_in_use(locale),
        ];
        all.extend(Notice::ALL.into_iter().map(|notice| Self::notice(locale, notice, Some(undo))));
        all
    }

    fn write(locale: Locale, name: &str, link: Option<&str>, left: Option<usize>) -> Self {
        let mut lines = section(locale, name);
        let subject = lines.next().unwrap_or_default();
        let paragraphs: Vec<Paragraph> =
            lines.flat_map(|line| paragraphs(locale, line, link, left)).collect();
        let text: Vec<&str> = paragraphs.iter().map(Paragraph::text).collect();
        let html: String = paragraphs.iter().map(Paragraph::html).collect();
        let direction = if locale == Locale::Ar { "rtl" } else { "ltr" };
        let html = format!(
            "<!doctype html><html lang=\"{tag}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
             <title>{title}</title></head><body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">\
             <h1 style=\"font-size:1.25em\">{title}</h1>{html}</body></html>",
            tag = locale.tag(),
            title = escape(subject),
        );
        Self { subject: subject.to_owned(), text: format!("{}\n", text.join("\n\n")), html }
    }
}

enum Paragraph {
    Words(String),
    Link(String),
}

/// What a line of a text stands for.
fn paragraphs(locale: Locale, line: &str, link: Option<&str>, left: Option<usize>) -> Vec<Paragraph> {
    let words = |name| section(locale, name).map(|words| Paragraph::Words(words.to_owned()));
    let the_link = || Paragraph::Link(link.unwrap_or_default().to_owned());
    match line {
        "{link}" => vec![the_link()],
        "{ignore}" => words("ignore").collect(),
        "{not_you}" if link.is_some() => words("undo").chain([the_link()]).collect(),
        "{not_you}" => words("not_you").collect(),
        line => vec![Paragraph::Words(line.replace("{left}", &left.unwrap_or_default().to_string()))],
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
