//! Requests in rounds, so that those that wait for each other can be told from those
//! that do not.

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::watch;

/// A round ends when nothing has arrived for three of these: what a function asks for at
/// once arrives within a millisecond or two, and a process that was held up for longer
/// sees only one of them pass meanwhile.
const QUIET: Duration = Duration::from_millis(20);

/// Which round it is. Off, until it begins.
#[derive(Debug)]
pub(super) struct Rounds {
    now: watch::Sender<usize>,
    arrived: Mutex<Option<usize>>,
}

impl Default for Rounds {
    fn default() -> Self {
        Self { now: watch::Sender::new(0), arrived: Mutex::new(None) }
    }
}

impl Rounds {
    pub fn begin(&self) {
        self.arrived.lock().unwrap().get_or_insert(0);
    }

    /// The round of a request that arrives now.
    pub fn enter(&self) -> usize {
        if let Some(arrived) = self.arrived.lock().unwrap().as_mut() {
            *arrived += 1;
        }
        *self.now.borrow()
    }

    /// Waits until this round is over, and ends it where nobody else came for a while.
    pub async fn passed(&self, round: usize) {
        let mut now = self.now.subscribe();
        let (mut before, mut quiet) = (*self.arrived.lock().unwrap(), 0);
        while before.is_some() && quiet < 3 {
            if tokio::time::timeout(QUIET, now.wait_for(|now| *now > round)).await.is_ok() {
                return;
            }
            let arrived = *self.arrived.lock().unwrap();
            quiet = if arrived == before { quiet + 1 } else { 0 };
            before = arrived;
        }
        self.now.send_if_modified(|now| {
            let ends = before.is_some() && *now == round;
            *now += usize::from(ends);
            ends
        });
    }
}
