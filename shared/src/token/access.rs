//! Access tokens: JWTs (RFC 7519) with the claims of RFC 9068, signed with RS256,
//! checked by the rules of RFC 8725.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::decode;
use super::published::Published;
use super::verifying::VerifyingKey;
use crate::model::{AuthMethod, Role, SessionId, UserId};
use crate::store::{Store, StoreError};

/// What an access token says (RFC 9068 section 2.2). No personal data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// `<public url>/auth`.
    pub iss: String,
    /// `TOKEN_AUDIENCE`.
    pub aud: String,
    /// The user.
    pub sub: UserId,
    /// Not accepted from this time on, in seconds since the epoch.
    pub exp: i64,
    /// When it was issued, in seconds since the epoch.
    pub iat: i64,
    /// Not accepted before this time, in seconds since the epoch.
    pub nbf: i64,
    /// Its own id.
    pub jti: String,
    /// `TOKEN_AUDIENCE`: there is one client.
    pub client_id: String,
    /// The session (OIDC Front-Channel Logout section 3).
    pub sid: SessionId,
    /// The roles when it was issued: for other systems. Usher reads the stored one.
    pub roles: Vec<Role>,
    /// When the password was last given, in seconds since the epoch.
    pub auth_time: i64,
    /// How the user signed in (RFC 8176): a password, or a second factor, too.
    #[serde(default)]
    pub amr: Vec<AuthMethod>,
    /// How sure that is: `aal1` or, with a second factor, `aal2` (after NIST SP
    /// 800-63B-4 section 2).
    #[serde(default)]
    pub acr: String,
}

/// The token is not one of ours, or not good now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidToken;

/// The header's `typ` (RFC 9068 section 2.1): no other kind of token has it.
pub(super) const TYP: &str = "at+jwt";
/// The header's `alg` (RFC 7518 section 3.1): no other one is good.
pub(super) const ALG: &str = "RS256";

/// Functions run on different hosts, whose clocks may differ by so many seconds:
/// tokens are good from a little before they are issued.
pub(crate) const CLOCK_SKEW: i64 = 10;

/// Longer tokens are refused unread.
const MAX_LENGTH: usize = 8 * 1024;

/// Checks access tokens with the public keys, which it keeps for 5 minutes.
#[derive(Clone, Debug, Default)]
pub struct Verifier(pub(super) Published);

impl Verifier {
    /// Reads the public keys, so that the first token need not wait for them.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn prepare(&self, store: &Store) -> Result<(), StoreError> {
        self.0.list(store).await.map(|_| ())
    }

    /// Checks a token for an issuer and an audience.
    ///
    /// # Errors
    /// The outer error: the public keys could not be read. The inner one: the
    /// token is not good.
    pub async fn verify(
        &self,
        store: &Store,
        token: &str,
        issuer: &str,
        audience: &str,
    ) -> Result<Result<Claims, InvalidToken>, StoreError> {
        let Some(kid) = key_id(token) else {
            return Ok(Err(InvalidToken));
        };
        let key = self.0.find(store, &kid).await?;
        let claims = key.and_then(|key| signed(token, &key));
        let claims = claims.filter(|claims| claims.are_good(issuer, audience, store.now()));
        Ok(claims.ok_or(InvalidToken))
    }
}

/// The header of our tokens: what has another member, such as a critical extension
/// (RFC 7515 section 4.1.11) or a key, is not one of ours.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    typ: String,
    alg: String,
    kid: String,
}

/// The key id of a token whose header is as ours are.
fn key_id(token: &str) -> Option<String> {
    if token.len() > MAX_LENGTH {
        return None;
    }
    let header: Header = object(token.split_once('.')?.0)?;
    (header.alg == ALG && header.typ == TYP).then_some(header.kid)
}

/// What the token says, if the key signed it (RFC 7515 section 5.2).
fn signed(token: &str, key: &VerifyingKey) -> Option<Claims> {
    let (message, signature) = token.rsplit_once('.')?;
    let (_, claims) = message.split_once('.')?;
    if !key.verifies(message.as_bytes(), &decode(signature)?) {
        return None;
    }
    object(claims)
}

/// A part that is a JSON object.
fn object<T: DeserializeOwned>(part: &str) -> Option<T> {
    let json = decode(part)?;
    if json.starts_with(b"{") { serde_json::from_slice(&json).ok() } else { None }
}

impl Claims {
    /// Whether it is `issuer`'s, for `audience`, and good now.
    fn are_good(&self, issuer: &str, audience: &str, now: Timestamp) -> bool {
        let now = now.as_second();
        let in_time = self.nbf <= now && self.iat <= now + CLOCK_SKEW && now < self.exp;
        self.iss == issuer && self.aud == audience && in_time
    }
}
