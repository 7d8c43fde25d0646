//! Every operation beside its floor, and every function's cold start.

mod machine;
mod render;

use std::path::Path;

use crate::budgets::{Measured, SIGN_INS, judge};
use crate::cold::Colds;
use crate::measure::{Effort, measure};
use crate::memory;
use crate::operations::{Floor, OPERATIONS, Operation};
use crate::stage::House;
use crate::{Failure, results};

/// The document whose tables are written anew.
const DOCUMENT: &str = "docs/performance.md";

/// What is asked of an operation: more where a budget is judged by it.
fn effort(operation: &Operation) -> Effort {
    let (houses, rounds) = match (operation.id, operation.floor) {
        ("get_me" | "refresh", _) => (3, 50),
        ("login", _) => (5, 30),
        (_, Floor::HashSign) => (1, 6),
        _ => (1, 18),
    };
    Effort { houses, rounds }
}

/// Measures, prints and writes `table.json` and the tables of `docs/performance.md`. Whether every
/// budget was kept.
///
/// # Errors
/// A function did not start or did not answer as it should.
pub async fn run(binaries: &Path, only: Option<&str>) -> Result<bool, Failure> {
    let house = House::new(binaries).await?;
    let mut measured = Measured { machine: machine::describe(&house.engine), ..Measured::default() };
    eprintln!("bench: {}", measured.machine);
    let wanted = |one: &&Operation| only.is_none_or(|only| one.id.contains(only));
    let operations: Vec<&Operation> = OPERATIONS.iter().filter(wanted).collect();
    let mut colds = Colds::new(binaries, only).await?;
    for (place, operation) in operations.iter().enumerate() {
        colds.go_on(place + 1, operations.len()).await?;
        eprintln!("bench: {}", operation.id);
        let row = measure(binaries, operation, effort(operation)).await;
        measured.operations.push(row.map_err(|error| format!("{}: {error}", operation.id))?);
    }
    colds.go_on(1, 1).await?;
    measured.cold = colds.found()?;
    if only.is_some() {
        println!("{}\n{}", render::cold(&measured.cold), render::operations(&measured.operations));
        return Ok(true);
    }
    eprintln!("bench: {SIGN_INS} sign-ins");
    measured.sign_ins_peak_mib = memory::after_sign_ins(&house, SIGN_INS).await?;
    measured.budgets = judge(&measured);
    results::write("table", &measured)?;
    for (mark, text) in render::all(&measured) {
        println!("{text}");
        results::place(DOCUMENT, mark, &text)?;
    }
    let broken = measured.budgets.iter().filter(|budget| !budget.kept);
    let broken: Vec<String> =
        broken.map(|one| format!("{}: {:.3} > {:.3}", one.what, one.measured, one.limit)).collect();
    for line in &broken {
        eprintln!("bench: over budget: {line}");
    }
    Ok(broken.is_empty())
}
