//! The same operations over tables of 1,000, 100,000 and 1,000,000 users.

pub mod bare;
pub mod engine;
pub mod fill;
pub mod items;
pub mod measure;
mod names;
pub mod operations;
pub mod people;
mod render;
pub(crate) use render::grouped;
pub mod town;

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use self::fill::Filled;
use self::items::Kind;
use self::measure::Found;
use self::operations::Operation;
use self::town::Town;
use crate::{Failure, results};

/// How many users the tables have.
pub const SIZES: [u64; 3] = [1_000, 100_000, 1_000_000];
/// Who is signed in at each.
const SIGNED_IN: u64 = 60;
/// The most that the largest table's p50 may be of the smallest's.
const MOST: f64 = 1.2;
/// Names are of different lengths: so much may capacity differ between tables.
const UNITS_DIFFER: f64 = 0.06;

/// What was found, as in `scale.json`: of each list, one for each table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// What the tables were filled with.
    pub tables: Vec<Filled>,
    /// The files' sizes in MB.
    pub file_mb: Vec<u64>,
    /// How often each operation was measured on each table.
    pub rounds: usize,
    /// What a user of the smallest table takes up.
    pub items: Vec<Kind>,
    /// The operations.
    pub operations: Vec<Row>,
}

/// An operation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// Half of the requests took no longer.
    pub p50_ms: Vec<f64>,
    /// The function's own processor time, the median.
    pub cpu_ms: Vec<f64>,
    /// The same calls made of the engine by nobody else: the median.
    pub engine_p50_ms: Vec<f64>,
    /// `p50_ms` to that of the first table.
    pub ratio: Vec<f64>,
    /// `cpu_ms` to that of the first table.
    pub cpu_ratio: Vec<f64>,
    /// `engine_p50_ms` to that of the first table.
    pub engine_ratio: Vec<f64>,
    /// Calls to `DynamoDB`, the same on every table.
    pub calls: Vec<String>,
    /// Calls that waited for one another.
    pub round_trips: usize,
    /// Read request units.
    pub rru: Vec<f64>,
    /// Write request units of the table.
    pub wru: Vec<f64>,
    /// Write request units of the index.
    pub index_wru: Vec<f64>,
}

/// Fills what is not filled, measures, prints and writes `scale.json` and the tables of
/// `docs/scale.md`. Whether every budget was kept.
///
/// # Errors
/// A function did not start or did not answer as it should; calls or capacity differ between tables.
pub async fn run(binaries: &Path, sizes: &[u64], rounds: usize) -> Result<bool, Failure> {
    let (mut towns, mut found, mut tables, mut file_mb) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // All of them first: filling takes longer than an access token lives.
    for users in sizes {
        fill::filled(*users).await?;
    }
    for users in sizes {
        let (population, filled) = fill::filled(*users).await?;
        println!("{} users: {} items in {}", filled.users, filled.items, fill::file(*users).display());
        let mut town = Town::open(binaries, population, SIGNED_IN).await?;
        found.push(measure::count(&mut town).await?);
        towns.push(town);
        tables.push(filled);
        file_mb.push(std::fs::metadata(fill::file(*users))?.len() >> 20);
    }
    let items = items::kinds(&towns.first().ok_or("no table")?.engine.endpoint, sizes[0]).await?;
    measure::measure(&mut towns, &mut found, rounds).await?;
    let operations =
        Operation::ALL.map(|operation| row(operation, &found)).into_iter().collect::<Result<_, _>>()?;
    let found = Results { tables, file_mb, rounds, items, operations };
    println!("{}\n\n{}", render::table(&found), items::table(&found.items));
    let kept = found.operations.iter().all(is_kept);
    // What a user takes up is the smallest table's to say.
    if sizes.first() == SIZES.first() {
        results::place("docs/scale.md", "items", &items::table(&found.items))?;
    }
    if sizes == SIZES {
        results::write("scale", &found)?;
        results::place("docs/scale.md", "scale", &render::table(&found))?;
    }
    Ok(kept)
}

/// Grown no more than allowed, or by what the engine grew.
fn is_kept(row: &Row) -> bool {
    let of =
        |list: &[f64]| list.last().copied().unwrap_or_default() - list.first().copied().unwrap_or_default();
    let (ours, engine) = (of(&row.p50_ms), of(&row.engine_p50_ms));
    row.ratio.last().is_none_or(|ratio| *ratio <= MOST)
        || (ours - engine) <= (MOST - 1.0) * row.p50_ms.first().copied().unwrap_or_default()
}

fn row(operation: Operation, found: &[BTreeMap<Operation, Found>]) -> Result<Row, Failure> {
    let all: Vec<&Found> = found.iter().filter_map(|found| found.get(&operation)).collect();
    let of = |field: fn(&Found) -> f64| all.iter().map(|found| field(found)).collect::<Vec<f64>>();
    let name = operation.name().to_owned();
    let first = all.first().ok_or("nothing was measured")?;
    let rru = of(|found| found.units.read);
    let (wru, index_wru) = (of(|found| found.units.write), of(|found| found.units.index_write));
    if all.iter().any(|found| found.calls != first.calls || found.round_trips != first.round_trips) {
        return Err(format!("{name}: the calls differ between tables").into());
    }
    if [&rru, &wru, &index_wru].into_iter().any(|units| differ(units)) {
        return Err(format!("{name}: capacity differs between tables: {rru:?} {wru:?} {index_wru:?}").into());
    }
    let (p50_ms, cpu_ms) = (of(|found| found.series.wall_ms(50)), of(|found| found.series.cpu_ms()));
    let engine_p50_ms = of(Found::engine_ms);
    Ok(Row {
        name,
        ratio: ratios(&p50_ms),
        cpu_ratio: ratios(&cpu_ms),
        engine_ratio: ratios(&engine_p50_ms),
        p50_ms,
        cpu_ms,
        engine_p50_ms,
        calls: first.calls.clone(),
        round_trips: first.round_trips,
        rru,
        wru,
        index_wru,
    })
}

fn ratios(values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| value / values[0]).collect()
}

fn differ(units: &[f64]) -> bool {
    let (least, most) =
        units.iter().fold((f64::MAX, 0.0_f64), |(least, most), one| (least.min(*one), most.max(*one)));
    most - least > (most * UNITS_DIFFER).max(0.5)
}
