//! Failures that a test asks for.

use std::collections::{HashMap, VecDeque};

/// How a request to send is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// 429 `TooManyRequestsException`: SES takes it later.
    Throttled,
    /// 500: SES takes it later.
    ServerError,
    /// 400 `MessageRejected`: SES will never take it.
    Rejected,
    /// 500, but SES has taken it: what a sender sees whose answer was lost.
    Lost,
}

/// The failures still to come.
#[derive(Debug, Default)]
pub(super) struct Faults {
    all: Option<Failure>,
    next: VecDeque<Failure>,
    addresses: HashMap<String, Failure>,
}

impl Faults {
    pub(super) fn fail_next(&mut self, n: usize, failure: Failure) {
        self.next.extend(std::iter::repeat_n(failure, n));
    }

    pub(super) fn fail_all(&mut self, failure: Option<Failure>) {
        self.all = failure;
    }

    pub(super) fn fail_for(&mut self, address: &str, failure: Failure) {
        self.addresses.insert(address.to_lowercase(), failure);
    }

    pub(super) fn heal(&mut self, address: &str) {
        self.addresses.remove(&address.to_lowercase());
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The failure due to a mail for `recipients`: an address's own first, which uses none up.
    pub(super) fn due<'a>(&mut self, mut recipients: impl Iterator<Item = &'a str>) -> Option<Failure> {
        recipients
            .find_map(|address| self.addresses.get(&address.to_lowercase()).copied())
            .or_else(|| self.next.pop_front())
            .or(self.all)
    }
}
