//! What stands before a function: API Gateway's token bucket for a route, and Lambda's limits on how
//! many copies run at a time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Microseconds since the simulation began.
pub type Time = u64;

/// A second.
pub const SECOND: Time = 1_000_000;

/// A bucket that fills at a rate, up to its burst (API Gateway Developer Guide, "Throttle requests to
/// your HTTP APIs": the token bucket algorithm).
#[derive(Clone, Debug)]
pub struct Bucket {
    rate: f64,
    burst: f64,
    tokens: f64,
    filled: Time,
}

impl Bucket {
    /// A full one of so many a second, and so many at once.
    #[must_use]
    pub fn new(rate: f64, burst: f64) -> Self {
        Self { rate, burst, tokens: burst, filled: 0 }
    }

    /// Whether a request passes at that time.
    #[expect(clippy::cast_precision_loss, reason = "an hour of microseconds is exact")]
    pub fn admits(&mut self, now: Time) -> bool {
        let seconds = (now - self.filled) as f64 / SECOND as f64;
        self.tokens = (self.tokens + seconds * self.rate).min(self.burst);
        self.filled = now;
        let passes = self.tokens >= 1.0;
        if passes {
            self.tokens -= 1.0;
        }
        passes
    }
}

/// The copies of one function, each of which takes one request at a time (AWS Lambda Developer Guide,
/// "Understanding Lambda function scaling").
#[derive(Clone, Debug, Default)]
pub struct Copies {
    busy: BinaryHeap<Reverse<Time>>,
    idle: usize,
    /// The most that were busy at a time.
    pub peak: usize,
    /// How many were started.
    pub started: usize,
}

impl Copies {
    /// How many are at work at that time.
    pub fn busy(&mut self, now: Time) -> usize {
        while self.busy.peek().is_some_and(|Reverse(end)| *end <= now) {
            self.busy.pop();
            self.idle += 1;
        }
        self.busy.len()
    }

    /// Gives a request to a copy at that time, a new one if none is idle; says when it is answered.
    pub fn take(&mut self, now: Time, start: Time, service: Time) -> Time {
        let work = if self.idle > 0 {
            self.idle -= 1;
            service
        } else {
            self.started += 1;
            start + service
        };
        self.busy.push(Reverse(now + work));
        self.peak = self.peak.max(self.busy.len());
        now + work
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_passes_its_burst_and_then_its_rate() {
        let mut bucket = Bucket::new(10.0, 20.0);
        assert_eq!((0..100).filter(|_| bucket.admits(0)).count(), 20);
        let later = (0..1000).filter(|at| bucket.admits(at * SECOND / 100)).count();
        assert!((99..=101).contains(&later), "{later} in 10 s");
    }

    #[test]
    fn a_copy_takes_one_at_a_time_and_starts_once() {
        let mut copies = Copies::default();
        assert_eq!(copies.take(0, 50, 10), 60);
        assert_eq!((copies.busy(59), copies.take(59, 50, 10)), (1, 119), "the first one is at work");
        assert_eq!((copies.busy(119), copies.take(119, 50, 10), copies.started), (0, 129, 2));
    }
}
