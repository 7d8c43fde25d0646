//! Outgoing mails, as they wait in the table for the mailer.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Agent, Before, Email, Locale, MailId, PasswordHash, PersonName, Role, User, UserId, Username};

/// A mail to be sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mail {
    /// Its name, and that of the ticket it carries.
    pub id: MailId,
    /// To whom.
    pub to: Email,
    /// What it says.
    #[serde(flatten)]
    pub kind: MailKind,
    /// Whether its ticket has been made: a ticket that is gone is not made again.
    #[serde(default)]
    pub ticket_made: bool,
    /// Whether no limit holds it back: an operator has it sent again, an admin invites, or
    /// it is what one waits for who had a change undone.
    #[serde(default)]
    pub unlimited: bool,
    /// The language of who is told, where the address does not lead to it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Where its links lead, unless `FRONTEND_URL` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_base: Option<String>,
    /// The account before what a notice tells of, if that can be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Before>,
    /// Whose account it is about, where nothing else of it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<UserId>,
    /// Why it can never be sent as it is; only `usher mail retry` takes it up again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl Mail {
    /// A mail to `to`, written at `now`.
    #[must_use]
    pub fn new(to: Email, kind: MailKind, now: Timestamp) -> Self {
        let id = MailId::new(now);
        Self {
            id,
            to,
            kind,
            ticket_made: false,
            unlimited: false,
            locale: None,
            link_base: None,
            before: None,
            about: None,
            failure: None,
        }
    }

    /// In a language that the address may not tell.
    #[must_use]
    pub fn in_language(self, locale: Option<Locale>) -> Self {
        Self { locale, ..self }
    }

    /// About an account to which the address does not lead any more.
    #[must_use]
    pub fn of(self, user: UserId) -> Self {
        Self { about: Some(user), ..self }
    }

    /// Whose account it is about, if it says so.
    #[must_use]
    pub fn subject(&self) -> Option<UserId> {
        match (&self.kind, &self.before) {
            (MailKind::ChangeEmail { user_id, .. } | MailKind::Invitation { user_id, .. }, _) => {
                Some(*user_id)
            }
            (_, Some(before)) => Some(before.user_id),
            _ => self.about,
        }
    }

    /// With links that lead there, unless `FRONTEND_URL` says.
    #[must_use]
    pub fn linking_to(self, link_base: Option<String>) -> Self {
        Self { link_base, ..self }
    }

    /// Of something that `agent` did to `user`, as it was read before: in its language,
    /// and with a link to undo it. Not where nobody has shown that the address is the
    /// owner's: whoever reads it would take the account by that link.
    #[must_use]
    pub fn about(self, user: &User, agent: &Agent) -> Self {
        let before = user.email_verified.then(|| Before::from(user));
        let about = Some(user.id);
        Self { before, about, ..self.in_language(user.locale).linking_to(agent.link_base.clone()) }
    }

    /// How long its link is good, if it has one: a reset's for 1 hour, an invitation's for
    /// 72, one to undo something for 7 days, the others for 24 hours.
    #[must_use]
    pub fn link_lifetime(&self) -> SignedDuration {
        SignedDuration::from_hours(match self.kind {
            MailKind::ResetPassword => 1,
            MailKind::Invitation { .. } => 72,
            MailKind::Notice { .. } => 24 * 7,
            _ => 24,
        })
    }

    /// A notice to `to`, written at `now`.
    #[must_use]
    pub fn notice(to: Email, notice: Notice, now: Timestamp) -> Self {
        Self::new(to, MailKind::Notice { notice }, now)
    }
}

/// What a mail says. The first five find out at delivery whether the address
/// has an account; whoever asked for them cannot tell.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "mail", rename_all = "snake_case")]
pub enum MailKind {
    /// A link to make the account, or word that there is one already.
    Registration {
        /// The account to be.
        registration: Box<Registration>,
    },
    /// A link to set a new password, if there is an account.
    ResetPassword,
    /// A link to verify the address, if an account has it unverified.
    VerifyEmail,
    /// A link to move the account to this address, or word to who has it.
    ChangeEmail {
        /// Whose account moves.
        user_id: UserId,
        /// The user's number when it asked.
        ticket_epoch: u64,
    },
    /// A link to set the first password of an account that an admin made.
    Invitation {
        /// Whose account it is.
        user_id: UserId,
        /// The user's number when it was invited.
        ticket_epoch: u64,
    },
    /// Word of something that happened.
    Notice {
        /// What happened.
        notice: Notice,
    },
}

/// Things that people are told about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The password was changed by who knew the old one.
    PasswordChanged,
    /// The password was reset through a mailed link.
    PasswordReset,
    /// An admin has the password be good no more.
    PasswordChangeRequired,
    /// An admin let the account in that awaited approval.
    Approved,
    /// A move to another address was asked for.
    EmailChangeRequested,
    /// The account moved to another address.
    EmailChanged,
    /// An admin moved the account to another address.
    EmailChangedByAdmin,
    /// The account is an admin's now.
    MadeAdmin,
    /// The account is no admin's any more.
    NoLongerAdmin,
    /// The account was deleted by who had it.
    AccountDeleted {
        /// Until when an admin can restore it.
        until: Timestamp,
    },
    /// An admin restored the account.
    AccountRestored,
    /// A refresh token was used twice; its session was ended.
    RefreshTokenReused,
    /// Signing in takes a second factor from now on.
    MfaAdded,
    /// The second factor was removed by who had it.
    MfaRemoved,
    /// An admin removed the second factor.
    MfaRemovedByAdmin,
    /// New recovery codes were made; the old ones are void.
    RecoveryCodesCreated,
    /// Somebody signed in with a recovery code.
    RecoveryCodeUsed {
        /// How many are left.
        left: usize,
    },
}

impl Notice {
    /// Every one; the number of codes left is any, and so is the time.
    pub const ALL: [Self; 17] = [
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::PasswordChangeRequired,
        Self::Approved,
        Self::EmailChangeRequested,
        Self::EmailChanged,
        Self::EmailChangedByAdmin,
        Self::MadeAdmin,
        Self::NoLongerAdmin,
        Self::AccountDeleted { until: Timestamp::UNIX_EPOCH },
        Self::AccountRestored,
        Self::RefreshTokenReused,
        Self::MfaAdded,
        Self::MfaRemoved,
        Self::MfaRemovedByAdmin,
        Self::RecoveryCodesCreated,
        Self::RecoveryCodeUsed { left: 9 },
    ];
}

/// An account to be: all that `register` was given, the password hashed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Registration {
    /// The username asked for; not reserved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    /// The full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// The first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<PersonName>,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<PersonName>,
    /// The hash of the password that the confirmation must repeat.
    pub password_hash: PasswordHash,
    /// `admin` only when the admin key was given.
    pub role: Role,
    /// The language of mails, as asked for or as the browser's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
}
