//! What goes with an account or a post that is gone.

use std::time::Instant;

use shared::store::{Cleared, Removed, Store, StoreError, Touched};

use crate::record::Record;

/// Takes away what belonged to the removed item. What it cannot finish before
/// `deadline` is an error: the stream brings the record again, and the next try goes
/// on where this one stopped.
///
/// # Errors
/// When the table does not answer, or time is up.
pub(crate) async fn cascade(store: &Store, record: &Record, deadline: Instant) -> Result<(), StoreError> {
    let removed = match record.touched {
        Touched::User(id) => Removed::User(id),
        Touched::Post(id) => Removed::Post(id),
        Touched::Session(..) => return Ok(()),
    };
    match store.clear(removed, || Instant::now() < deadline).await? {
        Cleared::All => Ok(()),
        Cleared::InPart => Err(StoreError::Unavailable("no more time, the rest is for the next".into())),
    }
}
