//! The event source mapping between the table's stream and a function, as Lambda keeps one.
//!
//! It walks the stream's shards, parents before children, hands the records that match the filter
//! to a function in batches, and honours its partial batch response: what failed is
//! tried again, from the first failed record on, before anything behind it in the shard.
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>
//!
//! Unlike Lambda it works one batch at a time, without a batching window.

mod deliver;
mod mapping;
mod outcome;
mod position;
mod reader;
mod record;
mod shard;

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::path::Path;
use std::time::Duration;

use aws_sdk_dynamodbstreams::error::DisplayErrorContext;
use serde_json::Value;
use tokio::time::sleep;

pub use mapping::{Filter, MAILER, Mapping, WORKER};
use position::Positions;
use reader::Reader;

/// The retries of one batch before it is dropped, unless
/// [`with_max_retries`](Trigger::with_max_retries) says otherwise.
pub const MAX_RETRIES: u32 = 5;

const POLL_INTERVAL: Duration = Duration::from_millis(200);
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
const LONGEST_BACKOFF: Duration = Duration::from_secs(10);
const STREAM_ERROR_PAUSE: Duration = Duration::from_secs(1);

/// Reads a table's stream and invokes a function with what the filter lets through.
#[derive(Debug)]
pub struct Trigger {
    reader: Reader,
    positions: Positions,
    mapping: Mapping,
    max_retries: u32,
}

/// What one look at the stream came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Poll {
    /// Records that the function has dealt with.
    pub delivered: usize,
    /// Records that were given up after the last retry.
    pub dropped: usize,
    /// How often a batch that still has retries has failed by now; 0 when none has.
    pub failing: u32,
}

/// The stream could not be read. Nothing is lost: the next poll goes on from the same position.
#[derive(Debug)]
pub struct TriggerError(String);

impl TriggerError {
    fn sdk(error: impl Error) -> Self {
        Self(DisplayErrorContext(error).to_string())
    }
}

impl fmt::Display for TriggerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for TriggerError {}

impl From<io::Error> for TriggerError {
    fn from(error: io::Error) -> Self {
        Self(format!("the position could not be kept: {error}"))
    }
}

impl Trigger {
    /// The mailer's trigger on the latest stream of `table`, from its oldest record on
    /// (`TRIM_HORIZON`).
    #[must_use]
    pub fn new(
        streams: aws_sdk_dynamodbstreams::Client,
        dynamodb: aws_sdk_dynamodb::Client,
        table: &str,
    ) -> Self {
        let reader = Reader::new(streams, dynamodb, table);
        Self { reader, positions: Positions::default(), mapping: MAILER, max_retries: MAX_RETRIES }
    }

    /// The same for another function: each has its own mapping and its own trigger, with its own
    /// position.
    #[must_use]
    pub fn mapped(mut self, mapping: Mapping) -> Self {
        self.mapping = mapping;
        self
    }

    /// Goes on from the position kept in the file at `path`, if there is one, and keeps it there.
    ///
    /// A record is delivered again when the process ends between the function's answer and the
    /// file's change.
    ///
    /// # Errors
    /// The file exists and cannot be read.
    pub fn kept_in(mut self, path: &Path) -> io::Result<Self> {
        self.positions = Positions::kept_in(path)?;
        Ok(self)
    }

    /// Drops a batch after `retries` further tries: the mapping's `MaximumRetryAttempts`.
    #[must_use]
    pub fn with_max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Looks at every open shard once, without waiting, and delivers what is new there. A batch
    /// that fails is tried once in a poll, and holds back what is behind it in its shard.
    ///
    /// # Errors
    /// The stream could not be read or the position not be kept.
    pub async fn poll_once<I, F>(&mut self, invoke: &mut I) -> Result<Poll, TriggerError>
    where
        I: FnMut(Value) -> F,
        F: Future<Output = Result<Value, String>>,
    {
        let mut poll = Poll::default();
        for mut shard in self.reader.open_shards().await? {
            let done = self.poll_shard(&mut shard, invoke, &mut poll).await;
            self.reader.put_back(shard);
            done?;
        }
        Ok(poll)
    }

    /// Polls until it is dropped, with growing pauses while a batch fails or the stream is away.
    pub async fn run<I, F>(mut self, mut invoke: I)
    where
        I: FnMut(Value) -> F,
        F: Future<Output = Result<Value, String>>,
    {
        loop {
            let pause = match self.poll_once(&mut invoke).await {
                Ok(Poll { failing: 0, .. }) => POLL_INTERVAL,
                Ok(Poll { failing, .. }) => backoff(failing),
                Err(error) => {
                    eprintln!("trigger: the stream could not be read: {error}");
                    STREAM_ERROR_PAUSE
                }
            };
            sleep(pause).await;
        }
    }
}

fn backoff(failures: u32) -> Duration {
    let doubled = FIRST_BACKOFF.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
    doubled.min(LONGEST_BACKOFF)
}
