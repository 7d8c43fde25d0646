//! `GET /auth/pages/{page}`.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde::Deserialize;
use shared::App;
use shared::http::{Problem, Problems, Query, RequestContext};
use shared::model::Locale;
use utoipa::{IntoParams, ToSchema};

use super::html::html;

/// Only what the page itself brings, and only to this API; no form is sent and
/// nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A page that mailed links lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Page {
    ConfirmRegistration,
    VerifyEmail,
    ResetPassword,
    ConfirmEmail,
    AcceptInvite,
    NotMe,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InLanguage {
    /// The page's language; else what `Accept-Language` likes best, else English.
    #[param(inline)]
    lang: Option<Locale>,
}

/// A page for a mailed link
///
/// Where the links in mails lead while `FRONTEND_URL` is not set. Asking for it
/// neither carries nor spends a token: that is in the link's fragment, and the
/// page posts it when its button is pressed.
#[utoipa::path(
    get, path = "/auth/pages/{page}", tag = "auth",
    params(("page" = inline(Page), Path, description = "Which page"), InLanguage),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"), Problems)
)]
pub(crate) async fn mail_page(
    State(app): State<App>,
    context: RequestContext,
    page: Result<Path<Page>, PathRejection>,
    Query(query): Query<InLanguage>,
) -> Result<impl IntoResponse, Problem> {
    let Path(page) = page.map_err(|_| Problem::NotFound)?;
    let locale = query.lang.or(context.locale).unwrap_or_default();
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_LANGUAGE, locale.tag()),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, html(page, locale, app.config.passwords.min_length)))
}
