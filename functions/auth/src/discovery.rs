//! What others need to verify our tokens.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::header::CACHE_CONTROL;
use serde::Serialize;
use shared::App;
use shared::http::{Problem, Problems, RequestContext};
use shared::token::Jwks;
use utoipa::ToSchema;

/// For 5 minutes, as our own functions do.
const CACHEABLE: [(http::HeaderName, &str); 1] = [(CACHE_CONTROL, "public, max-age=300")];

#[derive(Serialize, ToSchema)]
pub(crate) struct Discovery {
    issuer: String,
    jwks_uri: String,
    subject_types_supported: [&'static str; 1],
    response_types_supported: [&'static str; 0],
    id_token_signing_alg_values_supported: [&'static str; 1],
    claims_supported: [&'static str; 13],
}

/// Discovery document
///
/// The issuer and where its keys are (OpenID Connect Discovery 1.0 section 3),
/// for API Gateway's JWT authorizers and others that verify our access tokens. It
/// names no endpoints of OAuth: signing in is an API of our own.
#[utoipa::path(
    get, path = "/auth/.well-known/openid-configuration", tag = "auth",
    responses((status = 200, description = "The document", body = Discovery), Problems)
)]
pub(crate) async fn openid_configuration(context: RequestContext) -> impl IntoResponse {
    let issuer = context.issuer();
    let document = Discovery {
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        issuer,
        subject_types_supported: ["public"],
        response_types_supported: [],
        id_token_signing_alg_values_supported: ["RS256"],
        claims_supported: [
            "iss",
            "aud",
            "sub",
            "exp",
            "iat",
            "nbf",
            "jti",
            "client_id",
            "sid",
            "roles",
            "auth_time",
            "amr",
            "acr",
        ],
    };
    (CACHEABLE, Json(document))
}

/// Public keys
///
/// A JWK Set (RFC 7517 section 5).
#[utoipa::path(
    get, path = "/auth/.well-known/jwks.json", tag = "auth",
    responses((status = 200, description = "The keys", body = Jwks), Problems)
)]
pub(crate) async fn jwks(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let keys = app.signer()?.public_keys(&app.store).await?;
    Ok((CACHEABLE, Json(Jwks::from(keys.as_ref()))))
}
