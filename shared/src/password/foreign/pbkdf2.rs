//! PBKDF2 (RFC 8018 section 5.2) with HMAC, as four families of systems write it.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2::{Algorithm, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512, verify};

use super::{Unfit, base64, fields, hexadecimal, number};

/// So many iterations take a second or less; Django's default grows by a fifth or so with
/// each version and is at 1,200,000 in version 6.
const MOST: u32 = 2_000_000;

pub struct Pbkdf2 {
    algorithm: Algorithm,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Pbkdf2 {
    fn new(digest: &str, iterations: u32, salt: Vec<u8>, hash: Vec<u8>) -> Result<Self, Unfit> {
        let algorithm = match digest {
            "sha1" => PBKDF2_HMAC_SHA1,
            "sha256" => PBKDF2_HMAC_SHA256,
            "sha512" => PBKDF2_HMAC_SHA512,
            _ => return Err(Unfit::Unknown),
        };
        let iterations = NonZeroU32::new(iterations).ok_or(Unfit::Malformed)?;
        if iterations.get() > MOST {
            return Err(Unfit::TooCostly);
        }
        if salt.is_empty() || !(16..=64).contains(&hash.len()) {
            return Err(Unfit::Malformed);
        }
        Ok(Self { algorithm, iterations, salt, hash })
    }

    pub fn verify(&self, password: &[u8]) -> bool {
        verify(self.algorithm, self.iterations, &self.salt, password, &self.hash).is_ok()
    }
}

/// `sha256:260000$salt$hash`: the salt as it is, the hash in hexadecimal.
pub(super) fn werkzeug(rest: &str) -> Result<Pbkdf2, Unfit> {
    let [method, salt, hash] = fields(rest, '$')?;
    let [digest, iterations] = fields(method, ':')?;
    Pbkdf2::new(digest, number(iterations)?, salt.into(), hexadecimal(hash)?)
}

/// `260000$salt$hash` after the name: the salt as it is, the hash in Base64.
pub(super) fn django(name: &str, rest: &str) -> Result<Pbkdf2, Unfit> {
    let [iterations, salt, hash] = fields(rest, '$')?;
    let digest = name.trim_start_matches("pbkdf2_");
    Pbkdf2::new(digest, number(iterations)?, salt.into(), base64(hash)?)
}

/// `27500$salt$hash` after the name: both in Base64, with `.` for `+` where passlib
/// made it.
pub(super) fn passlib(name: &str, rest: &str) -> Result<Pbkdf2, Unfit> {
    let [iterations, salt, hash] = fields(rest, '$')?;
    let digest = name.strip_prefix("pbkdf2-").unwrap_or("sha1");
    let bytes = |text: &str| base64(&text.replace('.', "+"));
    Pbkdf2::new(digest, number(iterations)?, bytes(salt)?, bytes(hash)?)
}

/// A `0x01`, then three big-endian words (pseudo-random function, iterations, length
/// of the salt), then salt and hash, all in Base64: `PasswordHasher.cs` of ASP.NET
/// Core.
pub(super) fn identity(text: &str) -> Result<Pbkdf2, Unfit> {
    let bytes = base64(text).map_err(|_| Unfit::Unknown)?;
    let (1, rest) = bytes.split_first().map(|(first, rest)| (*first, rest)).ok_or(Unfit::Unknown)? else {
        return Err(Unfit::Unknown);
    };
    let word = |at: usize| {
        let word = rest.get(at..at + 4).and_then(|word| word.try_into().ok());
        word.map(u32::from_be_bytes).ok_or(Unfit::Unknown)
    };
    let digest = match word(0)? {
        0 => "sha1",
        1 => "sha256",
        2 => "sha512",
        _ => return Err(Unfit::Unknown),
    };
    let (iterations, salt) = (word(4)?, word(8)? as usize);
    let (salt, hash) = rest[12..].split_at_checked(salt).ok_or(Unfit::Malformed)?;
    Pbkdf2::new(digest, iterations, salt.into(), hash.into())
}
