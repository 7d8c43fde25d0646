//! What happens where requests wait for one another: a server that works on several, one after the
//! other in each of its workers. Usher has no such queue; the systems that it replaces are one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How long each of the requests that come at `arrivals` waits for one of so many workers, first
/// come first served, where each takes what `service` says.
#[must_use]
pub fn waits(
    arrivals: impl IntoIterator<Item = f64>,
    workers: usize,
    mut service: impl FnMut() -> f64,
) -> Vec<f64> {
    let mut free: BinaryHeap<Reverse<Instant>> = (0..workers).map(|_| Reverse(Instant(0.0))).collect();
    let mut waits = Vec::new();
    for arrival in arrivals {
        let Some(Reverse(Instant(at))) = free.pop() else { break };
        let begins = at.max(arrival);
        waits.push(begins - arrival);
        free.push(Reverse(Instant(begins + service())));
    }
    waits
}

/// A time that is a number and therefore has an order.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Instant(f64);

impl Eq for Instant {}

impl PartialOrd for Instant {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Instant {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The chance that a request finds all of `servers` busy where none waits, at a load of so many
/// erlangs (Erlang's formula B; it holds whatever the distribution of the service's time).
#[must_use]
pub fn erlang_b(load: f64, servers: u32) -> f64 {
    (1..=servers).fold(1.0, |blocked, server| load * blocked / (f64::from(server) + load * blocked))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUESTS: usize = 300_000;

    fn arrivals(rate: f64, seed: u64) -> impl Iterator<Item = f64> {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut now = 0.0;
        (0..REQUESTS).map(move |_| {
            now -= (1.0 - random.f64()).ln() / rate;
            now
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand")]
    fn mean(all: &[f64]) -> f64 {
        all.iter().sum::<f64>() / all.len() as f64
    }

    fn close(is: f64, should: f64, within: f64) {
        assert!((is / should - 1.0).abs() < within, "{is} is not {should}");
    }

    /// Pollaczek and Khinchine: load / (2 (1 - load)) of a service.
    #[test]
    fn the_mean_wait_for_one_worker_is_that_of_m_d_1() {
        for (load, wait) in [(0.5, 0.5), (0.8, 2.0)] {
            close(mean(&waits(arrivals(load, 1), 1, || 1.0)), wait, 0.05);
        }
    }

    /// Erlang's formula C for two servers at a load of half: 1/3 wait, on average a third of a service.
    #[test]
    fn with_exponential_service_two_workers_make_wait_as_erlang_c_says() {
        // Sequences of seeds that are near one another are not independent.
        let mut random = fastrand::Rng::with_seed(2).fork().fork();
        let service = move || -(1.0 - random.f64()).ln();
        let all = waits(arrivals(1.0, 3), 2, service);
        close(mean(&all), 1.0 / 3.0, 0.05);
        #[expect(clippy::cast_precision_loss, reason = "some hundred thousand")]
        let delayed = all.iter().filter(|wait| **wait > 0.0).count() as f64 / all.len() as f64;
        close(delayed, 1.0 / 3.0, 0.05);
    }

    /// M/D/2: half of M/M/2, corrected as Cosmetatos did (Management Science 22, 1975).
    #[test]
    fn with_constant_service_two_workers_make_wait_half_as_long() {
        let corrected = 0.5 / 3.0 * (1.0 + 0.5 * (14.0_f64.sqrt() - 2.0) / 16.0);
        close(mean(&waits(arrivals(1.0, 4), 2, || 1.0)), corrected, 0.05);
    }

    /// Of the tables: 10 erlangs on 10 lines lose 21.46 %, 5 on 10 lose 1.838 %.
    #[test]
    fn formula_b_is_that_of_the_tables() {
        close(erlang_b(10.0, 10), 0.2146, 0.001);
        close(erlang_b(5.0, 10), 0.018_38, 0.001);
    }
}
