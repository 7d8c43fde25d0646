//! CORS where API Gateway does not answer for it: on a laptop. The template says
//! the same; the contract test compares.

use std::time::Duration;

use axum::response::Response;
use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Lets the given origins, and no other, call with credentials.
pub(super) fn layer(origins: &[String]) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    if origins.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers([
            header::RETRY_AFTER,
            header::WWW_AUTHENTICATE,
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(Duration::from_mins(10));
    Some(layer)
}

/// Tells an origin that is not in the list nothing at all, as API Gateway does:
/// the layer itself would tell it all but its own name.
pub(super) async fn silence(mut response: Response) -> Response {
    let headers = response.headers_mut();
    if !headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        let said: Vec<HeaderName> = headers.keys().filter(|name| is_cors(name)).cloned().collect();
        for name in said {
            headers.remove(name);
        }
    }
    response
}

fn is_cors(name: &HeaderName) -> bool {
    name.as_str().starts_with("access-control-")
}
