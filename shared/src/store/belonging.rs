//! What belongs to a user and is kept elsewhere: links, half-done sign-ins, mails that
//! could not be sent. An item for each says so, to find them when the account goes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::key::{Key, Record};
use super::terms::Terms;
use super::transaction::{Guard, Transaction};
use crate::model::{MailId, TicketId, UserId};

/// Says that a ticket, or the mail of the same id, is a user's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Belonging {
    user_id: UserId,
    id: TicketId,
    /// When what belongs to the user is gone by itself.
    expires_at: Timestamp,
}

impl Record for Belonging {
    fn key(&self) -> Key {
        Key::belonging(self.user_id, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Belonging {
    /// That the ticket or mail is the user's, until it is gone by itself.
    pub fn new(user_id: UserId, id: TicketId, expires_at: Timestamp) -> Self {
        Self { user_id, id, expires_at }
    }
}

/// Lets the transaction pass only while there is the user, and notes that what it writes
/// is the user's.
pub(super) fn owned(
    transaction: Transaction,
    user_id: UserId,
    id: TicketId,
    expires_at: Timestamp,
) -> Result<Transaction, StoreError> {
    transaction
        .check(&Key::user(user_id), Terms::new().when_there(), Guard::User)?
        .put_over(&Belonging::new(user_id, id, expires_at))
}

/// Where what belonged to a user may be, by the sort key of the item that says so.
pub(super) fn belongings_at(sk: &str) -> Option<[Key; 2]> {
    let id: TicketId = sk.parse().ok()?;
    Some([Key::ticket(id), Key::mail(MailId::from(id))])
}
