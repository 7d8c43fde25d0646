//! Memory, and the sizes of binaries.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::operations::{OPERATIONS, Operation};
use crate::stage::{House, Stage};

/// As much as a password's hash needs (19 MiB).
const BUFFER: usize = 19_456 * 1024;

/// The most memory that `auth` has had after so many sign-ins, in MiB.
///
/// # Errors
/// A sign-in failed.
pub async fn after_sign_ins(house: &House, sign_ins: usize) -> Result<f64, Failure> {
    let login: &Operation = OPERATIONS.iter().find(|one| one.id == "login").ok_or("no login")?;
    let mut stage = Stage::new(house).await?;
    let mut auth = stage.function("auth", &house.engine.endpoint).await?;
    for _ in 0..sign_ins {
        let event = login.event(&mut stage).await?;
        let answer = auth.invoke(&event).await?;
        if answer.status != 200 {
            return Err(format!("a sign-in was answered {}: {}", answer.status, answer.body).into());
        }
    }
    Ok(mebibytes(auth.peak_memory()?))
}

/// The size of a file in millions of bytes.
///
/// # Errors
/// It is not there.
#[expect(clippy::cast_precision_loss, reason = "a binary has a few million bytes")]
pub fn megabytes(path: &Path) -> Result<f64, Failure> {
    let size = fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?.len();
    Ok(size as f64 / 1e6)
}

/// Bytes in MiB.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a process has far less than 2^52 bytes")]
pub fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// What the kernel takes to give the memory of a hash, page by page.
#[must_use]
pub fn page_faults() -> Duration {
    let started = Instant::now();
    // Of more than 32 MiB the C library never keeps the pages for the next time.
    let mut buffer = Vec::with_capacity(2 * BUFFER);
    buffer.resize(BUFFER, 1_u8);
    black_box(&buffer);
    started.elapsed()
}
