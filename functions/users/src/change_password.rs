//! `POST /users/me/change-password`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use shared::App;
use shared::http::{Body, Caller, Problem, Problems};
use shared::model::Password;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    #[schema(value_type = String, format = "password")]
    current_password: Password,
    #[schema(value_type = String, format = "password", min_length = 8)]
    new_password: Password,
}

/// Change my password
///
/// Ends the other sessions and tells the person.
#[utoipa::path(
    post, path = "/users/me/change-password", tag = "users", security(("bearer" = [])),
    request_body = ChangePassword,
    responses((status = 204, description = "The new password is set"), Problems)
)]
pub(crate) async fn change_password(
    State(app): State<App>,
    mut caller: Caller,
    Body(body): Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    app.judge(&body.new_password, &caller.user.email, caller.user.username.as_ref())
        .await
        .map_err(|weakness| Problem::weak_password("/new_password", weakness))?;
    // Another change at the same time makes us look again, at the password, too.
    for _ in 0..3 {
        caller.confirm_password(&app, &body.current_password).await?;
        let hash = app.hasher.hash(&body.new_password);
        if app.store.change_password(&caller.agent, &caller.user, caller.session.id, &hash).await? {
            return Ok(StatusCode::NO_CONTENT);
        }
        caller = caller.again(&app).await?;
    }
    Err(Problem::TemporarilyUnavailable)
}
