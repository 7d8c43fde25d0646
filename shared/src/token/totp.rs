//! Time-based one-time passwords (RFC 6238 on the HOTP of RFC 4226): HMAC-SHA-1,
//! six digits, steps of 30 s, the one set of parameters that every authenticator
//! app knows. One step to each side of now is accepted (RFC 6238 section 5.2), so
//! a code is good for 90 s at most.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretBox};

use super::secret::{AppSecret, Purpose};
use crate::model::UserId;

/// As long as HMAC-SHA-1's output (RFC 4226 section 4, R6).
const SECRET_BYTES: usize = 20;
/// Seconds.
const STEP: i64 = 30;
/// Steps to each side of now.
const WINDOW: i64 = 1;

/// The secret that a user's authenticator app shares with us. It cannot be
/// printed and is wiped when dropped.
#[derive(Debug)]
pub struct TotpSecret(SecretBox<[u8; SECRET_BYTES]>);

impl TotpSecret {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        let mut bytes = Box::new([0; SECRET_BYTES]);
        super::random(bytes.as_mut_slice());
        Self(SecretBox::new(bytes))
    }

    /// Sealed for that user, base64: it opens for nobody else.
    #[must_use]
    pub fn seal(&self, secret: &AppSecret, user: UserId) -> Option<String> {
        let sealed = secret.seal(Purpose::Totp, &user.to_string(), self.0.expose_secret());
        sealed.map(|sealed| STANDARD.encode(sealed))
    }

    /// Opens what [`TotpSecret::seal`] sealed for that user.
    #[must_use]
    pub fn open(sealed: &str, secret: &AppSecret, user: UserId) -> Option<Self> {
        let sealed = STANDARD.decode(sealed).ok()?;
        let plain = secret.open(Purpose::Totp, &user.to_string(), &sealed)?;
        let bytes: Box<[u8; SECRET_BYTES]> = plain.into_boxed_slice().try_into().ok()?;
        Some(Self(SecretBox::new(bytes)))
    }

    /// Sealed anew, if it was sealed under a value of `APP_SECRET` that is about to
    /// go.
    #[must_use]
    pub fn reseal(&self, sealed: &str, secret: &AppSecret, user: UserId) -> Option<String> {
        let old = STANDARD.decode(sealed).ok()?;
        let current = secret.is_current(Purpose::Totp, &user.to_string(), &old);
        if current { None } else { self.seal(secret, user) }
    }

    /// For the person, once: base32 without padding, as apps take it.
    #[must_use]
    pub fn base32(&self) -> String {
        BASE32_NOPAD.encode(self.0.expose_secret())
    }

    /// Reads what [`TotpSecret::base32`] gave.
    #[must_use]
    pub fn from_base32(text: &str) -> Option<Self> {
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).ok()?;
        let bytes: Box<[u8; SECRET_BYTES]> = bytes.into_boxed_slice().try_into().ok()?;
        Some(Self(SecretBox::new(bytes)))
    }

    /// The time step whose code it is, at `now`: the newest within the window.
    /// Takes the same time for every code.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let current = now.as_second().div_euclid(STEP);
        let steps = current.saturating_sub(WINDOW)..=current.saturating_add(WINDOW);
        steps.fold(None, |found, step| if super::same(&self.code(step), code) { Some(step) } else { found })
    }

    /// HOTP (RFC 4226 section 5.3) with the step as its counter.
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.0.expose_secret());
        let mac = hmac::sign(&key, &step.to_be_bytes());
        let mac = mac.as_ref();
        let offset = usize::from(mac[mac.len() - 1] & 0xf);
        let bytes = [mac[offset] & 0x7f, mac[offset + 1], mac[offset + 2], mac[offset + 3]];
        format!("{:06}", u32::from_be_bytes(bytes) % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::{AppSecret, TotpSecret};
    use crate::model::UserId;
    use jiff::Timestamp;
    use secrecy::SecretBox;

    fn rfc() -> TotpSecret {
        TotpSecret(SecretBox::new(Box::new(*b"12345678901234567890")))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// RFC 6238 appendix B, the last six of the eight digits.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(rfc().code(second / 30), code, "{second}");
            assert_eq!(rfc().step_of(code, at(second)), Some(second / 30), "{second}");
        }
    }

    /// RFC 4226 appendix D.
    #[test]
    fn the_codes_of_a_counter_are_those_of_the_rfc() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (counter, code) in (0..).zip(codes) {
            assert_eq!(rfc().code(counter), code);
        }
    }

    #[test]
    fn the_window_is_one_step_to_each_side() {
        for (second, found) in [(29, None), (30, Some(2)), (60, Some(2)), (119, Some(2)), (120, None)] {
            assert_eq!(rfc().step_of("359152", at(second)), found, "{second}");
        }
        for other in ["", "35915", "3591522", "359153", " 359152"] {
            assert_eq!(rfc().step_of(other, at(60)), None, "{other}");
        }
    }

    #[test]
    fn it_opens_for_its_user_alone_and_cannot_be_printed() {
        let now = Timestamp::UNIX_EPOCH;
        let (ada, eve) = (UserId::new(now), UserId::new(now));
        let old = AppSecret::parse("an old secret of more than 32 characters").unwrap();
        let text = "a new secret of more than 32 characters!,an old secret of more than 32 characters";
        let both = AppSecret::parse(text).unwrap();
        let sealed = rfc().seal(&old, ada).unwrap();
        assert_eq!(TotpSecret::open(&sealed, &both, ada).unwrap().base32(), rfc().base32());
        assert!(TotpSecret::open(&sealed, &both, eve).is_none());
        assert!(TotpSecret::open("", &both, ada).is_none());
        assert!(rfc().reseal(&sealed, &old, ada).is_none());
        let resealed = rfc().reseal(&sealed, &both, ada).unwrap();
        assert!(TotpSecret::open(&resealed, &old, ada).is_none());
        assert!(TotpSecret::open(&resealed, &both, ada).is_some());
        assert!(!format!("{:?}", rfc()).contains("49"), "{:?}", rfc());
    }
}
