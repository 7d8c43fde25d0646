//! Password hashes that other systems made: recognized by their form and verified
//! as those systems do. The first sign-in replaces them by one of ours.
//!
//! | form | made by |
//! |---|---|
//! | `$2a$`, `$2b$`, `$2y$` and `bcrypt$$2b$`, `bcrypt_sha256$$2b$` | bcrypt: Auth0, Supabase, Flask-Bcrypt, Devise; Django |
//! | `pbkdf2_sha256$260000$salt$hash`, `pbkdf2_sha1$` | Django |
//! | `pbkdf2:sha256:260000$salt$hash`, also `sha1`, `sha512` | werkzeug |
//! | `$pbkdf2-sha256$27500$salt$hash`, `$pbkdf2-sha512$`, `$pbkdf2$` | Keycloak as imported, passlib |
//! | Base64 of a `0x01` and what follows | ASP.NET Core Identity, version 3 |
//! | `scrypt:32768:8:1$salt$hash` | werkzeug |
//! | 32 and 128 hexadecimal digits with a colon between | better-auth |
//! | `$fbscrypt$v=1,n=14,r=8,p=1,ss=..,sk=..$salt$hash` | Firebase, with its project's keys, as Supabase Auth writes it |

mod bcrypt;
mod pbkdf2;
mod scrypt;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Why a stored hash is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// No system that is known here makes such hashes.
    Unknown,
    /// It begins like one that is known, and goes on unlike it.
    Malformed,
    /// Verifying it would take more time or memory than a request has.
    TooCostly,
}

/// A hash that another system made, within bounds.
pub enum Foreign {
    Bcrypt(bcrypt::Bcrypt),
    Pbkdf2(pbkdf2::Pbkdf2),
    Scrypt(scrypt::Scrypt),
}

impl Foreign {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let (head, rest) = text.split_once(['$', ':']).unwrap_or((text, ""));
        match head {
            "" => modular(rest),
            "bcrypt" | "bcrypt_sha256" => bcrypt::django(head, rest).map(Self::Bcrypt),
            "pbkdf2" => pbkdf2::werkzeug(rest).map(Self::Pbkdf2),
            "pbkdf2_sha256" | "pbkdf2_sha1" => pbkdf2::django(head, rest).map(Self::Pbkdf2),
            "scrypt" => scrypt::werkzeug(rest).map(Self::Scrypt),
            salt if text.contains(':') => scrypt::better_auth(salt, rest).map(Self::Scrypt),
            _ => pbkdf2::identity(text).map(Self::Pbkdf2),
        }
    }

    /// Whether it is the password's hash, compared in constant time.
    pub fn verify(&self, password: &[u8]) -> bool {
        match self {
            Self::Bcrypt(hash) => hash.verify(password),
            Self::Pbkdf2(hash) => hash.verify(password),
            Self::Scrypt(hash) => hash.verify(password),
        }
    }
}

/// What begins with a dollar: the Modular Crypt Format.
fn modular(rest: &str) -> Result<Foreign, Unfit> {
    let (name, fields) = rest.split_once('$').ok_or(Unfit::Unknown)?;
    match name {
        "2a" | "2b" | "2y" => bcrypt::plain(name, fields).map(Foreign::Bcrypt),
        "pbkdf2" | "pbkdf2-sha256" | "pbkdf2-sha512" => pbkdf2::passlib(name, fields).map(Foreign::Pbkdf2),
        "fbscrypt" => scrypt::firebase(fields).map(Foreign::Scrypt),
        _ => Err(Unfit::Unknown),
    }
}

fn number(text: &str) -> Result<u32, Unfit> {
    text.parse().map_err(|_| Unfit::Malformed)
}

/// Exactly so many fields with `mark` between them.
fn fields<const N: usize>(text: &str, mark: char) -> Result<[&str; N], Unfit> {
    text.split(mark).collect::<Vec<_>>().try_into().map_err(|_| Unfit::Malformed)
}

/// Base64 (RFC 4648 section 4), with its padding or without.
fn base64(text: &str) -> Result<Vec<u8>, Unfit> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&STANDARD, lenient).decode(text).map_err(|_| Unfit::Malformed)
}

fn hexadecimal(text: &str) -> Result<Vec<u8>, Unfit> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| Unfit::Malformed)
}

fn equal(one: &[u8], other: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}
