//! Which request fails how.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::Value;

use super::kind::{Fault, writes};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The operation, like `GetItem`.
    pub operation: String,
    /// Its parameters.
    pub body: Value,
    /// In which round it went, from 0: always 0 but for [`super::Faults::in_rounds`].
    pub round: usize,
    /// Whether the SDK sends it once more, for want of an answer.
    pub repeated: bool,
}

/// So many requests are kept: a soak sends millions.
const REMEMBERED: usize = 10_000;

#[derive(Debug)]
pub(super) struct Rule {
    pub operation: Option<&'static str>,
    pub only_writes: bool,
    pub fault: Fault,
    pub skip: usize,
    pub left: usize,
    pub probability: f64,
}

impl Rule {
    /// Every request that it can happen to fails so.
    pub fn new(fault: Fault) -> Self {
        Self { operation: None, only_writes: false, fault, skip: 0, left: usize::MAX, probability: 1.0 }
    }

    fn is_about(&self, operation: &str) -> bool {
        self.operation.is_none_or(|only| only == operation) && (!self.only_writes || writes(operation))
    }

    /// Whether it strikes; counts the requests that it is about.
    fn strikes(&mut self, operation: &str, rng: &mut Rng) -> bool {
        if self.left == 0 || !self.is_about(operation) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        let strikes =
            self.fault.concerns(operation) && (self.probability >= 1.0 || rng.f64() < self.probability);
        self.left -= usize::from(strikes && self.left != usize::MAX);
        strikes
    }
}

#[derive(Debug)]
pub(super) struct Plan {
    pub rules: Vec<Rule>,
    pub seen: Vec<Seen>,
    pub injected: BTreeMap<Fault, usize>,
    /// How many requests arrived.
    pub arrived: usize,
    /// Of all requests this share fails, in any way that its operation can.
    pub storm: f64,
    rng: Rng,
}

impl Plan {
    pub fn seeded(seed: u64) -> Self {
        let rng = Rng::with_seed(seed);
        Self { rules: Vec::new(), seen: Vec::new(), injected: BTreeMap::new(), arrived: 0, storm: 0.0, rng }
    }

    /// The fault that is due to a request: the first rule that strikes says.
    pub fn due(&mut self, operation: &str, body: &Value, (round, repeated): (usize, bool)) -> Option<Fault> {
        if self.seen.len() < REMEMBERED {
            self.seen.push(Seen { operation: operation.to_owned(), body: body.clone(), round, repeated });
        }
        self.arrived += 1;
        let rng = &mut self.rng;
        let fault = self.rules.iter_mut().find_map(|rule| rule.strikes(operation, rng).then_some(rule.fault));
        let fault = fault.or_else(|| self.stormy(operation))?;
        *self.injected.entry(fault).or_default() += 1;
        Some(fault)
    }

    fn stormy(&mut self, operation: &str) -> Option<Fault> {
        if self.storm == 0.0 || self.rng.f64() >= self.storm {
            return None;
        }
        let possible: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| fault.concerns(operation)).collect();
        Some(possible[self.rng.usize(..possible.len())])
    }
}
