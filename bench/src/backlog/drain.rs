//! Handing a shard to a function, with everything that can go wrong on the way.

use std::path::PathBuf;
use std::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::queue::{Record, event, settled};
use crate::Failure;
use crate::runtime::Instance;

/// A batch fails so often at most before the run is given up: Lambda drops it after 500.
const MOST_TRIES: u32 = 500;
/// Of a hundred batches: brought twice; answer lost; instance ended at its work.
const TWICE: u32 = 3;
const LOST: u32 = 3;
const ENDED: u32 = 2;

/// A function to drain shards with.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// The release binary.
    pub binary: PathBuf,
    /// Its environment.
    pub environment: Vec<(String, String)>,
    /// The most records of a batch.
    pub batch: usize,
    /// When the records happened, in seconds since the epoch.
    pub second: i64,
}

/// What it took.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Drained {
    /// Records of the backlog.
    pub records: usize,
    /// Invocations, those of repetitions, too.
    pub batches: usize,
    /// Batches that were brought again though they were done.
    pub twice: usize,
    /// Batches whose answer was lost, and that were brought again.
    pub lost: usize,
    /// Instances that were ended at their work.
    pub ended: usize,
    /// Batches of which the function named records to be brought again.
    pub partial: usize,
    /// The functions' own processor time in milliseconds, but for that of instances that were ended.
    pub cpu_ms: f64,
}

impl Drained {
    /// With another shard's.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            records: self.records + other.records,
            batches: self.batches + other.batches,
            twice: self.twice + other.twice,
            lost: self.lost + other.lost,
            ended: self.ended + other.ended,
            partial: self.partial + other.partial,
            cpu_ms: self.cpu_ms + other.cpu_ms,
        }
    }
}

impl Consumer {
    /// Brings a shard's records to an instance of its own, in order, until all are dealt with.
    ///
    /// # Errors
    /// The function does not start, or does not get on with a batch.
    pub async fn drain(self, records: Vec<Record>, seed: u64) -> Result<Drained, Failure> {
        let mut random = Rng::with_seed(seed);
        let mut done = Drained { records: records.len(), ..Drained::default() };
        let mut instance = self.start().await?;
        let (mut from, mut tries) = (0, 0);
        while from < records.len() {
            let batch = &records[from..records.len().min(from + self.batch)];
            let event = event(batch, from, self.second);
            let fate = random.u32(0..100);
            done.batches += 1;
            if fate < ENDED {
                let patience = Duration::from_millis(random.u64(2..40));
                let _ = timeout(patience, instance.invoke(&event)).await;
                instance = self.start().await?;
                done.ended += 1;
            } else {
                let answer = instance.invoke(&event).await?;
                let settled = settled(&answer.whole, from, batch.len());
                done.partial += usize::from(settled < batch.len());
                if fate < ENDED + LOST {
                    done.lost += 1;
                } else if fate < ENDED + LOST + TWICE {
                    instance.invoke(&event).await?;
                    done.batches += 1;
                    done.twice += 1;
                    (from, tries) = (from + settled, 0);
                } else if settled > 0 {
                    (from, tries) = (from + settled, 0);
                }
            }
            tries += 1;
            if tries > MOST_TRIES {
                return Err(format!("a batch failed {MOST_TRIES} times").into());
            }
        }
        done.cpu_ms = instance.own_cpu()?.as_secs_f64() * 1000.0;
        Ok(done)
    }

    async fn start(&self) -> Result<Instance, Failure> {
        Instance::start(&self.binary, &self.environment).await
    }
}
