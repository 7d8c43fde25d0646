//! `/auth/**`: registering, signing in and out, second factors, refreshing,
//! resetting passwords, verifying addresses, the pages that mailed links lead to, and what
//! others need to verify our tokens.

mod accept_invite;
mod confirm_registration;
mod discovery;
mod forgot_password;
mod limits;
mod login;
mod logout;
mod mfa;
mod new_user;
mod pages;
mod redeem;
mod refresh;
mod register;
mod resend_verification;
mod reset_password;
mod revoke;
mod tries;
mod verify_email;

use shared::config::Setting;
use shared::http::Routes;
use shared::routes;

/// The settings that this function uses.
pub const SETTINGS: &[Setting] = &[
    Setting::TableName,
    Setting::AppSecret,
    Setting::Registration,
    Setting::EmailVerification,
    Setting::AdminRegistrationKey,
    Setting::TokenAudience,
    Setting::AccessTokenTtl,
    Setting::KeyRotationDays,
    Setting::RefreshIdleTtl,
    Setting::RefreshAbsoluteTtl,
    Setting::RefreshGrace,
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
        .routes(routes!(register::register))
        .routes(routes!(confirm_registration::confirm_registration))
        .routes(routes!(verify_email::verify_email))
        .routes(routes!(resend_verification::resend_verification))
        .routes(routes!(login::login))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(forgot_password::forgot_password))
        .routes(routes!(reset_password::reset_password))
        .routes(routes!(revoke::revoke))
        .routes(routes!(accept_invite::accept_invite))
        .merge(mfa::routes())
        .merge(pages::routes())
        .routes(routes!(discovery::openid_configuration))
        .routes(routes!(discovery::jwks))
}
