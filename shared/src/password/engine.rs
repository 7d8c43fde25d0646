//! Argon2 in a buffer that is kept: a new one for each hash would make a function grow by 19 MiB a time.

use argon2::{Argon2, Block};

use super::stored::{M_COST, Variant};

/// Hashes one after the other.
#[derive(Default)]
pub(super) struct Engine {
    blocks: Vec<Block>,
}

impl Engine {
    /// Makes the buffer of today's parameters and so writes to every page of it: the first hash is as fast as the
    /// second.
    pub fn prepare(&mut self) {
        self.blocks.resize(M_COST as usize, Block::new());
    }

    /// Whether argon2 took the parameters.
    pub fn run(&mut self, variant: &Variant, password: &[u8], salt: &[u8], out: &mut [u8]) -> bool {
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

    #[test]
    fn it_finds_what_the_c_reference_found() {
        let known =
            [0xc5, 0x96, 0x08, 0xb8, 0x21, 0x68, 0x33, 0x53, 0x10, 0xc3, 0xe4, 0xbd, 0xe0, 0xf5, 0xd9, 0xad];
        let mut engine = Engine::default();
        for _ in 0..2 {
            let mut out = [0; 32];
            assert!(engine.run(&Variant::default(), b"a known password", b"somesaltsomesalt", &mut out));
            assert_eq!(out[..16], known);
            engine.prepare();
        }
    }
}
