//! 1, 2, 4 and 8 instances of `auth` and of `users` with what people do in a month, beside as many
//! clients that only read one item each.

mod worker;

use std::path::Path;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use self::worker::{Deed, Done, Worker};
use crate::runtime::process;
use crate::scale::bare::{Ask, Bare};
use crate::scale::fill;
use crate::scale::town::Town;
use crate::series::percentile;
use crate::{Failure, results};

/// How many instances of each function.
const INSTANCES: [usize; 4] = [1, 2, 4, 8];
/// Who comes to each.
const PEOPLE: usize = 8;

/// What was found, as in `load.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// How many users the table has.
    pub users: u64,
    /// The machine's cores.
    pub cores: usize,
    /// How long each number of instances was measured, in seconds.
    pub seconds: f64,
    /// The numbers of instances.
    pub steps: Vec<Step>,
}

/// So many instances.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Step {
    /// Of each function.
    pub instances: usize,
    /// Answered with 200.
    pub requests: usize,
    /// Not so.
    pub errors: usize,
    /// Requests a second.
    pub per_second: f64,
    /// `[p50, p99]` of refreshes, in milliseconds.
    pub refresh_ms: [f64; 2],
    /// Of profile reads.
    pub me_ms: [f64; 2],
    /// Of sign-ins.
    pub login_ms: [f64; 2],
    /// The functions' own processor time for a request of the mix.
    pub function_cpu_ms: f64,
    /// The engine's.
    pub engine_cpu_ms: f64,
    /// The bench's own: the Runtime API, the clients.
    pub bench_cpu_ms: f64,
    /// Requests a second that a core would answer that did nothing else.
    pub per_core: f64,
    /// Bare `GetItem` calls a second with as many clients.
    pub bare_per_second: f64,
    /// The engine's processor time for one of them.
    pub bare_engine_cpu_ms: f64,
}

/// Measures, prints and writes `load.json` and the table of `docs/scale.md`. Whether nothing failed.
///
/// # Errors
/// A function did not start or ended.
pub async fn run(binaries: &Path, users: u64, seconds: f64) -> Result<bool, Failure> {
    let (population, _) = fill::filled(users).await?;
    let most = INSTANCES[INSTANCES.len() - 1] * PEOPLE;
    let town = Town::open(binaries, population, u64::try_from(most)?).await?;
    let cores = std::thread::available_parallelism()?.get();
    let mut found = Results { users, cores, seconds, steps: Vec::new() };
    let mut workers = Vec::new();
    for instances in INSTANCES {
        while workers.len() < instances {
            let people = town.people[workers.len() * PEOPLE..][..PEOPLE].to_vec();
            workers.push(Worker::start(binaries, &town.engine.endpoint, &town.population, people).await?);
        }
        let mut step = Step { instances, ..Step::default() };
        mixed(&town, &mut workers, &mut step, seconds).await?;
        bare(&town, &mut step, seconds / 3.0).await?;
        found.steps.push(step);
    }
    println!("{}", table(&found));
    results::write("load", &found)?;
    results::place("docs/scale.md", "load", &table(&found))?;
    Ok(found.steps.iter().all(|step| step.errors == 0))
}

async fn mixed(town: &Town, workers: &mut Vec<Worker>, step: &mut Step, seconds: f64) -> Result<(), Failure> {
    let (engine, own, started) = (town.engine.own_cpu()?, process::cpu(std::process::id())?, Instant::now());
    let end = started + Duration::from_secs_f64(seconds);
    let mut running = JoinSet::new();
    for worker in workers.drain(..) {
        running.spawn(worker.work(end));
    }
    let mut all = Done::default();
    while let Some(done) = running.join_next().await {
        let (worker, done) = done??;
        workers.push(worker);
        all.took.extend(done.took);
        all.errors.extend(done.errors);
        all.cpu += done.cpu;
    }
    let elapsed = started.elapsed().as_secs_f64();
    for error in all.errors.iter().take(3) {
        eprintln!("bench: {error}");
    }
    let each = |cpu: Duration| cpu.as_secs_f64() * 1000.0 / float(all.took.len());
    (step.requests, step.errors) = (all.took.len(), all.errors.len());
    step.per_second = float(step.requests) / elapsed;
    step.function_cpu_ms = each(all.cpu);
    step.engine_cpu_ms = each(town.engine.own_cpu()?.saturating_sub(engine));
    step.bench_cpu_ms = each(process::cpu(std::process::id())?.saturating_sub(own));
    step.per_core = 1000.0 / step.function_cpu_ms;
    let [refresh, me, login] = Deed::ALL.map(|deed| {
        let took: Vec<Duration> =
            all.took.iter().filter(|(one, _)| *one == deed).map(|(_, took)| *took).collect();
        [percentile(&took, 50), percentile(&took, 99)]
    });
    (step.refresh_ms, step.me_ms, step.login_ms) = (refresh, me, login);
    Ok(())
}

/// As many clients as there are instances, each reading one user after another.
async fn bare(town: &Town, step: &mut Step, seconds: f64) -> Result<(), Failure> {
    let (engine, started) = (town.engine.own_cpu()?, Instant::now());
    let end = started + Duration::from_secs_f64(seconds);
    let mut running = JoinSet::new();
    for client in 0..step.instances {
        let (bare, population) = (Bare::new(&town.engine.endpoint), town.population.clone());
        running.spawn(async move {
            let (mut random, mut number) = (fastrand::Rng::with_seed(client as u64), 0);
            while Instant::now() < end {
                let user = population.account(random.u64(0..population.number))?.user;
                bare.take(&[Ask::user(fill::TABLE, &user)]).await?;
                number += 1;
            }
            Ok::<usize, Failure>(number)
        });
    }
    let mut number = 0;
    while let Some(more) = running.join_next().await {
        number += more??;
    }
    step.bare_per_second = float(number) / started.elapsed().as_secs_f64();
    let cpu = town.engine.own_cpu()?.saturating_sub(engine);
    step.bare_engine_cpu_ms = cpu.as_secs_f64() * 1000.0 / float(number);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "requests of some seconds")]
fn float(number: usize) -> f64 {
    number as f64
}

fn table(found: &Results) -> String {
    let mut lines = vec![
        "| instances of each | requests/s | errors | refresh p50, p99 | profile p50, p99 | sign-in p50, p99 | functions' CPU | \
         requests/s and core | engine's CPU | bare GetItem/s | engine's CPU for one |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    let pair = |[p50, p99]: [f64; 2]| format!("{p50:.1}, {p99:.1} ms");
    lines.extend(found.steps.iter().map(|step| {
        format!(
            "| {} | {:.0} | {} | {} | {} | {} | {:.2} ms | {:.0} | {:.2} ms | {:.0} | {:.2} ms |",
            step.instances,
            step.per_second,
            step.errors,
            pair(step.refresh_ms),
            pair(step.me_ms),
            pair(step.login_ms),
            step.function_cpu_ms,
            step.per_core,
            step.engine_cpu_ms,
            step.bare_per_second,
            step.bare_engine_cpu_ms,
        )
    }));
    let users = crate::scale::grouped(found.users);
    lines.push(format!(
        "\nOver {users} users, on {} cores that functions, engine and bench share; {:.0} s for each line.",
        found.cores, found.seconds
    ));
    lines.join("\n")
}
