//! Every operation under every fault, which strikes at any of its requests to the
//! table, once or from then on. It answers what it answers without, or 503, in time; leaves
//! nothing half done; and the same request again does it, or says that it was done.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fastrand::Rng;
use tests::faults::Fault;
use tests::invariants::Checker;

use crate::lanes::{Lane, in_lanes, setting};
use crate::scene::{Scenario, is_of_interest, scenarios};
use crate::trial::clean;

/// What the issue promises for an answer.
const IN_TIME: Duration = Duration::from_secs(4);

/// One thing to try.
#[derive(Clone, Debug)]
struct Cell {
    scenario: Scenario,
    fault: Fault,
    /// Which of its requests fails first.
    place: usize,
    /// Whether those after it fail, too.
    goes_on: bool,
}

impl Cell {
    /// Tries it. `false`: the fault never struck.
    async fn run(&self, lane: &Lane) -> Result<bool, String> {
        let scene = self.scenario.prepare(lane).await;
        let mut checker = Checker::new();
        clean("before", &checker.check(&lane.world).await)?;
        let before: usize = lane.faults.injected().values().sum();
        lane.faults.after(self.place, if self.goes_on { usize::MAX } else { 1 }, self.fault);
        let started = Instant::now();
        let reply = scene.send(lane).await;
        let took = started.elapsed();
        lane.faults.heal();
        self.scenario.judge(&reply)?;
        if took > IN_TIME {
            return Err(format!("it took {took:?}"));
        }
        self.scenario.aftermath(lane, &scene, &mut checker, Some(&reply)).await?;
        Ok(lane.faults.injected().values().sum::<usize>() > before)
    }

    fn name(&self) -> String {
        let Self { scenario, fault, place, goes_on } = self;
        let times = if *goes_on { "from then on" } else { "once" };
        format!("{}: {fault:?} at request {place}, {times}", scenario.name)
    }
}

/// The cells of these faults. Each scenario meets each fault at a place, and once
/// or going on, as the seed picks; `USHER_FAULTS_ALL=1`: at all places, both ways.
/// What may leave half of it done is tried at all places always.
fn cells(faults: &[Fault], seed: u64) -> Vec<Cell> {
    let mut rng = Rng::with_seed(seed);
    let is_all = setting("USHER_FAULTS_ALL").is_some();
    let scenarios = scenarios();
    let requests =
        in_lanes(2, scenarios.clone(), async |lane: &Lane, scenario: Scenario| scenario.requests(lane).await);
    let mut all = Vec::new();
    for (scenario, requests) in scenarios.into_iter().zip(requests) {
        let requests = requests.unwrap_or_else(|wrong| panic!("{wrong}"));
        for fault in faults.iter().copied() {
            let places: Vec<usize> =
                (0..requests.len()).filter(|place| is_of_interest(fault, &requests[*place])).collect();
            let picked = (!places.is_empty()).then(|| (places[rng.usize(..places.len())], rng.bool()));
            for (place, goes_on) in places.iter().flat_map(|place| [(*place, false), (*place, true)]) {
                let may_halve =
                    fault == Fault::Lost || (fault == Fault::ServerError && goes_on && scenario.writes());
                if is_all || may_halve || Some((place, goes_on)) == picked {
                    all.push(Cell { scenario: scenario.clone(), fault, place, goes_on });
                }
            }
        }
    }
    all
}

fn try_all(lanes: usize, faults: &[Fault]) {
    let seed = setting("USHER_FAULTS_SEED").unwrap_or_else(|| fastrand::u64(..));
    let cells = cells(faults, seed);
    let started = Instant::now();
    let tried = AtomicUsize::new(0);
    let outcomes = in_lanes(lanes, cells.clone(), async |lane: &Lane, cell: Cell| {
        let outcome = cell.run(lane).await;
        tried.fetch_add(usize::from(outcome == Ok(true)), Ordering::Relaxed);
        outcome.err().map(|wrong| format!("{}: {wrong}", cell.name()))
    });
    let operations: BTreeSet<&str> = cells.iter().map(|cell| cell.scenario.operation.as_str()).collect();
    let scenarios: BTreeSet<&str> = cells.iter().map(|cell| cell.scenario.name.as_str()).collect();
    println!(
        "fault matrix: {} operations in {} scenarios x {faults:?}: {} of {} cells struck, {:?}, seed {seed}",
        operations.len(),
        scenarios.len(),
        tried.into_inner(),
        cells.len(),
        started.elapsed()
    );
    let wrong: Vec<String> = outcomes.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "USHER_FAULTS_SEED={seed}, {} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// P05, P06, P12, H05
#[test]
fn every_operation_bears_every_fault_that_answers_at_once() {
    let quick: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| !fault.is_slow()).collect();
    try_all(3, &quick);
}

/// P05, P12, H05
#[test]
fn every_operation_bears_a_table_that_does_not_answer() {
    let slow: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| fault.is_slow()).collect();
    try_all(8, &slow);
}
