//! The tokens that name a ticket: its id and a MAC over it. No item holds the
//! token, so a reader of the table cannot use a ticket. The one in a mailed link
//! and the one between the two steps of a sign-in have MACs of their own: neither
//! is good for the other's purpose.

use super::secret::{AppSecret, Purpose};
use super::{decode_exact, encode};
use crate::model::TicketId;

const LENGTH: usize = 16 + 32;

/// A ticket's id that came in a mailed token with a good MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketToken(pub TicketId);

/// A ticket's id that came in an `mfa_token` with a good MAC: the password was
/// right, the second factor is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MfaToken(pub TicketId);

impl TicketToken {
    /// The token's text.
    #[must_use]
    pub fn encode(&self, secret: &AppSecret) -> String {
        text(self.0, Purpose::Ticket, secret)
    }

    /// Reads a token whose MAC is good; anything else is `None`.
    #[must_use]
    pub fn decode(text: &str, secret: &AppSecret) -> Option<Self> {
        read(text, Purpose::Ticket, secret).map(Self)
    }
}

impl MfaToken {
    /// The token's text.
    #[must_use]
    pub fn encode(&self, secret: &AppSecret) -> String {
        text(self.0, Purpose::Mfa, secret)
    }

    /// Reads a token whose MAC is good; anything else is `None`.
    #[must_use]
    pub fn decode(text: &str, secret: &AppSecret) -> Option<Self> {
        read(text, Purpose::Mfa, secret).map(Self)
    }
}

fn text(id: TicketId, purpose: Purpose, secret: &AppSecret) -> String {
    let id = id.as_bytes();
    encode(&[id.as_slice(), &secret.mac(purpose, id)].concat())
}

fn read(text: &str, purpose: Purpose, secret: &AppSecret) -> Option<TicketId> {
    let bytes: [u8; LENGTH] = decode_exact(text)?;
    let (id, mac) = bytes.split_at(16);
    secret.verify(purpose, id, mac).then_some(())?;
    Some(TicketId::from_bytes(id.try_into().ok()?))
}
