//! Every operation beside its floor, and every function's cold start.

use std::path::Path;

use crate::Failure;

/// Measures, prints and writes `table.json`. Whether every budget was kept.
///
/// # Errors
/// A function did not start or did not answer as it should.
pub async fn run(binaries: &Path) -> Result<bool, Failure> {
    Err(format!("nothing measures {} yet", binaries.display()).into())
}

/// Two revisions' binaries in turn. Whether the second is no dearer.
///
/// # Errors
/// A function did not start or did not answer as it should.
pub async fn compare(binaries: &Path, base: &Path) -> Result<bool, Failure> {
    Err(format!("nothing compares {} with {} yet", binaries.display(), base.display()).into())
}
