//! `/auth/mfa/**`: the second factor, an app's codes (TOTP) and recovery codes.

mod challenge;
mod code;
mod confirm;
mod disable;
mod enrol;
mod finish;
mod picture;
mod recovery_codes;
mod status;

use shared::http::Routes;
use shared::routes;

pub(crate) use challenge::{LoginAnswer, challenge};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(status::get_mfa, finish::finish_sign_in))
        .routes(routes!(enrol::enrol_totp))
        .routes(routes!(confirm::confirm_totp))
        .routes(routes!(disable::disable_totp))
        .routes(routes!(recovery_codes::create_recovery_codes))
}
