//! The token in a mailed link: a ticket's id and a MAC over it. No item holds
//! the token, so a reader of the table cannot use a ticket.

use super::secret::{AppSecret, Purpose};
use super::{decode, encode};
use crate::model::TicketId;

const LENGTH: usize = 16 + 32;

/// A ticket's id that came in a token with a good MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketToken(pub TicketId);

impl TicketToken {
    /// The token's text.
    #[must_use]
    pub fn encode(&self, secret: &AppSecret) -> String {
        let id = self.0.as_bytes();
        encode(&[id.as_slice(), &secret.mac(Purpose::Ticket, id)].concat())
    }

    /// Reads a token whose MAC is good; anything else is `None`.
    #[must_use]
    pub fn decode(text: &str, secret: &AppSecret) -> Option<Self> {
        let bytes: [u8; LENGTH] = decode(text)?;
        let (id, mac) = bytes.split_at(16);
        secret.verify(Purpose::Ticket, id, mac).then_some(())?;
        Some(Self(TicketId::from_bytes(id.try_into().ok()?)))
    }
}
