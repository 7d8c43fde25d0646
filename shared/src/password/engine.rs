//! Argon2 in a buffer that is kept: a new one for each hash would make a function grow by 19 MiB a time.

use std::mem::MaybeUninit;
use std::slice::ChunksMut;
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

use argon2::{Argon2, Block};

use super::stored::{M_COST, Variant};

/// The smallest page of memory, in blocks.
const PAGE: usize = 4096 / size_of::<Block>();

/// So many blocks are prefaulted at a time.
const CHUNK: usize = 64 * PAGE;

/// What is still to be prefaulted.
type Rest<'a> = Mutex<ChunksMut<'a, MaybeUninit<Block>>>;

/// Hashes one after the other.
#[derive(Default)]
pub(super) struct Engine {
    blocks: Vec<Block>,
}

impl Engine {
    /// An engine whose first hash is as fast as its second, and what the work beside has found. To have the kernel give
    /// the pages of the buffer is what takes the time: a thread begins with it, and who is done with the work helps.
    pub fn prefaulted_beside<T>(work: impl FnOnce() -> T) -> (Self, T) {
        let mut blocks = Vec::with_capacity(M_COST as usize);
        let rest = Mutex::new(blocks.spare_capacity_mut().chunks_mut(CHUNK));
        let found = std::thread::scope(|scope| {
            // Without the thread it takes longer.
            let _ = Builder::new().spawn_scoped(scope, || prefault(&rest, ChunksMut::next));
            let found = work();
            prefault(&rest, ChunksMut::next_back);
            found
        });
        blocks.resize(M_COST as usize, Block::new());
        (Self { blocks }, found)
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

/// Writes to every page of one chunk after another, as long as there are some. Two that do so at once begin at both ends:
/// pages that are close to each other are given under one lock.
fn prefault<'a>(
    rest: &Rest<'a>,
    next: impl Fn(&mut ChunksMut<'a, MaybeUninit<Block>>) -> Option<&'a mut [MaybeUninit<Block>]>,
) {
    let take = || next(&mut rest.lock().unwrap_or_else(PoisonError::into_inner));
    while let Some(chunk) = take() {
        for block in chunk.iter_mut().step_by(PAGE) {
            block.write(Block::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Engine, M_COST, Variant};

    #[test]
    fn it_finds_what_the_c_reference_found() {
        let known =
            [0xc5, 0x96, 0x08, 0xb8, 0x21, 0x68, 0x33, 0x53, 0x10, 0xc3, 0xe4, 0xbd, 0xe0, 0xf5, 0xd9, 0xad];
        let (prefaulted, found) = Engine::prefaulted_beside(|| 7);
        assert_eq!((found, prefaulted.blocks.len()), (7, M_COST as usize));
        for mut engine in [Engine::default(), prefaulted] {
            for _ in 0..2 {
                let mut out = [0; 32];
                assert!(engine.run(&Variant::default(), b"a known password", b"somesaltsomesalt", &mut out));
                assert_eq!(out[..16], known);
            }
        }
    }
}
