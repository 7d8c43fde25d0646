//! What became of the requests.

use std::collections::BTreeMap;

use serde::Serialize;

use super::gate::Time;

/// What became of requests of one kind.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Fate {
    /// How many came.
    pub came: u64,
    /// How many API Gateway's throttle refused.
    pub throttled: u64,
    /// For how many Lambda had no copy.
    pub no_copy: u64,
    /// How many the counters refused, of those that reached a function.
    pub counted_out: u64,
    /// How many were answered as they wanted to be: signed in, read, or a wrong password looked at.
    pub served: u64,
    /// Milliseconds that half of the served took at most.
    pub p50_ms: f64,
    /// Milliseconds that 99 of 100 of the served took at most.
    pub p99_ms: f64,
    #[serde(skip)]
    times: BTreeMap<Time, u64>,
}

/// What became of all.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outcome {
    /// Who wants to sign in.
    pub sign_ins: Fate,
    /// Who reads a profile.
    pub reads: Fate,
    /// Who floods.
    pub flood: Fate,
    /// Tries that the counters refused by their first update.
    pub locked: u64,
    /// Tries that they refused by the second.
    pub spent: u64,
    /// The most copies of `auth` at a time.
    pub peak: usize,
    /// Seconds that copies of `auth` were at work.
    pub busy_seconds: f64,
    /// Invocations of `auth`.
    pub invocations: u64,
}

impl Fate {
    /// Counts one that took so long.
    pub fn serve(&mut self, time: Time) {
        self.served += 1;
        *self.times.entry(time).or_default() += 1;
    }

    #[expect(clippy::cast_precision_loss, reason = "milliseconds")]
    fn percentile(&self, part: f64) -> f64 {
        let all: u64 = self.times.values().sum();
        let mut seen = 0;
        for (time, number) in &self.times {
            seen += number;
            if seen as f64 >= part * all as f64 {
                return *time as f64 / 1000.0;
            }
        }
        0.0
    }

    /// With the percentiles of the times that were counted.
    #[must_use]
    pub fn summed(mut self) -> Self {
        (self.p50_ms, self.p99_ms) = (self.percentile(0.5), self.percentile(0.99));
        self
    }
}
