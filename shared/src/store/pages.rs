//! What a query or a scan finds, page after page: DynamoDB reads 1 MB at most at a time.

use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;

use super::key::Item;
use super::{Store, StoreError};

/// A page, and where the next one starts.
pub(super) struct Page {
    pub items: Vec<Item>,
    pub next: Option<Item>,
}

impl Store {
    /// All that a query finds.
    pub(super) async fn query_all(&self, query: QueryInputBuilder) -> Result<Vec<Item>, StoreError> {
        let (mut items, mut next) = (Vec::new(), None);
        loop {
            let page = self.client.send(query.clone().set_exclusive_start_key(next)).await?;
            items.extend(page.items.unwrap_or_default());
            next = more(page.last_evaluated_key);
            if next.is_none() {
                return Ok(items);
            }
        }
    }

    /// One page of a scan.
    pub(super) async fn scan_page(
        &self,
        scan: &ScanInputBuilder,
        start: Option<Item>,
    ) -> Result<Page, StoreError> {
        let page = self.client.send(scan.clone().set_exclusive_start_key(start)).await?;
        Ok(Page { items: page.items.unwrap_or_default(), next: more(page.last_evaluated_key) })
    }
}

/// Where the next page starts, if there is one: local engines may say nowhere by an empty key.
fn more(last: Option<Item>) -> Option<Item> {
    last.filter(|key| !key.is_empty())
}
