//! Sessions of browsers: the refresh token in a cookie that no script reads, for
//! pages of the origins that may have it.

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::{COOKIE, ORIGIN};
use http::request::Parts;

use super::{Problem, RequestContext};
use crate::app::App;
use crate::model::Carrier;

/// The cookie's name. A browser takes one with this prefix only with `Secure`
/// (RFC 6265bis section 4.1.3.1).
pub const REFRESH_COOKIE: &str = "__Secure-usher_refresh";

/// What a browser says of a request: of which origin's page it is, and which
/// refresh cookies it has. A page cannot set either header.
#[derive(Clone, Debug)]
pub struct Browser {
    is_admitted: bool,
    cookies: BTreeSet<String>,
}

impl Browser {
    /// Lets pass pages that may have a session carried so. A cookie is sent by the
    /// browser, whoever asked for the request: only pages of `CORS_ORIGINS` and of
    /// the API's own origin may use one (OWASP, Cross-Site Request Forgery
    /// Prevention, "Verifying Origin With Standard Headers").
    ///
    /// # Errors
    /// `origin_not_allowed`, also when the request names no origin.
    pub fn admits(&self, carrier: Carrier) -> Result<(), Problem> {
        if carrier == Carrier::Json || self.is_admitted { Ok(()) } else { Err(Problem::OriginNotAllowed) }
    }

    /// The refresh token in the cookie, if there is one. Of two that differ one may
    /// be planted by another host of the site: neither is taken.
    ///
    /// # Errors
    /// `origin_not_allowed`, `invalid_refresh_token` when there are two.
    pub fn refresh_token(&self) -> Result<Option<&str>, Problem> {
        let Some(token) = self.cookies.first() else { return Ok(None) };
        self.admits(Carrier::Cookie)?;
        if self.cookies.len() > 1 { Err(Problem::InvalidRefreshToken) } else { Ok(Some(token)) }
    }
}

impl FromRequestParts<App> for Browser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let context = RequestContext::from_request_parts(parts, app).await?;
        let mut origins = parts.headers.get_all(ORIGIN).iter();
        let is_admitted = match (origins.next().and_then(|origin| origin.to_str().ok()), origins.next()) {
            (Some(origin), None) => {
                origin == context.origin() || app.config.cors_origins.iter().any(|known| known == origin)
            }
            _ => false,
        };
        Ok(Self { is_admitted, cookies: cookies(&parts.headers) })
    }
}

/// The values of the refresh cookie (RFC 6265 section 4.2.1). API Gateway gives one
/// cookie in each header, others all in one.
fn cookies(headers: &HeaderMap) -> BTreeSet<String> {
    let headers = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let pairs = headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == REFRESH_COOKIE).map(|(_, value)| value.to_owned()).collect()
}

/// The `Set-Cookie` that keeps a refresh token for so many seconds.
pub(super) fn set_cookie(context: &RequestContext, token: &str, max_age: i64) -> String {
    let path = context.base_path();
    format!("{REFRESH_COOKIE}={token}; Path={path}/auth; Max-Age={max_age}; HttpOnly; Secure; SameSite=Lax")
}

/// The `Set-Cookie` that takes the refresh token out of the browser.
#[must_use]
pub fn clear_cookie(context: &RequestContext) -> String {
    set_cookie(context, "", 0)
}
