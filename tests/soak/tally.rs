//! What the clients got.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// No request may take longer.
const LIMIT: Duration = Duration::from_secs(4);

/// Counts of all clients.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    answers: BTreeMap<String, usize>,
    operations: BTreeMap<&'static str, usize>,
    latencies: Vec<Duration>,
    slow: Vec<String>,
    unexpected: Vec<String>,
    notes: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// A request and its answer.
    pub(crate) fn request(&self, operation: &'static str, answer: &str, took: Duration) {
        let mut counts = self.0.lock().unwrap();
        *counts.answers.entry(answer.to_owned()).or_default() += 1;
        *counts.operations.entry(operation).or_default() += 1;
        counts.latencies.push(took);
        if took > LIMIT {
            counts.slow.push(format!("{operation}: {answer} after {took:?}"));
        }
    }

    /// Something that should not be.
    pub(crate) fn unexpected(&self, what: String) {
        self.0.lock().unwrap().unexpected.push(what);
    }

    /// Something that may be.
    pub(crate) fn note(&self, what: &'static str) {
        *self.0.lock().unwrap().notes.entry(what).or_default() += 1;
    }

    /// Prints all. `false`: something was slow or unexpected.
    pub(crate) fn print(&self) -> bool {
        let mut counts = self.0.lock().unwrap();
        counts.latencies.sort_unstable();
        let of = |share: f64| {
            let last = counts.latencies.len().saturating_sub(1);
            #[allow(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place in a list"
            )]
            let place = (last as f64 * share) as usize;
            counts.latencies.get(place).copied().unwrap_or_default()
        };
        println!("requests: {}", counts.latencies.len());
        for (answer, times) in &counts.answers {
            println!("  {times:8} {answer}");
        }
        println!("by operation: {:?}", counts.operations);
        println!("latency: median {:?}, p99 {:?}, max {:?}", of(0.5), of(0.99), of(1.0));
        println!("also: {:?}", counts.notes);
        println!("over {LIMIT:?}: {}", counts.slow.len());
        println!("unexpected: {}", counts.unexpected.len());
        for wrong in counts.slow.iter().chain(&counts.unexpected).take(50) {
            println!("  {wrong}");
        }
        counts.slow.is_empty() && counts.unexpected.is_empty()
    }
}
