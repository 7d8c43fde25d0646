//! What goes with an account or a post that is gone.

use std::time::Instant;

use shared::store::{Store, StoreError, Touched};

use crate::record::Record;

/// Takes away what belonged to the removed item. What it cannot finish before
/// `deadline` is an error: the stream brings the record again, and the next try goes
/// on where this one stopped.
///
/// # Errors
/// When the table does not answer, or time is up.
#[expect(clippy::unused_async, reason = "nothing belongs to an account or a post yet but what goes with it")]
pub(crate) async fn cascade(_store: &Store, record: &Record, _deadline: Instant) -> Result<(), StoreError> {
    match &record.touched {
        Touched::User(_) | Touched::Post(_) | Touched::Session(..) => Ok(()),
    }
}
