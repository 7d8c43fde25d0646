//! Hashes as the table holds them: argon2's in the PHC string format
//! (<https://github.com/P-H-C/phc-string-format>), or another system's.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Params, Version};

use super::foreign::{Foreign, Unfit};

/// What new hashes cost, in KiB, passes and lanes.
pub(super) const M_COST: u32 = 19_456;
pub(super) const T_COST: u32 = 2;
pub(super) const P_COST: u32 = 1;
pub(super) const HASH_BYTES: usize = 32;
pub(super) const SALT_BYTES: usize = 16;

/// A stored hash may ask for so much and no more: what it asks for beyond is a way to
/// bring the function down, not a password. It is enough for the defaults that
/// argon2-cffi (102,400 KiB, 8 lanes) and libsodium ever had for signing in.
const MAX_M_COST: u32 = 102_400;
const MAX_T_COST: u32 = 10;
const MAX_P_COST: u32 = 8;

/// A hash that can be verified.
pub enum Stored {
    Argon2(Argon2Hash),
    Foreign(Foreign),
}

/// Which argon2.
pub struct Variant {
    pub algorithm: Algorithm,
    pub version: Version,
    pub params: Params,
}

impl Default for Variant {
    /// Today's.
    fn default() -> Self {
        let params = Params::new(M_COST, T_COST, P_COST, Some(HASH_BYTES)).unwrap_or_default();
        Self { algorithm: Algorithm::Argon2id, version: Version::V0x13, params }
    }
}

/// An argon2 hash whose cost is within bounds.
pub struct Argon2Hash {
    pub variant: Variant,
    pub salt: Vec<u8>,
    pub hash: Vec<u8>,
}

impl Stored {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        // Django puts its own name for it before.
        let argon2 = text.strip_prefix("argon2").unwrap_or(text);
        if argon2.starts_with("$argon2") {
            Argon2Hash::parse(argon2).map(Self::Argon2)
        } else {
            Foreign::parse(text).map(Self::Foreign)
        }
    }
}

impl Argon2Hash {
    fn parse(text: &str) -> Result<Self, Unfit> {
        let phc = Phc::new(text).map_err(|_| Unfit::Malformed)?;
        let algorithm = Algorithm::new(phc.algorithm.as_str()).map_err(|_| Unfit::Unknown)?;
        let version = Version::try_from(phc.version.unwrap_or(16)).map_err(|_| Unfit::Unknown)?;
        let cost = |name: &str| phc.params.get_decimal(name).ok_or(Unfit::Malformed);
        let (m, t, p) = (cost("m")?, cost("t")?, cost("p")?);
        let salt = phc.salt.as_ref().ok_or(Unfit::Malformed)?.as_ref().to_vec();
        let hash = phc.hash.as_ref().ok_or(Unfit::Malformed)?.as_bytes().to_vec();
        if m > MAX_M_COST || t > MAX_T_COST || p > MAX_P_COST {
            return Err(Unfit::TooCostly);
        }
        if hash.len() < 16 {
            return Err(Unfit::Malformed);
        }
        let params = Params::new(m, t, p, Some(hash.len())).map_err(|_| Unfit::Malformed)?;
        Ok(Self { variant: Variant { algorithm, version, params }, salt, hash })
    }

    /// Whether a new hash would be better.
    pub fn is_weak(&self) -> bool {
        let Variant { algorithm, version, params } = &self.variant;
        *algorithm != Algorithm::Argon2id
            || *version != Version::V0x13
            || params.m_cost() < M_COST
            || params.t_cost() < T_COST
            || self.salt.len() < SALT_BYTES
            || self.hash.len() < HASH_BYTES
    }
}
