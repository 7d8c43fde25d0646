//! Two revisions' binaries in turn, on one machine at one time.

use std::path::Path;

use serde_json::{Value, json};

use crate::cold::{COPIES, FUNCTIONS, STARTS, first_poll};
use crate::copies::Copies;
use crate::measure::{Counted, PAIRS, WARM_UP, count};
use crate::memory::megabytes;
use crate::operations::{Floor, OPERATIONS, Operation};
use crate::series::{Series, median, percentile};
use crate::stage::{House, Stage};
use crate::{Failure, results};

/// Rounds of an operation, and of one that hashes a password, over all pairs.
const ROUNDS: (usize, usize) = (108, 36);

/// Above this a time differs by more than chance on a quiet machine ...
const NOTABLE: f64 = 1.1;
/// ... if it is so many milliseconds more: a request of a tenth of one differs by a third between two processes.
const NOTICEABLE: f64 = 0.05;

/// Measures, prints and writes `compare.json`: the ratios of the revision at `binaries` to the one
/// at `base`. Whether no operation needs more calls or capacity, or notably more time.
///
/// # Errors
/// A function did not start or did not answer as it should.
pub async fn run(binaries: &Path, base: &Path) -> Result<bool, Failure> {
    let (mut rows, mut is_no_dearer) = (Vec::new(), true);
    println!(
        "| operation | p50, ms | to base | own CPU, ms | to base | calls | round trips | RRU | WRU | index WRU |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    for operation in OPERATIONS {
        let ours = House::new(binaries).await?;
        let theirs = ours.with(base);
        match both(&theirs, &ours, operation).await {
            Ok((row, kept)) => {
                is_no_dearer &= kept;
                rows.push(row);
            }
            // What the base lacks has nothing to be compared with; it is looked at by whoever asked.
            Err(error) => {
                is_no_dearer = false;
                println!("| {} | {error} |", operation.name()?);
            }
        }
    }
    println!("\n| function | start, ms | to base | binary, MB | to base |\n|---|--:|--:|--:|--:|");
    let ours = House::new(binaries).await?;
    let (theirs, mut cold) = (ours.with(base), Vec::new());
    for (function, _) in FUNCTIONS {
        cold.push(starts(&theirs, &ours, function).await?);
    }
    results::write("compare", &json!({ "operations": rows, "cold": cold }))?;
    Ok(is_no_dearer)
}

async fn both(theirs: &House, ours: &House, operation: &Operation) -> Result<(Value, bool), Failure> {
    let (mut before, mut after) = (Stage::new(theirs).await?, Stage::new(ours).await?);
    let rounds = if operation.floor == Floor::HashSign { ROUNDS.1 } else { ROUNDS.0 };
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    let mut is = Series::default();
    for _ in 0..PAIRS {
        let (old, new) = pair(&mut before, &mut after, operation, rounds / PAIRS).await?;
        wall.push(new.wall_ms(50) / old.wall_ms(50));
        cpu.push(new.cpu_ms() / old.cpu_ms());
        is.extend(new);
    }
    let counted = (count(&mut before, operation).await?, count(&mut after, operation).await?);
    row(operation, &is, (median(wall), median(cpu)), counted)
}

/// One instance of each revision, each the first to be asked every other time.
async fn pair(
    before: &mut Stage,
    after: &mut Stage,
    operation: &Operation,
    rounds: usize,
) -> Result<(Series, Series), Failure> {
    let function = operation.function()?;
    let mut old = before.function(&function, &before.house.engine.endpoint).await?;
    let mut new = after.function(&function, &after.house.engine.endpoint).await?;
    let (mut was, mut is) = (Series::default(), Series::default());
    for round in 0..WARM_UP + rounds {
        if round == WARM_UP {
            (was, is) = (Series::default(), Series::default());
        }
        let (one, other) = (operation.event(before).await?, operation.event(after).await?);
        if round % 2 == 0 {
            was.add(&mut old, &one, operation.status).await?;
            is.add(&mut new, &other, operation.status).await?;
        } else {
            is.add(&mut new, &other, operation.status).await?;
            was.add(&mut old, &one, operation.status).await?;
        }
    }
    Ok((was, is))
}

fn row(
    operation: &Operation,
    is: &Series,
    (wall, cpu): (f64, f64),
    (old, new): (Counted, Counted),
) -> Result<(Value, bool), Failure> {
    let name = operation.name()?;
    let change = |before: f64, after: f64| {
        if (before - after).abs() < 1e-9 { format!("{after}") } else { format!("**{before} to {after}**") }
    };
    #[expect(clippy::cast_precision_loss, reason = "a request makes a few calls")]
    let counts = [
        (old.calls as f64, new.calls as f64),
        (old.round_trips as f64, new.round_trips as f64),
        (old.units.read, new.units.read),
        (old.units.write, new.units.write),
        (old.units.index_write, new.units.index_write),
    ];
    let cells: Vec<String> = counts.iter().map(|(before, after)| change(*before, *after)).collect();
    println!(
        "| {name} | {:.2} | {wall:.2} | {:.2} | {cpu:.2} | {} |",
        is.wall_ms(50),
        is.cpu_ms(),
        cells.join(" | ")
    );
    let is_slower = cpu >= NOTABLE && is.cpu_ms() * (1.0 - 1.0 / cpu) >= NOTICEABLE;
    let kept = counts.iter().all(|(before, after)| after <= before) && !is_slower;
    let counts = counts.map(|(before, after)| json!([before, after]));
    let [per_call, round_trips, read, write, index_write] = counts;
    let row = json!({
        "name": name, "wall_ratio": wall, "cpu_ratio": cpu, "calls": per_call, "round_trips": round_trips,
        "rru": read, "wru": write, "index_wru": index_write,
    });
    Ok((row, kept))
}

async fn starts(theirs: &House, ours: &House, function: &str) -> Result<Value, Failure> {
    let (mut before, mut after) = (Stage::new(theirs).await?, Stage::new(ours).await?);
    let (mut ratios, mut is) = (Vec::new(), Vec::new());
    for _ in 0..COPIES {
        let copies = (Copies::of(&theirs.binaries, &[function])?, Copies::of(&ours.binaries, &[function])?);
        (before.house, after.house) = (theirs.with(copies.0.path()), ours.with(copies.1.path()));
        for start in 0..=STARTS {
            let (old, new) = if start % 2 == 0 {
                let old = first_poll(&before, function).await?;
                (old, first_poll(&after, function).await?)
            } else {
                let new = first_poll(&after, function).await?;
                (first_poll(&before, function).await?, new)
            };
            if start > 0 {
                ratios.push(new.div_duration_f64(old));
                is.push(new);
            }
        }
    }
    let (start, ratio) = (percentile(&is, 50), median(ratios));
    let size = megabytes(&ours.binaries.join(function))?;
    let size_ratio = size / megabytes(&theirs.binaries.join(function))?;
    println!("| `{function}` | {start:.1} | {ratio:.2} | {size:.1} | {size_ratio:.3} |");
    Ok(json!({ "function": function, "start_ratio": ratio, "size_ratio": size_ratio }))
}
