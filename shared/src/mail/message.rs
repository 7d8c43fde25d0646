//! What the mails say. Each is a few paragraphs and at most one link; text and
//! HTML are made from the same words.

use crate::model::Notice;

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

const IGNORE: &str = "If you did not ask for this, ignore this mail: nothing happens without the link.";
const NOT_YOU: &str =
    "If this was not you, reset your password at once with \"forgot password\", and tell an administrator.";

impl Message {
    /// A link to make the account.
    #[must_use]
    pub fn confirm_registration(link: &str) -> Self {
        let intro = "Someone, hopefully you, asked for an account with this address. To make it, open this \
                     link within 24 hours and enter the password that you chose:";
        Self::compose("Confirm your registration", &[intro], Some(link), &[IGNORE])
    }

    /// Word to somebody who has an account and asked for another.
    #[must_use]
    pub fn already_registered() -> Self {
        let intro =
            "Someone, hopefully you, asked for an account with this address, but there is one already.";
        let hint = "Sign in with it; if you have forgotten its password, use \"forgot password\".";
        let rest = "If you did not ask for this, ignore this mail: nothing has changed.";
        Self::compose("You already have an account", &[intro, hint], None, &[rest])
    }

    /// A link to set a new password.
    #[must_use]
    pub fn reset_password(link: &str) -> Self {
        let intro = "Someone, hopefully you, asked to set a new password for your account. To do so, open \
                     this link within one hour:";
        Self::compose("Set a new password", &[intro], Some(link), &[IGNORE])
    }

    /// A link to verify the account's address.
    #[must_use]
    pub fn verify_email(link: &str) -> Self {
        let intro = "To show that this address is yours, open this link within 24 hours:";
        Self::compose("Verify your e-mail address", &[intro], Some(link), &[IGNORE])
    }

    /// A link to move the account to this address.
    #[must_use]
    pub fn confirm_email(link: &str) -> Self {
        let intro = "You asked to use this address for your account from now on. To confirm it, open this \
                     link within 24 hours:";
        Self::compose("Confirm your new e-mail address", &[intro], Some(link), &[IGNORE])
    }

    /// Word to somebody whose address another account asked for.
    #[must_use]
    pub fn address_in_use() -> Self {
        let intro = "Someone asked to use this address for another account. As you have an account with \
                     this address, nothing was changed.";
        Self::compose("Your address was asked for", &[intro], None, &[])
    }

    /// Word of something that happened.
    #[must_use]
    pub fn notice(notice: Notice) -> Self {
        let (subject, intro) = match notice {
            Notice::PasswordChanged => (
                "Your password was changed",
                "The password of your account was changed, and all other devices were signed out.",
            ),
            Notice::PasswordReset => (
                "Your password was reset",
                "The password of your account was set anew through a mailed link, and all devices were \
                 signed out.",
            ),
            Notice::EmailChangeRequested => (
                "A new e-mail address was asked for",
                "Someone who knows your password asked to move your account to another e-mail address. It \
                 moves when the link mailed there is used.",
            ),
            Notice::EmailChanged => (
                "Your e-mail address was changed",
                "Your account now has another e-mail address. This one is no longer connected with it.",
            ),
            Notice::EmailChangedByAdmin => (
                "Your e-mail address was changed by an administrator",
                "An administrator gave your account another e-mail address and signed out all devices. \
                 This address is no longer connected with it.",
            ),
            Notice::MadeAdmin => (
                "You are an administrator now",
                "Your account was given the role of an administrator: it can see and change other accounts.",
            ),
            Notice::NoLongerAdmin => (
                "You are no longer an administrator",
                "The role of an administrator was taken from your account.",
            ),
            Notice::RefreshTokenReused => (
                "A device was signed out",
                "A sign-in token of your account was used twice, as happens when it was copied. The device \
                 was signed out; sign in again.",
            ),
            Notice::MfaAdded => (
                "A second factor was added",
                "From now on, signing in to your account takes a code of your authenticator app, too. All other \
                 devices were signed out.",
            ),
            Notice::MfaRemoved => (
                "The second factor was removed",
                "Signing in to your account takes the password alone again. All other devices were signed out.",
            ),
            Notice::MfaRemovedByAdmin => (
                "The second factor was removed by an administrator",
                "An administrator removed the second factor of your account and signed out all devices. \
                 Signing in takes the password alone until you add a new one.",
            ),
            Notice::RecoveryCodesCreated => (
                "New recovery codes were made",
                "Your account has ten new recovery codes. The old ones no longer work.",
            ),
            Notice::RecoveryCodeUsed { left } => return Self::recovery_code_used(left),
        };
        Self::compose(subject, &[intro], None, &[NOT_YOU])
    }

    fn recovery_code_used(left: usize) -> Self {
        let intro = format!(
            "Someone, hopefully you, signed in to your account with a recovery code in place of the \
             authenticator app. Recovery codes left: {left}."
        );
        let hint =
            "If the app is lost, remove the second factor and add it anew; if codes run out, make new ones.";
        Self::compose("A recovery code was used", &[&intro, hint], None, &[NOT_YOU])
    }

    fn compose(subject: &str, before: &[&str], link: Option<&str>, after: &[&str]) -> Self {
        let text: Vec<&str> = before.iter().copied().chain(link).chain(after.iter().copied()).collect();
        let mut html = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title></head>\
             <body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\"><h1 \
             style=\"font-size:1.25em\">{0}</h1>",
            escape(subject)
        );
        for paragraph in before {
            html.push_str(&format!("<p>{}</p>", escape(paragraph)));
        }
        if let Some(link) = link {
            html.push_str(&format!("<p><a href=\"{0}\">{0}</a></p>", escape(link)));
        }
        for paragraph in after {
            html.push_str(&format!("<p>{}</p>", escape(paragraph)));
        }
        html.push_str("</body></html>");
        Self { subject: subject.to_owned(), text: format!("{}\n", text.join("\n\n")), html }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn the_first_token_in_the_text_is_the_links() {
        let message = Message::reset_password("https://a.example/reset-password#token=abc");
        assert_eq!(message.text.split("token=").nth(1).unwrap().split_whitespace().next(), Some("abc"));
        assert!(message.html.contains("href=\"https://a.example/reset-password#token=abc\""));
    }

    #[test]
    fn a_link_cannot_leave_its_attribute() {
        let message = Message::verify_email("https://a.example/\"><script>");
        assert!(!message.html.contains("<script>"));
    }
}
