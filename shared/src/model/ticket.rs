//! Tickets: what a mailed link stands for, or a sign-in that is half done.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Before, Email, Registration, TicketId, UserId};

/// A thing that the holder of a token may do, once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ticket {
    /// Its name, part of the token.
    pub id: TicketId,
    /// The address it was mailed to, or that of the account.
    pub email: Email,
    /// What it is good for.
    #[serde(flatten)]
    pub kind: TicketKind,
    /// Wrong passwords given with it (a registration's), or wrong codes.
    #[serde(default)]
    pub tries: u32,
    /// Void from this time on.
    pub expires_at: Timestamp,
}

impl TicketKind {
    /// Whose it is, unless there is no account yet.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        match self {
            Self::Registration { .. } => None,
            Self::Revoke(before) => Some(before.user_id),
            Self::ResetPassword { user_id, .. }
            | Self::Invitation { user_id, .. }
            | Self::VerifyEmail { user_id, .. }
            | Self::ChangeEmail { user_id, .. }
            | Self::Mfa { user_id, .. } => Some(*user_id),
        }
    }
}

/// What a ticket is good for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "ticket", rename_all = "snake_case")]
pub enum TicketKind {
    /// To make the account that was asked for.
    Registration {
        /// The account to be.
        registration: Box<Registration>,
    },
    /// To set a new password.
    ResetPassword {
        /// Whose.
        user_id: UserId,
        /// Void when the user's number has moved on.
        ticket_epoch: u64,
    },
    /// To set the first password.
    Invitation {
        /// Whose.
        user_id: UserId,
        /// Void when the user's number has moved on.
        ticket_epoch: u64,
    },
    /// To verify the address that the account has.
    VerifyEmail {
        /// Whose.
        user_id: UserId,
        /// Void when the user's number has moved on.
        ticket_epoch: u64,
    },
    /// To move the account to this address.
    ChangeEmail {
        /// Whose.
        user_id: UserId,
        /// Void when the user's number has moved on.
        ticket_epoch: u64,
    },
    /// To undo what happened to the account since. Not void when the user's numbers
    /// move on: whoever took the account over moves them. See [`super::Undone`].
    Revoke(Before),
    /// To finish a sign-in whose password was right with a second factor.
    Mfa {
        /// Whose.
        user_id: UserId,
        /// Void when the user's number has moved on.
        session_epoch: u64,
    },
}
