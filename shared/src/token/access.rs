//! Access tokens: JWTs (RFC 7519) with the claims of RFC 9068, signed with RS256,
//! checked by the rules of RFC 8725. The crate checks signature, algorithm,
//! issuer and audience; what it leaves to its callers is checked here.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};

use crate::model::{AuthMethod, Role, SessionId, UserId};
use crate::store::{PublicKeys, Store, StoreError};

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

/// Functions run on different hosts, whose clocks may differ by so many seconds:
/// tokens are good from a little before they are issued.
pub(crate) const CLOCK_SKEW: i64 = 10;

/// Longer tokens are refused unread.
const MAX_LENGTH: usize = 8 * 1024;

/// For so long the list of public keys is not read again.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// For an unknown key id it is, but no more often than this.
const UNKNOWN_KEY: SignedDuration = SignedDuration::from_secs(10);

/// Checks access tokens with the public keys, which it keeps for 5 minutes.
#[derive(Clone, Debug, Default)]
pub struct Verifier(Arc<Mutex<Option<Cached>>>);

#[derive(Clone, Debug)]
struct Cached {
    keys: Arc<PublicKeys>,
    read_at: Timestamp,
}

impl Verifier {
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
        let Some(key) = self.decoding_key(store, &kid).await? else {
            return Ok(Err(InvalidToken));
        };
        Ok(check(token, &key, issuer, audience, store.now()).ok_or(InvalidToken))
    }

    /// The public keys, at most 5 minutes old.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn keys(&self, store: &Store) -> Result<Arc<PublicKeys>, StoreError> {
        self.keys_younger_than(store, FRESH).await
    }

    /// Forgets the keys, so that the next look reads them anew.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn keys_younger_than(
        &self,
        store: &Store,
        age: SignedDuration,
    ) -> Result<Arc<PublicKeys>, StoreError> {
        let now = store.now();
        let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(cached) = cached.filter(|cached| now.duration_since(cached.read_at) < age) {
            return Ok(cached.keys);
        }
        let keys = Arc::new(store.public_keys().await?);
        if keys.keys.is_empty() {
            // The first key may be made at any moment.
            return Ok(keys);
        }
        let fresh = Cached { keys: keys.clone(), read_at: now };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(keys)
    }

    async fn decoding_key(&self, store: &Store, kid: &str) -> Result<Option<DecodingKey>, StoreError> {
        for age in [FRESH, UNKNOWN_KEY] {
            let keys = self.keys_younger_than(store, age).await?;
            if let Some(key) = keys.keys.iter().find(|key| key.kid == kid) {
                return Ok(DecodingKey::from_rsa_components(&key.n, &key.e).ok());
            }
        }
        Ok(None)
    }
}

/// The key id of a token whose header is as ours are. The crate looks neither at
/// `typ` nor at unknown critical headers (RFC 7515 section 4.1.11); keys that
/// come with the token or by address are refused.
fn key_id(token: &str) -> Option<String> {
    if token.len() > MAX_LENGTH {
        return None;
    }
    let header: Header = decode_header(token).ok()?;
    let foreign = header.crit.is_some()
        || header.jku.is_some()
        || header.jwk.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some();
    let ours = header.alg == Algorithm::RS256 && header.typ.as_deref() == Some(TYP) && !foreign;
    header.kid.filter(|_| ours)
}

fn check(token: &str, key: &DecodingKey, issuer: &str, audience: &str, now: Timestamp) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    validation.set_audience(&[audience]);
    validation.set_issuer(&[issuer]);
    validation.leeway = 0;
    // The times are checked below, by the injected clock.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let claims = decode::<Claims>(token, key, &validation).ok()?.claims;
    let now = now.as_second();
    (claims.nbf <= now && claims.iat <= now + CLOCK_SKEW && now < claims.exp).then_some(claims)
}
