//! Public keys as verifying wants them.

use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::PublicEncryptingKey;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

use super::decode;
use crate::model::PublicKey;

/// A public key that is parsed once, and not for each token. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct VerifyingKey(Arc<ParsedPublicKey>);

impl VerifyingKey {
    /// From its public form; `None` if that is no RSA key of 2,048 bits or more.
    pub fn of(key: &PublicKey) -> Option<Self> {
        let components = RsaPublicKeyComponents { n: decode(&key.n)?, e: decode(&key.e)? };
        let key: PublicEncryptingKey = components.try_into().ok()?;
        let der: PublicKeyX509Der<'_> = key.as_der().ok()?;
        let parsed = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_ref()).ok()?;
        Some(Self(Arc::new(parsed)))
    }

    /// Whether the signature is the key's, with RS256.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}
