//! bcrypt (Provos and Mazières 1999), which reads the first 72 bytes of a password.

use super::{Unfit, number};

/// 2^14 rounds take about a second.
const MOST: u32 = 14;

pub struct Bcrypt {
    hash: String,
    /// The password goes through SHA-256 before.
    hashed_first: bool,
}

/// `12$` and 53 characters: 22 of the salt, 31 of the hash.
pub(super) fn plain(version: &str, fields: &str) -> Result<Bcrypt, Unfit> {
    let (cost, salt_and_hash) = fields.split_once('$').ok_or(Unfit::Malformed)?;
    let alphabet = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '/';
    if cost.len() != 2 || salt_and_hash.len() != 53 || !salt_and_hash.chars().all(alphabet) {
        return Err(Unfit::Malformed);
    }
    match number(cost)? {
        0..4 => Err(Unfit::Malformed),
        4..=MOST => Ok(Bcrypt { hash: format!("${version}${fields}"), hashed_first: false }),
        _ => Err(Unfit::TooCostly),
    }
}

/// `$2b$12$...` after `bcrypt$` or `bcrypt_sha256$`.
pub(super) fn django(name: &str, rest: &str) -> Result<Bcrypt, Unfit> {
    let (version, fields) =
        rest.strip_prefix('$').and_then(|rest| rest.split_once('$')).ok_or(Unfit::Malformed)?;
    if !matches!(version, "2a" | "2b" | "2y") {
        return Err(Unfit::Malformed);
    }
    Ok(Bcrypt { hashed_first: name == "bcrypt_sha256", ..plain(version, fields)? })
}

impl Bcrypt {
    pub fn verify(&self, password: &[u8]) -> bool {
        if !self.hashed_first {
            return ::bcrypt::verify(password, &self.hash).unwrap_or(false);
        }
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, password);
        let digest = data_encoding::HEXLOWER.encode(digest.as_ref());
        ::bcrypt::verify(digest, &self.hash).unwrap_or(false)
    }
}
