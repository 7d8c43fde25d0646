//! Argon2id (RFC 9106) with 19 MiB, 2 passes and 1 lane (OWASP Password Storage
//! Cheat Sheet).

use std::hint::black_box;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::engine::Engine;
use super::stored::{Argon2Hash, HASH_BYTES, M_COST, P_COST, SALT_BYTES, Stored, T_COST, Variant};
use crate::model::{Password, PasswordHash};

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
pub struct Hasher(Arc<Mutex<Engine>>);

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

    /// Makes the buffer beside some work, and so writes to every page of it: the first hash is
    /// as fast as the second.
    pub fn prepare_beside<T>(&self, work: impl FnOnce() -> T) -> T {
        let (engine, found) = Engine::prefaulted_beside(work);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = engine;
        found
    }

    /// Hashes a password under a new salt.
    ///
    /// # Panics
    /// When argon2 refuses parameters that are constants here: never.
    #[must_use]
    pub fn hash(&self, password: &Password) -> PasswordHash {
        let mut salt = [0; SALT_BYTES];
        crate::token::random(&mut salt);
        let mut out = [0; HASH_BYTES];
        assert!(self.run(&Variant::default(), password, &salt, &mut out), "argon2 takes its own parameters");
        PasswordHash(encode(&salt, &out))
    }

    /// Checks a password, in the same time for every wrong one. A hash that another
    /// system made costs one of ours more, right or wrong: a right one is to be made
    /// anew.
    #[must_use]
    pub fn verify(&self, password: &Password, stored: &PasswordHash) -> Verdict {
        let (right, weak) = match Stored::parse(&stored.0) {
            Ok(Stored::Argon2(hash)) => (self.fits(password, &hash), hash.is_weak()),
            Ok(Stored::Foreign(hash)) => {
                let right = hash.verify(password.expose().as_bytes());
                if !right {
                    self.verify_nobody(password);
                }
                (right, true)
            }
            Err(_) => {
                self.verify_nobody(password);
                (false, false)
            }
        };
        match (right, weak) {
            (false, _) => Verdict::Wrong,
            (true, false) => Verdict::Right,
            (true, true) => Verdict::RightButWeak,
        }
    }

    /// Spends what checking a password costs, for a user that is not there: what is stored is
    /// taken apart, too.
    pub fn verify_nobody(&self, password: &Password) {
        static NOBODY: LazyLock<String> = LazyLock::new(nobody);
        if let Ok(Stored::Argon2(hash)) = Stored::parse(black_box(&NOBODY)) {
            black_box(self.fits(password, &hash));
        }
    }

    fn fits(&self, password: &Password, hash: &Argon2Hash) -> bool {
        let mut out = vec![0; hash.hash.len()];
        let ran = self.run(&hash.variant, password, &hash.salt, &mut out);
        ran && aws_lc_rs::constant_time::verify_slices_are_equal(&out, &hash.hash).is_ok()
    }

    /// Whether argon2 took the parameters.
    fn run(&self, variant: &Variant, password: &Password, salt: &[u8], out: &mut [u8]) -> bool {
        let mut engine = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        engine.run(variant, password.expose().as_bytes(), salt, out)
    }
}

/// What is stored for nobody: no password is known that has this hash.
fn nobody() -> String {
    encode(&[0; SALT_BYTES], &[0; HASH_BYTES])
}

fn encode(salt: &[u8], hash: &[u8]) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD as B64;
    format!("$argon2id$v=19$m={M_COST},t={T_COST},p={P_COST}${}${}", B64.encode(salt), B64.encode(hash))
}

#[cfg(test)]
mod tests {
    use super::{Hasher, Stored, Verdict};
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
    fn what_is_done_beside_making_the_buffer_may_hash() {
        let hasher = Hasher::new();
        let stored = hasher.prepare_beside(|| hasher.hash(&password("pass word")));
        assert_eq!(hasher.verify(&password("pass word"), &stored), Verdict::Right);
    }

    #[test]
    fn nobodys_password_costs_what_a_new_one_does() {
        let Ok(Stored::Argon2(hash)) = Stored::parse(&super::nobody()) else { panic!("it does not read") };
        assert!(!hash.is_weak());
        let nobody = PasswordHash(super::nobody());
        assert_eq!(Hasher::new().verify(&password("pass word"), &nobody), Verdict::Wrong);
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
        let variant = super::Variant { params, ..super::Variant::default() };
        let mut out = [0; 32];
        assert!(Hasher::new().run(&variant, &password(text), b"somesaltsomesalt", &mut out));
        base64::engine::general_purpose::STANDARD_NO_PAD.encode(out)
    }
}
