//! Signing keys: RSA with 2,048 bits, the private half sealed under `APP_SECRET`.
//! Who signs looks after them: it makes the first one, the next one when it is
//! time, and removes those that no good token is signed with. Each change is one
//! transaction at the version of the list that it was decided on.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};

use super::access::CLOCK_SKEW;
use super::encode;
use super::keyring::{Held, Signer, broken};
use super::secret::Purpose;
use crate::model::{KeyId, LIST_FRESH, OVERLAP, PublicKey, PublicKeys};
use crate::store::{PrivateKey, Store, StoreError};

/// When keys come and go.
#[derive(Clone, Copy, Debug)]
pub struct Rotation {
    /// A key gets a successor that signs when it is so old; `None`: when the
    /// operator asks for it.
    pub after: Option<SignedDuration>,
    /// How long the tokens are good that are signed.
    pub token_life: SignedDuration,
}

impl Signer {
    /// Makes a key that signs at once, by every clock, unless another one than
    /// `useless` does by now.
    pub(super) async fn replace(&self, store: &Store, useless: Option<&str>) -> Result<(), StoreError> {
        let list = self.published.read_anew(store).await?;
        let now = store.now();
        if list.signing(now).is_some_and(|key| Some(key.kid.as_str()) != useless) {
            return Ok(());
        }
        let skew = SignedDuration::from_secs(CLOCK_SKEW);
        let (public, private) = self.make(now, now.checked_sub(skew).map_err(broken)?)?;
        self.change(store, &list, &list.with(public), Some(&private)).await
    }

    /// Publishes the next key if it is time, and removes those that are done with.
    /// There is a key that signs, so a change that fails is no reason to refuse
    /// anybody: it is tried again in 5 minutes.
    pub(super) async fn look_after(&self, store: &Store, held: &mut Held) -> Result<(), StoreError> {
        let list = self.published.list(store).await?;
        let now = store.now();
        let resting = held.tried_at.is_some_and(|time| now.duration_since(time) < LIST_FRESH);
        if resting || !self.has_changes(&list, now) {
            return Ok(());
        }
        held.tried_at = Some(now);
        match self.rotate(store).await {
            Ok(()) => held.tried_at = None,
            Err(error) => {
                tracing::warn!(event = "crypt_key_change_fail", %error, "signing keys stay as they are");
            }
        }
        Ok(())
    }

    fn has_changes(&self, list: &PublicKeys, now: Timestamp) -> bool {
        list.is_rotation_due(self.rotation.after, now) || list.tidied(self.rotation.token_life, now) != *list
    }

    async fn rotate(&self, store: &Store) -> Result<(), StoreError> {
        let list = self.published.read_anew(store).await?;
        let now = store.now();
        let tidied = list.tidied(self.rotation.token_life, now);
        if list.is_rotation_due(self.rotation.after, now) {
            let (public, private) = self.make(now, now.checked_add(OVERLAP).map_err(broken)?)?;
            self.change(store, &list, &tidied.with(public), Some(&private)).await
        } else if tidied == *list {
            Ok(())
        } else {
            self.change(store, &list, &tidied, None).await
        }
    }

    /// A key pair, the private half sealed.
    fn make(&self, now: Timestamp, signs_from: Timestamp) -> Result<(PublicKey, PrivateKey), StoreError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(broken)?;
        let kid = KeyId::new(now).to_string();
        let der = pair.as_der().map_err(broken)?;
        let sealed = self.secret.seal(Purpose::SigningKey, &kid, der.as_ref());
        let sealed = STANDARD.encode(sealed.ok_or_else(|| broken("sealing failed"))?);
        let public = PublicKey {
            kid: kid.clone(),
            n: encode(pair.public_key().modulus().big_endian_without_leading_zero()),
            e: encode(pair.public_key().exponent().big_endian_without_leading_zero()),
            created_at: now,
            signs_from,
            signs_until: None,
            token_life: self.rotation.token_life.as_secs(),
        };
        Ok((public, PrivateKey { kid, sealed }))
    }

    /// Changes the list and reads it anew. The loser of a race changes nothing.
    async fn change(
        &self,
        store: &Store,
        from: &PublicKeys,
        to: &PublicKeys,
        joins: Option<&PrivateKey>,
    ) -> Result<(), StoreError> {
        if store.change_keys(from, to, joins).await? {
            for key in to.keys.iter().filter(|key| from.find(&key.kid).is_none()) {
                tracing::info!(event = "crypt_key_made", kid = key.kid, signs_from = %key.signs_from, "a signing key was made");
            }
            for key in from.keys.iter().filter(|key| to.find(&key.kid).is_none()) {
                tracing::info!(event = "crypt_key_removed", kid = key.kid, "a signing key was removed");
            }
        }
        self.published.read_anew(store).await.map(drop)
    }
}
