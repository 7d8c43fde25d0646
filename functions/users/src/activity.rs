//! `GET /users/me/activity`.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::http::{Caller, Page, Paging, Problem, Problems, Query, audit_page};
use shared::model::AuditEvent;
use shared::store::AuditQuery;

/// My account's activity
///
/// Sign-ins, sign-outs and changes of the last 400 days, the newest first. Of what an
/// admin did, `network` and `request_id` are null.
#[utoipa::path(
    get, path = "/users/me/activity", tag = "users", params(Paging), security(("bearer" = [])),
    responses((status = 200, description = "A page of events", body = Page<AuditEvent>), Problems)
)]
pub(crate) async fn list_my_activity(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<Paging>,
) -> Result<Json<Page<AuditEvent>>, Problem> {
    let mine = AuditQuery { subject: Some(caller.user.id), ..AuditQuery::default() };
    let mut page = audit_page(&app, mine, query.cursor.as_deref(), query.limit).await?;
    page.data = page.data.into_iter().map(|event| event.shown_to(caller.user.id)).collect();
    Ok(Json(page))
}
