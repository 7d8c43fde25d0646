//! A flood of sign-ins, simulated: what one request for each copy, reserved concurrency, API
//! Gateway's throttle and Usher's counters make of it, and what it costs. Writes
//! `bench/results/flood.json` and `docs/performance/flood.md`. The same seed gives the same.

pub mod counters;
pub mod fate;
pub mod gate;
pub mod queue;
mod render;
pub mod scenario;
pub mod simulation;

use std::fs;

use serde::{Deserialize, Serialize};

use self::fate::{Fate, Outcome};
use self::scenario::{SECONDS, Scenario, Services};
use self::simulation::simulate;
use crate::costs::usage::{Bill, Usage};
use crate::costs::{Inputs, root};
use crate::{Failure, results};

const SEED: u64 = 5;
const READ: &str = "GET /users/me";
const GB: f64 = 1024.0 * 1024.0 * 1024.0;

/// What the document is made from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// Of the random numbers.
    pub seed: u64,
    /// Simulated, of each scenario.
    pub seconds: u64,
    /// On what the times were measured.
    pub machine: String,
    /// Milliseconds of a sign-in, a refused try and a read.
    pub services_ms: [f64; 3],
    /// What an hour of the honest reads costs.
    pub reads_dollars: f64,
    /// One for each scenario.
    pub rows: Vec<Row>,
    /// Of one process that works on all.
    pub one_process: Vec<OneProcess>,
}

/// One scenario's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Which.
    pub scenario: String,
    /// Tries a second.
    pub flood: f64,
    /// Parts of the flood, in percent: API Gateway refused, Usher's counters refused, Lambda had no copy for, was hashed.
    pub fate: [f64; 4],
    /// The most copies of `auth` at a time.
    pub peak: usize,
    /// Of honest sign-ins: percent that were answered, p50 and p99 in milliseconds.
    pub sign_ins: [f64; 3],
    /// Of honest reads, likewise.
    pub reads: [f64; 3],
    /// Dollars an hour, all in.
    pub dollars: f64,
}

/// A system that is one process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OneProcess {
    /// Sign-ins a second.
    pub sign_ins: f64,
    /// Milliseconds until a read is answered: p50 and p99.
    pub reads_ms: [f64; 2],
}

/// Simulates, and writes what came of it.
///
/// # Errors
/// When an input is missing or a document cannot be written.
pub fn run() -> Result<(), Failure> {
    let root = root();
    let inputs = Inputs::read(&root)?;
    let found = all(&inputs)?;
    results::write("flood", &found)?;
    let document = root.join("docs/performance/flood.md");
    fs::create_dir_all(root.join("docs/performance"))?;
    Ok(fs::write(document, render::flood(&found, &inputs))?)
}

/// The document, of results found before.
///
/// # Errors
/// When they are not what [`run`] writes.
pub fn document(found: &str, inputs: &Inputs) -> Result<String, Failure> {
    Ok(render::flood(&serde_json::from_str(found)?, inputs))
}

fn all(inputs: &Inputs) -> Result<Results, Failure> {
    let services = Services::of(inputs)?;
    let mut rows = Vec::new();
    for scenario in scenario::all(inputs) {
        rows.push(row(&scenario, &simulate(&scenario, &services, SECONDS, SEED), inputs)?);
    }
    let flood = inputs.model.flood;
    let one_process = [0.0, 1.0, 2.0, 3.0, 4.0].map(|rate| one_process(rate, flood));
    let ms = |time: u64| f64::from(u32::try_from(time).unwrap_or(u32::MAX)) / 1000.0;
    Ok(Results {
        seed: SEED,
        seconds: SECONDS,
        machine: inputs.measured.machine.clone(),
        services_ms: [ms(services.sign_in), ms(services.locked), ms(services.read)],
        reads_dollars: round(reads(inputs)?, 2),
        rows,
        one_process: one_process.to_vec(),
    })
}

/// Dollars for an hour of honest reads.
fn reads(inputs: &Inputs) -> Result<f64, Failure> {
    let deployment = inputs.with(&inputs.now);
    let read = inputs.model.habit(READ)?;
    let usage = deployment.request(read)? * (scenario::READS * 3600.0);
    Ok(Bill::of(&usage, &inputs.prices)?.total())
}

#[expect(clippy::cast_precision_loss, reason = "some million requests")]
fn row(scenario: &Scenario, outcome: &Outcome, inputs: &Inputs) -> Result<Row, Failure> {
    let part = |of: u64, all: u64| if all == 0 { 0.0 } else { round(100.0 * of as f64 / all as f64, 1) };
    let honest = |fate: &Fate| [part(fate.served, fate.came), round(fate.p50_ms, 1), round(fate.p99_ms, 1)];
    let flood = &outcome.flood;
    let fate =
        [flood.throttled, flood.counted_out, flood.no_copy, flood.served].map(|of| part(of, flood.came));
    let bill = Bill::of(&(usage(outcome, inputs)? * scenario::hourly()), &inputs.prices)?;
    Ok(Row {
        scenario: scenario.name.clone(),
        flood: scenario.flood,
        fate,
        peak: outcome.peak,
        sign_ins: honest(&outcome.sign_ins),
        reads: honest(&outcome.reads),
        dollars: round(bill.total(), 2),
    })
}

/// What the sign-ins use up, honest or not. API Gateway bills no request that it throttles, but its
/// answer and its line in the log are paid for; Lambda bills none that it has no copy for.
#[expect(clippy::cast_precision_loss, reason = "some million requests")]
fn usage(outcome: &Outcome, inputs: &Inputs) -> Result<Usage, Failure> {
    let (model, settings) = (&inputs.model, &inputs.now);
    let login = inputs.measured.operation("POST /auth/login")?;
    let came = (outcome.sign_ins.came + outcome.flood.came) as f64;
    let throttled = (outcome.sign_ins.throttled + outcome.flood.throttled) as f64;
    let (hashed, locked, spent) = (outcome.flood.served as f64, outcome.locked as f64, outcome.spent as f64);
    let right = outcome.sign_ins.served as f64;
    let invocations = outcome.invocations as f64;
    let line = |bytes: f64, number: f64| (bytes + model.logs.event_overhead) * number / GB;
    let access = line(settings.choices.access_line, came);
    Ok(Usage {
        requests: came - throttled,
        invocations,
        gb_seconds: outcome.busy_seconds * f64::from(settings.size("auth")?) / 1024.0,
        // A try that is hashed counts in two places; one that a counter refuses, in one, or in three.
        wru: right * (login.wru + login.index_wru) + 2.0 * hashed + locked + 3.0 * spent,
        rru: right * login.rru + 2.0 * (hashed + locked + spent),
        log_gb: line(settings.choices.our_line, invocations)
            + if settings.choices.access_infrequent { 0.0 } else { access },
        log_infrequent_gb: if settings.choices.access_infrequent { access } else { 0.0 },
        out_gb: ((came - throttled) * model.flood.answer + throttled * model.flood.throttled_answer) / GB,
        ..Usage::default()
    })
}

/// A process that takes requests one after the other, 10 reads a second among them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
#[expect(clippy::cast_precision_loss, reason = "some hundred thousand")]
fn one_process(sign_ins: f64, flood: crate::costs::model::Flood) -> OneProcess {
    const READS: f64 = 10.0;
    let mut when = fastrand::Rng::with_seed(SEED);
    let mut what = when.fork();
    let kinds: Vec<bool> = (0..200_000).map(|_| what.f64() * (READS + sign_ins) < READS).collect();
    let mut now = 0.0;
    let arrivals: Vec<f64> = kinds
        .iter()
        .map(|_| {
            now -= (1.0 - when.f64()).ln() / (READS + sign_ins) * 1000.0;
            now
        })
        .collect();
    let work = |is_read: bool| if is_read { flood.one_process_read_ms } else { flood.one_process_hash_ms };
    let mut works = kinds.iter().map(|is_read| work(*is_read));
    let waits = queue::waits(arrivals, 1, || works.next().unwrap_or_default());
    let read = kinds.iter().zip(&waits).filter(|(is_read, _)| **is_read);
    let mut reads: Vec<f64> = read.map(|(_, wait)| wait + flood.one_process_read_ms).collect();
    reads.sort_by(f64::total_cmp);
    let at = |part: f64| round(reads[((reads.len() - 1) as f64 * part) as usize], 1);
    OneProcess { sign_ins, reads_ms: [at(0.5), at(0.99)] }
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}
