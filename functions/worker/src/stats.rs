//! Keeping the statistics.

use std::time::Instant;

use shared::store::{Activity, Seen, Store, StoreError, Touched};

use crate::record::{Change, Record};

/// Counts what a batch tells: who came, changed and went, who signed in and who was
/// active.
///
/// # Errors
/// When the table does not answer, or time is up. Whatever was counted by then is not
/// counted again.
pub(crate) async fn count(store: &Store, records: &[Record], deadline: Instant) -> Result<(), StoreError> {
    let mut seen = Seen::default();
    for record in records {
        match record.touched {
            Touched::User(id) => {
                *seen.users.entry(id).or_default() |= record.change == Change::Inserted;
            }
            Touched::Session(user, session) => match record.change {
                // An id's time is when it was made.
                Change::Inserted => {
                    let at = session.created_at();
                    seen.activities.push(Activity { user, opened: Some(session), at });
                }
                Change::Modified => seen.activities.push(Activity { user, opened: None, at: record.time }),
                Change::Removed => {}
            },
            Touched::Post(_) => {}
        }
    }
    store.count(&seen, &|| Instant::now() < deadline).await
}
