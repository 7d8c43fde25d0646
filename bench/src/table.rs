//! Every operation beside its floor, and every function's cold start.

mod machine;
mod render;

use std::path::Path;

use crate::budgets::{Measured, SIGN_INS, judge};
use crate::cold::{self, FUNCTIONS};
use crate::measure::measure;
use crate::operations::{Floor, OPERATIONS, Operation};
use crate::stage::House;
use crate::{Failure, results};

/// The document whose tables are written anew.
const DOCUMENT: &str = "docs/performance.md";

/// How often an operation is asked.
fn rounds(operation: &Operation) -> usize {
    match (operation.id, operation.floor) {
        ("get_me" | "refresh", _) => 450,
        ("login", _) => 270,
        (_, Floor::HashSign) => 54,
        _ => 162,
    }
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
    for (function, first) in
        FUNCTIONS.iter().filter(|(function, _)| only.is_none_or(|only| only == *function))
    {
        eprintln!("bench: starts of {function}");
        measured.cold.push(cold::measure(&house, function, first).await?);
    }
    for operation in OPERATIONS.iter().filter(|one| only.is_none_or(|only| one.id.contains(only))) {
        eprintln!("bench: {}", operation.id);
        let house = House::new(binaries).await?;
        let row = measure(&house, operation, rounds(operation)).await;
        measured.operations.push(row.map_err(|error| format!("{}: {error}", operation.id))?);
    }
    if only.is_some() {
        println!("{}\n{}", render::cold(&measured.cold), render::operations(&measured.operations));
        return Ok(true);
    }
    eprintln!("bench: {SIGN_INS} sign-ins");
    measured.sign_ins_peak_mib = cold::memory_after(&house, SIGN_INS).await?;
    measured.budgets = judge(&measured);
    results::write("table", &measured)?;
    for (mark, text) in render::all(&measured) {
        println!("{text}");
        results::place(DOCUMENT, mark, &text)?;
    }
    let broken = measured.budgets.iter().filter(|budget| !budget.kept);
    let broken: Vec<String> =
        broken.map(|one| format!("{}: {:.2} > {:.2}", one.what, one.measured, one.limit)).collect();
    for line in &broken {
        eprintln!("bench: over budget: {line}");
    }
    Ok(broken.is_empty())
}
