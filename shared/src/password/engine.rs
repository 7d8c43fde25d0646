//! Argon2 in buffers that are kept: a new one for each hash would make a function grow by 19 MiB a time.

use argon2::{Argon2, Block};

#[cfg(target_arch = "x86_64")]
use super::fast::Fast;
use super::stored::{M_COST, Variant};

/// Hashes one after the other.
#[derive(Default)]
pub(super) struct Engine {
    #[cfg(target_arch = "x86_64")]
    fast: Fast,
    blocks: Vec<Block>,
}

impl Engine {
    /// Makes the buffer of today's parameters and so writes to every page of it: the first hash is as fast as the
    /// second.
    pub fn prepare(&mut self) {
        #[cfg(target_arch = "x86_64")]
        if self.fast.prepare() {
            return;
        }
        self.blocks.resize(M_COST as usize, Block::new());
    }

    /// Whether argon2 took the parameters.
    pub fn run(&mut self, variant: &Variant, password: &[u8], salt: &[u8], out: &mut [u8]) -> bool {
        #[cfg(target_arch = "x86_64")]
        if variant.is_todays(out.len()) && self.fast.run(password, salt, out) {
            return true;
        }
        self.portable(variant, password, salt, out)
    }

    fn portable(&mut self, variant: &Variant, password: &[u8], salt: &[u8], out: &mut [u8]) -> bool {
        let argon2 = Argon2::new(variant.algorithm, variant.version, variant.params.clone());
        let blocks = variant.params.block_count();
        if self.blocks.len() < blocks {
            self.blocks.resize(blocks, Block::new());
        }
        let result = argon2.hash_password_into_with_memory(password, salt, out, &mut self.blocks[..blocks]);
        if blocks > M_COST as usize {
            self.blocks.truncate(M_COST as usize);
            self.blocks.shrink_to_fit();
        }
        result.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Engine, Variant};

    /// What the C reference makes of it.
    const KNOWN: &str = "c59608b82168335310c3e4bde0f5d9adf953cb5aedbd438579d249d5bd04a2cd";

    fn run(hash: impl FnOnce(&Variant, &mut [u8]) -> bool) -> [u8; 32] {
        let mut out = [0; 32];
        assert!(hash(&Variant::default(), &mut out));
        out
    }

    #[test]
    fn every_engine_finds_what_the_reference_found() {
        let (password, salt) = (b"a known password", b"somesaltsomesalt");
        let mut engine = Engine::default();
        engine.prepare();
        let found = [
            run(|variant, out| engine.run(variant, password, salt, out)),
            run(|variant, out| Engine::default().run(variant, password, salt, out)),
            run(|variant, out| engine.portable(variant, password, salt, out)),
        ];
        for hash in found {
            let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, KNOWN);
        }
    }

    #[test]
    fn the_engines_agree_on_passwords_of_every_length() {
        let mut chance = fastrand::Rng::with_seed(16);
        let mut engine = Engine::default();
        let edges = [1, 2, 31, 32, 63, 64, 111, 112, 127, 128, 129, 255, 256, 1023, 1024];
        for length in edges.into_iter().chain((0..9).map(|_| chance.usize(1..=1024)).collect::<Vec<_>>()) {
            let password: Vec<u8> = std::iter::repeat_with(|| chance.u8(..)).take(length).collect();
            let salt: [u8; 16] = std::array::from_fn(|_| chance.u8(..));
            let one = run(|variant, out| engine.run(variant, &password, &salt, out));
            let other = run(|variant, out| engine.portable(variant, &password, &salt, out));
            assert_eq!(one, other, "{length} bytes");
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn an_engine_that_was_refused_leaves_the_work_to_the_portable_one() {
        let mut engine = Engine { fast: super::Fast::Refused, ..Engine::default() };
        engine.prepare();
        let (password, salt) = (b"a known password", b"somesaltsomesalt");
        let hash = run(|variant, out| engine.run(variant, password, salt, out));
        assert_eq!(hash[..4], [0xc5, 0x96, 0x08, 0xb8]);
        assert!(!engine.blocks.is_empty());
    }
}
