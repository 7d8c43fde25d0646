//! `GET /users/me/export`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_DISPOSITION;
use jiff::Timestamp;
use serde::Serialize;
use shared::App;
use shared::http::{Caller, Problem, Problems};
use shared::model::{AuditEvent, CommentDocument, PostDocument, SessionDocument, UserDocument};
use shared::store::{AuditQuery, StoreError};
use utoipa::ToSchema;

/// So many events are a third of what a Lambda may answer.
const EVENTS: usize = 10_000;
const SESSIONS: usize = 1_000;
const PAGE: usize = 1_000;
/// Of texts of posts, and of comments. A Lambda answers 6 MB at most.
const TEXTS: usize = 800_000;

/// Everything that is held about an account.
#[derive(Serialize, ToSchema)]
pub(crate) struct Export {
    /// RFC 3339, UTC.
    exported_at: Timestamp,
    /// The account. A hash of the password is held besides; it is not given out.
    user: UserDocument,
    /// What another system called the account, if it was imported from there.
    external_id: Option<String>,
    /// Since when signing in takes a second factor; null if it does not. Its secret is
    /// held besides, sealed; it is not given out.
    mfa_since: Option<Timestamp>,
    /// Where the account is signed in, the newest first, at most 1,000.
    sessions: Vec<SessionDocument>,
    /// What it wrote, the newest first; some 800 KB of text, and whether there is more.
    posts: Vec<PostDocument>,
    /// Its comments, by post; as much.
    comments: Vec<CommentDocument>,
    /// Whether it wrote more than is here.
    wrote_more: bool,
    /// Sign-ins, sign-outs and changes of the last 400 days, the newest first, at most
    /// 10,000.
    activity: Vec<AuditEvent>,
}

/// Everything that is held about me
///
/// As one JSON document to keep (GDPR articles 15 and 20): the account, where it is
/// signed in, what it wrote, and what happened to it.
#[utoipa::path(
    get, path = "/users/me/export", tag = "users", security(("bearer" = [])),
    responses((status = 200, description = "A document to download", body = Export), Problems)
)]
pub(crate) async fn export_me(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let (sessions, activity, written) = tokio::join!(
        app.store.sessions(&caller.user, SESSIONS),
        activity(&app, &caller),
        app.store.written(caller.user.id, TEXTS),
    );
    let written = written?;
    let document = |session| SessionDocument::new(session, caller.session.id);
    let export = Export {
        exported_at: app.clock.now(),
        user: UserDocument::from(&caller.user),
        external_id: caller.user.external_id.clone(),
        mfa_since: caller.user.mfa_since,
        sessions: sessions?.iter().map(document).collect(),
        posts: written.posts.into_iter().map(PostDocument::from).collect(),
        comments: written.comments.into_iter().map(CommentDocument::from).collect(),
        wrote_more: written.is_cut,
        activity: activity?,
    };
    let name = "attachment; filename=\"account.json\"";
    Ok(([(CONTENT_DISPOSITION, name)], Json(export)).into_response())
}

async fn activity(app: &App, caller: &Caller) -> Result<Vec<AuditEvent>, StoreError> {
    let mine = AuditQuery { subject: Some(caller.user.id), ..AuditQuery::default() };
    let (mut events, mut below) = (Vec::new(), None);
    loop {
        let page = app.store.audit(&mine, below, PAGE.min(EVENTS - events.len())).await?;
        events.extend(page.events.into_iter().map(|event| event.shown_to(caller.user.id)));
        below = page.next;
        if below.is_none() || events.len() >= EVENTS {
            return Ok(events);
        }
    }
}
