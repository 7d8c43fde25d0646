//! How long each part of a start takes: one line before the first poll, for who asks for the level `debug`. `make bench-start`
//! draws it.

use std::fmt::Write as _;
use std::time::Instant;

/// The parts so far.
pub(super) struct Phases {
    since: Instant,
    took: String,
}

impl Phases {
    /// Nothing yet.
    pub fn start() -> Self {
        Self { since: Instant::now(), took: String::new() }
    }

    /// What began with the last end has ended.
    pub fn end(&mut self, name: &str) {
        let now = Instant::now();
        let _ = write!(self.took, "{name}={} ", now.duration_since(self.since).as_micros());
        self.since = now;
    }

    /// Logs them, in microseconds.
    pub fn log(&self) {
        tracing::info!(event = "sys_startup", details = self.took.trim_end(), "ready for the first poll");
    }
}
