//! scrypt (RFC 7914), as three systems write it.

use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use scrypt::Params;

use super::{Unfit, base64, equal, fields, hexadecimal, number};

/// In bytes; it is `128 * n * r`. What systems use by default takes half of it.
const MOST_MEMORY: u64 = 64 * 1024 * 1024;
/// In passes over the memory.
const MOST_PARALLELISM: u32 = 4;

const HASH_BYTES: usize = 64;

/// What becomes of what scrypt makes of the password.
enum Use {
    /// It is the hash.
    Hash,
    /// Its first half is the key under which these bytes, the project's, are encrypted.
    Key(Vec<u8>),
}

pub struct Scrypt {
    params: Params,
    salt: Vec<u8>,
    hash: Vec<u8>,
    purpose: Use,
}

impl Scrypt {
    fn new(log_n: u32, r: u32, p: u32, salt: Vec<u8>, hash: Vec<u8>) -> Result<Self, Unfit> {
        let memory = 1u64.checked_shl(log_n).and_then(|n| n.checked_mul(128)?.checked_mul(r.into()));
        if log_n > 32 || memory.is_none_or(|memory| memory > MOST_MEMORY) || p > MOST_PARALLELISM {
            return Err(Unfit::TooCostly);
        }
        if salt.is_empty() || hash.len() != HASH_BYTES {
            return Err(Unfit::Malformed);
        }
        let log_n = u8::try_from(log_n).map_err(|_| Unfit::TooCostly)?;
        let params = Params::new(log_n, r, p).map_err(|_| Unfit::Malformed)?;
        Ok(Self { params, salt, hash, purpose: Use::Hash })
    }

    pub fn verify(&self, password: &[u8]) -> bool {
        let mut made = [0; HASH_BYTES];
        if scrypt::scrypt(password, &self.salt, &self.params, &mut made).is_err() {
            return false;
        }
        match &self.purpose {
            Use::Hash => equal(&made, &self.hash),
            Use::Key(secret) => encrypt(&made[..32], secret).is_some_and(|out| equal(&out, &self.hash)),
        }
    }
}

/// `32768:8:1$salt$hash`: the salt as it is, the hash in hexadecimal.
pub(super) fn werkzeug(rest: &str) -> Result<Scrypt, Unfit> {
    let [costs, salt, hash] = fields(rest, '$')?;
    let [n, r, p] = fields(costs, ':')?;
    let n = number(n)?;
    if !n.is_power_of_two() {
        return Err(Unfit::Malformed);
    }
    Scrypt::new(n.ilog2(), number(r)?, number(p)?, salt.into(), hexadecimal(hash)?)
}

/// Both in hexadecimal; the digits of the salt are the salt.
pub(super) fn better_auth(salt: &str, hash: &str) -> Result<Scrypt, Unfit> {
    if salt.len() != 32 || hexadecimal(salt).is_err() {
        return Err(Unfit::Unknown);
    }
    Scrypt::new(14, 16, 1, salt.into(), hexadecimal(hash)?)
}

/// `v=1,n=14,r=8,p=1,ss=separator,sk=signer key$salt$hash`: all but numbers in Base64.
pub(super) fn firebase(rest: &str) -> Result<Scrypt, Unfit> {
    let [settings, salt, hash] = fields(rest, '$')?;
    let [v, n, r, p, separator, signer] = fields(settings, ',')?;
    let value = |setting: &'static str, field| str::strip_prefix(field, setting).ok_or(Unfit::Malformed);
    if value("v=", v)? != "1" {
        return Err(Unfit::Unknown);
    }
    let [n, r, p] = [number(value("n=", n)?)?, number(value("r=", r)?)?, number(value("p=", p)?)?];
    let salt = [base64(salt)?, base64(value("ss=", separator)?)?].concat();
    let purpose = Use::Key(base64(value("sk=", signer)?)?);
    Ok(Scrypt { purpose, ..Scrypt::new(n, r, p, salt, base64(hash)?)? })
}

/// AES-256 in counter mode, from zero.
fn encrypt(key: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let key = EncryptingKey::ctr(UnboundCipherKey::new(&AES_256, key).ok()?).ok()?;
    let mut out = secret.to_vec();
    let from_zero = EncryptionContext::Iv128(FixedLength::from([0; 16]));
    key.less_safe_encrypt(&mut out, from_zero).ok()?;
    Some(out)
}
