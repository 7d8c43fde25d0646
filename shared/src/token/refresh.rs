//! Refresh tokens: which session, and how often it was refreshed, under a MAC.
//! The table holds the counter only, so nothing in it is a usable token.

use super::secret::{AppSecret, Purpose};
use super::{decode_exact, encode};
use crate::model::{Carrier, SessionId, UserId};

const BODY: usize = 16 + 16 + 8;
const LENGTH: usize = BODY + 32;

/// What a refresh token with a good MAC says. Opaque to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// Whose session.
    pub user: UserId,
    /// Which session.
    pub session: SessionId,
    /// The session's counter at which it is good.
    pub counter: u64,
}

impl RefreshToken {
    /// The token's text: the same for the same session, counter and carrier.
    #[must_use]
    pub fn encode(&self, secret: &AppSecret, carrier: Carrier) -> String {
        let body = self.body();
        encode(&[body.as_slice(), &secret.mac(purpose(carrier), &body)].concat())
    }

    /// Reads a token whose MAC is good, and that came as it was given out; anything
    /// else is `None`.
    #[must_use]
    pub fn decode(text: &str, secret: &AppSecret, carrier: Carrier) -> Option<Self> {
        let bytes: [u8; LENGTH] = decode_exact(text)?;
        let (body, mac) = bytes.split_at(BODY);
        if !secret.verify(purpose(carrier), body, mac) {
            return None;
        }
        Some(Self {
            user: UserId::from_bytes(body[..16].try_into().ok()?),
            session: SessionId::from_bytes(body[16..32].try_into().ok()?),
            counter: u64::from_be_bytes(body[32..].try_into().ok()?),
        })
    }

    fn body(&self) -> [u8; BODY] {
        let mut body = [0; BODY];
        body[..16].copy_from_slice(self.user.as_bytes());
        body[16..32].copy_from_slice(self.session.as_bytes());
        body[32..].copy_from_slice(&self.counter.to_be_bytes());
        body
    }
}

/// What came in a cookie is nothing in a body, and the other way round.
fn purpose(carrier: Carrier) -> Purpose {
    match carrier {
        Carrier::Json => Purpose::Refresh,
        Carrier::Cookie => Purpose::RefreshCookie,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_flipped_character_is_refused() {
        let secret = AppSecret::parse("a secret of more than thirty-two characters").unwrap();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let token = RefreshToken { user: UserId::new(now), session: SessionId::new(now), counter: 7 };
        let text = token.encode(&secret, Carrier::Json);
        assert_eq!(RefreshToken::decode(&text, &secret, Carrier::Json), Some(token));
        for at in 0..text.len() {
            let mut forged = text.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(RefreshToken::decode(&forged, &secret, Carrier::Json), None);
        }
    }

    #[test]
    fn a_token_is_good_only_as_it_was_given_out() {
        let secret = AppSecret::parse("a secret of more than thirty-two characters").unwrap();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let token = RefreshToken { user: UserId::new(now), session: SessionId::new(now), counter: 7 };
        let read = |given, come| RefreshToken::decode(&token.encode(&secret, given), &secret, come);
        assert_eq!(read(Carrier::Cookie, Carrier::Cookie), Some(token));
        assert_eq!(read(Carrier::Cookie, Carrier::Json), None);
        assert_eq!(read(Carrier::Json, Carrier::Cookie), None);
    }
}
