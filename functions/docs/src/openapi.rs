//! `GET /docs/openapi.json`.

use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use shared::http::Problems;

/// The description of the whole API, merged from every function's routes by
/// `make openapi`; the contract test compares it with them.
pub const OPENAPI_JSON: &str = include_str!("../openapi.json");

/// OpenAPI document
///
/// OpenAPI 3.1.
#[utoipa::path(
    get, path = "/docs/openapi.json", tag = "docs",
    responses((status = 200, description = "This document", body = Object), Problems)
)]
pub(crate) async fn openapi_json() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, OPENAPI_JSON)
}
