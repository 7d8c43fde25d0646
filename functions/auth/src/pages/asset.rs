//! `GET /auth/pages/assets/{file}`.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use shared::http::{Problem, Problems};

/// Script and style of the pages
///
/// Those that the pages name.
#[utoipa::path(
    get, path = "/auth/pages/assets/{file}", tag = "auth",
    params(("file" = String, Path, description = "The file's name", max_length = 64, example = "pages.js")),
    responses(
        (status = 200, description = "The file", content((String = "text/css"), (String = "text/javascript"))),
        Problems,
    )
)]
pub(crate) async fn page_asset(file: Result<Path<String>, PathRejection>) -> Result<Response, Problem> {
    let Path(file) = file.map_err(|_| Problem::NotFound)?;
    let (kind, text) = match file.as_str() {
        "pages.css" => ("text/css; charset=utf-8", include_str!("../../assets/pages.css")),
        "pages.js" => ("text/javascript; charset=utf-8", include_str!("../../assets/pages.js")),
        _ => return Err(Problem::NotFound),
    };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300")], text).into_response())
}
