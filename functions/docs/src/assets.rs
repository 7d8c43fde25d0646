//! Swagger UI, from assets in the binary: nothing is loaded from elsewhere.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Response};
use http::HeaderName;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use shared::http::{Problem, Problems};

/// Swagger UI sets styles from its script, and draws some icons as data URLs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

const HOUR: (HeaderName, &str) = (CACHE_CONTROL, "public, max-age=3600");
const GZIP: (HeaderName, &str) = (CONTENT_ENCODING, "gzip");

/// Swagger UI
///
/// Loads nothing from elsewhere.
#[utoipa::path(
    get, path = "/docs", tag = "docs",
    responses((status = 200, description = "A page to try the API", body = String, content_type = "text/html"), Problems)
)]
pub(crate) async fn swagger_ui() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY), HOUR];
    (headers, include_str!("../assets/index.html"))
}

/// Swagger UI's scripts and styles
///
/// Those that its page names.
#[utoipa::path(
    get, path = "/docs/assets/{file}", tag = "docs",
    params(("file" = String, Path, description = "The file's name", max_length = 64, example = "init.js")),
    responses(
        (status = 200, description = "The file", content(
            (String = "text/css"), (String = "text/javascript"), (String = "image/png"),
        )),
        Problems,
    )
)]
pub(crate) async fn docs_asset(file: Result<Path<String>, PathRejection>) -> Result<Response, Problem> {
    let Path(file) = file.map_err(|_| Problem::NotFound)?;
    let script = (CONTENT_TYPE, "text/javascript; charset=utf-8");
    Ok(match file.as_str() {
        "init.js" => ([script, HOUR], include_str!("../assets/init.js")).into_response(),
        "swagger-ui-bundle.js" => {
            ([script, HOUR, GZIP], include_bytes!("../assets/swagger-ui-bundle.js.gz")).into_response()
        }
        "swagger-ui.css" => {
            let style = (CONTENT_TYPE, "text/css; charset=utf-8");
            ([style, HOUR, GZIP], include_bytes!("../assets/swagger-ui.css.gz")).into_response()
        }
        "favicon.png" => {
            let image = (CONTENT_TYPE, "image/png");
            ([image, HOUR], include_bytes!("../assets/favicon.png")).into_response()
        }
        _ => return Err(Problem::NotFound),
    })
}
