//! `APP_SECRET`: the one secret, split by purpose with HKDF (RFC 5869), so that
//! what is made for one purpose is worth nothing for another.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::hmac;
use secrecy::{ExposeSecret, SecretString};

/// What a key is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// The MAC of refresh tokens in bodies.
    Refresh,
    /// The MAC of refresh tokens in cookies.
    RefreshCookie,
    /// The MAC of the tokens in mailed links.
    Ticket,
    /// Sealing private signing keys.
    SigningKey,
    /// The names of counters.
    Counter,
    /// The MAC of the tokens between the two steps of a sign-in.
    Mfa,
    /// Sealing the secrets of second factors.
    Totp,
}

impl Purpose {
    /// How many there are: the place of the last one, and one.
    const ALL: usize = Self::Totp as usize + 1;

    fn info(self) -> &'static [u8] {
        match self {
            Self::Refresh => b"usher refresh token v1",
            Self::RefreshCookie => b"usher refresh cookie v1",
            Self::Ticket => b"usher mail token v1",
            Self::SigningKey => b"usher signing key v1",
            Self::Counter => b"usher counter v1",
            Self::Mfa => b"usher mfa token v1",
            Self::Totp => b"usher totp secret v1",
        }
    }
}

/// The secret of the installation: the first value makes and seals, every value
/// checks and opens, so that it can be changed without a break. Clones share the keys.
#[derive(Clone, Debug)]
pub struct AppSecret(Arc<[Value]>);

#[derive(Debug)]
struct Value {
    secret: SecretString,
    /// The key of the MACs for each purpose, once there was one: to derive it is four times the work
    /// of the MAC.
    mac_keys: [OnceLock<hmac::Key>; Purpose::ALL],
}

struct Length32;

impl KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

impl AppSecret {
    /// The least length of a value, in characters.
    pub const MIN_LENGTH: usize = 32;

    /// Reads `new` or `new,old`: one or two values of at least 32 characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let values: Vec<&str> = text.split(',').map(str::trim).collect();
        let long = values.iter().all(|value| value.chars().count() >= Self::MIN_LENGTH);
        (long && values.len() <= 2).then(|| Self(values.into_iter().map(Value::new).collect()))
    }

    /// The MAC of `message` under the first value.
    pub(super) fn mac(&self, purpose: Purpose, message: &[u8]) -> [u8; 32] {
        let mut mac = [0; 32];
        if let Some(value) = self.0.first() {
            mac.copy_from_slice(hmac::sign(value.mac_key(purpose), message).as_ref());
        }
        mac
    }

    /// Whether `mac` is that of `message` under any value, in constant time.
    pub(super) fn verify(&self, purpose: Purpose, message: &[u8], mac: &[u8]) -> bool {
        self.0.iter().any(|value| hmac::verify(value.mac_key(purpose), message, mac).is_ok())
    }

    /// Seals `plain` under the first value, bound to `name` (AES-256-GCM).
    pub(super) fn seal(&self, purpose: Purpose, name: &str, plain: &[u8]) -> Option<Vec<u8>> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.0.first()?.derive(purpose)).ok()?;
        let mut sealed = plain.to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(name), &mut sealed).ok()?;
        Some([nonce.as_ref().as_slice(), &sealed].concat())
    }

    /// Opens what [`AppSecret::seal`] sealed, under any value.
    pub(super) fn open(&self, purpose: Purpose, name: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        self.0.iter().find_map(|value| value.open(purpose, name, sealed))
    }

    /// Whether it was sealed under the first value, and so still opens when the
    /// second one is gone.
    pub(super) fn is_current(&self, purpose: Purpose, name: &str, sealed: &[u8]) -> bool {
        self.0.first().and_then(|value| value.open(purpose, name, sealed)).is_some()
    }
}

impl Value {
    fn new(text: &str) -> Self {
        Self { secret: text.into(), mac_keys: Default::default() }
    }

    fn derive(&self, purpose: Purpose) -> [u8; 32] {
        let mut key = [0; 32];
        let prk: Prk = Salt::new(HKDF_SHA256, b"usher").extract(self.secret.expose_secret().as_bytes());
        let info = [purpose.info()];
        let done = prk.expand(&info, Length32).and_then(|okm| okm.fill(&mut key));
        assert!(done.is_ok(), "HKDF-SHA256 gives 32 bytes whatever it is given");
        key
    }

    fn mac_key(&self, purpose: Purpose) -> &hmac::Key {
        let made = || hmac::Key::new(hmac::HMAC_SHA256, &self.derive(purpose));
        self.mac_keys[purpose as usize].get_or_init(made)
    }

    fn open(&self, purpose: Purpose, name: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.derive(purpose)).ok()?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut plain = sealed.to_vec();
        let length = key.open_in_place(nonce, Aad::from(name), &mut plain).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::{AppSecret, Purpose};

    const OLD: &str = "an old secret of more than 32 characters";
    const NEW: &str = "a new secret of more than 32 characters!";

    #[test]
    fn a_short_or_missing_value_is_refused() {
        for text in ["", "short", &format!("{NEW},"), &format!("{NEW},short")] {
            assert!(AppSecret::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_old_value_still_opens_and_checks_after_a_change() {
        let old = AppSecret::parse(OLD).unwrap();
        let both = AppSecret::parse(&format!("{NEW},{OLD}")).unwrap();
        let new = AppSecret::parse(NEW).unwrap();
        let sealed = old.seal(Purpose::SigningKey, "k1", b"plain").unwrap();
        assert_eq!(both.open(Purpose::SigningKey, "k1", &sealed).unwrap(), b"plain");
        assert!(both.open(Purpose::SigningKey, "k2", &sealed).is_none());
        assert!(new.open(Purpose::SigningKey, "k1", &sealed).is_none());
        assert!(both.open(Purpose::Totp, "k1", &sealed).is_none());
        assert!(old.is_current(Purpose::SigningKey, "k1", &sealed));
        assert!(!both.is_current(Purpose::SigningKey, "k1", &sealed));
        let mac = old.mac(Purpose::Refresh, b"message");
        assert!(both.verify(Purpose::Refresh, b"message", &mac));
        assert!(!both.verify(Purpose::Ticket, b"message", &mac));
        assert!(!new.verify(Purpose::Refresh, b"message", &mac));
    }

    #[test]
    fn it_cannot_be_printed() {
        assert!(!format!("{:?}", AppSecret::parse(OLD).unwrap()).contains("old"));
    }
}
