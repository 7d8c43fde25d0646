//! What a person types as second factor: a code of the app, or a recovery code.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE32_NOPAD;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::Deserialize;

use crate::model::Invalid;

const INVALID: Invalid = Invalid {
    code: "invalid_mfa_code",
    message: "must be the six digits that the app shows, or a recovery code",
};

/// 120 bits: at least 112, so that a plain SHA-256 protects it in the table (OWASP
/// ASVS 5.0, 6.5.2).
const RECOVERY_BYTES: usize = 15;
/// Letters and digits of a recovery code; it is shown in groups of four.
const RECOVERY_LENGTH: usize = 24;
/// Bytes of a code with all that may be typed between.
const LONGEST: usize = 64;

/// A code as somebody typed it; spaces and hyphens do not matter, nor does case. It
/// cannot be printed.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub enum MfaCode {
    /// The six digits that an app shows.
    Totp(SecretString),
    /// A recovery code.
    Recovery(RecoveryCode),
}

/// A code that replaces the app, once. It cannot be printed and is wiped when
/// dropped.
pub struct RecoveryCode(SecretBox<[u8; RECOVERY_BYTES]>);

impl RecoveryCode {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        let mut bytes = Box::new([0; RECOVERY_BYTES]);
        super::random(bytes.as_mut_slice());
        Self(SecretBox::new(bytes))
    }

    /// For the person, once: base32 in groups of four.
    #[must_use]
    pub fn text(&self) -> String {
        let text = BASE32_NOPAD.encode(self.0.expose_secret());
        let groups: Vec<&str> = (0..RECOVERY_LENGTH).step_by(4).map(|at| &text[at..at + 4]).collect();
        groups.join("-")
    }

    /// For the table: SHA-256, base64url.
    #[must_use]
    pub fn hash(&self) -> String {
        super::encode(digest(&SHA256, self.0.expose_secret()).as_ref())
    }
}

impl TryFrom<String> for MfaCode {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let typed = SecretString::from(text);
        if typed.expose_secret().len() > LONGEST {
            return Err(INVALID);
        }
        let plain = typed.expose_secret().chars().filter(|c| !matches!(c, ' ' | '-'));
        let plain = plain.take(RECOVERY_LENGTH + 1).map(|c| c.to_ascii_uppercase());
        let plain = SecretString::from(plain.collect::<String>());
        let text = plain.expose_secret();
        if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Totp(plain));
        }
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| INVALID)?;
        let bytes: Box<[u8; RECOVERY_BYTES]> = bytes.into_boxed_slice().try_into().map_err(|_| INVALID)?;
        Ok(Self::Recovery(RecoveryCode(SecretBox::new(bytes))))
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MfaCode([REDACTED])")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use super::{MfaCode, RecoveryCode};

    fn typed(text: &str) -> Option<MfaCode> {
        MfaCode::try_from(text.to_owned()).ok()
    }

    /// A24: 24 characters of 5 bits are 120 bits, of which the table sees a hash.
    #[test]
    fn a_recovery_code_is_typed_in_any_case_with_or_without_hyphens() {
        let code = RecoveryCode::generate();
        let text = code.text();
        assert_eq!((text.len(), text.matches('-').count()), (29, 5), "{text}");
        for text in [&text, &text.to_lowercase(), &text.replace('-', ""), &text.replace('-', " ")] {
            let Some(MfaCode::Recovery(read)) = typed(text) else { panic!("{text}") };
            assert_eq!(read.hash(), code.hash());
        }
        assert_eq!(code.hash().len(), 43);
        assert_ne!(code.hash(), RecoveryCode::generate().hash());
    }

    #[test]
    fn a_code_is_six_digits_or_a_recovery_code() {
        assert!(matches!(typed("012 345"), Some(MfaCode::Totp(_))));
        let long = "2".repeat(1000);
        for text in ["", "12345", "1234567", "abcdef", "１２３４５６", "AAAA-AAAA-AAAA-AAAA-AAAA-AAA1", &long]
        {
            assert!(typed(text).is_none(), "{text}");
        }
    }

    #[test]
    fn it_cannot_be_printed() {
        let shown =
            format!("{:?} {:?} {:?}", typed("123456"), typed(&"A".repeat(24)), RecoveryCode::generate());
        assert!(!shown.contains("123456") && !shown.contains("AAAA"), "{shown}");
    }
}
