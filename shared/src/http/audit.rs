//! Pages of the audit: the same for oneself and for admins.

use super::{Cursor, Limit, Page, Problem};
use crate::app::App;
use crate::model::AuditEvent;
use crate::store::AuditQuery;

/// A page of audit events, the newest first.
///
/// # Errors
/// `invalid_cursor` for a cursor of another list; when the table does not answer.
pub async fn audit_page(
    app: &App,
    query: AuditQuery,
    cursor: Option<&str>,
    limit: Option<Limit>,
) -> Result<Page<AuditEvent>, Problem> {
    let list = format!("{query:?}");
    let below = cursor.map(|cursor| Cursor::decode(&list, cursor)).transpose()?;
    let below = below.map(|id| id.parse().map_err(|_| Problem::InvalidCursor)).transpose()?;
    let page = app.store.audit(&query, below, limit.unwrap_or_default().get()).await?;
    Ok(Page::new(page.events, page.next.map(|id| Cursor::encode(&list, &id.to_string()))))
}
