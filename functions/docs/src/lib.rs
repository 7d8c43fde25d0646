//! `/docs/**`: what the API is, for people and programs; and the answer to what
//! no other function's routes match.

mod assets;
mod health;
mod openapi;
mod unmatched;

use axum::routing::any;
use shared::config::Setting;
use shared::http::Routes;
use shared::routes;

pub use openapi::OPENAPI_JSON;

/// The settings that this function uses.
pub const SETTINGS: &[Setting] = &[Setting::PublicUrl, Setting::CorsOrigins];

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(assets::swagger_ui))
        .routes(routes!(assets::docs_asset))
        .routes(routes!(openapi::openapi_json))
        .routes(routes!(health::health))
        .route("/", any(unmatched::unmatched))
        .route("/{*path}", any(unmatched::unmatched))
}
