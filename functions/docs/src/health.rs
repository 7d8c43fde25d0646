//! `GET /docs/health`.

use axum::Json;
use serde::Serialize;
use shared::http::Problems;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
    /// The version that is deployed.
    version: &'static str,
}

/// Health
///
/// That functions are invoked and answer. It looks at nothing else.
#[utoipa::path(
    get, path = "/docs/health", tag = "docs",
    responses((status = 200, description = "Alive", body = Health), Problems)
)]
pub(crate) async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
