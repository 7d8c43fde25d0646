//! Cold starts: each function beside the empty one, start by start.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::measure::percentile;
use crate::operations::{Floor, OPERATIONS, Operation};
use crate::stage::{House, Stage};

/// How often each function is started.
const STARTS: usize = 60;

/// As much as a password's hash needs (19 MiB).
const BUFFER: usize = 19_456 * 1024;

/// The functions, and what each is asked first.
pub const FUNCTIONS: [(&str, &str); 8] = [
    ("auth", "login"),
    ("users", "get_me"),
    ("admin", "admin_get_user"),
    ("posts", "get_post"),
    ("docs", "health"),
    ("mailer", "mailer"),
    ("worker", "worker"),
    ("authorizer", "authorizer"),
];

/// A function's cold start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cold {
    /// Which.
    pub function: String,
    /// The size of its binary, in millions of bytes.
    pub binary_mb: f64,
    /// From the process's start to its first poll, the median.
    pub first_poll_ms: f64,
    /// The empty function's in the same run.
    pub empty_first_poll_ms: f64,
    /// Writing once to as much memory as a hash needs, in the same run; nothing where none is hashed.
    pub buffer_ms: f64,
    /// The first request after the start.
    pub first_request_ms: f64,
    /// The one after it.
    pub second_request_ms: f64,
    /// The most memory that it had by then.
    pub peak_mib: f64,
}

/// Starts a function 60 times, the empty one before each.
///
/// # Errors
/// A function did not start, or answered otherwise than it should.
pub async fn measure(house: &House, function: &str, first: &str) -> Result<Cold, Failure> {
    let operation = OPERATIONS.iter().find(|one| one.id == first).ok_or("no such operation")?;
    let mut stage = Stage::new(house).await?;
    // `users` makes its buffer when it first needs it.
    let hashes = function == "auth";
    let (mut polls, mut empty, mut buffers) = (Vec::new(), Vec::new(), Vec::new());
    let (mut firsts, mut seconds, mut peaks) = (Vec::new(), Vec::new(), Vec::new());
    // The very first start reads the binary from the disk and makes the signing key; it is not counted.
    for start in 0..=STARTS {
        let least = stage.function(&Floor::Empty.binary(), &house.engine.endpoint).await?.first_poll();
        let buffer = if hashes { page_faults() } else { Duration::ZERO };
        let [one, other] = [operation.event(&mut stage).await?, operation.event(&mut stage).await?];
        let mut instance = stage.function(function, &house.engine.endpoint).await?;
        let answers = [instance.invoke(&one).await?, instance.invoke(&other).await?];
        if let Some(wrong) = answers.iter().find(|answer| answer.status != operation.status) {
            return Err(format!("{function} answered {}: {}", wrong.status, wrong.body).into());
        }
        if start > 0 {
            empty.push(least);
            buffers.push(buffer);
            polls.push(instance.first_poll());
            firsts.push(answers[0].elapsed);
            seconds.push(answers[1].elapsed);
            peaks.push(instance.peak_memory()?);
        }
    }
    Ok(Cold {
        function: function.to_owned(),
        binary_mb: megabytes(&house.binaries.join(function))?,
        first_poll_ms: percentile(&polls, 50),
        empty_first_poll_ms: percentile(&empty, 50),
        buffer_ms: percentile(&buffers, 50),
        first_request_ms: percentile(&firsts, 50),
        second_request_ms: percentile(&seconds, 50),
        peak_mib: mebibytes(peaks.into_iter().max().unwrap_or_default()),
    })
}

/// The most memory that `auth` has had after so many sign-ins, in MiB.
///
/// # Errors
/// A sign-in failed.
pub async fn memory_after(house: &House, sign_ins: usize) -> Result<f64, Failure> {
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

#[expect(clippy::cast_precision_loss, reason = "a process has far less than 2^52 bytes")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// What the kernel takes to give the memory of a hash, page by page.
fn page_faults() -> Duration {
    let started = Instant::now();
    // Of more than 32 MiB the C library never keeps the pages for the next time.
    let mut buffer = Vec::with_capacity(2 * BUFFER);
    buffer.resize(BUFFER, 1_u8);
    black_box(&buffer);
    started.elapsed()
}
