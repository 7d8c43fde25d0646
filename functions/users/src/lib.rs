//! `/users/**`: one's own profile, password, address and sessions; and by id, for
//! oneself or an admin.

mod activity;
pub mod by_id;
mod change_email;
mod change_password;
mod export;
mod limits;
mod me;
mod profile;
mod sessions;

use shared::config::Setting;
use shared::http::Routes;
use shared::routes;

/// The settings that this function uses.
pub const SETTINGS: &[Setting] = &[
    Setting::TableName,
    Setting::AdminMfa,
    Setting::TokenAudience,
    Setting::DeletionGrace,
    Setting::PasswordMinLength,
    Setting::HibpUrl,
    Setting::LoginFailures,
    Setting::LoginLockMax,
    Setting::SourceLimit,
    Setting::PublicUrl,
    Setting::CorsOrigins,
];

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(me::get_me, me::update_me, me::delete_me))
        .routes(routes!(change_password::change_password))
        .routes(routes!(change_email::change_email))
        .routes(routes!(activity::list_my_activity))
        .routes(routes!(sessions::list_my_sessions))
        .routes(routes!(sessions::end_my_session))
        .routes(routes!(export::export_me))
        .routes(routes!(by_id::get_user, by_id::update_user, by_id::delete_user))
}
