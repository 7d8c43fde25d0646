//! Every operation beside its floor, and every function's cold start.

mod render;

use std::path::Path;

use crate::measure::{Row, measure};
use crate::operations::{Floor, OPERATIONS};
use crate::stage::House;
use crate::{Failure, results};

/// How often an operation is asked, and one that hashes a password.
const ROUNDS: (usize, usize) = (150, 50);

/// Measures, prints and writes `table.json`. Whether every budget was kept.
///
/// # Errors
/// A function did not start or did not answer as it should.
pub async fn run(binaries: &Path, only: Option<&str>) -> Result<bool, Failure> {
    let house = House::new(binaries).await?;
    let mut operations: Vec<Row> = Vec::new();
    for operation in OPERATIONS.iter().filter(|one| only.is_none_or(|only| one.id.contains(only))) {
        let rounds = if operation.floor == Floor::HashSign { ROUNDS.1 } else { ROUNDS.0 };
        let row = measure(&house, operation, rounds).await;
        let row = row.map_err(|error| format!("{}: {error}", operation.id))?;
        println!("{}", render::operation(&row));
        operations.push(row);
    }
    if only.is_none() {
        results::write("table", &serde_json::json!({ "operations": operations }))?;
    }
    Ok(true)
}

/// Two revisions' binaries in turn. Whether the second is no dearer.
///
/// # Errors
/// A function did not start or did not answer as it should.
pub async fn compare(binaries: &Path, base: &Path) -> Result<bool, Failure> {
    Err(format!("nothing compares {} with {} yet", binaries.display(), base.display()).into())
}
