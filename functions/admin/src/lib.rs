//! `/admin/**`: what admins do to others' accounts.

mod audit;
mod invite;
mod list_users;
mod mfa;
mod password;
mod restore;
mod role;
mod sessions;
mod stats;
mod status;
mod target;
mod user;

use shared::config::Setting;
use shared::http::Routes;
use shared::routes;

/// The settings that this function uses.
pub const SETTINGS: &[Setting] = &[
    Setting::TableName,
    Setting::AdminMfa,
    Setting::TokenAudience,
    Setting::DeletionGrace,
    Setting::PublicUrl,
    Setting::CorsOrigins,
];

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list_users::list_users, invite::create_user))
        .routes(routes!(invite::invite_again))
        .routes(routes!(user::admin_get_user, user::admin_update_user, user::admin_delete_user))
        .routes(routes!(status::activate_user))
        .routes(routes!(status::deactivate_user))
        .routes(routes!(restore::restore_user))
        .routes(routes!(role::change_role))
        .routes(routes!(password::require_password_change))
        .routes(routes!(audit::list_audit))
        .routes(routes!(audit::list_user_audit))
        .routes(routes!(stats::get_stats))
        .routes(routes!(mfa::remove_mfa))
        .routes(routes!(sessions::list_user_sessions, sessions::end_user_sessions))
}
