//! Argon2id (RFC 9106) with 19 MiB, 2 passes and 1 lane (OWASP Password Storage
//! Cheat Sheet), in one buffer that is kept: a new one for each hash would make
//! a function grow by 19 MiB a time.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::model::{Password, PasswordHash};

const M_COST: u32 = 19_456;
const T_COST: u32 = 2;
const P_COST: u32 = 1;
const HASH_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// A stored hash may ask for so much and no more: what it asks for beyond is a
/// way to bring the function down, not a password.
const MAX_M_COST: u32 = 65_536;
const MAX_T_COST: u32 = 10;
const MAX_P_COST: u32 = 4;

/// Whether a password was the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was not, or the stored hash is not to be used.
    Wrong,
    /// It was.
    Right,
    /// It was, and its hash is weaker than today's: make a new one.
    RightButWeak,
}

/// Hashes passwords, one at a time, in one buffer.
#[derive(Clone, Default)]
pub struct Hasher(Arc<Mutex<Vec<Block>>>);

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher")
    }
}

impl Hasher {
    /// A hasher without its buffer: the first hash makes it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the buffer and so writes to every page of it: the first hash is as fast
    /// as the second.
    pub fn prepare(&self) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.resize(M_COST as usize, Block::new());
    }

    /// Hashes a password under a new salt.
    ///
    /// # Panics
    /// When argon2 refuses parameters that are constants here: never.
    #[must_use]
    pub fn hash(&self, password: &Password) -> PasswordHash {
        let mut salt = [0; SALT_BYTES];
        crate::token::random(&mut salt);
        let Some(out) = self.run(&todays(), password, &salt) else {
            panic!("argon2 takes its own recommended parameters");
        };
        PasswordHash(encode(&salt, &out))
    }

    /// Checks a password, in the same time for every wrong one.
    #[must_use]
    pub fn verify(&self, password: &Password, stored: &PasswordHash) -> Verdict {
        let Some(parsed) = Stored::parse(&stored.0) else {
            self.verify_nobody(password);
            return Verdict::Wrong;
        };
        let Some(out) = self.run(&parsed.params, password, &parsed.salt) else {
            return Verdict::Wrong;
        };
        let equal = aws_lc_rs::constant_time::verify_slices_are_equal(&out, &parsed.hash).is_ok();
        match (equal, parsed.is_weak()) {
            (false, _) => Verdict::Wrong,
            (true, false) => Verdict::Right,
            (true, true) => Verdict::RightButWeak,
        }
    }

    /// Spends what checking a password costs, for a user that is not there.
    pub fn verify_nobody(&self, password: &Password) {
        let out = self.run(&todays(), password, &[0; SALT_BYTES]);
        std::hint::black_box(&out);
    }

    fn run(&self, params: &Params, password: &Password, salt: &[u8]) -> Option<[u8; HASH_BYTES]> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let blocks = params.block_count();
        if memory.len() < blocks {
            memory.resize(blocks, Block::new());
        }
        let mut out = [0; HASH_BYTES];
        argon2
            .hash_password_into_with_memory(
                password.expose().as_bytes(),
                salt,
                &mut out,
                &mut memory[..blocks],
            )
            .ok()?;
        Some(out)
    }
}

fn todays() -> Params {
    Params::new(M_COST, T_COST, P_COST, Some(HASH_BYTES)).unwrap_or_default()
}

fn encode(salt: &[u8], hash: &[u8]) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD as B64;
    format!("$argon2id$v=19$m={M_COST},t={T_COST},p={P_COST}${}${}", B64.encode(salt), B64.encode(hash))
}

/// A stored hash whose cost is within bounds.
struct Stored {
    params: Params,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Stored {
    fn parse(text: &str) -> Option<Self> {
        let phc = Phc::new(text).ok()?;
        if phc.algorithm.as_str() != "argon2id" || phc.version != Some(19) {
            return None;
        }
        let cost = |name: &str| phc.params.get_decimal(name);
        let (m, t, p) = (cost("m")?, cost("t")?, cost("p")?);
        let hash = phc.hash?.as_bytes().to_vec();
        if m > MAX_M_COST || t > MAX_T_COST || p > MAX_P_COST || hash.len() != HASH_BYTES {
            return None;
        }
        let params = Params::new(m, t, p, Some(HASH_BYTES)).ok()?;
        Some(Self { params, salt: phc.salt?.as_ref().to_vec(), hash })
    }

    fn is_weak(&self) -> bool {
        self.params.m_cost() < M_COST || self.params.t_cost() < T_COST || self.salt.len() < SALT_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::{Hasher, Verdict};
    use crate::model::{Password, PasswordHash};

    fn password(text: &str) -> Password {
        Password::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn a_password_is_verified_exactly_as_typed() {
        let hasher = Hasher::new();
        let long = "long enough to pass the seventy-two bytes at which bcrypt stops reading it";
        let stored = hasher.hash(&password(long));
        assert!(stored.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(hasher.verify(&password(long), &stored), Verdict::Right);
        for other in [&long[..73], &long.to_uppercase(), &format!(" {long}"), &format!("{long}x")] {
            assert_eq!(hasher.verify(&password(other), &stored), Verdict::Wrong, "{other}");
        }
    }

    #[test]
    fn a_weaker_hash_is_right_but_weak() {
        let stored = PasswordHash(
            "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$".to_owned()
                + &hash_of("pass word", 8192, 1),
        );
        assert_eq!(Hasher::new().verify(&password("pass word"), &stored), Verdict::RightButWeak);
    }

    #[test]
    fn a_hash_that_asks_for_too_much_is_refused() {
        for costs in ["m=4194304,t=2,p=1", "m=19456,t=1000000,p=1", "m=19456,t=2,p=200"] {
            let stored = format!("$argon2id$v=19${costs}$c29tZXNhbHRzb21lc2FsdA${}", "A".repeat(43));
            assert_eq!(Hasher::new().verify(&password("x"), &PasswordHash(stored)), Verdict::Wrong);
        }
    }

    fn hash_of(text: &str, m: u32, t: u32) -> String {
        use base64::Engine as _;
        let params = argon2::Params::new(m, t, 1, Some(32)).unwrap();
        let out = Hasher::new().run(&params, &password(text), b"somesaltsomesalt").unwrap();
        base64::engine::general_purpose::STANDARD_NO_PAD.encode(out)
    }
}
