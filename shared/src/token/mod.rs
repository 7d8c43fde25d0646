//! What Usher signs and seals: access tokens, refresh tokens, the tokens in
//! mailed links, second factors, and the keys for them.

mod access;
mod counter;
mod jwk;
mod keyring;
mod mfa_code;
mod published;
mod refresh;
mod rotation;
mod secret;
mod ticket;
mod totp;
mod verifying;

pub(crate) use access::CLOCK_SKEW;
pub use access::{Claims, InvalidToken, Verifier};
pub use jwk::{Jwk, Jwks};
pub use keyring::{Issued, Signer};
pub use mfa_code::{MfaCode, RecoveryCode};
pub use refresh::RefreshToken;
pub use rotation::Rotation;
pub use secret::AppSecret;
pub use ticket::{MfaToken, TicketToken};
pub use totp::TotpSecret;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Fills `bytes` from the operating system's generator.
///
/// # Panics
/// When the system has no random numbers: then nothing here is safe to do.
pub fn random(bytes: &mut [u8]) {
    assert!(aws_lc_rs::rand::fill(bytes).is_ok(), "the system gives no random numbers");
}

/// A random text of `N` bytes of entropy, base64url.
#[must_use]
pub fn random_text<const N: usize>() -> String {
    let mut bytes = [0; N];
    random(&mut bytes);
    encode(&bytes)
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url without padding, in its one canonical form.
fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The same of so many bytes.
fn decode_exact<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != (N * 8).div_ceil(6) {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// Whether two secrets are the same, in a time that does not tell where they
/// differ.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}
