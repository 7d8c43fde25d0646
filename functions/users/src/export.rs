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
use shared::store::{AuditQuery, Most, StoreError};
use utoipa::ToSchema;

use crate::limits::within_limit;

/// A Lambda answers 6 MB at most, as an event whose body is a string: each quotation mark
/// of the document is one byte more in it. An event is some 430 bytes there.
const EVENTS: usize = 4_000;
/// Of some 500 bytes, 1,400 where the device calls itself by quotation marks alone.
const SESSIONS: usize = 1_000;
const PAGE: usize = 1_000;
/// Of posts and of comments, each: 40 pages of the table's take a second.
const WRITTEN: Most = Most { items: 2_000, bytes: 1_000_000 };

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
    /// What it wrote, the newest first, at most 2,000 posts or 1 MB.
    posts: Vec<PostDocument>,
    /// Its comments, by post, at most as many.
    comments: Vec<CommentDocument>,
    /// Whether it wrote more than is here.
    wrote_more: bool,
    /// Sign-ins, sign-outs and changes of the last 400 days, the newest first, at most
    /// 4,000.
    activity: Vec<AuditEvent>,
    /// Whether more happened than is here.
    more_activity: bool,
}

/// Everything that is held about me
///
/// As one JSON document to keep (GDPR articles 15 and 20): the account, where it is
/// signed in, what it wrote, and what happened to it. Limited by account, as what causes
/// mails is by source.
#[utoipa::path(
    get, path = "/users/me/export", tag = "users", security(("bearer" = [])),
    responses((status = 200, description = "A document to download", body = Export), Problems)
)]
pub(crate) async fn export_me(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    // Each reads up to 5 MB of the table.
    within_limit(&app, &caller, "export").await?;
    let (sessions, activity, written) = tokio::join!(
        app.store.sessions(&caller.user, SESSIONS),
        activity(&app, &caller),
        app.store.written(caller.user.id, WRITTEN),
    );
    let (written, (activity, more_activity)) = (written?, activity?);
    let document = |session| SessionDocument::new(session, caller.session.id);
    let export = Export {
        exported_at: app.clock.now(),
        user: UserDocument::from(&caller.user),
        external_id: caller.user.external_id.clone(),
        mfa_since: caller.user.mfa_since,
        sessions: sessions?.iter().map(document).collect(),
        posts: written.posts,
        comments: written.comments,
        wrote_more: written.is_cut,
        activity,
        more_activity,
    };
    let name = "attachment; filename=\"account.json\"";
    Ok(([(CONTENT_DISPOSITION, name)], Json(export)).into_response())
}

/// The newest events, and whether there are more.
async fn activity(app: &App, caller: &Caller) -> Result<(Vec<AuditEvent>, bool), StoreError> {
    let mine = AuditQuery { subject: Some(caller.user.id), ..AuditQuery::default() };
    let (mut events, mut below) = (Vec::new(), None);
    loop {
        let page = app.store.audit(&mine, below, PAGE.min(EVENTS - events.len())).await?;
        events.extend(page.events.into_iter().map(|event| event.shown_to(caller.user.id)));
        below = page.next;
        if below.is_none() || events.len() >= EVENTS {
            return Ok((events, below.is_some()));
        }
    }
}
