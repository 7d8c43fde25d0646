//! Keeping the statistics.

use shared::store::{Store, StoreError};

use crate::record::Record;

/// Counts what a batch tells.
///
/// # Errors
/// When the table does not answer.
#[expect(clippy::unused_async, reason = "comes with the statistics")]
pub(crate) async fn count(_store: &Store, _records: &[Record]) -> Result<(), StoreError> {
    Ok(())
}
