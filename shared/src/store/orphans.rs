//! What was left of accounts and posts that are gone: what the worker gave up on, or what
//! hands other than Usher's have left.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::scan::ScanInput;

use super::key::{AUTHOR_PREFIX, BELONGINGS_PREFIX, COMMENT_PREFIX, Key, PK, POST_PREFIX};
use super::{Cleared, Removed, Store, StoreError};

/// What [`Store::clear_orphans`] found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orphans {
    /// Accounts that are gone, of which something was left.
    pub users: u64,
    /// Posts that are gone, of which comments were left.
    pub posts: u64,
}

impl Store {
    /// Finds what belongs to accounts and posts that are gone and takes it away, as the
    /// worker does when they go; whoever is there (again) keeps everything. Reads the whole
    /// table. Can be interrupted, and then run again.
    ///
    /// # Errors
    /// When the table does not answer.
    #[expect(
        clippy::disallowed_methods,
        reason = "an operator's command, rare, on what the worker gave up on"
    )]
    pub async fn clear_orphans(&self, mut looked_at: impl FnMut(u64)) -> Result<Orphans, StoreError> {
        let (mut orphans, mut items) = (Orphans::default(), 0);
        let scan = ScanInput::builder().table_name(&self.table).consistent_read(true);
        let (scan, mut start) = (scan.projection_expression("PK, SK"), None);
        loop {
            let page = self.scan_page(&scan, start).await?;
            items += page.items.len() as u64;
            let keys = page.items.iter().filter_map(Key::of);
            let owners = keys.filter_map(|key| Some((owner(&key)?.key().pk, owner(&key)?)));
            for removed in self.gone(owners.collect()).await? {
                // There is always time: `InPart` does not come.
                let Cleared::All = self.clear(removed, || true).await? else { continue };
                match removed {
                    Removed::User(_) => orphans.users += 1,
                    Removed::Post(_) => orphans.posts += 1,
                }
            }
            looked_at(items);
            start = page.next;
            if start.is_none() {
                return Ok(orphans);
            }
        }
    }

    /// Those that are not there, by their partition.
    async fn gone(&self, mut owners: BTreeMap<String, Removed>) -> Result<Vec<Removed>, StoreError> {
        let keys: Vec<Key> = owners.values().map(|removed| removed.key()).collect();
        for item in self.get_parts(&keys, &[PK]).await? {
            owners.retain(|pk, _| item.get(PK).and_then(|found| found.as_s().ok()) != Some(pk));
        }
        Ok(owners.into_values().collect())
    }
}

/// Whose the item at this key is, if it goes when that goes.
fn owner(key: &Key) -> Option<Removed> {
    let of = |prefix: &str| key.pk.strip_prefix(prefix);
    if let Some(user) = of(BELONGINGS_PREFIX).or_else(|| of(AUTHOR_PREFIX)) {
        return Some(Removed::User(user.parse().ok()?));
    }
    let post = of(POST_PREFIX).filter(|_| key.sk.starts_with(COMMENT_PREFIX))?;
    Some(Removed::Post(post.parse().ok()?))
}
