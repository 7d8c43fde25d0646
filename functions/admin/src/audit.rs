//! `GET /admin/audit` and `GET /admin/users/{id}/audit`.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use shared::App;
use shared::http::{AdminCaller, Limit, Page, Paging, Problem, Problems, Query, UserPath, audit_page};
use shared::model::{Action, Actor, AuditEvent, UserId};
use shared::store::AuditQuery;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Audit {
    /// How many at most, 25 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// From this time on (RFC 3339): 30 days before `to`, if not given.
    #[param(value_type = Option<String>, format = "date-time")]
    from: Option<Timestamp>,
    /// Before this time (RFC 3339): until now, if not given.
    #[param(value_type = Option<String>, format = "date-time")]
    to: Option<Timestamp>,
    /// Only what this one did: a user's id, `operator` or `unknown`.
    #[param(value_type = Option<String>, max_length = 36, pattern = "^(operator|unknown|[0-9a-f-]{36})$")]
    actor: Option<Actor>,
    /// Only what happened to the account of this id; sign-ins and sign-outs, too.
    #[param(value_type = Option<String>, format = "uuid")]
    subject: Option<UserId>,
    /// Only this.
    #[param(inline)]
    action: Option<Action>,
}

/// The audit
///
/// Changes to accounts, the newest first. Kept for 400 days, never changed. A
/// page looks at 1,000 events and 40 days at most: it may be short, even empty,
/// while `has_more` is true. A change is listed a moment after it was made.
#[utoipa::path(
    get, path = "/admin/audit", tag = "admin", params(Audit), security(("bearer" = [])),
    responses((status = 200, description = "A page of events", body = Page<AuditEvent>), Problems)
)]
pub(crate) async fn list_audit(
    State(app): State<App>,
    AdminCaller(_): AdminCaller,
    Query(query): Query<Audit>,
) -> Result<Json<Page<AuditEvent>>, Problem> {
    let Audit { limit, cursor, from, to, actor, subject, action } = query;
    let query = AuditQuery { from, to, actor, subject, action };
    audit_page(&app, query, cursor.as_deref(), limit).await.map(Json)
}

/// A user's audit
///
/// All that happened to the account, sign-ins and sign-outs, too, the newest
/// first. What happened to a deleted account stays to be read.
#[utoipa::path(
    get, path = "/admin/users/{id}/audit", tag = "admin", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id"), Paging),
    responses((status = 200, description = "A page of events", body = Page<AuditEvent>), Problems)
)]
pub(crate) async fn list_user_audit(
    State(app): State<App>,
    path: UserPath,
    AdminCaller(_): AdminCaller,
    Query(query): Query<Paging>,
) -> Result<Json<Page<AuditEvent>>, Problem> {
    let id = path.id()?;
    let of = AuditQuery { subject: Some(id), ..AuditQuery::default() };
    let page = audit_page(&app, of, query.cursor.as_deref(), query.limit).await?;
    // An account older than its events is there still; an id that never was one is not.
    if page.data.is_empty() && query.cursor.is_none() && app.store.user(id).await?.is_none() {
        return Err(Problem::NotFound);
    }
    Ok(Json(page))
}
