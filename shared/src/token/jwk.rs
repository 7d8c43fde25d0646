//! The public keys as others read them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::PublicKeys;

/// A public key as a JSON Web Key (RFC 7517, RFC 7518 section 6.3.1).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Jwk {
    /// `RSA`.
    pub kty: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// `RS256`.
    pub alg: &'static str,
    /// The key's id.
    pub kid: String,
    /// The modulus, base64url.
    pub n: String,
    /// The exponent, base64url.
    pub e: String,
}

/// The public keys (RFC 7517 section 5).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Jwks {
    /// Every key that a good token may be signed with.
    pub keys: Vec<Jwk>,
}

impl From<&PublicKeys> for Jwks {
    fn from(list: &PublicKeys) -> Self {
        let keys = list.keys.iter().cloned().map(|key| Jwk {
            kty: "RSA",
            usage: "sig",
            alg: "RS256",
            kid: key.kid,
            n: key.n,
            e: key.e,
        });
        Self { keys: keys.collect() }
    }
}
